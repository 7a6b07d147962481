//===- PtxParser.cpp - Reads PTX ------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
#include "Ptx.h"

#include <cctype>
#include <cstdlib>
#include <cstring>
#include <sstream>

using namespace ptx;

unsigned ptx::sizeOf(Type type) {
  switch (type) {
  case Type::none:
  case Type::pred:
  case Type::b8:
  case Type::s8:
    return 1;
  case Type::b16:
  case Type::s16:
    return 2;
  case Type::b32:
  case Type::s32:
  case Type::f32:
    return 4;
  case Type::b64:
  case Type::s64:
  case Type::f64:
    return 8;
  }
  return 0;
}

namespace {

/// Unsigned integers and bits are one.
Type typeOf(const std::string &word) {
  static const std::map<std::string, Type> types = {
      {"pred", Type::pred}, {"b8", Type::b8},   {"u8", Type::b8},   {"b16", Type::b16}, {"u16", Type::b16},
      {"b32", Type::b32},   {"u32", Type::b32}, {"b64", Type::b64}, {"u64", Type::b64}, {"s8", Type::s8},
      {"s16", Type::s16},   {"s32", Type::s32}, {"s64", Type::s64}, {"f32", Type::f32}, {"f64", Type::f64}};
  auto found = types.find(word);
  return found == types.end() ? Type::none : found->second;
}

std::vector<std::string> split(const std::string &text, const char *separators) {
  std::vector<std::string> words;
  size_t begin = 0;
  while ((begin = text.find_first_not_of(separators, begin)) != std::string::npos) {
    size_t end = text.find_first_of(separators, begin);
    words.push_back(text.substr(begin, end - begin));
    begin = end == std::string::npos ? text.size() : end;
  }
  return words;
}

std::string trim(const std::string &text) {
  size_t begin = text.find_first_not_of(" \t\r\n"), end = text.find_last_not_of(" \t\r\n");
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

std::string withoutComments(const std::string &text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "//") == 0) {
      i = std::min(text.find('\n', i), text.size() - 1);
      result += '\n';
    } else if (text.compare(i, 2, "/*") == 0) {
      i = std::min(text.find("*/", i) + 1, text.size() - 1);
    } else {
      result += text[i];
    }
  }
  return result;
}

class KernelParser {
public:
  KernelParser(Kernel &kernel, const std::map<std::string, uint64_t> &symbols)
      : kernel(kernel), symbols(symbols) {}

  /// Reads a body up to the brace that closes it, which `at` is left behind.
  void parse(const std::string &text, size_t &at) {
    std::string statement;
    for (int depth = 1; depth > 0 && at < text.size(); ++at) {
      char c = text[at];
      bool empty = trim(statement).empty();
      if (empty && (c == '{' || c == '}')) {
        depth += c == '{' ? 1 : -1;
      } else if (c == ':' && isLabel(trim(statement))) {
        labels[trim(statement)] = kernel.code.size();
        statement.clear();
      } else if (c == ';') {
        addStatement(trim(statement));
        statement.clear();
      } else {
        statement += c;
      }
    }
    for (auto [index, label] : branches) {
      auto found = labels.find(label);
      if (found == labels.end())
        kernel.code[index].op = Instruction::unknown;
      else
        kernel.code[index].target = found->second;
    }
    kernel.registers = static_cast<uint32_t>(registers.size());
  }

private:
  static bool isLabel(const std::string &text) { return !text.empty() && text[0] == '$'; }

  void addStatement(const std::string &text) {
    if (text.empty())
      return;
    if (text[0] == '.') {
      // Registers are numbered where they are used; of the rest only the stack matters.
      if (text.rfind(".local", 0) == 0) {
        size_t open = text.find('[');
        std::string name = split(text.substr(0, open), " \t").back();
        locals[name] = kernel.localBytes;
        kernel.localBytes += std::strtoull(text.c_str() + open + 1, nullptr, 10);
      }
      return;
    }
    Instruction instruction;
    instruction.text = text;
    std::string rest = text;
    if (rest[0] == '@') {
      size_t space = rest.find_first_of(" \t");
      instruction.guardNegated = rest[1] == '!';
      instruction.guard = static_cast<int>(registerOf(
          rest.substr(instruction.guardNegated ? 2 : 1, space - (instruction.guardNegated ? 2 : 1))));
      rest = trim(rest.substr(space));
    }
    size_t space = rest.find_first_of(" \t");
    std::vector<std::string> words = split(rest.substr(0, space), ".");
    std::string arguments = space == std::string::npos ? "" : rest.substr(space);
    if (!decode(instruction, words, arguments))
      instruction.op = Instruction::unknown;
    kernel.code.push_back(instruction);
  }

