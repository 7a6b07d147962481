//===- GPU.h - Kernels of compiled programs, launched through the CUDA driver ---===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Plain C. A program compiled for the GPU holds its kernels as images, and the
// same chunks as CPU code. Before each set it asks whether a device is ready.
//
//===----------------------------------------------------------------------===//

#ifndef COSTATE_RUNTIME_GPU_H
#define COSTATE_RUNTIME_GPU_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What an image holds. Images are tried in the order of the table, which ends with `costate_gpu_end`.
enum { costate_gpu_end = 0, costate_gpu_cubin = 1, costate_gpu_ptx = 2 };

struct costate_gpu_image {
  int64_t kind;
  /// The architecture it is made for, "sm_90a".
  const char *arch;
  /// PTX ends with a NUL that `size` does not count.
  const void *data;
  int64_t size;
};

/// An argument of a kernel: a buffer of `bytes` at `address` that the kernel may write if `writes`, or, if
/// `bytes` is zero, a scalar whose value stands at `address`.
struct costate_gpu_argument {
  void *address;
  int64_t bytes;
  int64_t writes;
};

/// Whether kernels of these images can be launched. The first call opens the driver, picks a device and loads
/// an image; if that is not possible it says why, once, on standard error, and the answer stays 0. Not to be
/// called concurrently.
int32_t costate_rt_gpu_ready(const struct costate_gpu_image *images);

/// Runs `blocks` blocks of `threads` threads and returns when they are done and every buffer that they write
/// has arrived. The kernel takes the number of its first block, its workspace (`workspace_bytes` a block),
/// then the arguments. An error ends the program with a message that holds CUDA's name for it.
void costate_rt_gpu_launch(const struct costate_gpu_image *images, const char *kernel, int64_t blocks,
                           int64_t threads, int64_t workspace_bytes, int64_t count,
                           const struct costate_gpu_argument *arguments);

/// Picks the device by its CUDA number; a negative number: none, the program runs on the CPU. To be called
/// before the first `costate_rt_gpu_ready`. Without a call the environment decides: COSTATE_DEVICE=cpu or
/// cuda:N; else cuda:0.
void costate_rt_gpu_select(int64_t device);

#ifdef __cplusplus
}
#endif

#endif // COSTATE_RUNTIME_GPU_H
