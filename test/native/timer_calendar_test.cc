// Hand-made cases of TimerCalendar: the borders between near, buckets and beyond, and clocks of every kind.
#include "failing_memory.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "calendar_and_model.h"
#include "check.h"

using asyncio_uv::TimerCalendar;

namespace {

using Slots = std::vector<uint32_t>;

constexpr double kTick = 1 / TimerCalendar::kBucketsPerSecond;
constexpr double kHorizon = TimerCalendar::kBuckets * kTick;

/** Clocks as loops have them and as tests make them up. At the last four a tick is less than a double can tell. */
const double kClocks[] = {0, 1.5, -3, -1e6, 1.7e9, -1e9, 1e15, -1e15, 1e300, -1e300};

}  // namespace

TEST(AnEmptyCalendarHasNothingDue) {
  CalendarAndModel both;
  CHECK_EQ(both.calendar.NextDeadline(), INFINITY);
  for (double now : kClocks) CHECK_EQ(both.TakeDue(now), Slots());
  both.Filter([](uint32_t) { return true; });
  both.Clear();
}

TEST(ADeadlineIsDueAtItsTimeAndNotBefore) {
  const double delays[] = {0, kTick / 2, kTick, 1, kHorizon - kTick, kHorizon, kHorizon + kTick, 100, 1e9};
  for (double now : kClocks) {
    for (double delay : delays) {
      check::Note("clock %g delay %g", now, delay);
      CalendarAndModel both;
      const double when = now + delay;
      both.Push(when, now);
      CHECK_EQ(both.TakeDue(std::nextafter(when, -INFINITY)), Slots());
      CHECK_EQ(both.TakeDue(when), Slots{0});
      CHECK_EQ(both.TakeDue(when), Slots());
    }
  }
}

TEST(EqualDeadlinesComeInOrderOfAddingWhereverTheyLie) {
  for (double now : kClocks) {
    check::Note("clock %g", now);
    // The wrap of the sequence number falls in the middle.
    CalendarAndModel both(UINT32_MAX - 3);
    const double when = now + kHorizon + 2;
    both.Push(when, now);
    both.Push(now + 4, now);
    both.Push(when, now);
    both.TakeDue(now + 4.1);
    // The same deadline lies within the horizon now, while the first two are still beyond it.
    both.Push(when, now + 4.1);
    both.Push(when - 1, now + 4.1);
    both.TakeDue(when - kTick / 2);
    // And here it is near.
    both.Push(when, when - kTick / 2);
    both.Push(when, when);
    both.TakeDue(when, 2);
    both.Push(when, when);
    both.TakeDue(when);
    CHECK_EQ(both.calendar.size(), 0);
  }
}

TEST(NextDeadlineKnowsWhatLiesBeyondWhenALaterBucketIsInUse) {
  CalendarAndModel both;
  both.Push(kHorizon + 1, 0);
  both.Push(2, 0);
  both.Push(2 + kTick / 2, 0);
  // The near end has moved by two seconds and no further, so the next one goes to a bucket although an earlier one lies beyond.
  CHECK_EQ(both.TakeDue(2), Slots{1});
  CHECK_EQ(both.TakeDue(2 + kTick / 2), Slots{2});
  both.Push(kHorizon + 1.5, 2 + kTick / 2);
  CHECK_EQ(both.calendar.NextDeadline(), kHorizon + 1);
  CHECK_EQ(both.TakeDue(kHorizon + 1), Slots{0});
  CHECK_EQ(both.TakeDue(kHorizon + 1.5), Slots{3});
}

TEST(FilterForgetsTheEarliestOfEveryRegion) {
  CalendarAndModel both;
  const double times[] = {0.5 * kTick, 0.6 * kTick, 3, 3 + kTick / 4, 7, kHorizon + 3, kHorizon + 4, 1e9, INFINITY};
  for (double when : times) both.Push(when, 0);
  for (uint32_t dead = 0; dead < 9; dead++) both.Filter([&](uint32_t slot) { return slot == dead; });
  CHECK_EQ(both.calendar.size(), 0);
  both.Push(5, 4);
  CHECK_EQ(both.TakeDue(5), Slots{9});
}

TEST(FilterDuringAHalfTakenRunLeavesTheRest) {
  CalendarAndModel both;
  for (int i = 0; i < 10; i++) both.Push(2 + i * kTick / 16, 0);
  CHECK_EQ(both.TakeDue(3, 4), (Slots{0, 1, 2, 3}));
  both.Filter([](uint32_t slot) { return slot % 2 == 0; });
  both.Push(2, 3);
  CHECK_EQ(both.TakeDue(3), (Slots{10, 5, 7, 9}));
}

