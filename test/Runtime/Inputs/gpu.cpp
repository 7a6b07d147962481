//===- gpu.cpp - A program by hand with a kernel ----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// 1500 numbers that decay: block b of the kernel multiplies number b by 1 - lr,
// by way of its workspace. The CPU's code computes the same bits.
//
//===----------------------------------------------------------------------===//

#include "costate/Runtime/ABI.h"

namespace {

constexpr int64_t numbers = 1500;

const char ptx[] = R"ptx(
.version 7.0
.target sm_80
.address_size 64

.visible .entry decay(
	.param .u64 decay_param_0,
	.param .u64 .ptr .align 1 decay_param_1,
	.param .u64 .ptr .align 1 decay_param_2,
	.param .f64 decay_param_3
)
.maxntid 1
{
	.reg .b32 	%r<2>;
	.reg .b64 	%rd<20>;
	ld.param.b64 	%rd1, [decay_param_0];
	ld.param.b64 	%rd2, [decay_param_1];
	ld.param.b64 	%rd3, [decay_param_2];
	ld.param.b64 	%rd4, [decay_param_3];
	mov.u32 	%r1, %ctaid.x;
	cvt.u64.u32 	%rd5, %r1;
	// The number of this block among all, and its place in the workspace of the launch.
	add.s64 	%rd6, %rd1, %rd5;
	shl.b64 	%rd7, %rd6, 3;
	add.s64 	%rd8, %rd3, %rd7;
	shl.b64 	%rd9, %rd5, 3;
	add.s64 	%rd10, %rd2, %rd9;
	mov.b64 	%rd11, 0d3FF0000000000000;
	sub.rn.f64 	%rd12, %rd11, %rd4;
	st.global.b64 	[%rd10], %rd12;
	ld.global.b64 	%rd13, [%rd8];
	ld.global.b64 	%rd14, [%rd10];
	mul.rn.f64 	%rd15, %rd13, %rd14;
	st.global.b64 	[%rd8], %rd15;
	ret;
}
)ptx";

// No device is asked to run this: it is refused, and the next image is taken.
const char cubin[64] = "\177ELF";

const costate_gpu_image images[] = {{costate_gpu_cubin, "sm_90a", cubin, sizeof cubin},
                                    {costate_gpu_ptx, "sm_80", ptx, sizeof ptx - 1},
                                    {costate_gpu_end, nullptr, nullptr, 0}};

double total(const double *theta) {
  double sum = 0;
  for (int64_t i = 0; i < numbers; ++i)
    sum += theta[i] * theta[i];
  return sum;
}

// theta, lr, metrics
void step(void **args, void *) {
  auto *theta = static_cast<double *>(args[0]), *lr = static_cast<double *>(args[1]);
  *static_cast<double *>(args[2]) = total(theta);
  if (!costate_rt_gpu_ready(images)) {
    double factor = 1 - *lr;
    for (int64_t i = 0; i < numbers; ++i)
      theta[i] *= factor;
    return;
  }
  const costate_gpu_argument arguments[] = {{theta, numbers * 8, 1}, {lr, 0, 0}};
  // Two launches, the second of which needs a larger workspace.
  costate_rt_gpu_launch(images, "decay", 10, 1, 8, 2, arguments);
  const costate_gpu_argument others[] = {{theta + 10, (numbers - 10) * 8, 1}, {lr, 0, 0}};
  costate_rt_gpu_launch(images, "decay", numbers - 10, 1, 8, 2, others);
  // Of no block there is nothing to launch.
  costate_rt_gpu_launch(images, "decay", 0, 1, 8, 2, others);
}

void objective(void **args, void *) {
  *static_cast<double *>(args[1]) = total(static_cast<double *>(args[0]));
}

} // namespace

extern "C" const char costate_program[] = R"json({
 "schema": 1, "name": "decay", "source": "decay.mlir", "ir_hash": "0123abcd", "compiler": "by hand", "precision": "f64",
 "target": "gpu:sm_90a", "max_workers": 4, "parameter_count": 1500,
 "parameters": [{"name": "numbers", "shape": [1500], "offset": 0, "init": {"kind": "normal", "std": 1.0}}],
 "hypers": [{"name": "optimizer.lr", "default": 0.1, "role": "rate"}],
 "training": {"steps": 3},
 "metrics": [{"name": "size", "kind": "objective"}],
 "entries": [
  {"name": "step", "args": [{"role": "theta"}, {"role": "hyper", "name": "optimizer.lr"}, {"role": "metrics"}]},
  {"name": "objective", "args": [{"role": "theta"}, {"role": "metrics"}]}]})json";

extern "C" const costate_entry costate_entries[] = {
    {"step", step}, {"objective", objective}, {nullptr, nullptr}};
