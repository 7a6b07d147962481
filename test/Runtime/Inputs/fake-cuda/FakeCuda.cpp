//===- FakeCuda.cpp - A CUDA driver without a device ------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// A libcuda.so.1 for tests: the functions that the runtime uses, on a device
// that has memory of its own and runs PTX by an interpreter. It insists on the
// order of the calls that the real driver insists on. The environment says:
//
//   FAKE_CUDA_LOG=FILE      every call is appended to this file
//   FAKE_CUDA_DEVICES=N     how many devices there are (1)
//   FAKE_CUDA_MEMORY=BYTES  how much memory the device has (no limit)
//   FAKE_CUDA_FAIL=NAME:CODE[@K],...   the Kth (first) call of a function returns CODE
//   FAKE_CUDA_THREADS=reverse          threads run in descending order between barriers
//
//===----------------------------------------------------------------------===//
#include "Ptx.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

enum Code {
  Success = 0,
  InvalidValue = 1,
  OutOfMemory = 2,
  NotInitialized = 3,
  NoDevice = 100,
  InvalidDevice = 101,
  InvalidContext = 201,
  NoBinaryForGpu = 209,
  InvalidPtx = 218,
  NotFound = 500,
  OutOfResources = 701,
};

struct Driver {
  bool started = false, retained = false, current = false;
  ptx::Memory memory;
  std::vector<std::unique_ptr<ptx::Module>> modules;
  /// What a launch did wrong; the driver says so when it is waited for.
  ptx::Failure failure;
  std::map<std::string, int> calls;
};

Driver &driver() {
  static Driver instance;
  return instance;
}

void log(const char *format, ...) {
  const char *path = std::getenv("FAKE_CUDA_LOG");
  std::FILE *file = path ? std::fopen(path, "a") : nullptr;
  if (!file)
    return;
  va_list arguments;
  va_start(arguments, format);
  std::vfprintf(file, format, arguments);
  va_end(arguments);
  std::fputc('\n', file);
  std::fclose(file);
}

int deviceCount() {
  const char *text = std::getenv("FAKE_CUDA_DEVICES");
  return text ? std::atoi(text) : 1;
}

/// What every call does first: counts itself, fails if it is to, and looks at the state.
int enter(const std::string &name, bool needsContext) {
  Driver &state = driver();
  int call = ++state.calls[name];
  const char *text = std::getenv("FAKE_CUDA_FAIL");
  std::string wanted = text ? text : "";
  for (size_t begin = 0; begin < wanted.size();) {
    size_t end = std::min(wanted.find(',', begin), wanted.size());
    std::string rule = wanted.substr(begin, end - begin);
    begin = end + 1;
    size_t colon = rule.find(':'), at = rule.find('@');
    int which = at == std::string::npos ? 1 : std::atoi(rule.c_str() + at + 1);
    if (rule.substr(0, colon) == name && which == call) {
      int code = std::atoi(rule.c_str() + colon + 1);
      log("%s fails: %d", name.c_str(), code);
      return code;
    }
  }
  if (!state.started && name != "cuInit")
    return NotInitialized;
  if (needsContext && !state.current)
    return InvalidContext;
  return Success;
}

#define ENTER(NEEDS_CONTEXT)                                                                                 \
  if (int error = enter(__func__, NEEDS_CONTEXT))                                                            \
    return error;

} // namespace