TEST(TakingStopsAnywhereAndGoesOnThere) {
  for (size_t limit = 1; limit < 12; limit++) {
    check::Note("limit %zu", limit);
    CalendarAndModel both;
    for (int i = 0; i < 100; i++) both.Push(i % 7 * 3.7, 0);
    while (both.calendar.size() > 0 && !check::Failed()) both.TakeDue(50, limit);
  }
}

TEST(ADeadlineAddedBeforeTheNearEndComesInItsPlace) {
  CalendarAndModel both;
  for (int i = 0; i < 8; i++) both.Push(4 + i * kTick / 8, 0);
  CHECK_EQ(both.TakeDue(4 + kTick, 3), (Slots{0, 1, 2}));
  both.Push(4 + 3.5 * kTick / 8, 4);
  both.Push(-5, 4);
  both.Push(4 + 3 * kTick / 8, 4);
  both.Push(-INFINITY, 4);
  CHECK_EQ(both.TakeDue(4 + kTick), (Slots{11, 9, 3, 10, 8, 4, 5, 6, 7}));
}

TEST(EveryTickOverThreeHorizonsKeepsItsOrder) {
  // Odd starts put the moments at which what lies beyond is looked through at every place relative to the deadlines.
  const double starts[] = {0, -9.3, 1000.7, -kHorizon, kHorizon / 2 + kTick};
  for (double start : starts) {
    check::Note("start %g", start);
    CalendarAndModel both;
    const int ticks = static_cast<int>(TimerCalendar::kBuckets) * 3;
    // 4001 shares no factor with the number of ticks: each is used once, in a scattered order.
    for (int i = 0; i < ticks; i++) both.Push(start + (i * 4001 % ticks) * kTick, start);
    for (int i = 0; i < ticks && !check::Failed(); i += 3) both.TakeDue(start + i * kTick);
    both.TakeDue(start + ticks * kTick);
    CHECK_EQ(both.calendar.size(), 0);
  }
}

TEST(AFarDeadlineSurvivesAStreamOfNearOnes) {
  CalendarAndModel both;
  const uint32_t far = both.Push(50, 0);
  const uint32_t last = both.Push(100, 0);
  Slots taken;
  for (double now = 0; now < 49.9 && !check::Failed(); now += 0.1) {
    both.Push(now + 0.05, now);
    both.Push(now + kHorizon - 0.01, now);
    for (uint32_t slot : both.TakeDue(now + 0.05)) taken.push_back(slot);
  }
  for (uint32_t slot : taken) CHECK(slot != far && slot != last);
  both.TakeDue(50);
  both.TakeDue(99.99);
  CHECK_EQ(both.TakeDue(100), Slots{last});
}

TEST(WhatLiesFarBeyondIsNotCopiedWhileTimePasses) {
  CalendarAndModel both;
  for (int i = 0; i < 100; i++) both.Push(1000 + i, 0);
  both.Push(0, 0);
  // Copying it would ask for memory, and a calendar that gets none for that aborts.
  failing_memory::Limit none(0);
  for (double now = 0; now < 100; now += kTick) {
    both.TakeDue(now);
    both.Push(now, now);
  }
  CHECK_EQ(both.calendar.size(), 101);
}

TEST(AClockMayJumpByABillionSeconds) {
  for (double start : kClocks) {
    check::Note("clock %g", start);
    CalendarAndModel both;
    double now = start;
    for (int jump = 0; jump < 4; jump++) {
      const double delays[] = {-1, 0, 0.001, 3, kHorizon, 50, 1e9 - 1, 1e9, 1e9 + 1, 5e9};
      for (double delay : delays) both.Push(now + delay, now);
      now += 1e9;
      both.TakeDue(now, 5);
      both.TakeDue(now);
    }
    both.TakeDue(INFINITY);
    CHECK_EQ(both.calendar.size(), 0);
  }
}

TEST(AClockMayStartAgainFarBack) {
  CalendarAndModel both;
  both.Push(1e9 + 1, 1e9);
  both.Push(1e9 + 20, 1e9);
  both.TakeDue(1e9 + 1);
  both.Push(-4, -5);
  both.Push(6, -5);
  CHECK_EQ(both.TakeDue(7), (Slots{2, 3}));
  CHECK_EQ(both.TakeDue(2e9), Slots{1});
  both.Push(-4, -5);
  both.Push(3, -5);
  CHECK_EQ(both.TakeDue(-4), Slots{4});
  CHECK_EQ(both.TakeDue(3), Slots{5});
}

