//===- GPU.cpp - Launching kernels, or saying why not ---------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Right before fast: each launch copies its buffers to the device and those that it writes back. Device
// memory is kept between launches by the address and size of the host's buffer.
//
//===----------------------------------------------------------------------===//
#include "costate/Runtime/GPU.h"

#include "Device.h"
#include "Error.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace costate::rt;
using namespace costate::rt::cuda;

namespace {

/// A launch of more blocks is cut into pieces, so that the workspace stays bounded.
constexpr int64_t maxBlocks = 1024;

/// The kernels of one program, loaded on the device.
class Kernels {
public:
  explicit Kernels(const Driver &driver) : driver(driver) {}

  /// Loads the first image that the driver takes. Returns why it takes none, or an empty string.
  std::string load(const costate_gpu_image *images) {
    std::string refusals;
    for (const costate_gpu_image *image = images; image->kind != costate_gpu_end; ++image) {
      Result error = driver.moduleLoadData(&module, image->data);
      if (error == 0)
        return "";
      refusals += cat(refusals.empty() ? "" : "; ", image->kind == costate_gpu_cubin ? "machine code" : "PTX",
                      " for ", image->arch, ": ", driver.describe(error));
    }
    return "the driver takes none of the program's kernels: " + refusals;
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
      failDevice(cat(doing, " ", what, ": ", driver.describe(error)));
  }

  const Driver &driver;
  Module module = nullptr;
  std::map<std::string, Function> functions;
  std::map<void *, Memory> mirrors;
  Memory workspaceMemory;
};

/// One per table of images, which is one per program; null where no device can be used.
std::map<const costate_gpu_image *, std::unique_ptr<Kernels>> programs;

} // namespace

extern "C" int32_t costate_rt_gpu_ready(const costate_gpu_image *images) {
  auto [found, isNew] = programs.try_emplace(images);
  if (!isNew)
    return found->second != nullptr;
  const OpenDevice *device = openDevice();
  if (!device)
    return 0;
  auto kernels = std::make_unique<Kernels>(device->driver);
  if (std::string why = kernels->load(images); !why.empty()) {
    noteFallback(cat("device cuda:", device->number, " (", device->name, "): ", why));
    return 0;
  }
  found->second = std::move(kernels);
  return 1;
}

extern "C" void costate_rt_gpu_launch(const costate_gpu_image *images, const char *kernel, int64_t blocks,
                                      int64_t threads, int64_t workspaceBytes, int64_t count,
                                      const costate_gpu_argument *arguments) {
  auto found = programs.find(images);
  if (found == programs.end() || !found->second)
    failDevice("a kernel was launched without a device");
  if (blocks > 0)
    found->second->launch(kernel, blocks, threads, workspaceBytes, count, arguments);
}