  uint32_t registerOf(const std::string &name) {
    return registers.try_emplace(name, static_cast<uint32_t>(registers.size())).first->second;
  }

  bool addOperand(Instruction &instruction, std::string text, bool isAddress = false) {
    Operand operand;
    size_t plus = isAddress ? text.find('+') : std::string::npos;
    uint64_t offset = 0;
    if (plus != std::string::npos) {
      offset = static_cast<uint64_t>(std::strtoll(text.c_str() + plus + 1, nullptr, 10));
      text = text.substr(0, plus);
    }
    if (text.empty())
      return false;
    if (text == "%tid.x") {
      operand.kind = Operand::tid;
    } else if (text == "%ctaid.x") {
      operand.kind = Operand::ctaid;
    } else if (text == "%SP" || text == "%SPL" || (text[0] == '%' && text.find('.') == std::string::npos)) {
      operand = {Operand::reg, registerOf(text), offset};
    } else if (text.rfind("0d", 0) == 0 || text.rfind("0f", 0) == 0) {
      operand = {Operand::immediate, 0, std::strtoull(text.c_str() + 2, nullptr, 16)};
    } else if (std::isdigit(static_cast<unsigned char>(text[0])) || text[0] == '-') {
      char *end = nullptr;
      operand = {Operand::immediate, 0, static_cast<uint64_t>(std::strtoll(text.c_str(), &end, 0)) + offset};
      if (*end == 'U')
        ++end;
      if (*end != 0)
        return false;
    } else if (auto symbol = symbols.find(text); symbol != symbols.end()) {
      operand = {Operand::immediate, 0, symbol->second + offset};
    } else if (auto local = locals.find(text); local != locals.end()) {
      operand = {Operand::immediate, 0, local->second + offset};
    } else if (std::isalpha(static_cast<unsigned char>(text[0])) && text.find('.') == std::string::npos &&
               text.find('_') == std::string::npos) {
      // A register that a block of inline assembly declares.
      operand = {Operand::reg, registerOf(text), offset};
    } else {
      return false;
    }
    instruction.operands.push_back(operand);
    return true;
  }

  bool addOperands(Instruction &instruction, const std::string &list) {
    for (const std::string &text : split(list, ", \t\n{}|"))
      if (!addOperand(instruction, text))
        return false;
    return true;
  }

  bool decode(Instruction &instruction, const std::vector<std::string> &words, const std::string &arguments);
  bool decodeMemory(Instruction &instruction, const std::vector<std::string> &words,
                    const std::string &arguments);

  Kernel &kernel;
  const std::map<std::string, uint64_t> &symbols;
  std::map<std::string, uint64_t> locals;
  std::map<std::string, uint32_t> registers;
  std::map<std::string, size_t> labels;
  std::vector<std::pair<size_t, std::string>> branches;
};

bool KernelParser::decodeMemory(Instruction &instruction, const std::vector<std::string> &words,
                                const std::string &arguments) {
  using I = Instruction;
  bool load = words[0] == "ld";
  const std::string &space = words[1];
  size_t open = arguments.find('['), close = arguments.find(']');
  if (open == std::string::npos || close == std::string::npos)
    return false;
  std::string address = trim(arguments.substr(open + 1, close - open - 1));
  std::string values = load ? arguments.substr(0, open) : arguments.substr(close + 1);
  if (!addOperands(instruction, values))
    return false;
  instruction.destinations = load ? static_cast<unsigned>(instruction.operands.size()) : 0;
  if (space == "param") {
    for (const Kernel::Parameter &parameter : kernel.parameters)
      if (parameter.name == address) {
        instruction.op = I::ldParam;
        instruction.operands.push_back({Operand::immediate, 0, parameter.offset});
        return load;
      }
    return false;
  }
  if (space == "global")
    instruction.op = load ? I::ldGlobal : I::stGlobal;
  else if (space == "local")
    instruction.op = load ? I::ldLocal : I::stLocal;
  else
    return false;
  return addOperand(instruction, address, /*isAddress=*/true);
}

