//===- PtxArithmetic.cpp - What the instructions compute ------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
#include "Ptx.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace ptx;
using I = Instruction;

namespace {

template <typename T> T as(uint64_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
template <typename T> uint64_t bitsOf(T value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  return bits;
}

bool isFloat(Type type) { return type == Type::f32 || type == Type::f64; }
template <typename T> bool compareFloats(I::Compare compare, T a, T b) {
  bool unordered = std::isnan(a) || std::isnan(b);
  switch (compare) {
  case I::eq:
    return a == b;
  case I::ne:
    return !unordered && a != b;
  case I::lt:
    return a < b;
  case I::le:
    return a <= b;
  case I::gt:
    return a > b;
  case I::ge:
    return a >= b;
  case I::equ:
    return unordered || a == b;
  case I::neu:
    return unordered || a != b;
  case I::ltu:
    return unordered || a < b;
  case I::leu:
    return unordered || a <= b;
  case I::gtu:
    return unordered || a > b;
  case I::geu:
    return unordered || a >= b;
  case I::num:
    return !unordered;
  case I::nan:
    return unordered;
  }
  return false;
}

template <typename T> bool compareIntegers(I::Compare compare, T a, T b) {
  switch (compare) {
  case I::eq:
    return a == b;
  case I::ne:
    return a != b;
  case I::lt:
    return a < b;
  case I::le:
    return a <= b;
  case I::gt:
    return a > b;
  default:
    return a >= b;
  }
}

template <typename T> T flushed(T value, bool flush) {
  return flush && std::fpclassify(value) == FP_SUBNORMAL ? std::copysign(T(0), value) : value;
}

/// A coarse function of f64: of the upper half of x, and 20 bits of it.
template <typename Function> double coarse(double x, Function function) {
  double result = function(as<double>(bitsOf(flushed(x, true)) & 0xffffffff00000000u));
  return as<double>(bitsOf(flushed(result, true)) & 0xffffffff00000000u);
}

/// minimum and maximum: of a number and NaN the number, unless NaN is to stay.
template <typename T> T smaller(T a, T b, bool propagateNan) {
  if (std::isnan(a) || std::isnan(b))
    return propagateNan ? std::numeric_limits<T>::quiet_NaN() : std::isnan(a) ? b : a;
  return a < b || (a == b && std::signbit(a)) ? a : b;
}

template <typename T> uint64_t floatResult(const I &instruction, T a, T b, T c) {
  switch (instruction.op) {
  case I::add:
    return bitsOf<T>(a + b);
  case I::sub:
    return bitsOf<T>(a - b);
  case I::mul:
    return bitsOf<T>(a * b);
  case I::div:
    return bitsOf<T>(a / b);
  case I::fma:
    return bitsOf<T>(std::fma(a, b, c));
  case I::neg:
    return bitsOf<T>(-a);
  case I::abs:
    return bitsOf<T>(std::fabs(a));
  case I::min:
    return bitsOf<T>(smaller(a, b, instruction.propagateNan));
  case I::max:
    return bitsOf<T>(-smaller(-a, -b, instruction.propagateNan));
  case I::sqrt:
    return bitsOf<T>(std::sqrt(a));
  case I::rcp:
    if (instruction.approximate && sizeof(T) == 8)
      return bitsOf<double>(coarse(static_cast<double>(a), [](double x) { return 1 / x; }));
    return bitsOf<T>(T(1) / a);
  case I::rsqrt:
    if (sizeof(T) == 8)
      return bitsOf<double>(coarse(static_cast<double>(a), [](double x) { return 1 / std::sqrt(x); }));
    return bitsOf<T>(static_cast<T>(1 / std::sqrt(static_cast<double>(a))));
  case I::ex2:
    return bitsOf<T>(static_cast<T>(std::exp2(static_cast<double>(a))));
  // The sign of the first, the magnitude of the second.
  case I::copysign:
    return bitsOf<T>(std::copysign(b, a));
  default:
    return 0;
  }
}

uint64_t integerResult(const I &instruction, uint64_t a, uint64_t b, uint64_t c) {
  unsigned bytes = sizeOf(instruction.type), width = 8 * bytes;
  bool isSignedOp = isSigned(instruction.type);
  int64_t sa = extended(a, bytes), sb = extended(b, bytes);
  using Wide = unsigned __int128;
  Wide product = isSignedOp ? static_cast<Wide>(static_cast<__int128>(sa) * sb) : static_cast<Wide>(a) * b;
  switch (instruction.op) {
  case I::add:
    return a + b;
  case I::sub:
    return a - b;
  case I::mul:
  case I::mulWide:
    return static_cast<uint64_t>(product);
  case I::mulHi:
    return static_cast<uint64_t>(product >> width);
  case I::mad:
  case I::madWide:
    return static_cast<uint64_t>(product) + c;
  case I::div:
    return isSignedOp ? static_cast<uint64_t>(sa / sb) : a / b;
  case I::rem:
    return isSignedOp ? static_cast<uint64_t>(sa % sb) : a % b;
  case I::neg:
    return -a;
  case I::abs:
    return static_cast<uint64_t>(sa < 0 ? -sa : sa);
  case I::min:
    return isSignedOp ? static_cast<uint64_t>(std::min(sa, sb)) : std::min(a, b);
  case I::max:
    return isSignedOp ? static_cast<uint64_t>(std::max(sa, sb)) : std::max(a, b);
  case I::and_:
    return a & b;
  case I::or_:
    return a | b;
  case I::xor_:
    return a ^ b;
  case I::not_:
    return instruction.type == Type::pred ? !a : ~a;
  // The count of a shift is 32 bits wide, and what is as large as the register shifts everything out.
  case I::shl:
    return (b & 0xffffffff) >= width ? 0 : a << (b & 0xffffffff);
  case I::shr: {
    uint64_t count = b & 0xffffffff;
    if (isSignedOp)
      return static_cast<uint64_t>(sa >> std::min<uint64_t>(count, width - 1));
    return count >= width ? 0 : a >> count;
  }
  case I::clz:
    return static_cast<uint64_t>(a ? __builtin_clzll(a) - (64 - static_cast<int>(width))
                                   : static_cast<int>(width));
  case I::bfe: {
    uint64_t begin = b & 0xff, length = c & 0xff;
    return begin >= width || length == 0
               ? 0
               : a >> begin & (length >= 64 ? ~uint64_t(0) : (uint64_t(1) << length) - 1);
  }
  case I::shfLeft: {
    unsigned count = c & 31;
    return static_cast<uint32_t>((b << 32 | a) << count >> 32);
  }
  default:
    return 0;
  }
}

double rounded(double value, I::Rounding rounding) {
  switch (rounding) {
  case I::exact:
  case I::nearest:
    return std::nearbyint(value);
  case I::down:
    return std::floor(value);
  case I::up:
    return std::ceil(value);
  case I::zero:
    return std::trunc(value);
  }
  return value;
}

/// False where the conversion is not one that is known.
bool convert(const I &instruction, uint64_t a, uint64_t &result) {
  Type to = instruction.type, from = instruction.from;
  if (isFloat(from)) {
    double value =
        from == Type::f32 ? static_cast<double>(flushed(as<float>(a), instruction.flush)) : as<double>(a);
    if (to == Type::f64 || to == Type::f32) {
      // Rounding between types of one size is to whole numbers; narrowing is to the nearest alone.
      if (to == from)
        value = rounded(value, instruction.rounding);
      else if (to == Type::f32 && instruction.rounding != I::nearest)
        return false;
      result =
          to == Type::f64 ? bitsOf(value) : bitsOf(flushed(static_cast<float>(value), instruction.flush));
      return true;
    }
    unsigned width = 8 * sizeOf(to);
    double whole = std::isnan(value) ? 0 : rounded(value, instruction.rounding);
    // Out of range is the nearest value that there is.
    double low = isSigned(to) ? -std::ldexp(1.0, static_cast<int>(width) - 1) : 0;
    double high = std::ldexp(1.0, static_cast<int>(isSigned(to) ? width - 1 : width));
    if (whole <= low)
      result = isSigned(to) ? uint64_t(1) << (width - 1) : 0;
    else if (whole >= high)
      result = isSigned(to) ? (uint64_t(1) << (width - 1)) - 1 : ~uint64_t(0);
    else
      result =
          isSigned(to) ? static_cast<uint64_t>(static_cast<int64_t>(whole)) : static_cast<uint64_t>(whole);
    return true;
  }
  uint64_t value =
      isSigned(from) ? static_cast<uint64_t>(extended(a, sizeOf(from))) : masked(a, sizeOf(from));
  if (isFloat(to)) {
    if (instruction.rounding != I::nearest)
      return false;
    bool negative = isSigned(from);
    result =
        to == Type::f64
            ? bitsOf(negative ? static_cast<double>(static_cast<int64_t>(value)) : static_cast<double>(value))
            : bitsOf(negative ? static_cast<float>(static_cast<int64_t>(value)) : static_cast<float>(value));
    return true;
  }
  result = value;
  return true;
}

} // namespace

bool ptx::evaluate(const Instruction &instruction, uint64_t a, uint64_t b, uint64_t c, uint64_t &result) {
  Type type = instruction.type;
  unsigned bytes = sizeOf(type);
  if (instruction.op == I::cvt)
    return convert(instruction, a, result);
  if (instruction.op == I::setp) {
    result = type == Type::f64   ? compareFloats(instruction.compare, as<double>(a), as<double>(b))
             : type == Type::f32 ? compareFloats(instruction.compare, as<float>(a), as<float>(b))
             : isSigned(type) ? compareIntegers(instruction.compare, extended(a, bytes), extended(b, bytes))
                              : compareIntegers(instruction.compare, a, b);
    return true;
  }
  if (type == Type::f64) {
    result = floatResult(instruction, as<double>(a), as<double>(b), as<double>(c));
    return true;
  }
  if (type == Type::f32) {
    auto value = [&](uint64_t bits) { return flushed(as<float>(bits), instruction.flush); };
    result = floatResult(instruction, value(a), value(b), value(c));
    result = bitsOf(flushed(as<float>(result), instruction.flush));
    return true;
  }
  if ((instruction.op == I::div || instruction.op == I::rem) && b == 0)
    return false;
  result = integerResult(instruction, a, b, c);
  return true;
}
