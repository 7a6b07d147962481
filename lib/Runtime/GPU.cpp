//===- GPU.cpp - Launching kernels, or saying why not ---------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Right before fast: each launch copies its buffers to the device and those that it writes back. Device
// memory is kept between launches by the address and size of the host's buffer.
//
//===----------------------------------------------------------------------===//
#include "costate/Runtime/GPU.h"

#include "CudaDriver.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace costate::rt::cuda;

namespace {

/// A launch of more blocks is cut into pieces, so that the workspace stays bounded.
constexpr int64_t maxBlocks = 1024;

constexpr int64_t unset = -2;
int64_t selected = unset;

[[noreturn]] void stop(const std::string &message) {
  std::fflush(stdout);
  std::fprintf(stderr, "error: GPU: %s\n", message.c_str());
  std::exit(1);
}

/// The device of the process, with the kernels of one program.
class Gpu {
public:
  /// Opens the device. Returns why it cannot be used, or an empty string.
  std::string open(int64_t number, const costate_gpu_image *images) {
    if (std::string missing = driver.load(); !missing.empty())
      return missing;
    if (Result error = driver.init(0))
      return "the CUDA driver does not start: " + driver.describe(error);
    int count = 0;
    if (Result error = driver.deviceGetCount(&count))
      return "the CUDA driver does not list devices: " + driver.describe(error);
    if (number >= count)
      return "there is no device cuda:" + std::to_string(number) + " (devices: " + std::to_string(count) +
             ")";
    Device device;
    Context context;
    if (Result error = driver.deviceGet(&device, static_cast<int>(number)))
      return "device cuda:" + std::to_string(number) + ": " + driver.describe(error);
    char name[128] = "";
    driver.deviceGetName(name, sizeof name, device);
    if (Result error = driver.devicePrimaryCtxRetain(&context, device))
      return std::string(name) + ": " + driver.describe(error);
    if (Result error = driver.ctxSetCurrent(context))
      return std::string(name) + ": " + driver.describe(error);
    std::string tried;
    for (const costate_gpu_image *image = images; image->kind != costate_gpu_end; ++image) {
      Result error = driver.moduleLoadData(&module, image->data);
      if (error == 0)
        return "";
      tried += std::string(tried.empty() ? "" : "; ") +
               (image->kind == costate_gpu_cubin ? "machine code" : "PTX") + " for " + image->arch + ": " +
               driver.describe(error);
    }
    return std::string(name) + " takes none of the program's kernels: " + tried;
  }

  void launch(const char *name, int64_t blocks, int64_t threads, int64_t workspaceBytes, int64_t count,
              const costate_gpu_argument *arguments) {
    Function function = findFunction(name);
    int64_t piece = std::min(blocks, maxBlocks);
    DevicePointer workspace = reserve(workspaceMemory, std::max<int64_t>(piece * workspaceBytes, 1));
    int64_t first = 0;
    std::vector<DevicePointer> buffers(count);
    std::vector<void *> parameters = {&first, &workspace};
    for (int64_t i = 0; i < count; ++i) {
      const costate_gpu_argument &argument = arguments[i];
      if (argument.bytes == 0) {
        parameters.push_back(argument.address);
        continue;
      }
      buffers[i] = reserve(mirrors[argument.address], argument.bytes);
      check(driver.memcpyHtoD(buffers[i], argument.address, argument.bytes), "copying to the device for",
            name);
      parameters.push_back(&buffers[i]);
    }
    for (; first < blocks; first += piece)
      check(driver.launchKernel(function, static_cast<unsigned>(std::min(piece, blocks - first)), 1, 1,
                                static_cast<unsigned>(threads), 1, 1, 0, nullptr, parameters.data(), nullptr),
            "launching", name);
    check(driver.ctxSynchronize(), "running", name);
    for (int64_t i = 0; i < count; ++i)
      if (arguments[i].bytes != 0 && arguments[i].writes)
        check(driver.memcpyDtoH(arguments[i].address, buffers[i], arguments[i].bytes), "copying back from",
              name);
  }

private:
  struct Memory {
    DevicePointer address = 0;
    int64_t bytes = 0;
  };

  DevicePointer reserve(Memory &memory, int64_t bytes) {
    if (memory.bytes >= bytes)
      return memory.address;
    if (memory.bytes != 0)
      check(driver.memFree(memory.address), "freeing", "device memory");
    memory = {};
    check(driver.memAlloc(&memory.address, bytes), "reserving",
          (std::to_string(bytes) + " bytes of device memory").c_str());
    memory.bytes = bytes;
    return memory.address;
  }

  Function findFunction(const char *name) {
    auto [found, isNew] = functions.try_emplace(name);
    if (isNew)
      check(driver.moduleGetFunction(&found->second, module, name), "finding the kernel", name);
    return found->second;
  }

  void check(Result error, const char *doing, const char *what) const {
    if (error != 0)
      stop(std::string(doing) + " " + what + ": " + driver.describe(error));
  }

  Driver driver;
  Module module = nullptr;
  std::map<std::string, Function> functions;
  std::map<void *, Memory> mirrors;
  Memory workspaceMemory;
};

/// One per table of images, which is one per program; null where no device can be used.
std::map<const costate_gpu_image *, std::unique_ptr<Gpu>> gpus;

/// The device that the call or the environment names; negative: none.
int64_t chooseDevice() {
  if (selected != unset)
    return selected;
  const char *variable = std::getenv("COSTATE_DEVICE");
  if (!variable || !*variable)
    return 0;
  std::string text = variable;
  if (text == "cpu")
    return -1;
  char *end = nullptr;
  if (text.compare(0, 5, "cuda:") == 0 && text.size() > 5) {
    long number = std::strtol(text.c_str() + 5, &end, 10);
    if (*end == 0 && number >= 0)
      return number;
  }
  stop("COSTATE_DEVICE=" + text + " is neither cpu nor cuda:N");
}

} // namespace

extern "C" int32_t costate_rt_gpu_ready(const costate_gpu_image *images) {
  auto [found, isNew] = gpus.try_emplace(images);
  if (!isNew)
    return found->second != nullptr;
  int64_t device = chooseDevice();
  if (device < 0)
    return 0;
  auto gpu = std::make_unique<Gpu>();
  if (std::string why = gpu->open(device, images); !why.empty()) {
    std::fprintf(stderr, "note: running on the CPU: %s\n", why.c_str());
    return 0;
  }
  found->second = std::move(gpu);
  return 1;
}

extern "C" void costate_rt_gpu_launch(const costate_gpu_image *images, const char *kernel, int64_t blocks,
                                      int64_t threads, int64_t workspaceBytes, int64_t count,
                                      const costate_gpu_argument *arguments) {
  auto found = gpus.find(images);
  if (found == gpus.end() || !found->second)
    stop("a kernel was launched without a device");
  if (blocks > 0)
    found->second->launch(kernel, blocks, threads, workspaceBytes, count, arguments);
}

extern "C" void costate_rt_gpu_select(int64_t device) { selected = device < 0 ? -1 : device; }
