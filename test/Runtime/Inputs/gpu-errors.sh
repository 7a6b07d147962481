# gpu-errors.sh FOLDER: errors of a device that is in use.
folder=$1
export LD_LIBRARY_PATH=$(dirname "$(dirname "$(command -v rt-gpu)")")/fake-cuda
number=0
attempt() {
  local label=$1 code
  number=$((number + 1))
  rt-gpu train --run-dir "$folder/error-$number" --quiet > "$folder/output" 2>&1
  code=$?
  sed "s|^|$label: |" "$folder/output"
  echo "$label: exit code $code," $(grep -E '"(status|stop_reason)"' "$folder/error-$number/manifest.json")
}
for failure in cuModuleGetFunction:500 cuMemAlloc_v2:2 cuMemcpyHtoD_v2:1 cuLaunchKernel:701 cuCtxSynchronize:700 \
  cuMemcpyDtoH_v2:1 cuMemFree_v2:1; do
  FAKE_CUDA_FAIL=$failure attempt "$failure"
done
FAKE_CUDA_MEMORY=10000 attempt "little memory"
