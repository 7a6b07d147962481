// RUN: costate-opt %s -split-input-file -verify-diagnostics -costate-verify-level=level=5

llvm.func @fine() {
  llvm.return
}
// expected-error @+1 {{'func.func' op is not allowed at level 5: only the LLVM dialect is left, and NVVM in a gpu.module}}
func.func private @declared()