TEST(ALaggingClockOnlyCostsSpeed) {
  CalendarAndModel both;
  both.Push(1000, 0);
  both.Push(1001, 500);
  both.Push(999, 1000);
  both.Push(1002, -1e6);
  CHECK_EQ(both.TakeDue(1002), (Slots{2, 0, 1, 3}));
}

TEST(WhereATickIsTooFineForADoubleTheClockStillMoves) {
  for (double now : {1e15, -1e15, 1e17, -1e17, 1e300, -1e300}) {
    check::Note("clock %g", now);
    CalendarAndModel both;
    const double soon = std::nextafter(now, INFINITY);
    const double later = std::nextafter(soon, INFINITY);
    both.Push(later, now);
    both.Push(soon, now);
    both.Push(now, now);
    CHECK_EQ(both.TakeDue(now), Slots{2});
    CHECK_EQ(both.TakeDue(soon), Slots{1});
    both.Push(later, soon);
    CHECK_EQ(both.TakeDue(later), (Slots{0, 3}));
  }
}

TEST(InfiniteDeadlinesNeverComeInFiniteTime) {
  CalendarAndModel both;
  both.Push(INFINITY, 0);
  both.Push(-INFINITY, 0);
  both.Push(INFINITY, 1e15);
  both.Push(3, 0);
  CHECK_EQ(both.TakeDue(-1e300), Slots{1});
  CHECK_EQ(both.TakeDue(1e300), Slots{3});
  CHECK_EQ(both.TakeDue(1e308), Slots());
  both.Push(1e308, 1e300);
  CHECK_EQ(both.TakeDue(INFINITY), (Slots{4, 0, 2}));
}

TEST(NotANumberBreaksNothingAndCanBeFilteredOut) {
  const double now[] = {NAN, 0, INFINITY, -INFINITY};
  for (double clock : now) {
    TimerCalendar calendar;
    for (uint32_t i = 0; i < 50; i++) CHECK(calendar.Push({i % 3 == 0 ? NAN : i * 0.7, i, i}, clock));
    calendar.TakeDue(NAN, [](uint32_t) { return true; });
    calendar.TakeDue(20, [](uint32_t) { return true; });
    calendar.Filter([](uint32_t slot) { return slot % 3 == 0; });
    Slots left;
    calendar.TakeDue(100, [&](uint32_t slot) {
      left.push_back(slot);
      return true;
    });
    CHECK_EQ(calendar.size(), 0);
    CHECK(std::is_sorted(left.begin(), left.end()));
    CHECK_EQ(calendar.NextDeadline(), INFINITY);
  }
}

TEST(ClearEmptiesEveryRegionAndTheCalendarGoesOn) {
  CalendarAndModel both;
  for (int round = 0; round < 3; round++) {
    const double now = 10 - 20 * round;
    for (int i = 0; i < 500; i++) both.Push(now + i * 0.1, now);
    both.TakeDue(now + 3, 7);
    both.Clear();
    CHECK_EQ(both.TakeDue(1e9), Slots());
  }
}

TEST(ALargeBucketIsTakenInOrderAndItsNeighboursWithIt) {
  CalendarAndModel both;
  for (int i = 0; i < 3000; i++) both.Push(5 + (i * 7 % 30) * kTick / 10, 0);
  both.TakeDue(5 + 2 * kTick);
  for (int i = 0; i < 100; i++) both.Push(5 + kHorizon + (i * 7 % 30) * kTick / 10, 5 + 2 * kTick);
  both.TakeDue(5 + kHorizon + kTick);
  both.TakeDue(6 + kHorizon);
  CHECK_EQ(both.calendar.size(), 0);
}

TEST(HoldsWhatItHadWhenMemoryRunsOut) {
  const double delays[] = {0, 2, 100};
  for (double delay : delays) {
    for (int allocations = 0; allocations < 4; allocations++) {
      check::Note("delay %g after %d allocations", delay, allocations);
      TimerCalendar calendar;
      CHECK(calendar.Push({1e6, 0, 0}, 0));
      uint32_t held = 1;
      {
        failing_memory::Limit limit(allocations);
        while (held < 100 && calendar.Push({delay, held, held}, 0)) held++;
        CHECK(!calendar.Push({delay, held, held}, 0) || held == 100);
      }
      CHECK_EQ(calendar.size(), held);
      CHECK_EQ(calendar.NextDeadline(), held == 1 ? 1e6 : delay);
      Slots taken;
      calendar.TakeDue(1e6, [&](uint32_t slot) {
        taken.push_back(slot);
        return true;
      });
      CHECK_EQ(taken.size(), held);
      CHECK_EQ(calendar.size(), 0);
    }
  }
}
