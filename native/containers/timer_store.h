// Timers between two languages: JavaScript stages them in shared memory, this side takes them in by the batch.
//
// Each timer has a slot; `links[slot]` says what it is:
//   kLive       waiting (staged or in the calendar)
//   kCancelled  cancelled by JavaScript with one store; the slot is freed when this side next meets it
//   >= 0, kEnd  free: the next free slot of a list whose head lies in shared memory, so both sides take and give slots
//
// So a timer that is set and cancelled within a turn never crosses the border, and setting one costs two stores there.
#ifndef ASYNCIO_UV_CONTAINERS_TIMER_STORE_H_
#define ASYNCIO_UV_CONTAINERS_TIMER_STORE_H_

#include <cassert>
#include <cstddef>
#include <cstdint>

#include "containers/timer_calendar.h"

namespace asyncio_uv {

class TimerStore {
 public:
  static constexpr int32_t kEnd = -1;
  static constexpr int32_t kLive = -2;
  static constexpr int32_t kCancelled = -3;

  /** Where the shared memory lies; `links` may be moved by AttachLinks when JavaScript has grown it. */
  struct Shared {
    int32_t* staged_count;
    int32_t* cancelled_count;
    int32_t* free_head;
    const double* staged_when;
    const int32_t* staged_slot;
    size_t staged_capacity;
    double* next_deadline;
  };

  void Attach(const Shared& shared) { shared_ = shared; }

  void AttachLinks(int32_t* links, size_t count) {
    links_ = links;
    link_count_ = count;
  }

  size_t size() const { return calendar_.size(); }
  bool HasStaged() const { return *shared_.staged_count > 0; }

  /** Takes in what was staged. False when memory ran out: the rest stays staged. */
  bool Absorb(double now) {
    const size_t staged = StagedCount();
    for (; absorbed_ < staged; absorbed_++) {
      const int32_t slot = shared_.staged_slot[absorbed_];
      if (!IsSlot(slot)) continue;
      if (links_[slot] == kCancelled) {
        FreeCancelled(slot);
      } else if (!calendar_.Push({shared_.staged_when[absorbed_], sequence_++, static_cast<uint32_t>(slot)}, now)) {
        *shared_.next_deadline = calendar_.NextDeadline();
        return false;
      } else if (shared_.staged_when[absorbed_] < earliest_new_) {
        earliest_new_ = shared_.staged_when[absorbed_];
      }
    }
    absorbed_ = 0;
    *shared_.staged_count = 0;
    SweepIfWorthIt();
    *shared_.next_deadline = calendar_.NextDeadline();
    return true;
  }

  /** The earliest deadline taken in since the last call of this; infinity when none was. */
  double TakeEarliestNew() {
    const double earliest = earliest_new_;
    earliest_new_ = INFINITY;
    return earliest;
  }

  /** Writes up to `capacity` due slots to `due`, earliest first; the caller owns those slots from then on. */
  size_t TakeDue(double now, int32_t* due, size_t capacity) {
    size_t count = 0;
    if (capacity == 0) return 0;
    calendar_.TakeDue(now, [&](uint32_t slot) {
      if (!IsSlot(static_cast<int32_t>(slot))) return true;
      if (links_[slot] == kCancelled) {
        FreeCancelled(static_cast<int32_t>(slot));
        return true;
      }
      due[count++] = static_cast<int32_t>(slot);
      return count < capacity;
    });
    *shared_.next_deadline = calendar_.NextDeadline();
    return count;
  }

  void Clear() {
    calendar_.Clear();
    absorbed_ = 0;
  }

 private:
  /** As asyncio: cancelled timers are swept when there are more than this many and they are more than half of all. */
  static constexpr int32_t kMinCancelledToSweep = 100;

  // JavaScript owns the shared memory, so what it says is clamped before it is used as an index.
  size_t StagedCount() const {
    const int32_t count = *shared_.staged_count;
    if (count <= 0) return 0;
    const size_t staged = static_cast<size_t>(count);
    return staged < shared_.staged_capacity ? staged : shared_.staged_capacity;
  }

  bool IsSlot(int32_t slot) const { return slot >= 0 && static_cast<size_t>(slot) < link_count_; }

  void FreeCancelled(int32_t slot) {
    links_[slot] = *shared_.free_head;
    *shared_.free_head = slot;
    // Unsigned, because JavaScript may have left any number there.
    *shared_.cancelled_count = static_cast<int32_t>(static_cast<uint32_t>(*shared_.cancelled_count) - 1);
  }

  void SweepIfWorthIt() {
    const int32_t cancelled = *shared_.cancelled_count;
    if (cancelled <= kMinCancelledToSweep || static_cast<size_t>(cancelled) * 2 <= calendar_.size()) return;
    calendar_.Filter([&](uint32_t slot) {
      if (!IsSlot(static_cast<int32_t>(slot))) return true;
      if (links_[slot] != kCancelled) return false;
      FreeCancelled(static_cast<int32_t>(slot));
      return true;
    });
  }

  Shared shared_ = {};
  int32_t* links_ = nullptr;
  size_t link_count_ = 0;
  uint32_t sequence_ = 0;
  double earliest_new_ = INFINITY;
  /** How many of the staged ones have been taken in already: more than none only after memory ran out half-way. */
  size_t absorbed_ = 0;
  TimerCalendar calendar_;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_CONTAINERS_TIMER_STORE_H_