extern "C" {

int cuInit(unsigned flags) {
  ENTER(false)
  driver().started = true;
  log("cuInit(%u)", flags);
  return flags == 0 ? Success : InvalidValue;
}

int cuGetErrorName(int error, const char **name) {
  static const std::map<int, const char *> names = {{1, "CUDA_ERROR_INVALID_VALUE"},
                                                    {2, "CUDA_ERROR_OUT_OF_MEMORY"},
                                                    {3, "CUDA_ERROR_NOT_INITIALIZED"},
                                                    {100, "CUDA_ERROR_NO_DEVICE"},
                                                    {101, "CUDA_ERROR_INVALID_DEVICE"},
                                                    {201, "CUDA_ERROR_INVALID_CONTEXT"},
                                                    {209, "CUDA_ERROR_NO_BINARY_FOR_GPU"},
                                                    {218, "CUDA_ERROR_INVALID_PTX"},
                                                    {500, "CUDA_ERROR_NOT_FOUND"},
                                                    {700, "CUDA_ERROR_ILLEGAL_ADDRESS"},
                                                    {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"},
                                                    {715, "CUDA_ERROR_ILLEGAL_INSTRUCTION"},
                                                    {716, "CUDA_ERROR_MISALIGNED_ADDRESS"},
                                                    {719, "CUDA_ERROR_LAUNCH_FAILED"}};
  auto found = names.find(error);
  *name = found == names.end() ? nullptr : found->second;
  return *name ? Success : InvalidValue;
}

int cuGetErrorString(int error, const char **text) {
  // The real driver describes every error; that one may have a name alone is seen here.
  *text = error == OutOfMemory ? "out of memory"
          : error == 700       ? "an illegal memory access was encountered"
                               : nullptr;
  return *text ? Success : InvalidValue;
}

int cuDeviceGetCount(int *count) {
  ENTER(false)
  *count = deviceCount();
  log("cuDeviceGetCount -> %d", *count);
  return Success;
}

int cuDeviceGet(int *device, int number) {
  ENTER(false)
  log("cuDeviceGet(%d)", number);
  if (number < 0 || number >= deviceCount())
    return InvalidDevice;
  *device = number;
  return Success;
}

int cuDeviceGetName(char *name, int size, int device) {
  ENTER(false)
  std::snprintf(name, static_cast<size_t>(size), "Interpreter %d", device);
  return Success;
}

int cuDevicePrimaryCtxRetain(void **context, int device) {
  ENTER(false)
  log("cuDevicePrimaryCtxRetain(%d)", device);
  driver().retained = true;
  *context = &driver();
  return Success;
}

int cuCtxSetCurrent(void *context) {
  ENTER(false)
  log("cuCtxSetCurrent");
  if (!driver().retained || context != &driver())
    return InvalidContext;
  driver().current = true;
  return Success;
}

int cuModuleLoadData(void **module, const void *image) {
  ENTER(true)
  const char *bytes = static_cast<const char *>(image);
  if (std::memcmp(bytes, "\177ELF", 4) == 0) {
    // Machine code of a CUDA device is ELF for machine 190. This device runs none.
    log("cuModuleLoadData(machine code, ELF for machine %d)", static_cast<unsigned char>(bytes[18]));
    return NoBinaryForGpu;
  }
  auto read = std::make_unique<ptx::Module>();
  if (std::string why = ptx::parse(bytes, driver().memory, *read); !why.empty()) {
    log("cuModuleLoadData(PTX): %s", why.c_str());
    return InvalidPtx;
  }
  log("cuModuleLoadData(PTX for %s, %d kernels)", read->target.c_str(),
      static_cast<int>(read->kernels.size()));
  *module = read.get();
  driver().modules.push_back(std::move(read));
  return Success;
}

int cuModuleGetFunction(void **function, void *module, const char *name) {
  ENTER(true)
  for (auto &known : driver().modules)
    if (known.get() == module)
      if (auto found = known->kernels.find(name); found != known->kernels.end()) {
        log("cuModuleGetFunction(%s)", name);
        *function = &found->second;
        return Success;
      }
  return NotFound;
}

int cuMemAlloc_v2(unsigned long long *address, size_t bytes) {
  ENTER(true)
  const char *limit = std::getenv("FAKE_CUDA_MEMORY");
  if (bytes == 0)
    return InvalidValue;
  if (limit && driver().memory.reserved() + bytes > std::strtoull(limit, nullptr, 10))
    return OutOfMemory;
  *address = driver().memory.reserve(bytes);
  log("cuMemAlloc(%zu)", bytes);
  return Success;
}

int cuMemFree_v2(unsigned long long address) {
  ENTER(true)
  log("cuMemFree");
  return driver().memory.release(address) ? Success : InvalidValue;
}

int cuMemcpyHtoD_v2(unsigned long long to, const void *from, size_t bytes) {
  ENTER(true)
  char *place = driver().memory.find(to, bytes);
  if (!place)
    return InvalidValue;
  std::memcpy(place, from, bytes);
  log("cuMemcpyHtoD(%zu)", bytes);
  return Success;
}

int cuMemcpyDtoH_v2(void *to, unsigned long long from, size_t bytes) {
  ENTER(true)
  const char *place = driver().memory.find(from, bytes);
  if (!place)
    return InvalidValue;
  std::memcpy(to, place, bytes);
  log("cuMemcpyDtoH(%zu)", bytes);
  return Success;
}

int cuCtxSynchronize() {
  ENTER(true)
  log("cuCtxSynchronize");
  return driver().failure.code;
}

int cuLaunchKernel(void *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
                   unsigned blockY, unsigned blockZ, unsigned sharedBytes, void *, void **parameters,
                   void **) {
  ENTER(true)
  const auto &kernel = *static_cast<const ptx::Kernel *>(function);
  log("cuLaunchKernel(%s, grid %u x %u x %u, block %u x %u x %u, shared %u, %d parameters)",
      kernel.name.c_str(), gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes,
      static_cast<int>(kernel.parameters.size()));
  if (gridX == 0 || gridY != 1 || gridZ != 1 || blockY != 1 || blockZ != 1)
    return InvalidValue;
  if (blockX == 0 || blockX > (kernel.threads ? kernel.threads : 1024))
    return OutOfResources;
  std::vector<char> block(kernel.parameterBytes);
  for (size_t i = 0; i < kernel.parameters.size(); ++i) {
    const ptx::Kernel::Parameter &parameter = kernel.parameters[i];
    std::memcpy(block.data() + parameter.offset, parameters[i], parameter.bytes);
    unsigned long long bits = 0;
    std::memcpy(&bits, parameters[i], parameter.bytes);
    log("  parameter %zu: %u bytes, %#llx", i, parameter.bytes, bits);
  }
  const char *threads = std::getenv("FAKE_CUDA_THREADS");
  bool reverse = threads && std::strcmp(threads, "reverse") == 0;
  for (unsigned i = 0; i < gridX && driver().failure.code == 0; ++i)
    driver().failure = ptx::runBlock(kernel, i, blockX, block.data(), driver().memory, reverse);
  if (driver().failure.code)
    log("  %s", driver().failure.text.c_str());
  return Success;
}

} // extern "C"
