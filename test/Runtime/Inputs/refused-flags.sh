# refused-flags.sh DATA: what a training says of numbers that cannot be, one line each, with its exit code.
while read -r -a flags; do
  message=$(rt-linear train --data "$1" --run-dir unwanted --quiet "${flags[@]}" 2>&1)
  echo "$? ${flags[*]}: ${message%%$'\n'*}"
done <<'END'
--seed 18446744073709551616
--seed -1
--seed 1.5
--set training.seed=1e30
--set training.steps=1e19
--set training.epochs=-1
--set training.epochs=1000000000000000
--set optimizer.lr=-1
--set optimizer.lr=nan
--set optimizer.lr=1e999
--set optimizer.momentum=1
--set optimizer.lr.schedule.final=-0.5
--set training.feasibility=-1
--batch -3
--epochs 1e16
--threads 0
--threads -2
--max-steps 0
--log-every 0.5
--checkpoint-every many
--max-time=-1
--max-time=nan
--max-time=1e400h
--require fit<=nan
END
echo
