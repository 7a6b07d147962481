//===- Philox.h - Counter-based random numbers ------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Philox4x32-10 (Salmon et al., SC 2011). A number is a pure function of seed,
// stream and counter: there is no state to save, and the order in which numbers
// are asked for does not matter.
//
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_PHILOX_H
#define COSTATE_LIB_RUNTIME_PHILOX_H

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace costate::rt {

inline std::array<uint32_t, 4> philox4x32(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    uint64_t a = uint64_t{0xD2511F53u} * counter[0];
    uint64_t b = uint64_t{0xCD9E8D57u} * counter[2];
    counter = {static_cast<uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(b),
               static_cast<uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(a)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return counter;
}

/// FNV-1a: names become streams.
inline uint64_t streamOf(std::string_view name) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (unsigned char c : name)
    hash = (hash ^ c) * 0x100000001b3u;
  return hash;
}

/// Random access to the numbers of one (seed, stream, round).
class Philox {
public:
  Philox(uint64_t seed, uint64_t stream, uint64_t round = 0)
      : key{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)}, high(mix(stream, round)) {}

  uint64_t bits(uint64_t index) const {
    std::array<uint32_t, 4> words = block(index >> 1);
    return (index & 1) ? (uint64_t{words[3]} << 32 | words[2]) : (uint64_t{words[1]} << 32 | words[0]);
  }

  /// In [0, 1), 53 bits.
  double uniform(uint64_t index) const { return static_cast<double>(bits(index) >> 11) * 0x1p-53; }

  /// Box and Muller; one block for each number, so that any index stands alone.
  double normal(uint64_t index) const {
    std::array<uint32_t, 4> words = block(index);
    double u = (static_cast<double>((uint64_t{words[1]} << 32 | words[0]) >> 11) + 1) * 0x1p-53; // (0, 1]
    double v = static_cast<double>((uint64_t{words[3]} << 32 | words[2]) >> 11) * 0x1p-53;
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
  }

  /// In [0, bound) without bias worth naming (128-bit multiplication).
  uint64_t below(uint64_t index, uint64_t bound) const {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(bits(index)) * bound) >> 64);
  }

private:
  static uint64_t mix(uint64_t stream, uint64_t round) {
    // splitmix64's finalizer keeps (stream, round) and (stream', round') apart.
    uint64_t z = stream + 0x9E3779B97F4A7C15u * (round + 1);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  std::array<uint32_t, 4> block(uint64_t index) const {
    return philox4x32({static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32),
                       static_cast<uint32_t>(high), static_cast<uint32_t>(high >> 32)},
                      key);
  }

  std::array<uint32_t, 2> key;
  uint64_t high;
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_PHILOX_H
