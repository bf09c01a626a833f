// What the timer containers must do, said as simply as possible: a multimap, which keeps equal deadlines in order of insertion.
#ifndef ASYNCIO_UV_TEST_NATIVE_TIMER_MODEL_H_
#define ASYNCIO_UV_TEST_NATIVE_TIMER_MODEL_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

class TimerModel {
 public:
  size_t size() const { return by_deadline_.size(); }

  void Push(double when, uint32_t slot) { by_deadline_.emplace(when, slot); }

  double NextDeadline() const { return by_deadline_.empty() ? INFINITY : by_deadline_.begin()->first; }

  std::vector<uint32_t> TakeDue(double now, size_t limit) {
    std::vector<uint32_t> taken;
    while (taken.size() < limit && !by_deadline_.empty() && by_deadline_.begin()->first <= now) {
      taken.push_back(by_deadline_.begin()->second);
      by_deadline_.erase(by_deadline_.begin());
    }
    return taken;
  }

  template <typename Dead>
  void Filter(Dead dead) {
    for (auto at = by_deadline_.begin(); at != by_deadline_.end();) {
      at = dead(at->second) ? by_deadline_.erase(at) : std::next(at);
    }
  }

  void Clear() { by_deadline_.clear(); }

 private:
  std::multimap<double, uint32_t> by_deadline_;
};

#endif  // ASYNCIO_UV_TEST_NATIVE_TIMER_MODEL_H_
