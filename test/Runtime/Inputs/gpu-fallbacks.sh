# gpu-fallbacks.sh FOLDER: what keeps a program from using a device; each run must leave the CPU's bits. FOLDER holds a
# libcuda.so.1 that is no library.
folder=$1
drivers=$(dirname "$(dirname "$(command -v rt-gpu)")")
rt-gpu train --run-dir "$folder/cpu" --device=cpu --quiet || exit 1
number=0
attempt() {
  local label=$1 library=$2 failure=$3 devices=$4 device=$5
  number=$((number + 1))
  LD_LIBRARY_PATH=$library FAKE_CUDA_FAIL=$failure FAKE_CUDA_DEVICES=$devices \
    rt-gpu train --run-dir "$folder/run-$number" --quiet --device="$device" 2>&1 | sed "s|^|$label: |"
  cmp "$folder/cpu/checkpoints/step-00000003.safetensors" "$folder/run-$number/checkpoints/step-00000003.safetensors" &&
    echo "$label: same bits"
}
attempt "no driver" "$folder" "" 1 cuda:0
attempt "old driver" "$drivers/old-cuda" "" 1 cuda:0
attempt "no device" "$drivers/fake-cuda" "" 0 cuda:0
attempt "no such device" "$drivers/fake-cuda" "" 1 cuda:3
for failure in cuInit:999 cuDeviceGetCount:100 cuDeviceGet:101 cuDevicePrimaryCtxRetain:2 cuCtxSetCurrent:201 \
  cuModuleLoadData:218@2; do
  attempt "$failure" "$drivers/fake-cuda" "$failure" 1 cuda:0
done
