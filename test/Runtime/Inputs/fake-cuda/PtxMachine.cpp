//===- PtxMachine.cpp - Runs the blocks of a kernel ------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
#include "Ptx.h"

#include <cstring>

using namespace ptx;
using I = Instruction;

uint64_t Memory::reserve(uint64_t bytes) {
  uint64_t address = next;
  // Blocks do not touch: what runs over the end of one is in none.
  next += (bytes + 256 + 255) / 256 * 256;
  total += bytes;
  Block &block = blocks[address] = {address, bytes, std::make_unique<char[]>(bytes)};
  std::memset(block.data.get(), 0xff, bytes);
  return address;
}

bool Memory::release(uint64_t address) {
  auto found = blocks.find(address);
  if (found == blocks.end())
    return false;
  total -= found->second.size;
  last = nullptr;
  blocks.erase(found);
  return true;
}

char *Memory::find(uint64_t address, uint64_t bytes) {
  if (!last || address < last->begin || address - last->begin >= last->size) {
    auto after = blocks.upper_bound(address);
    if (after == blocks.begin())
      return nullptr;
    last = &std::prev(after)->second;
  }
  uint64_t offset = address - last->begin;
  return offset <= last->size && bytes <= last->size - offset ? last->data.get() + offset : nullptr;
}

namespace {

class Thread {
public:
  Thread(const Kernel &kernel, uint32_t block, uint32_t number, const char *parameters, Memory &memory)
      : kernel(kernel), block(block), number(number), parameters(parameters), memory(memory),
        registers(kernel.registers, 0), local(kernel.localBytes, char(0xff)) {}

  /// Runs up to a barrier or the end.
  Failure run();
  bool done() const { return ended; }
  size_t position() const { return at; }

private:
  uint64_t read(const Operand &operand) const {
    switch (operand.kind) {
    case Operand::reg:
      return registers[operand.index];
    case Operand::tid:
      return number;
    case Operand::ctaid:
      return block;
    default:
      return operand.bits;
    }
  }
  void write(const Operand &operand, uint64_t bits, Type type) {
    registers[operand.index] = type == Type::pred ? bits & 1 : masked(bits, sizeOf(type));
  }
  uint64_t addressOf(const Operand &operand) const {
    return operand.kind == Operand::reg ? registers[operand.index] + operand.bits : operand.bits;
  }
  Failure fail(int code, const char *why, uint64_t address = 0) const {
    return {code, kernel.name + ": block " + std::to_string(block) + ", thread " + std::to_string(number) +
                      ": " + why + (address ? " " + std::to_string(address) : "") + ": " +
                      kernel.code[at].text};
  }
  Failure access(const I &instruction);
  bool compute(const I &instruction);

  const Kernel &kernel;
  uint32_t block, number;
  const char *parameters;
  Memory &memory;
  std::vector<uint64_t> registers;
  std::vector<char> local;
  size_t at = 0;
  bool ended = false;
};

Failure Thread::access(const I &instruction) {
  bool load = instruction.op == I::ldGlobal || instruction.op == I::ldLocal || instruction.op == I::ldParam;
  unsigned bytes = sizeOf(instruction.type);
  size_t count = instruction.operands.size() - 1;
  uint64_t address = addressOf(instruction.operands.back());
  const char *from = nullptr;
  char *place = nullptr;
  if (address % (bytes * count) != 0)
    return fail(716, "misaligned address", address);
  if (instruction.op == I::ldParam)
    from = parameters + address;
  else if (instruction.op == I::ldGlobal || instruction.op == I::stGlobal)
    from = place = memory.find(address, bytes * count);
  else if (address + bytes * count <= local.size())
    from = place = local.data() + address;
  if (!from)
    return fail(700, "nothing is reserved at address", address);
  for (size_t i = 0; i < count; ++i) {
    uint64_t bits = 0;
    if (load) {
      std::memcpy(&bits, from + i * bytes, bytes);
      registers[instruction.operands[i].index] =
          isSigned(instruction.type) ? static_cast<uint64_t>(extended(bits, bytes)) : bits;
    } else {
      bits = read(instruction.operands[i]);
      std::memcpy(place + i * bytes, &bits, bytes);
    }
  }
  return {};
}

bool Thread::compute(const I &instruction) {
  const std::vector<Operand> &operands = instruction.operands;
  auto source = [&](size_t i) {
    return i < operands.size()
               ? masked(read(operands[i]),
                        instruction.op == I::shl || instruction.op == I::shr ? 8 : sizeOf(instruction.type))
               : 0;
  };
  Type type = instruction.type;
  switch (instruction.op) {
  case I::mov:
    write(operands[0], read(operands[1]), type);
    return true;
  case I::pack: {
    unsigned half = sizeOf(type) / 2;
    write(operands[0], masked(read(operands[1]), half) | read(operands[2]) << 8 * half, type);
    return true;
  }
  case I::unpack: {
    unsigned half = sizeOf(type) / 2;
    uint64_t bits = read(operands[2]);
    registers[operands[0].index] = masked(bits, half);
    registers[operands[1].index] = masked(bits >> 8 * half, half);
    return true;
  }
  case I::selp:
    write(operands[0], read(read(operands[3]) ? operands[1] : operands[2]), type);
    return true;
  default:
    break;
  }
  bool isWide = instruction.op == I::mulWide || instruction.op == I::madWide;
  uint64_t result = 0;
  // The addend of a wide product is as wide as the product; a conversion reads its source by its own type.
  uint64_t a = instruction.op == I::cvt ? read(operands[1]) : source(1);
  uint64_t c = instruction.op == I::madWide ? read(operands[3]) : source(3);
  if (!evaluate(instruction, a, source(2), c, result))
    return false;
  write(operands[0], result,
        instruction.op == I::setp  ? Type::pred
        : instruction.op == I::clz ? Type::b32
        : isWide                   ? Type::b64
                                   : type);
  return true;
}

Failure Thread::run() {
  while (at < kernel.code.size()) {
    const I &instruction = kernel.code[at];
    bool taken = instruction.guard < 0 || (registers[instruction.guard] != 0) != instruction.guardNegated;
    if (taken) {
      switch (instruction.op) {
      case I::unknown:
        return fail(715, "an instruction that is not known");
      case I::bra:
        at = instruction.target;
        continue;
      case I::ret:
        ended = true;
        return {};
      case I::bar:
        ++at;
        return {};
      case I::ldParam:
      case I::ldGlobal:
      case I::stGlobal:
      case I::ldLocal:
      case I::stLocal:
        if (Failure failure = access(instruction); failure.code)
          return failure;
        break;
      default:
        if (!compute(instruction))
          return fail(715, "an instruction that is not known");
      }
    }
    ++at;
  }
  ended = true;
  return {};
}

} // namespace

Failure ptx::runBlock(const Kernel &kernel, uint32_t block, uint32_t count, const char *parameters,
                      Memory &memory, bool reverse) {
  std::vector<Thread> threads;
  for (uint32_t i = 0; i < count; ++i)
    threads.emplace_back(kernel, block, i, parameters, memory);
  while (!threads[0].done()) {
    for (uint32_t i = 0; i < count; ++i)
      if (Failure failure = threads[reverse ? count - 1 - i : i].run(); failure.code)
        return failure;
    for (const Thread &thread : threads)
      if (thread.done() != threads[0].done() ||
          (!thread.done() && thread.position() != threads[0].position()))
        return {719, kernel.name + ": not all threads of block " + std::to_string(block) +
                         " reach the same barrier"};
  }
  return {};
}
