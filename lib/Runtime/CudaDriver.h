//===- CudaDriver.h - What is used of the CUDA driver, loaded at run time -------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Declared here rather than included from cuda.h, which not every machine has: the driver's binary interface
// is stable.
//
//===----------------------------------------------------------------------===//
#ifndef COSTATE_LIB_RUNTIME_CUDADRIVER_H
#define COSTATE_LIB_RUNTIME_CUDADRIVER_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace costate::rt::cuda {

using Result = int;
using Device = int;
using DevicePointer = unsigned long long;
using Context = struct CUctx_st *;
using Module = struct CUmod_st *;
using Function = struct CUfunc_st *;
using Stream = struct CUstream_st *;

/// Every function that is used: its name here, the name in the library, its parameters.
#define COSTATE_CUDA_FUNCTIONS(X)                                                                            \
  X(init, "cuInit", unsigned)                                                                                \
  X(getErrorName, "cuGetErrorName", Result, const char **)                                                   \
  X(getErrorString, "cuGetErrorString", Result, const char **)                                               \
  X(deviceGetCount, "cuDeviceGetCount", int *)                                                               \
  X(deviceGet, "cuDeviceGet", Device *, int)                                                                 \
  X(deviceGetName, "cuDeviceGetName", char *, int, Device)                                                   \
  X(devicePrimaryCtxRetain, "cuDevicePrimaryCtxRetain", Context *, Device)                                   \
  X(ctxSetCurrent, "cuCtxSetCurrent", Context)                                                               \
  X(moduleLoadData, "cuModuleLoadData", Module *, const void *)                                              \
  X(moduleGetFunction, "cuModuleGetFunction", Function *, Module, const char *)                              \
  X(memAlloc, "cuMemAlloc_v2", DevicePointer *, size_t)                                                      \
  X(memFree, "cuMemFree_v2", DevicePointer)                                                                  \
  X(memcpyHtoD, "cuMemcpyHtoD_v2", DevicePointer, const void *, size_t)                                      \
  X(memcpyDtoH, "cuMemcpyDtoH_v2", void *, DevicePointer, size_t)                                            \
  X(ctxSynchronize, "cuCtxSynchronize")                                                                      \
  X(launchKernel, "cuLaunchKernel", Function, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,    \
    unsigned, Stream, void **, void **)

/// The functions of the driver. All are set after `load` succeeded.
struct Driver {
#define COSTATE_CUDA_MEMBER(NAME, SYMBOL, ...) Result (*NAME)(__VA_ARGS__) = nullptr;
  COSTATE_CUDA_FUNCTIONS(COSTATE_CUDA_MEMBER)
#undef COSTATE_CUDA_MEMBER

  /// Opens the library. Returns what is missing, or an empty string.
  std::string load();

  /// CUDA's name and description of an error.
  std::string describe(Result error) const;
};

} // namespace costate::rt::cuda

#endif // COSTATE_LIB_RUNTIME_CUDADRIVER_H
