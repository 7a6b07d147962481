//===- vector-math.cpp - Measures the error of expanded math functions
//------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

constexpr int extent = 1055; // 65 vectors of 16 lanes and 8 + 4 + 2 + 1 more.
struct Buffer {
  void *allocated, *aligned;
  int64_t offset, size, stride;
};
template <typename T> using Reference = std::conditional_t<sizeof(T) == 4, double, long double>;

/// The error in units of the last place of the exact result (of the smallest normal number below it).
template <typename T> double ulps(T got, Reference<T> want) {
  if (std::isnan(want) || std::isnan(got))
    return std::isnan(want) && std::isnan(got) ? 0 : 1e30;
  T rounded = static_cast<T>(want);
  if (std::isinf(rounded) || std::isinf(got)) {
    // One step beyond the largest number counts as one unit.
    if (rounded == got)
      return 0;
    T finite = std::isinf(got) ? rounded : got;
    return std::abs(finite) == std::numeric_limits<T>::max() && std::signbit(got) == std::signbit(rounded)
               ? 1
               : 1e30;
  }
  if (rounded == 0 && got == 0)
    return std::signbit(rounded) == std::signbit(got) ? 0 : 1e30;
  int exponent = 0;
  std::frexp(static_cast<T>(std::abs(want)), &exponent);
  exponent = std::max(exponent, std::numeric_limits<T>::min_exponent);
  return static_cast<double>(std::abs(got - want) /
                             std::ldexp(Reference<T>(1), exponent - std::numeric_limits<T>::digits));
}

static int failures = 0;

template <typename T, typename Function, typename Exact>
void measure(const char *name, double bound, Function function, Exact exact, bool binary,
             std::vector<std::pair<double, double>> ranges) {
  std::mt19937_64 random(1);
  alignas(64) static T x[extent], y[extent], z[extent];
  double worst = 0;
  T at = 0, with = 0;
  auto run = [&] {
    Buffer bx{x, x, 0, extent, 1}, by{y, y, 0, extent, 1}, bz{z, z, 0, extent, 1};
    if constexpr (std::is_invocable_v<Function, Buffer *, Buffer *, Buffer *>)
      function(&bx, &by, &bz);
    else
      function(&bx, &bz);
    for (int i = 0; i < extent; ++i) {
      double error = ulps<T>(z[i], exact(Reference<T>(x[i]), Reference<T>(y[i])));
      if (error > worst)
        worst = error, at = x[i], with = y[i];
    }
  };
  for (auto [low, high] : ranges)
    for (int rep = 0; rep < 30; ++rep) {
      std::uniform_real_distribution<double> uniform(low, high);
      for (int i = 0; i < extent; ++i)
        x[i] = static_cast<T>(uniform(random)), y[i] = static_cast<T>(uniform(random));
      run();
      // The same value in every lane: vectors of each width and the last scalar give the same bits.
      for (int i = 1; i < extent; ++i)
        x[i] = x[0], y[i] = y[0];
      run();
      for (int i = 1; i < extent; ++i)
        if (std::memcmp(&z[i], &z[0], sizeof(T)))
          worst = 1e31, at = x[i];
    }
  // Numbers of every magnitude, and the special ones.
  for (int rep = 0; rep < 60; ++rep) {
    for (int i = 0; i < extent; ++i) {
      auto draw = [&] {
        uint64_t bits = random();
        return sizeof(T) == 4 ? static_cast<T>(std::bit_cast<float>(static_cast<uint32_t>(bits)))
                              : static_cast<T>(std::bit_cast<double>(bits));
      };
      x[i] = draw(), y[i] = draw();
    }
    run();
  }
  using Limits = std::numeric_limits<T>;
  std::vector<T> special{0,
                         1,
                         T(0.5),
                         2,
                         3,
                         T(2.5),
                         Limits::denorm_min(),
                         37 * Limits::denorm_min(),
                         Limits::min(),
                         Limits::max(),
                         Limits::epsilon(),
                         Limits::infinity(),
                         Limits::quiet_NaN(),
                         1e5,
                         100001,
                         1 + Limits::epsilon(),
                         1 - Limits::epsilon()};
  for (size_t i = 0, n = special.size(); i < n; ++i)
    special.push_back(-special[i]);
  for (int i = 0; i < extent; ++i)
    x[i] = special[i % special.size()], y[i] = special[i / special.size() % special.size()];
  run();
  if (binary)
    for (int i = 0; i + 1 < extent; ++i)
      x[i] = special[(i + 1000) % special.size()],
      y[i] = special[(i + 1000) / special.size() % special.size()];
  run();
  bool ok = worst <= bound;
  failures += !ok;
  if (binary)
    std::printf("%-6s %s  %8.3g (bound %g) at %.9g, %.9g%s\n", name, sizeof(T) == 4 ? "f32" : "f64", worst,
                bound, (double)at, (double)with, ok ? "" : "  FAILED");
  else
    std::printf("%-6s %s  %8.3g (bound %g) at %.17g%s\n", name, sizeof(T) == 4 ? "f32" : "f64", worst, bound,
                (double)at, ok ? "" : "  FAILED");
}

