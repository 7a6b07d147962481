//===- CudaDriver.cpp - The CUDA driver, loaded at run time ---------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
#include "CudaDriver.h"

#include <dlfcn.h>

using namespace costate::rt::cuda;

std::string Driver::load() {
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return "there is no CUDA driver (libcuda.so.1)";
#define COSTATE_CUDA_LOOKUP(NAME, SYMBOL, ...)                                                               \
  NAME = reinterpret_cast<Result (*)(__VA_ARGS__)>(dlsym(library, SYMBOL));                                  \
  if (!NAME)                                                                                                 \
    return "the CUDA driver is too old: it has no " SYMBOL;
  COSTATE_CUDA_FUNCTIONS(COSTATE_CUDA_LOOKUP)
#undef COSTATE_CUDA_LOOKUP
  return "";
}

std::string Driver::describe(Result error) const {
  const char *name = nullptr, *text = nullptr;
  if (getErrorName(error, &name) != 0 || !name)
    return "CUDA error " + std::to_string(error);
  std::string result = name;
  if (getErrorString(error, &text) == 0 && text)
    result = result + " (" + text + ")";
  return result;
}
