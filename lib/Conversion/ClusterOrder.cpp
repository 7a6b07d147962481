//===- ClusterOrder.cpp - A topological order of the clusters of a block ----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ClusterOrder.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace costate;

static constexpr unsigned none = ~0u;
static constexpr int64_t labelGap = int64_t(1) << 32;

/// Such ops keep their order, whatever their values say.
static bool touchesMemory(Operation &op) {
  auto isMemory = [](Type type) { return isa<BaseMemRefType>(type); };
  return !isMemoryEffectFree(&op) || llvm::any_of(op.getOperandTypes(), isMemory) ||
         llvm::any_of(op.getResultTypes(), isMemory);
}

ClusterOrder::ClusterOrder(Block &block) : block(block) {
  Operation *previous = nullptr;
  for (Operation &op : block)
    if (touchesMemory(op)) {
      if (previous)
        nextInMemory[previous] = &op;
      previous = &op;
    }
}

SmallVector<Operation *> ClusterOrder::successors(Operation *op) const {
  SmallVector<Operation *> result;
  for (Operation *user : op->getUsers())
    if (Operation *next = block.findAncestorOpInBlock(*user))
      result.push_back(next);
  if (Operation *next = nextInMemory.lookup(op))
    result.push_back(next);
  return result;
}

unsigned ClusterOrder::add(Operation *op) {
  unsigned id = clusters.size();
  Node node{id, {}};
  for (Operation *next : successors(op))
    if (unsigned number = numbers.at(next); !llvm::is_contained(node.successors, number))
      node.successors.push_back(number);
  numbers[op] = nodes.size();
  nodes.push_back(std::move(node));
  Cluster cluster;
  cluster.members.push_back(op);
  cluster.label = first == none ? 0 : clusters[first].label - labelGap;
  cluster.next = first;
  if (first != none)
    clusters[first].previous = id;
  first = id;
  clusters.push_back(std::move(cluster));
  return id;
}

void ClusterOrder::unlink(unsigned cluster) {
  auto [previous, next] = std::pair(clusters[cluster].previous, clusters[cluster].next);
  (previous == none ? first : clusters[previous].next) = next;
  if (next != none)
    clusters[next].previous = previous;
}

void ClusterOrder::linkAfter(unsigned cluster, unsigned place) {
  unsigned next = clusters[place].next;
  clusters[cluster].previous = place;
  clusters[cluster].next = next;
  clusters[place].next = cluster;
  if (next != none)
    clusters[next].previous = cluster;
  int64_t room = next == none ? 2 * labelGap : clusters[next].label - clusters[place].label;
  clusters[cluster].label = clusters[place].label + room / 2;
  if (room < 2)
    relabel();
}

void ClusterOrder::relabel() {
  int64_t label = 0;
  for (unsigned cluster = first; cluster != none; cluster = clusters[cluster].next)
    clusters[cluster].label = label += labelGap;
}

bool ClusterOrder::join(ArrayRef<unsigned> joined) {
  auto before = [&](unsigned a, unsigned b) { return clusters[a].label < clusters[b].label; };
  unsigned last = *llvm::max_element(joined, before);
  // What is reached from the clusters, up to the last of them. Latest first: that finds a way back soonest.
  ++searches;
  SmallVector<unsigned> reached, work;
  bool comesBack = false;
  auto follow = [&](unsigned cluster, bool isInner) {
    for (Operation *member : clusters[cluster].members)
      for (unsigned successor : nodes[numbers.lookup(member)].successors) {
        unsigned next = nodes[successor].cluster;
        if (llvm::is_contained(joined, next)) {
          comesBack |= !isInner;
        } else if (clusters[next].seen != searches && before(next, last)) {
          clusters[next].seen = searches;
          work.push_back(next);
          std::push_heap(work.begin(), work.end(), before);
        }
      }
  };
  for (unsigned cluster : joined)
    follow(cluster, /*isInner=*/true);
  while (!work.empty() && !comesBack) {
    std::pop_heap(work.begin(), work.end(), before);
    unsigned cluster = work.pop_back_val();
    reached.push_back(cluster);
    follow(cluster, /*isInner=*/false);
  }
  if (comesBack)
    return false;

  // All in the place of the last, and what is reached from them behind it, in the order it had.
  unsigned into = joined.front();
  llvm::sort(reached, before);
  if (into != last) {
    unlink(into);
    linkAfter(into, last);
  }
  for (unsigned cluster : joined.drop_front()) {
    unlink(cluster);
    for (Operation *member : clusters[cluster].members)
      nodes[numbers.lookup(member)].cluster = into;
    llvm::append_range(clusters[into].members, clusters[cluster].members);
    clusters[cluster].members.clear();
  }
  unsigned place = into;
  for (unsigned cluster : reached) {
    unlink(cluster);
    linkAfter(cluster, place);
    place = cluster;
  }
  return true;
}