#define UNARY(NAME, EXACT, BOUND32, BOUND64, ...)                                                            \
  extern "C" void _mlir_ciface_##NAME##_f32(Buffer *, Buffer *);                                             \
  extern "C" void _mlir_ciface_##NAME##_f64(Buffer *, Buffer *);                                             \
  static void measure_##NAME() {                                                                             \
    auto exact = [](auto x, auto) -> decltype(x) { return EXACT; };                                          \
    measure<float>(#NAME, BOUND32, _mlir_ciface_##NAME##_f32, exact, false, __VA_ARGS__);                    \
    measure<double>(#NAME, BOUND64, _mlir_ciface_##NAME##_f64, exact, false, __VA_ARGS__);                   \
  }
#define BINARY(NAME, EXACT, BOUND32, BOUND64, ...)                                                           \
  extern "C" void _mlir_ciface_##NAME##_f32(Buffer *, Buffer *, Buffer *);                                   \
  extern "C" void _mlir_ciface_##NAME##_f64(Buffer *, Buffer *, Buffer *);                                   \
  static void measure_##NAME() {                                                                             \
    auto exact = [](auto x, auto y) -> decltype(x) { return EXACT; };                                        \
    measure<float>(#NAME, BOUND32, _mlir_ciface_##NAME##_f32, exact, true, __VA_ARGS__);                     \
    measure<double>(#NAME, BOUND64, _mlir_ciface_##NAME##_f64, exact, true, __VA_ARGS__);                    \
  }
using Ranges = std::vector<std::pair<double, double>>;

// clang-format off
UNARY(exp, std::exp(x), 1, 1, Ranges{{-90, 90}, {-1, 1}, {-746, 710}})
UNARY(exp2, std::exp2(x), 1.5, 1.5, Ranges{{-150, 130}, {-1, 1}, {-1080, 1030}})
UNARY(expm1, std::expm1(x), 1.5, 2, Ranges{{-1, 1}, {-40, 90}, {-1e-3, 1e-3}, {-746, 710}})
UNARY(tanh, std::tanh(x), 2.5, 3, Ranges{{-1, 1}, {-20, 20}, {-1e-3, 1e-3}})
UNARY(sinh, std::sinh(x), 2.5, 2.5, Ranges{{-2, 2}, {-90, 90}, {-711, 711}})
UNARY(cosh, std::cosh(x), 1.5, 1.5, Ranges{{-2, 2}, {-90, 90}, {-711, 711}})
UNARY(log, std::log(x), 1, 1, Ranges{{0, 2}, {0.5, 1.5}, {0.999, 1.001}, {0, 1e6}})
UNARY(log1p, std::log1p(x), 1.5, 1.5, Ranges{{-1, 1}, {-1e-3, 1e-3}, {0, 1e6}})
UNARY(log2, std::log2(x), 0.51, 2, Ranges{{0, 2}, {0.5, 1.5}, {0.999, 1.001}, {0, 1e6}})
UNARY(log10, std::log10(x), 0.51, 2, Ranges{{0, 2}, {0.5, 1.5}, {0.999, 1.001}, {0, 1e6}})
UNARY(asinh, std::asinh(x), 0.51, 2, Ranges{{-2, 2}, {-1e-3, 1e-3}, {-1e6, 1e6}})
UNARY(acosh, std::acosh(x), 0.51, 3, Ranges{{1, 2}, {1, 1.001}, {1, 1e6}})
UNARY(atanh, std::atanh(x), 0.51, 2.5, Ranges{{-1, 1}, {-1e-3, 1e-3}})
UNARY(cbrt, std::cbrt(x), 0.51, 1, Ranges{{-10, 10}, {-1e6, 1e6}})
UNARY(rsqrt, 1 / std::sqrt(x), 1.5, 1.5, Ranges{{0, 10}, {0, 1e6}})
UNARY(sin, std::sin(x), 1.5, 2.5, Ranges{{-0.8, 0.8}, {-10, 10}, {-1000, 1000}, {-1e5, 1e5}, {-2e5, 2e5}})
UNARY(cos, std::cos(x), 1.5, 2.5, Ranges{{-0.8, 0.8}, {-10, 10}, {-1000, 1000}, {-1e5, 1e5}, {-2e5, 2e5}})
UNARY(tan, std::tan(x), 3.5, 4, Ranges{{-0.8, 0.8}, {-10, 10}, {-1000, 1000}, {-1e5, 1e5}, {-2e5, 2e5}})
UNARY(atan, std::atan(x), 0.51, 2, Ranges{{-1, 1}, {-10, 10}, {-1e4, 1e4}})
UNARY(asin, std::asin(x), 0.51, 2.5, Ranges{{-1, 1}, {0.99, 1}, {-1e-3, 1e-3}})
UNARY(acos, std::acos(x), 0.51, 1.5, Ranges{{-1, 1}, {0.99, 1}, {-1e-3, 1e-3}, {-1, -0.99}})
UNARY(erf, std::erf(x), 1.5, 1.5, Ranges{{-1, 1}, {-6, 6}, {0.9, 1.1}})
UNARY(erfc, std::erfc(x), 4, 4, Ranges{{-1, 1}, {-6, 28}})
BINARY(powf, std::pow(x, y), 0.51, 1, Ranges{{0, 3}, {0, 10}, {-20, 20}})
BINARY(atan2, std::atan2(x, y), 0.51, 2, Ranges{{-1, 1}, {0, 10}, {-1e-3, 1e-3}})
// clang-format on

int main() {
  measure_exp();
  measure_exp2();
  measure_expm1();
  measure_tanh();
  measure_sinh();
  measure_cosh();
  measure_log();
  measure_log1p();
  measure_log2();
  measure_log10();
  measure_asinh();
  measure_acosh();
  measure_atanh();
  measure_cbrt();
  measure_rsqrt();
  measure_sin();
  measure_cos();
  measure_tan();
  measure_atan();
  measure_asin();
  measure_acos();
  measure_erf();
  measure_erfc();
  measure_powf();
  measure_atan2();
  return failures != 0;
}
