// A deadline as the timer containers hold it, and its order: earliest first, equal deadlines in the order they were added.
#ifndef ASYNCIO_UV_CONTAINERS_TIMER_NODE_H_
#define ASYNCIO_UV_CONTAINERS_TIMER_NODE_H_

#include <cstdint>

namespace asyncio_uv {

/** 16 bytes, so that the four children of a heap node share one cache line. */
struct TimerNode {
  double when;
  /** Counts up with every timer added; wraps, which is harmless while live timers lie less than 2^31 additions apart. */
  uint32_t sequence;
  uint32_t slot;
};

inline bool TimerLess(const TimerNode& a, const TimerNode& b) {
  return a.when < b.when || (a.when == b.when && static_cast<int32_t>(a.sequence - b.sequence) < 0);
}

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_CONTAINERS_TIMER_NODE_H_
