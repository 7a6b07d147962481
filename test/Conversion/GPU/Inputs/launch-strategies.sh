# launch-strategies.sh PROBLEM PYTHON COMPARE: trains the problem by each strategy on the device of the fake driver and on the CPU.
problem=$1 python=$2 compare=$3
driver=$(dirname "$(dirname "$(command -v costatec)")")/test/Runtime/fake-cuda
attempt() {
  local label=$1 tolerance=$2 strategy=$3 precision=$4
  local name="${label// /-}"
  costatec "$problem" --strategy="$strategy" --precision="$precision" --target=gpu -o "$name" 2> "$name.remarks" || return
  FAKE_CUDA_LOG=$name.log LD_LIBRARY_PATH=$driver "./$name" train --max-steps 20 --log-every 1 --quiet --run-dir "$name-device" || return
  "./$name" train --max-steps 20 --log-every 1 --quiet --run-dir "$name-cpu" --device=cpu || return
  "$python" "$compare" "$name-device/metrics.csv" "$name-cpu/metrics.csv" "$tolerance" &&
    grep -q "^cuLaunchKernel(step" "$name.log" && echo "$label: agrees, kernels were launched"
}
for precision in f64 f32; do
  tolerance=1e-13
  test $precision = f64 || tolerance=1e-5
  attempt "penalty $precision" $tolerance '#costate.penalty<weight = 2.0>' $precision
  attempt "per_sample $precision" $tolerance '#costate.tanabe<mode = per_sample>' $precision
  attempt "reduction $precision" $tolerance '#costate.tanabe<mode = reduction>' $precision
done | sort -k1,1 -k2,2r
