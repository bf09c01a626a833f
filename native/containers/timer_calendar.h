// Deadlines in order at any number of them: a heap for what is near, unsorted buckets of time for what is far.
//
//        run (sorted) + heap        buckets, one per 1/256 s            beyond
//   ───────────────────────────┤├──┬──┬──┬──┬── ... ──┬──┤├──────────────────────
//                         near_end                  near_end + horizon
//
// A heap of a million deadlines misses the cache at every level of a pop (220-310 ns here). A far deadline is appended to
// its bucket instead (4 ns), and a bucket is sorted once, when its time comes, while it fits the cache (60 ns a deadline).
// What is added for a time before near_end goes to the heap, so any order of adding is right, only not equally fast.
#ifndef ASYNCIO_UV_CONTAINERS_TIMER_CALENDAR_H_
#define ASYNCIO_UV_CONTAINERS_TIMER_CALENDAR_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "containers/growable.h"
#include "containers/timer_heap.h"
#include "containers/timer_node.h"

namespace asyncio_uv {

class TimerCalendar {
 public:
  static constexpr double kBucketsPerSecond = 256;
  static constexpr size_t kBuckets = 2048;

  TimerCalendar() = default;
  TimerCalendar(const TimerCalendar&) = delete;
  TimerCalendar& operator=(const TimerCalendar&) = delete;
  ~TimerCalendar() { FreeBuckets(); }

  size_t size() const { return size_; }

  /** `now` only places the near end; it may lag. False when memory ran out. */
  bool Push(const TimerNode& node, double now) {
    if (far_ == 0) {
      double tick = Tick(now) + 1;
      if (tick > near_tick_ || size_ == 0) near_tick_ = tick;
    }
    if (!Place(node)) return false;
    size_++;
    return true;
  }

  /** The earliest deadline held, or infinity. Exact unless its owner forgot to filter what it regards as dead. */
  double NextDeadline() {
    double next = INFINITY;
    if (run_next_ < run_.size()) next = run_[run_next_].when;
    if (!heap_.empty() && heap_.top().when < next) next = heap_.top().when;
    if (next != INFINITY || far_ == 0) return next;
    // The near end may have moved since the beyond was filled: then a bucket can hold a later deadline than it does.
    if (in_buckets_ > 0) next = buckets_[FirstOccupied()].earliest;
    return std::min(next, beyond_earliest_);
  }

  /** Calls `take(slot)` for deadlines <= now, in order, until it says false or none is left; true if more may be due. */
  template <typename Take>
  bool TakeDue(double now, Take take) {
    for (;;) {
      while (size_ > far_) {
        bool from_run = run_next_ < run_.size() && (heap_.empty() || TimerLess(run_[run_next_], heap_.top()));
        const TimerNode node = from_run ? run_[run_next_] : heap_.top();
        if (!(node.when <= now)) return false;
        if (from_run) {
          run_next_++;
        } else {
          heap_.Pop();
        }
        size_--;
        if (!take(node.slot)) return true;
      }
      if (!OpenNextBucket(now)) return false;
    }
  }

  /** Drops every deadline for which `dead(slot)` holds. O(n). */
  template <typename Dead>
  void Filter(Dead dead) {
    heap_.Filter(dead);
    size_t kept = 0;
    for (size_t i = run_next_; i < run_.size(); i++) {
      if (!dead(run_[i].slot)) run_[kept++] = run_[i];
    }
    run_.Truncate(kept);
    run_next_ = 0;
    in_buckets_ = 0;
    if (buckets_ != nullptr) {
      for (size_t i = 0; i < kBuckets; i++) {
        FilterBucket(i, dead);
        in_buckets_ += buckets_[i].nodes.size();
      }
    }
    FilterUnsorted(beyond_, dead);
    beyond_earliest_ = Earliest(beyond_);
    far_ = in_buckets_ + beyond_.size();
    size_ = far_ + heap_.size() + run_.size();
  }

  void Clear() {
    heap_.Clear();
    run_.Release();
    run_next_ = 0;
    FreeBuckets();
    beyond_.Release();
    beyond_earliest_ = INFINITY;
    size_ = far_ = in_buckets_ = 0;
  }

 private:
  struct Bucket {
    Growable<TimerNode> nodes;
    double earliest;
  };

  /** Bounded, so that the next tick is always tick + 1: a virtual clock may stand where a double cannot tell ticks apart. */
  static double Tick(double when) {
    const double tick = std::floor(when * kBucketsPerSecond);
    if (tick > kLastTick) return kLastTick;
    return tick < -kLastTick ? -kLastTick : tick;
  }

  static size_t IndexOf(double tick) {
    // Ticks may be negative, and larger than a size_t of 32 bits: fmod keeps the index exact.
    double index = std::fmod(tick, static_cast<double>(kBuckets));
    return static_cast<size_t>(index < 0 ? index + kBuckets : index);
  }

  /** The first bucket in use at or after the near end; kBuckets when none is. */
  size_t FirstOccupied() const {
    const size_t start = IndexOf(near_tick_);
    for (size_t step = 0; step <= kWords; step++) {
      const size_t word = (start / 64 + step) % kWords;
      uint64_t bits = occupied_[word];
      if (step == 0) bits &= ~uint64_t{0} << (start % 64);
      if (step == kWords) bits &= ~(~uint64_t{0} << (start % 64));
      if (bits != 0) return word * 64 + static_cast<size_t>(__builtin_ctzll(bits));
    }
    return kBuckets;
  }

