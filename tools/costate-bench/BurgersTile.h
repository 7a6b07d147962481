//===- BurgersTile.h - Burgers residual and its gradient for a tile of points, by hand ----------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// The residual is r = u_t + u u_x - nu u_xx of a tanh network u(t, x). The operator d_t - nu d_xx enters only
// linearly, so it rides as one channel: every unit carries the jet {u, u_x, u_t - nu u_xx}. With y = tanh z
//
//   y_x = y' z_x,   y_l = y' z_l - nu y'' z_x^2,   y' = 1 - y^2,   y'' = -2 y y',   y''' = y' (6 y^2 - 2).
//
// A tile is a few groups of one vector of points each. A group runs through all layers forward while it is in
// L1; the tile then runs backward layer by layer. Register blocks: 4 units x 3 channels, and 4 x 4 weight
// gradients.
//
//===------------------------------------------------------------------------------------------------------===//

#ifndef COSTATE_BENCH_BURGERSTILE_H
#define COSTATE_BENCH_BURGERSTILE_H

#include "Lanes.h"

#include <cstdlib>
#include <memory>
#include <new>

namespace costate::bench {

/// Where the parameters of `Depth` hidden layers of `Width` units stand: weight [out][in], then bias, by
/// layer.
template <int Width, int Depth> struct Layout {
  static constexpr int inputs = 2;
  static constexpr int weight(int layer) {
    return layer == 0 ? 0 : (inputs + 1) * Width + (layer - 1) * (Width + 1) * Width;
  }
  static constexpr int bias(int layer) {
    return weight(layer) + (layer == 0 ? inputs : layer == Depth ? 1 : Width) * Width;
  }
  static constexpr int size = weight(Depth) + Width + 1;
};

template <class Real> struct Jet {
  Lanes<Real> u, x, l; // the value, its x-derivative, and d_t - nu d_xx of it
};

template <class Real, int Width, int Depth, int Groups> class BurgersTile {
public:
  using V = Lanes<Real>;
  using J = Jet<Real>;
  using At = Layout<Width, Depth>;
  static constexpr int lanes = LanesOf<Real>::count;
  static constexpr int points = Groups * lanes;

  BurgersTile() {
    for (int layer = 0; layer < Depth; ++layer)
      output[layer] = allocate(), input[layer] = allocate();
    adjoint[0] = allocate(), adjoint[1] = allocate();
  }

  /// Returns the sum of squared residuals of the tile's points, each weighted by `mask` (0 or 1), and adds
  /// the gradient of `scale` times that sum.
  [[gnu::noinline]] double run(const Real *theta, const Real *times, const Real *places, const Real *mask,
                               Real viscosity, Real scale, Real *gradient) {
    nu = viscosity;
    const V *t = reinterpret_cast<const V *>(times), *x = reinterpret_cast<const V *>(places);
    const V *valid = reinterpret_cast<const V *>(mask);
    double sum = 0;
    for (int group = 0; group < Groups; ++group) {
      forward(theta, group, t[group], x[group]);
      sum += residual(theta, group, valid[group], scale, gradient);
    }
    for (int layer = Depth - 1; layer >= 1; --layer) {
      gradientOfWeights(layer, gradient + At::weight(layer));
      gradientOfBias(layer, gradient + At::bias(layer));
      backward(layer, theta + At::weight(layer));
    }
    gradientOfFirstLayer(t, x, gradient);
    return sum;
  }

private:
  static constexpr int block = 4;
  static_assert(Width % block == 0, "widths are multiples of the register block");
  // A few jets between the groups keep them from competing for the same cache sets.
  static constexpr int groupStride = Width + 2;

  struct Release {
    void operator()(void *memory) const { std::free(memory); }
  };
  using Buffer = std::unique_ptr<J[], Release>;

  Buffer output[Depth]; // jets after the activation
  Buffer input[Depth];  // jets before it; the value is not needed again and not stored
  Buffer adjoint[2];    // of the jets before the activation, for this layer and the one below
  Real nu = 0;

  static Buffer allocate() {
    size_t bytes = (sizeof(J) * groupStride * Groups + 4095) / 4096 * 4096;
    void *memory = std::aligned_alloc(4096, bytes);
    if (!memory)
      throw std::bad_alloc();
    return Buffer(static_cast<J *>(memory));
  }

  static J *at(const Buffer &buffer, int group) { return buffer.get() + group * groupStride; }

  /// sums[j] += sum over k of w[j * RowStride + k * ColumnStride] * jets[k].
  template <int RowStride, int ColumnStride>
  static inline __attribute__((always_inline)) void multiply(const Real *w, const J *jets, J (&sums)[block]) {
#pragma clang loop unroll_count(2)
    for (int k = 0; k < Width; ++k) {
      J a = jets[k];
#pragma clang loop unroll(full)
      for (int j = 0; j < block; ++j) {
        V factor = broadcast(w[j * RowStride + k * ColumnStride]);
        sums[j].u += factor * a.u;
        sums[j].x += factor * a.x;
        sums[j].l += factor * a.l;
      }
    }
  }

  inline __attribute__((always_inline)) void activate(J z, J &after, J &before) {
    V y = tanh(z.u), y1 = broadcast(Real(1)) - y * y, y2 = broadcast(Real(-2)) * y * y1;
    after = {y, y1 * z.x, y1 * z.l - broadcast(nu) * (y2 * (z.x * z.x))};
    before.x = z.x;
    before.l = z.l;
  }

  /// The adjoint of `activate`: from the adjoint of the jet after it to that of the jet before it.
  inline __attribute__((always_inline)) J deactivate(J g, const J &after, const J &before) {
    V y = after.u, zx = before.x, zl = before.l;
    V yy = y * y, y1 = broadcast(Real(1)) - yy, y2 = broadcast(Real(-2)) * y * y1;
    V y3 = y1 * (broadcast(Real(6)) * yy - broadcast(Real(2)));
    V curvature = broadcast(-nu) * g.l;
    return {y1 * g.u + y2 * (zx * g.x + zl * g.l) + (y3 * curvature) * (zx * zx),
            y1 * g.x + broadcast(Real(2)) * (y2 * curvature * zx), y1 * g.l};
  }

  void forward(const Real *theta, int group, V t, V x) {
    const Real *w = theta, *b = theta + At::bias(0);
    J *after = at(output[0], group), *before = at(input[0], group);
    for (int j = 0; j < Width; ++j) {
      V wt = broadcast(w[2 * j]), wx = broadcast(w[2 * j + 1]);
      activate({wt * t + wx * x + broadcast(b[j]), wx, wt}, after[j], before[j]);
    }
    for (int layer = 1; layer < Depth; ++layer) {
      w = theta + At::weight(layer), b = theta + At::bias(layer);
      const J *below = after;
      after = at(output[layer], group), before = at(input[layer], group);
      V zero = broadcast(Real(0));
      for (int j = 0; j < Width; j += block) {
        J sums[block];
#pragma clang loop unroll(full)
        for (int q = 0; q < block; ++q)
          sums[q] = {broadcast(b[j + q]), zero, zero};
        multiply<Width, 1>(w + j * Width, below, sums);
#pragma clang loop unroll(full)
        for (int q = 0; q < block; ++q)
          activate(sums[q], after[j + q], before[j + q]);
      }
    }
  }

  /// The output layer, the residual, and the adjoint of the last hidden layer's jets.
  double residual(const Real *theta, int group, V valid, Real scale, Real *gradient) {
    const Real *w = theta + At::weight(Depth);
    Real *g = gradient + At::weight(Depth);
    const J *after = at(output[Depth - 1], group), *before = at(input[Depth - 1], group);
    J u = {broadcast(w[Width]), broadcast(Real(0)), broadcast(Real(0))};
    for (int k = 0; k < Width; ++k) {
      V factor = broadcast(w[k]);
      u.u += factor * after[k].u;
      u.x += factor * after[k].x;
      u.l += factor * after[k].l;
    }
    V r = (u.l + u.u * u.x) * valid;
    V seed = broadcast(Real(2) * scale) * r;
    J adjointOfU = {seed * u.x, seed * u.u, seed};
    g[Width] += sumOfLanes(adjointOfU.u);
    J *down = at(adjoint[(Depth - 1) & 1], group);
    for (int k = 0; k < Width; ++k) {
      g[k] += sumOfLanes(adjointOfU.u * after[k].u + adjointOfU.x * after[k].x + adjointOfU.l * after[k].l);
      V factor = broadcast(w[k]);
      down[k] = deactivate({factor * adjointOfU.u, factor * adjointOfU.x, factor * adjointOfU.l}, after[k],
                           before[k]);
    }
    return sumOfLanes(r * r);
  }

  /// Dot products over points and channels of the adjoints of a layer with the jets below it.
  void gradientOfWeights(int layer, Real *gradient) {
    const Buffer &adjoints = adjoint[layer & 1], &below = output[layer - 1];
    constexpr int strip = Width <= 32 ? Width : 16; // adjoints of a strip stay in L1
    for (int start = 0; start < Width; start += strip)
      for (int k = 0; k < Width; k += block)
        for (int j = start; j < start + strip; j += block) {
          V sums[block * block];
#pragma clang loop unroll(full)
          for (V &sum : sums)
            sum = broadcast(Real(0));
          for (int group = 0; group < Groups; ++group) {
            const V *z = reinterpret_cast<const V *>(at(adjoints, group) + j);
            const V *a = reinterpret_cast<const V *>(at(below, group) + k);
#pragma clang loop unroll(full)
            for (int channel = 0; channel < 3; ++channel) {
              V z0 = z[channel], z1 = z[3 + channel], z2 = z[6 + channel], z3 = z[9 + channel];
#pragma clang loop unroll(full)
              for (int q = 0; q < block; ++q) {
                V factor = a[3 * q + channel];
                sums[q] += z0 * factor;
                sums[4 + q] += z1 * factor;
                sums[8 + q] += z2 * factor;
                sums[12 + q] += z3 * factor;
              }
            }
          }
          addSums4x4(sums, gradient + j * Width + k, Width);
        }
  }

  void gradientOfBias(int layer, Real *gradient) {
    for (int j = 0; j < Width; ++j) {
      V sum = broadcast(Real(0));
      for (int group = 0; group < Groups; ++group)
        sum += at(adjoint[layer & 1], group)[j].u;
      gradient[j] += sumOfLanes(sum);
    }
  }

  /// Adjoints of the layer below: the transposed weights, then the adjoint of its activation.
  void backward(int layer, const Real *w) {
    V zero = broadcast(Real(0));
    for (int group = 0; group < Groups; ++group) {
      const J *from = at(adjoint[layer & 1], group);
      J *to = at(adjoint[(layer - 1) & 1], group);
      const J *after = at(output[layer - 1], group), *before = at(input[layer - 1], group);
      for (int k = 0; k < Width; k += block) {
        J sums[block];
#pragma clang loop unroll(full)
        for (J &sum : sums)
          sum = {zero, zero, zero};
        multiply<1, Width>(w + k, from, sums);
#pragma clang loop unroll(full)
        for (int q = 0; q < block; ++q)
          to[k + q] = deactivate(sums[q], after[k + q], before[k + q]);
      }
    }
  }

  /// The first layer's input jets are (t, 0, 1) and (x, 1, 0).
  void gradientOfFirstLayer(const V *t, const V *x, Real *gradient) {
    for (int j = 0; j < Width; ++j) {
      V byT = broadcast(Real(0)), byX = byT, byBias = byT;
      for (int group = 0; group < Groups; ++group) {
        const J &z = at(adjoint[0], group)[j];
        byBias += z.u;
        byT += z.u * t[group] + z.l;
        byX += z.u * x[group] + z.x;
      }
      gradient[2 * j] += sumOfLanes(byT);
      gradient[2 * j + 1] += sumOfLanes(byX);
      gradient[At::bias(0) + j] += sumOfLanes(byBias);
    }
  }
};

} // namespace costate::bench

#endif // COSTATE_BENCH_BURGERSTILE_H
