//===- Lanes.h - Vectors of points, and the functions of them that the baseline needs -----------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// One AVX-512 register holds the same quantity of 16 (f32) or 8 (f64) points.
//
//===------------------------------------------------------------------------------------------------------===//

#ifndef COSTATE_BENCH_LANES_H
#define COSTATE_BENCH_LANES_H

#include <immintrin.h>

namespace costate::bench {

template <class Real> struct LanesOf;
template <> struct LanesOf<float> {
  typedef float Vector __attribute__((vector_size(64)));
  static constexpr int count = 16;
};
template <> struct LanesOf<double> {
  typedef double Vector __attribute__((vector_size(64)));
  static constexpr int count = 8;
};

template <class Real> using Lanes = typename LanesOf<Real>::Vector;

inline Lanes<float> broadcast(float x) { return (Lanes<float>)_mm512_set1_ps(x); }
inline Lanes<double> broadcast(double x) { return (Lanes<double>)_mm512_set1_pd(x); }

inline float sumOfLanes(Lanes<float> v) { return _mm512_reduce_add_ps((__m512)v); }
inline double sumOfLanes(Lanes<double> v) { return _mm512_reduce_add_pd((__m512d)v); }

// tanh |x| = e / (e + 2) with e = expm1(2|x|) = 2^n (expm1(r) + 1) - 1, 2|x| = n ln 2 + r, |r| <= ln(2)/2.
// The Taylor polynomial of expm1 has as many terms as the type resolves; ln 2 is split so that n ln 2 is
// exact. Beyond the clamp tanh rounds to 1.

inline Lanes<float> tanh(Lanes<float> argument) {
  __m512 x = (__m512)argument, one = _mm512_set1_ps(1.0f);
  __m512 y = _mm512_min_ps(_mm512_abs_ps(x), _mm512_set1_ps(9.02f));
  y = _mm512_add_ps(y, y);
  __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(y, _mm512_set1_ps(1.44269504f)),
                                  _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693145752f), y);
  r = _mm512_fnmadd_ps(n, _mm512_set1_ps(1.42860677e-6f), r);
  __m512 p = _mm512_set1_ps(1.0f / 5040);
  for (float coefficient : {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f})
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(coefficient));
  p = _mm512_fmadd_ps(p, _mm512_mul_ps(r, r), r);
  __m512 power = _mm512_scalef_ps(one, n);
  __m512 e = _mm512_fmadd_ps(p, power, _mm512_sub_ps(power, one));
  __m512 t = _mm512_div_ps(e, _mm512_add_ps(e, _mm512_set1_ps(2.0f)));
  return (Lanes<float>)_mm512_castsi512_ps(_mm512_ternarylogic_epi32(
      _mm512_castps_si512(t), _mm512_castps_si512(x), _mm512_castps_si512(_mm512_set1_ps(-0.0f)), 0xF8));
}

inline Lanes<double> tanh(Lanes<double> argument) {
  __m512d x = (__m512d)argument, one = _mm512_set1_pd(1.0);
  __m512d y = _mm512_min_pd(_mm512_abs_pd(x), _mm512_set1_pd(19.1));
  y = _mm512_add_pd(y, y);
  __m512d n = _mm512_roundscale_pd(_mm512_mul_pd(y, _mm512_set1_pd(1.4426950408889634)),
                                   _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m512d r = _mm512_fnmadd_pd(n, _mm512_set1_pd(6.93147180369123816490e-01), y);
  r = _mm512_fnmadd_pd(n, _mm512_set1_pd(1.90821492927058770002e-10), r);
  __m512d p = _mm512_set1_pd(1.0 / 6227020800);
  for (double factorial :
       {479001600.0, 39916800.0, 3628800.0, 362880.0, 40320.0, 5040.0, 720.0, 120.0, 24.0, 6.0, 2.0})
    p = _mm512_fmadd_pd(p, r, _mm512_set1_pd(1 / factorial));
  p = _mm512_fmadd_pd(p, _mm512_mul_pd(r, r), r);
  __m512d power = _mm512_scalef_pd(one, n);
  __m512d e = _mm512_fmadd_pd(p, power, _mm512_sub_pd(power, one));
  __m512d t = _mm512_div_pd(e, _mm512_add_pd(e, _mm512_set1_pd(2.0)));
  return (Lanes<double>)_mm512_castsi512_pd(_mm512_ternarylogic_epi64(
      _mm512_castpd_si512(t), _mm512_castpd_si512(x), _mm512_castpd_si512(_mm512_set1_pd(-0.0)), 0xF8));
}

/// Adds neighbours: lanes of `a` and `b` alternate in groups of `Group` in the result, each the sum of two
/// such groups of its operand. Applied with Group = 1, 2, 4, ... it transposes and sums at once.
template <int Group> inline Lanes<float> fold(Lanes<float> a, Lanes<float> b) {
  if constexpr (Group == 1)
    return __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30) +
           __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
  else if constexpr (Group == 2)
    return __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +
           __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
  else if constexpr (Group == 4)
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27) +
           __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
  else
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
           __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}

template <int Group> inline Lanes<double> fold(Lanes<double> a, Lanes<double> b) {
  if constexpr (Group == 1)
    return __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14) +
           __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  else if constexpr (Group == 2)
    return __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13) +
           __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  else
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
           __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
}

/// out[row * stride + column] += the sum of the lanes of sums[4 * row + column].
inline void addSums4x4(Lanes<float> (&sums)[16], float *out, int stride) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; ++i)
    sums[i] = fold<1>(sums[2 * i], sums[2 * i + 1]);
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; ++i)
    sums[i] = fold<2>(sums[2 * i], sums[2 * i + 1]);
  __m512 all = (__m512)fold<8>(fold<4>(sums[0], sums[1]), fold<4>(sums[2], sums[3]));
  float *rows[] = {out, out + stride, out + 2 * stride, out + 3 * stride};
  _mm_storeu_ps(rows[0], _mm_add_ps(_mm_loadu_ps(rows[0]), _mm512_extractf32x4_ps(all, 0)));
  _mm_storeu_ps(rows[1], _mm_add_ps(_mm_loadu_ps(rows[1]), _mm512_extractf32x4_ps(all, 1)));
  _mm_storeu_ps(rows[2], _mm_add_ps(_mm_loadu_ps(rows[2]), _mm512_extractf32x4_ps(all, 2)));
  _mm_storeu_ps(rows[3], _mm_add_ps(_mm_loadu_ps(rows[3]), _mm512_extractf32x4_ps(all, 3)));
}

inline void addSums4x4(Lanes<double> (&sums)[16], double *out, int stride) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; ++i)
    sums[i] = fold<1>(sums[2 * i], sums[2 * i + 1]);
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; ++i)
    sums[i] = fold<2>(sums[2 * i], sums[2 * i + 1]);
#pragma clang loop unroll(full)
  for (int half = 0; half < 2; ++half) {
    __m512d two = (__m512d)fold<4>(sums[2 * half], sums[2 * half + 1]);
    double *upper = out + 2 * half * stride, *lower = upper + stride;
    _mm256_storeu_pd(upper, _mm256_add_pd(_mm256_loadu_pd(upper), _mm512_extractf64x4_pd(two, 0)));
    _mm256_storeu_pd(lower, _mm256_add_pd(_mm256_loadu_pd(lower), _mm512_extractf64x4_pd(two, 1)));
  }
}

} // namespace costate::bench

#endif // COSTATE_BENCH_LANES_H
