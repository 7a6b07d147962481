//===- FlowNetwork.h - Maximum flow and minimum cut --------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_FLOWNETWORK_H
#define COSTATE_LIB_DIFFERENTIATION_FLOWNETWORK_H

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace costate {

/// Maximum flow by Dinic's method: augment along all shortest paths, until none is left.
class FlowNetwork {
public:
  static constexpr int64_t infinity = int64_t(1) << 60;

  unsigned addNode() {
    outgoing.emplace_back();
    return outgoing.size() - 1;
  }
  void addEdge(unsigned from, unsigned to, int64_t capacity) {
    outgoing[from].push_back(edges.size());
    edges.push_back({to, capacity});
    outgoing[to].push_back(edges.size());
    edges.push_back({from, 0});
  }

  int64_t maximize(unsigned source, unsigned sink) {
    int64_t total = 0;
    while (layer(source, sink)) {
      next.assign(outgoing.size(), 0);
      while (int64_t flow = augment(source, sink, infinity)) {
        total += flow;
        if (total >= infinity)
          return infinity;
      }
    }
    return total;
  }

  /// The nodes from which `sink` can still be reached.
  llvm::BitVector reaching(unsigned sink) const {
    llvm::BitVector seen(outgoing.size());
    llvm::SmallVector<unsigned> stack{sink};
    seen.set(sink);
    while (!stack.empty())
      for (unsigned e : outgoing[stack.pop_back_val()]) {
        // The twin of an outgoing edge comes in.
        unsigned from = edges[e].to;
        if (edges[e ^ 1].capacity > 0 && !seen.test(from)) {
          seen.set(from);
          stack.push_back(from);
        }
      }
    return seen;
  }

private:
  struct Edge {
    unsigned to;
    int64_t capacity;
  };

  bool layer(unsigned source, unsigned sink) {
    depth.assign(outgoing.size(), -1);
    depth[source] = 0;
    std::deque<unsigned> queue{source};
    while (!queue.empty()) {
      unsigned node = queue.front();
      queue.pop_front();
      for (unsigned e : outgoing[node])
        if (edges[e].capacity > 0 && depth[edges[e].to] < 0) {
          depth[edges[e].to] = depth[node] + 1;
          queue.push_back(edges[e].to);
        }
    }
    return depth[sink] >= 0;
  }

  /// Depth-first along the layers, with a stack of its own: functions are long.
  int64_t augment(unsigned source, unsigned sink, int64_t limit) {
    llvm::SmallVector<unsigned> path; // Edges.
    unsigned node = source;
    while (node != sink) {
      if (next[node] < outgoing[node].size()) {
        unsigned e = outgoing[node][next[node]];
        if (edges[e].capacity > 0 && depth[edges[e].to] == depth[node] + 1) {
          path.push_back(e);
          node = edges[e].to;
        } else {
          ++next[node];
        }
        continue;
      }
      if (path.empty())
        return 0;
      node = edges[path.pop_back_val() ^ 1].to;
      ++next[node];
    }
    for (unsigned e : path)
      limit = std::min(limit, edges[e].capacity);
    for (unsigned e : path) {
      edges[e].capacity -= limit;
      edges[e ^ 1].capacity += limit;
    }
    return limit;
  }

  std::vector<Edge> edges;
  std::vector<llvm::SmallVector<unsigned, 4>> outgoing;
  std::vector<int> depth;
  std::vector<unsigned> next;
};

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_FLOWNETWORK_H
