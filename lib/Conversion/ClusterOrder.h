//===- ClusterOrder.h - A topological order of the clusters of a block --------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_CLUSTERORDER_H
#define COSTATE_LIB_CONVERSION_CLUSTERORDER_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <vector>

namespace costate {

/// The ops of a block as a graph whose nodes are *clusters*: single ops at first, which are joined as long as
/// the graph stays without cycles. The clusters are kept in a topological order, so that a path from one to
/// another is searched for between the two only (as by Pearce and Kelly, A dynamic topological sort algorithm
/// for directed acyclic graphs, 2007).
///
/// Ops are added from the last to the first. An op comes before its users and, if it touches memory, before
/// the next op that does.
class ClusterOrder {
public:
  explicit ClusterOrder(mlir::Block &block);

  /// Adds the op before the last one added, as a cluster of its own. Returns the cluster.
  unsigned add(mlir::Operation *op);

  /// Joins the clusters to one, unless a path leaves them and comes back.
  bool join(llvm::ArrayRef<unsigned> clusters);

  /// The clusters are numbered below this; those that were joined to others are empty.
  unsigned size() const { return clusters.size(); }
  /// The cluster of an op that was added.
  unsigned clusterOf(mlir::Operation *op) const { return nodes[numbers.lookup(op)].cluster; }
  /// From the last op added to the first, of what was joined first.
  llvm::ArrayRef<mlir::Operation *> members(unsigned cluster) const { return clusters[cluster].members; }

  /// The ops of the block that must come after this one, some perhaps twice.
  llvm::SmallVector<mlir::Operation *> successors(mlir::Operation *op) const;

private:
  struct Node {
    unsigned cluster;
    llvm::SmallVector<unsigned, 4> successors;
  };
  struct Cluster {
    llvm::SmallVector<mlir::Operation *, 2> members;
    int64_t label;                       ///< Grows along the order.
    unsigned previous = ~0u, next = ~0u; ///< In the order.
    unsigned seen = 0;                   ///< The number of the last search that came here.
  };

  void unlink(unsigned cluster);
  void linkAfter(unsigned cluster, unsigned place);
  void relabel();

  mlir::Block &block;
  llvm::DenseMap<mlir::Operation *, mlir::Operation *> nextInMemory;
  llvm::DenseMap<mlir::Operation *, unsigned> numbers;
  std::vector<Node> nodes;
  std::vector<Cluster> clusters;
  unsigned first = ~0u, searches = 0;
};

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_CLUSTERORDER_H