bool KernelParser::decode(Instruction &instruction, const std::vector<std::string> &words,
                          const std::string &arguments) {
  using I = Instruction;
  static const std::map<std::string, I::Op> plain = {
      {"add", I::add},  {"sub", I::sub},     {"div", I::div},  {"rem", I::rem},           {"fma", I::fma},
      {"neg", I::neg},  {"abs", I::abs},     {"min", I::min},  {"max", I::max},           {"sqrt", I::sqrt},
      {"rcp", I::rcp},  {"rsqrt", I::rsqrt}, {"ex2", I::ex2},  {"setp", I::setp},         {"selp", I::selp},
      {"and", I::and_}, {"or", I::or_},      {"xor", I::xor_}, {"not", I::not_},          {"shl", I::shl},
      {"shr", I::shr},  {"cvt", I::cvt},     {"cvta", I::mov}, {"copysign", I::copysign}, {"clz", I::clz},
      {"bfe", I::bfe}};
  static const std::map<std::string, I::Compare> compares = {
      {"eq", I::eq},   {"ne", I::ne},   {"lt", I::lt},   {"le", I::le},   {"gt", I::gt},
      {"ge", I::ge},   {"equ", I::equ}, {"neu", I::neu}, {"ltu", I::ltu}, {"leu", I::leu},
      {"gtu", I::gtu}, {"geu", I::geu}, {"num", I::num}, {"nan", I::nan}};
  static const std::map<std::string, I::Rounding> roundings = {
      {"rn", I::nearest}, {"rni", I::nearest}, {"rm", I::down}, {"rmi", I::down},
      {"rp", I::up},      {"rpi", I::up},      {"rz", I::zero}, {"rzi", I::zero}};

  const std::string &name = words[0];
  instruction.destinations = 1;
  bool low = false, high = false, wide = false;
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string &word = words[i];
    if (Type type = typeOf(word); type != Type::none) {
      // cvt names the result's type, then the source's.
      (instruction.type == Type::none ? instruction.type : instruction.from) = type;
    } else if (auto compare = compares.find(word); name == "setp" && compare != compares.end()) {
      instruction.compare = compare->second;
    } else if (auto rounding = roundings.find(word); rounding != roundings.end()) {
      instruction.rounding = rounding->second;
    } else if (word == "ftz") {
      instruction.flush = true;
    } else if (word == "approx") {
      instruction.approximate = true;
    } else if (word == "NaN") {
      instruction.propagateNan = true;
    } else if (word == "lo" || word == "hi" || word == "wide") {
      (word == "lo" ? low : word == "hi" ? high : wide) = true;
    } else if (name == "ld" || name == "st" ? word == "param" || word == "global" || word == "local" ||
                                                  word == "nc" || word == "v2" || word == "v4"
                                            : word == "uni" || word == "sync" || word == "to" ||
                                                  word == "global" || word == "l" || word == "wrap") {
      continue;
    } else {
      return false;
    }
  }
  if (name == "ld" || name == "st")
    return decodeMemory(instruction, words, arguments);
  if (name == "bra") {
    instruction.op = I::bra;
    branches.emplace_back(kernel.code.size(), trim(arguments));
    return true;
  }
  if (name == "ret" || name == "bar") {
    instruction.op = name == "ret" ? I::ret : I::bar;
    return name == "ret" || trim(arguments) == "0";
  }
  if (!addOperands(instruction, arguments))
    return false;
  size_t count = instruction.operands.size();
  if (name == "mov") {
    size_t brace = arguments.find('{'), comma = arguments.find(',');
    instruction.op = brace == std::string::npos ? I::mov : brace < comma ? I::unpack : I::pack;
    instruction.destinations = instruction.op == I::unpack ? 2 : 1;
    return count == (instruction.op == I::mov ? 2 : 3);
  }
  if (name == "mul" || name == "mad") {
    bool isMad = name == "mad";
    instruction.op = wide ? (isMad ? I::madWide : I::mulWide) : isMad ? I::mad : high ? I::mulHi : I::mul;
    return count == (isMad ? 4 : 3) && !(isMad && high);
  }
  if (name == "shf") {
    instruction.op = I::shfLeft;
    return count == 4 && words.size() > 2 && words[1] == "l" && words[2] == "wrap";
  }
  auto found = plain.find(name);
  if (found == plain.end() || low || high || wide)
    return false;
  instruction.op = found->second;
  static const std::map<I::Op, size_t> arities = {
      {I::neg, 2}, {I::abs, 2}, {I::sqrt, 2}, {I::rcp, 2}, {I::rsqrt, 2}, {I::ex2, 2}, {I::not_, 2},
      {I::cvt, 2}, {I::mov, 2}, {I::clz, 2},  {I::fma, 4}, {I::bfe, 4},   {I::selp, 4}};
  auto arity = arities.find(instruction.op);
  return count == (arity == arities.end() ? 3 : arity->second);
}