  bool Place(const TimerNode& node) {
    double tick = Tick(node.when);
    if (!(tick >= near_tick_)) return heap_.Push(node);
    if (!(tick < near_tick_ + kBuckets)) {
      if (!beyond_.Push(node)) return false;
      beyond_earliest_ = std::min(beyond_earliest_, node.when);
      far_++;
      return true;
    }
    if (buckets_ == nullptr) {
      buckets_ = static_cast<Bucket*>(calloc(kBuckets, sizeof(Bucket)));
      if (buckets_ == nullptr) return false;
    }
    const size_t index = IndexOf(tick);
    Bucket& bucket = buckets_[index];
    if (!bucket.nodes.Push(node)) return false;
    if (bucket.nodes.size() == 1 || node.when < bucket.earliest) bucket.earliest = node.when;
    occupied_[index / 64] |= uint64_t{1} << (index % 64);
    in_buckets_++;
    far_++;
    return true;
  }

  /** Moves the near end on until something near has been found or `now` is reached; true if found. The run is used up. */
  bool OpenNextBucket(double now) {
    const double last_tick = Tick(now);
    if (far_ == 0 || !(near_tick_ <= last_tick)) return false;
    run_.Clear();
    run_next_ = 0;
    while (near_tick_ <= last_tick) {
      if (in_buckets_ == 0) {
        near_tick_ = last_tick + 1;
        return PlaceBeyond();
      }
      const bool found = TakeBucket(IndexOf(near_tick_));
      near_tick_ += 1;
      // Twice per horizon is enough for what lies beyond to reach its bucket before its time.
      const bool placed = std::fmod(near_tick_, static_cast<double>(kBuckets / 2)) == 0 && PlaceBeyond();
      if (found || placed) return true;
    }
    return false;
  }

  /** Makes a bucket the run, sorted. */
  bool TakeBucket(size_t index) {
    Bucket& bucket = buckets_[index];
    if (bucket.nodes.empty()) return false;
    run_.Swap(bucket.nodes);
    // The array swapped in serves the next deadlines of this bucket, unless it is so large that it would hold memory for nothing.
    bucket.nodes.Clear();
    if (bucket.nodes.capacity() > kKeepCapacity) bucket.nodes.Release();
    occupied_[index / 64] &= ~(uint64_t{1} << (index % 64));
    in_buckets_ -= run_.size();
    far_ -= run_.size();
    std::sort(run_.begin(), run_.end(), TimerLess);
    return true;
  }

  /** Gives what lay beyond the horizon its place by the new near end; true if any of it is near now. */
  bool PlaceBeyond() {
    // Looked through only when there is something to move: a million idle deadlines must not be copied for each tick.
    if (beyond_.empty() || Tick(beyond_earliest_) >= near_tick_ + kBuckets) return false;
    Growable<TimerNode> waiting;
    waiting.Swap(beyond_);
    beyond_earliest_ = INFINITY;
    far_ -= waiting.size();
    size_t near_before = heap_.size();
    for (TimerNode& node : waiting) {
      // Out of memory with nobody to tell: a timer lost in silence would be worse.
      if (!Place(node)) abort();
    }
    return heap_.size() > near_before;
  }

  template <typename Dead>
  static void FilterUnsorted(Growable<TimerNode>& nodes, Dead dead) {
    size_t kept = 0;
    for (size_t i = 0; i < nodes.size(); i++) {
      if (!dead(nodes[i].slot)) nodes[kept++] = nodes[i];
    }
    nodes.Truncate(kept);
  }

  template <typename Dead>
  void FilterBucket(size_t index, Dead dead) {
    Bucket& bucket = buckets_[index];
    if (bucket.nodes.empty()) return;
    FilterUnsorted(bucket.nodes, dead);
    if (bucket.nodes.empty()) {
      bucket.nodes.Release();
      occupied_[index / 64] &= ~(uint64_t{1} << (index % 64));
      return;
    }
    bucket.earliest = Earliest(bucket.nodes);
  }

  static double Earliest(Growable<TimerNode>& nodes) {
    double earliest = INFINITY;
    for (TimerNode& node : nodes) earliest = std::min(earliest, node.when);
    return earliest;
  }

  void FreeBuckets() {
    for (size_t i = 0; i < kWords; i++) occupied_[i] = 0;
    if (buckets_ == nullptr) return;
    for (size_t i = 0; i < kBuckets; i++) buckets_[i].nodes.Release();
    free(buckets_);
    buckets_ = nullptr;
  }

  /** 557 000 years: beyond it every deadline lies in the heap. */
  static constexpr double kLastTick = 4503599627370496;
  static constexpr size_t kKeepCapacity = 64;
  static constexpr size_t kWords = kBuckets / 64;

  TimerHeap heap_;
  Growable<TimerNode> run_;
  size_t run_next_ = 0;
  /** Made when the first far deadline comes: a loop with few timers pays nothing for them. */
  Bucket* buckets_ = nullptr;
  /** One bit per bucket that is not empty. */
  uint64_t occupied_[kWords] = {};
  Growable<TimerNode> beyond_;
  double beyond_earliest_ = INFINITY;
  /** The first tick (1/256 s) that lies in the buckets; all before it are in the run or the heap. */
  double near_tick_ = 0;
  size_t size_ = 0;
  /** How many of size_ lie in buckets or beyond. */
  size_t far_ = 0;
  size_t in_buckets_ = 0;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_CONTAINERS_TIMER_CALENDAR_H_
