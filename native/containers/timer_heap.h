// A 4-ary min-heap of deadlines. It knows nothing of clocks, cancellation or who owns a slot.
//
//   index        0            root
//   children of i: 4i+1 .. 4i+4
//
// Four children instead of two halve the depth, and a pop costs one cache line a level instead of two.
#ifndef ASYNCIO_UV_CONTAINERS_TIMER_HEAP_H_
#define ASYNCIO_UV_CONTAINERS_TIMER_HEAP_H_

#include <cassert>
#include <cstddef>

#include "containers/growable.h"
#include "containers/timer_node.h"

namespace asyncio_uv {

class TimerHeap {
 public:
  size_t size() const { return nodes_.size(); }
  bool empty() const { return nodes_.empty(); }
  const TimerNode& top() { return nodes_[0]; }

  bool Push(const TimerNode& node) {
    if (!nodes_.Push(node)) return false;
    SiftUp(nodes_.size() - 1, node);
    return true;
  }

  TimerNode Pop() {
    assert(!nodes_.empty());
    TimerNode top = nodes_[0];
    TimerNode last = nodes_[nodes_.size() - 1];
    nodes_.Truncate(nodes_.size() - 1);
    if (!nodes_.empty()) {
      // The last node nearly always belongs near the leaves: walk the hole down first, then lift the node the little it needs.
      SiftUp(SinkHole(0), last);
    }
    return top;
  }

  /** Drops every node for which `dead(slot)` holds and restores the order. O(n). */
  template <typename Dead>
  void Filter(Dead dead) {
    size_t kept = 0;
    for (size_t i = 0; i < nodes_.size(); i++) {
      if (!dead(nodes_[i].slot)) nodes_[kept++] = nodes_[i];
    }
    nodes_.Truncate(kept);
    if (kept < 2) return;
    for (size_t i = (kept - 2) / kArity + 1; i-- > 0;) SiftDown(i, nodes_[i]);
  }

  void Clear() { nodes_.Release(); }

 private:
  static constexpr size_t kArity = 4;

  void SiftUp(size_t index, const TimerNode node) {
    while (index > 0) {
      size_t parent = (index - 1) / kArity;
      if (!TimerLess(node, nodes_[parent])) break;
      nodes_[index] = nodes_[parent];
      index = parent;
    }
    nodes_[index] = node;
  }

  /** The least child of `index`; `index` itself when it is a leaf. */
  size_t LeastChild(size_t index) {
    size_t first = index * kArity + 1;
    if (first >= nodes_.size()) return index;
    size_t end = first + kArity < nodes_.size() ? first + kArity : nodes_.size();
    size_t least = first;
    for (size_t child = first + 1; child < end; child++) {
      if (TimerLess(nodes_[child], nodes_[least])) least = child;
    }
    return least;
  }

  size_t SinkHole(size_t hole) {
    for (;;) {
      size_t child = LeastChild(hole);
      if (child == hole) return hole;
      nodes_[hole] = nodes_[child];
      hole = child;
    }
  }

  void SiftDown(size_t index, const TimerNode node) {
    for (;;) {
      size_t child = LeastChild(index);
      if (child == index || !TimerLess(nodes_[child], node)) break;
      nodes_[index] = nodes_[child];
      index = child;
    }
    nodes_[index] = node;
  }

  Growable<TimerNode> nodes_;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_CONTAINERS_TIMER_HEAP_H_
