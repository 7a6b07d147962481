#===- lit.cfg.py - What every test can name ---------------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
import os
import sys

import lit.formats
from lit.llvm import llvm_config

config.name = "Costate"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test", ".td"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.costate_binary_root, "test")

llvm_config.use_default_substitutions()
llvm_config.with_environment("PATH", [os.path.join(config.costate_binary_root, "bin"), config.llvm_tools_dir],
                             append_path=True)
config.substitutions.append(("%costate_root", config.costate_source_root))
config.substitutions.append(("%costate_build", config.costate_binary_root))
config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%llvm_tools", config.llvm_tools_dir))
config.substitutions.append(("%cxx", config.costate_cxx))
config.substitutions.append(("%clang_format", os.path.join(config.llvm_tools_dir, "clang-format")))

# Allocators of LLVM mark what they have not given away yet, but the library's own part of them, which is not instrumented, marks
# nothing when it gives.
if config.costate_sanitize not in ("", "OFF"):
    config.available_features.add("sanitize")
    config.environment["ASAN_OPTIONS"] = "allow_user_poisoning=0"
    config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"

# Tests that execute tensor code by upstream means: what follows the passes under test, and what the runner loads.
config.substitutions.append(("%run_tensors", "-convert-elementwise-to-linalg "
                             "-one-shot-bufferize='bufferize-function-boundaries=1 allow-return-allocs-from-loops=1' "
                             "-convert-linalg-to-loops "
                             "-expand-strided-metadata -lower-affine -convert-scf-to-cf -convert-vector-to-llvm "
                             "-convert-to-llvm -reconcile-unrealized-casts"))
config.substitutions.append(("%runner_utils", os.path.join(os.path.dirname(config.llvm_tools_dir), "lib",
                                                           "libmlir_c_runner_utils.so")))

# Which mutant runs, where test/Mutation has put some into the programs.
llvm_config.with_system_environment(["MUTANT", "MUTANTS_REACHED"])

# What this machine can run.
if os.path.exists("/proc/cpuinfo"):
    with open("/proc/cpuinfo") as file:
        flags = next((set(line.split()) for line in file if line.startswith("flags")), set())
    if {"avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"} <= flags:
        config.available_features.add("avx512")

# Tests that execute buffers: what follows the passes under test, and the runner of @main.
config.substitutions.append(("%run_buffers", "-convert-linalg-to-loops -expand-strided-metadata -lower-affine "
                             "-convert-scf-to-cf -convert-math-to-libm -convert-vector-to-llvm -convert-to-llvm "
                             "-reconcile-unrealized-casts"))
config.substitutions.append(("%run_main", "mlir-runner -e main -entry-point-result=void -shared-libs=" +
                             os.path.join(os.path.dirname(config.llvm_tools_dir), "lib", "libmlir_c_runner_utils.so")))

# The CUDA toolkit, found as costate-embed-gpu finds it; the tests that assemble kernels need it.
llvm_config.with_system_environment(["CUDA_HOME", "CUDA_ROOT", "CUDA_PATH"])
toolkit = next((os.environ[name] for name in ("CUDA_HOME", "CUDA_ROOT", "CUDA_PATH") if os.environ.get(name)),
               "/usr/local/cuda")
if os.access(os.path.join(toolkit, "bin", "ptxas"), os.X_OK) and \
        os.path.exists(os.path.join(toolkit, "nvvm", "libdevice", "libdevice.10.bc")):
    config.available_features.add("ptxas")
else:
    lit_config.note("no CUDA toolkit (set CUDA_HOME): the tests that assemble GPU kernels are skipped")

# A CUDA driver whose device is an interpreter of PTX, and one that lacks functions: %fake_cuda COMMAND.
for name in ("fake_cuda", "old_cuda"):
    config.substitutions.append(("%" + name, "env LD_LIBRARY_PATH=" + os.path.join(
        config.costate_binary_root, "test", "Runtime", name.replace("_", "-"))))
