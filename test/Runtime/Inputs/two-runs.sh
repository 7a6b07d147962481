# two-runs.sh DATA: a second process in the folder of a running one, and one after it was killed.
RT_STEP_DELAY_US=2000 rt-linear train --data "$1" --run-dir run --epochs 3000 --quiet --checkpoint-every 10 --log-every 1 &
run=$!
for _ in $(seq 600); do
  [ -e run/checkpoints/step-00000010.safetensors ] && break
  sleep 0.1
done
rt-linear train --resume run --quiet
echo "exit code $?, of process $run"
echo "the same of a new run: $(rt-linear train --data "$1" --run-dir run --quiet 2>&1)"
kill -KILL $run
wait $run 2>/dev/null
rt-linear train --resume run --quiet --log-every 1 --max-steps 1000 --checkpoint-every 100
echo "after kill -9: exit code $?"
echo "steps logged twice: $(cut -d, -f1 run/metrics.csv | sort -n | uniq -d | wc -l)"
