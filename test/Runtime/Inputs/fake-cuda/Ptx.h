//===- Ptx.h - Kernels in PTX, read and run by an interpreter -------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// What costatec's kernels need of PTX: one thread after another between two
// barriers, every access checked against the memory that was reserved. An
// instruction that is not known stops a kernel only if it is reached.
//
//===----------------------------------------------------------------------===//
#ifndef COSTATE_TEST_RUNTIME_PTX_H
#define COSTATE_TEST_RUNTIME_PTX_H

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ptx {

/// Device memory. Its addresses are no addresses of the host, so that neither side can use the other's.
class Memory {
public:
  /// What was never written is NaN.
  uint64_t reserve(uint64_t bytes);
  bool release(uint64_t address);
  /// The host's place of `bytes` bytes at a device address; null where they were not reserved.
  char *find(uint64_t address, uint64_t bytes);
  uint64_t reserved() const { return total; }

private:
  struct Block {
    uint64_t begin, size;
    std::unique_ptr<char[]> data;
  };
  std::map<uint64_t, Block> blocks;
  Block *last = nullptr;
  uint64_t next = uint64_t(0x7c) << 40, total = 0;
};

enum class Type : uint8_t { none, pred, b8, b16, b32, b64, s8, s16, s32, s64, f32, f64 };
unsigned sizeOf(Type type);

struct Operand {
  enum Kind : uint8_t { none, reg, immediate, tid, ctaid } kind = none;
  uint32_t index = 0;
  /// Bits of an immediate; the offset of an address.
  uint64_t bits = 0;
};

struct Instruction {
  /// The text as it was read, for messages; the words of the opcode.
  std::string text;
  enum Op : uint8_t {
    unknown,
    mov,
    pack,
    unpack,
    ldParam,
    ldGlobal,
    stGlobal,
    ldLocal,
    stLocal,
    add,
    sub,
    mul,
    mulHi,
    mulWide,
    mad,
    madWide,
    div,
    rem,
    fma,
    neg,
    abs,
    min,
    max,
    sqrt,
    rcp,
    rsqrt,
    ex2,
    setp,
    selp,
    and_,
    or_,
    xor_,
    not_,
    shl,
    shr,
    cvt,
    copysign,
    clz,
    bfe,
    shfLeft,
    bra,
    ret,
    bar
  } op = unknown;
  enum Compare : uint8_t { eq, ne, lt, le, gt, ge, equ, neu, ltu, leu, gtu, geu, num, nan } compare = eq;
  enum Rounding : uint8_t { exact, nearest, down, up, zero } rounding = exact;
  Type type = Type::none, from = Type::none;
  bool flush = false, approximate = false, propagateNan = false;
  /// The register of the guard, or -1.
  int guard = -1;
  bool guardNegated = false;
  /// Destinations first.
  std::vector<Operand> operands;
  unsigned destinations = 0;
  size_t target = 0;
};

struct Kernel {
  std::string name;
  struct Parameter {
    std::string name;
    unsigned bytes;
    uint64_t offset;
  };
  std::vector<Parameter> parameters;
  uint64_t parameterBytes = 0, localBytes = 0;
  uint32_t registers = 0, threads = 0;
  std::vector<Instruction> code;
};

struct Module {
  std::string target;
  std::map<std::string, Kernel> kernels;
};

/// Reads a module, and reserves its constants. Returns what is wrong, or an empty string.
std::string parse(const std::string &text, Memory &memory, Module &module);

/// What stopped a kernel; the code is CUDA's.
struct Failure {
  int code = 0;
  std::string text;
};

/// The lower bytes of bits, and the same with the sign of the uppermost.
inline uint64_t masked(uint64_t bits, unsigned bytes) {
  return bytes == 8 ? bits : bits & ((uint64_t(1) << 8 * bytes) - 1);
}
inline int64_t extended(uint64_t bits, unsigned bytes) {
  unsigned unused = 64 - 8 * bytes;
  return static_cast<int64_t>(bits << unused) >> unused;
}
inline bool isSigned(Type type) { return type >= Type::s8 && type <= Type::s64; }

/// What an instruction makes of the bits of its sources; false where it is not known.
bool evaluate(const Instruction &instruction, uint64_t a, uint64_t b, uint64_t c, uint64_t &result);

/// Runs one block. `parameters` are laid out as the kernel says.
Failure runBlock(const Kernel &kernel, uint32_t block, uint32_t threads, const char *parameters,
                 Memory &memory, bool reverse);

} // namespace ptx

#endif // COSTATE_TEST_RUNTIME_PTX_H
