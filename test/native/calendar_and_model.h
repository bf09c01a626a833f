// A TimerCalendar and the model beside it: every operation goes to both, and what they answer is compared.
#ifndef ASYNCIO_UV_TEST_NATIVE_CALENDAR_AND_MODEL_H_
#define ASYNCIO_UV_TEST_NATIVE_CALENDAR_AND_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "check.h"
#include "containers/timer_calendar.h"
#include "timer_model.h"

class CalendarAndModel {
 public:
  explicit CalendarAndModel(uint32_t first_sequence = 0) : sequence_(first_sequence) {}

  /** Gives the timer's number: they count up from 0. */
  uint32_t Push(double when, double now) {
    CHECK(calendar.Push({when, sequence_++, next_}, now));
    model_.Push(when, next_);
    Compare();
    return next_++;
  }

  std::vector<uint32_t> TakeDue(double now, size_t limit = SIZE_MAX) {
    std::vector<uint32_t> taken;
    const bool more = calendar.TakeDue(now, [&](uint32_t slot) {
      taken.push_back(slot);
      return taken.size() < limit;
    });
    const std::vector<uint32_t> expected = model_.TakeDue(now, limit);
    CHECK_EQ(taken, expected);
    CHECK_EQ(more, taken.size() == limit);
    Compare();
    return taken;
  }

  template <typename Dead>
  void Filter(Dead dead) {
    size_t asked = 0;
    const size_t held = calendar.size();
    calendar.Filter([&](uint32_t slot) {
      asked++;
      return dead(slot);
    });
    // Once each: TimerStore frees a slot in answering.
    CHECK_EQ(asked, held);
    model_.Filter(dead);
    Compare();
  }

  void Clear() {
    calendar.Clear();
    model_.Clear();
    Compare();
  }

  double NextDeadline() const { return model_.NextDeadline(); }

  asyncio_uv::TimerCalendar calendar;

 private:
  void Compare() {
    CHECK_EQ(calendar.size(), model_.size());
    CHECK_EQ(calendar.NextDeadline(), model_.NextDeadline());
  }

  TimerModel model_;
  uint32_t sequence_;
  uint32_t next_ = 0;
};

#endif  // ASYNCIO_UV_TEST_NATIVE_CALENDAR_AND_MODEL_H_
