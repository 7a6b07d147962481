//===- Buffer.h - Aligned numbers of the program's precision ----*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_BUFFER_H
#define COSTATE_LIB_RUNTIME_BUFFER_H

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace costate::rt {

enum class Precision { F32, F64 };

inline int64_t bytesOf(Precision precision) { return precision == Precision::F32 ? 4 : 8; }
inline const char *nameOf(Precision precision) { return precision == Precision::F32 ? "f32" : "f64"; }

using Shape = std::vector<int64_t>;

inline int64_t elementsOf(const Shape &shape) {
  int64_t product = 1;
  for (int64_t extent : shape)
    product *= extent;
  return product;
}

/// "[10, 3]"
inline std::string textOf(const Shape &shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

/// Zeroed memory, aligned to 64 bytes.
class AlignedBytes {
public:
  AlignedBytes() = default;
  explicit AlignedBytes(int64_t size)
      : memory(static_cast<char *>(::operator new(rounded(size), alignment))) {
    std::memset(memory.get(), 0, rounded(size));
  }
  char *get() const { return memory.get(); }

private:
  static constexpr std::align_val_t alignment{64};
  static size_t rounded(int64_t size) { return (static_cast<size_t>(size) + 127) / 64 * 64; }
  struct Free {
    void operator()(char *pointer) const { ::operator delete(pointer, alignment); }
  };
  std::unique_ptr<char, Free> memory;
};

/// An array of f32 or f64, whichever the program computes in.
class Buffer {
public:
  Buffer() = default;
  Buffer(Precision precision, int64_t count)
      : bytes(count * bytesOf(precision)), elements(count), type(precision) {}

  Precision precision() const { return type; }
  int64_t size() const { return elements; }
  int64_t sizeInBytes() const { return elements * bytesOf(type); }
  void *data() const { return bytes.get(); }
  template <typename T> T *as() const { return reinterpret_cast<T *>(bytes.get()); }

  double get(int64_t i) const { return type == Precision::F32 ? as<float>()[i] : as<double>()[i]; }
  void set(int64_t i, double value) {
    if (type == Precision::F32)
      as<float>()[i] = static_cast<float>(value);
    else
      as<double>()[i] = value;
  }
  void fill(double value) {
    for (int64_t i = 0; i < elements; ++i)
      set(i, value);
  }
  /// Whether element i of both is the same, be it a number or not.
  bool hasBitsOf(const Buffer &other, int64_t i) const {
    int64_t size = bytesOf(type);
    return std::memcmp(as<char>() + i * size, other.as<char>() + i * size, size) == 0;
  }
  /// Whether all are. Sizes must agree.
  bool hasBitsOf(const Buffer &other) const { return std::memcmp(data(), other.data(), sizeInBytes()) == 0; }
  /// Sizes must agree.
  void copyFrom(const Buffer &other) { std::memcpy(data(), other.data(), sizeInBytes()); }

private:
  AlignedBytes bytes;
  int64_t elements = 0;
  Precision type = Precision::F64;
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_BUFFER_H
