# hangup-ignored.sh DATA: a run that was told to ignore hangups gets one.
trap '' HUP
RT_STEP_DELAY_US=2000 rt-linear train --data "$1" --run-dir ignored --epochs 20 --quiet &
run=$!
trap - HUP
for _ in $(seq 600); do
  [ -d ignored/tensorboard ] && break
  sleep 0.1
done
kill -HUP $run
wait $run
echo "exit code $?"
grep '"status"' ignored/manifest.json
