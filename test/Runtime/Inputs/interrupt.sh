# interrupt.sh SIGNAL DATA: stops a long run (made slow) by a signal, resumes it, and compares it with one that was left alone.
epochs=3000
rt-linear train --data "$2" --run-dir "whole-$1" --epochs $epochs --threads 1 --quiet --checkpoint-every 100000 || exit
# Whoever runs the tests may ignore hangups.
RT_STEP_DELAY_US=2000 env --default-signal=HUP rt-linear train --data "$2" --run-dir "stopped-$1" --epochs $epochs --threads 1 --quiet --checkpoint-every 100000 &
run=$!
# Once metrics reach the disk, the loop runs and listens; without a row in a minute something is wrong.
for _ in $(seq 600); do
  [ -d "stopped-$1/tensorboard" ] && break
  sleep 0.1
done
sleep 0.1
kill -s "$1" $run
wait $run
echo "exit code $?"
grep '"status"' "stopped-$1/manifest.json"
rt-linear train --resume "stopped-$1" --threads 2 --quiet
cmp "whole-$1/checkpoints/step-00030000.safetensors" "stopped-$1/checkpoints/step-00030000.safetensors" &&
  echo "the resumed run equals the uninterrupted one"