/// `.param .u64 .ptr .align 1 NAME`
bool parseParameters(const std::string &list, Kernel &kernel) {
  for (const std::string &text : split(list, ",")) {
    std::vector<std::string> words = split(text, " \t\n");
    if (words.empty())
      continue;
    Type type = words.size() > 2 ? typeOf(words[1].substr(1)) : Type::none;
    if (type == Type::none)
      return false;
    unsigned bytes = sizeOf(type);
    uint64_t offset = (kernel.parameterBytes + bytes - 1) / bytes * bytes;
    kernel.parameters.push_back({words.back(), bytes, offset});
    kernel.parameterBytes = offset + bytes;
  }
  return true;
}

} // namespace

std::string ptx::parse(const std::string &source, Memory &memory, Module &module) {
  std::string text = withoutComments(source);
  std::map<std::string, uint64_t> symbols;
  size_t at = 0;
  auto skipTo = [&](char end) { at = std::min(text.find(end, at), text.size() - 1) + 1; };
  while ((at = text.find_first_not_of(" \t\r\n", at)) != std::string::npos) {
    size_t end = text.find_first_of(";\n", at);
    std::string line = text.substr(at, end - at);
    if (line.rfind(".target", 0) == 0) {
      module.target = split(line, " \t,")[1];
      at = end;
    } else if (line.rfind(".version", 0) == 0 || line.rfind(".address_size", 0) == 0) {
      at = end;
    } else if (line.find(".global") == 0) {
      // Constants: .global .align 16 .b8 NAME[N] = {bytes};
      size_t open = text.find('[', at), brace = text.find('{', at);
      if (line.find(".b8") == std::string::npos || open == std::string::npos || brace == std::string::npos)
        return "a variable that is no array of bytes: " + line;
      std::string name = split(text.substr(at, open - at), " \t").back();
      skipTo(';');
      std::vector<std::string> bytes = split(text.substr(brace, at - brace), "{}, \n\t;");
      uint64_t address = memory.reserve(bytes.size());
      for (size_t i = 0; i < bytes.size(); ++i)
        memory.find(address, bytes.size())[i] = static_cast<char>(std::atoi(bytes[i].c_str()));
      symbols[name] = address;
    } else if (line.find(".entry") != std::string::npos) {
      Kernel kernel;
      size_t open = text.find('(', at), close = text.find(')', at), brace = text.find('{', at);
      if (open == std::string::npos || close == std::string::npos || brace == std::string::npos)
        return "no body: " + line;
      kernel.name = split(text.substr(at, open - at), " \t\n").back();
      if (!parseParameters(text.substr(open + 1, close - open - 1), kernel))
        return "parameters that are not understood: " + kernel.name;
      std::vector<std::string> directives = split(text.substr(close + 1, brace - close - 1), " \t\n,");
      for (size_t i = 0; i + 1 < directives.size(); ++i)
        if (directives[i] == ".maxntid")
          kernel.threads = static_cast<uint32_t>(std::atoi(directives[i + 1].c_str()));
      at = brace + 1;
      KernelParser(kernel, symbols).parse(text, at);
      module.kernels.emplace(kernel.name, std::move(kernel));
    } else if (line.rfind(".func", 0) == 0) {
      // Not run: a call of it stops the kernel that makes it.
      size_t brace = text.find('{', at), semicolon = text.find(';', at);
      if (semicolon < brace) {
        at = semicolon + 1;
        continue;
      }
      Kernel ignored;
      at = brace + 1;
      KernelParser(ignored, symbols).parse(text, at);
    } else {
      return "not understood: " + line;
    }
  }
  return module.target.empty() ? "there is no .target" : "";
}
