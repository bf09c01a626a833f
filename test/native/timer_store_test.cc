// Tests of TimerStore: staging, cancelling, sweeping, the free list both sides share, and shared memory full of lies.
#include "failing_memory.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include "check.h"
#include "seeded_random.h"
#include "timer_model.h"
#include "timer_store_fixture.h"

using asyncio_uv::TimerStore;

namespace {

using Slots = std::vector<int32_t>;

/** So many timers waiting far off, the first `cancelled` of them cancelled, and none of that absorbed yet. */
void Prepare(TimerStoreFixture& js, int timers, int cancelled) {
  Slots slots;
  for (int i = 0; i < timers; i++) slots.push_back(js.Set(1000 + i));
  CHECK(js.store.Absorb(0));
  for (int i = 0; i < cancelled; i++) js.Cancel(slots[i]);
}

}  // namespace

TEST(AStagedTimerFiresAtItsTime) {
  TimerStoreFixture js(4);
  CHECK(!js.store.HasStaged());
  const int32_t late = js.Set(2);
  const int32_t soon = js.Set(1);
  CHECK(js.store.HasStaged());
  CHECK(js.store.Absorb(0));
  CHECK(!js.store.HasStaged());
  CHECK_EQ(js.staged_count, 0);
  CHECK_EQ(js.next_deadline, 1.0);
  CHECK_EQ(js.Fire(0.5), Slots());
  CHECK_EQ(js.Fire(1), Slots{soon});
  CHECK_EQ(js.next_deadline, 2.0);
  CHECK_EQ(js.Fire(5), Slots{late});
  CHECK_EQ(js.next_deadline, INFINITY);
  js.CheckFreeList();
}

TEST(EqualDeadlinesFireInOrderOfSettingAcrossBatches) {
  TimerStoreFixture js(100, 7);
  Slots expected;
  for (int i = 0; i < 100; i++) {
    expected.push_back(js.Set(5));
    if (!js.CanSet()) CHECK(js.store.Absorb(i * 0.01));
  }
  CHECK(js.store.Absorb(1));
  Slots fired;
  while (js.store.size() > 0 && !check::Failed()) {
    for (int32_t slot : js.Fire(5, 9)) fired.push_back(slot);
  }
  CHECK_EQ(fired, expected);
}

TEST(CapacityStopsTakingHalfWayAndTheRestStaysDue) {
  TimerStoreFixture js(10, 10);
  Slots slots;
  for (int i = 0; i < 10; i++) slots.push_back(js.Set(i));
  CHECK(js.store.Absorb(0));
  CHECK_EQ(js.Fire(100, 0), Slots());
  CHECK_EQ(js.Fire(100, 4), Slots(slots.begin(), slots.begin() + 4));
  CHECK_EQ(js.next_deadline, 4.0);
  CHECK_EQ(js.Fire(100, 6), Slots(slots.begin() + 4, slots.end()));
  CHECK_EQ(js.next_deadline, INFINITY);
  CHECK_EQ(js.Fire(100), Slots());
  js.CheckFreeList();
}

TEST(ATimerCancelledBeforeItIsTakenInNeverEntersTheCalendar) {
  TimerStoreFixture js(4);
  const int32_t kept = js.Set(1);
  const int32_t dropped = js.Set(0.5);
  js.Cancel(dropped);
  CHECK(js.store.Absorb(0));
  CHECK_EQ(js.store.size(), 1);
  CHECK_EQ(js.cancelled_count, 0);
  CHECK_EQ(js.next_deadline, 1.0);
  CHECK_EQ(js.free_head, dropped);
  CHECK_EQ(js.Fire(1), Slots{kept});
  js.CheckFreeList();
}

TEST(ACancelledTimerIsPassedOverAndFreedAtItsTime) {
  TimerStoreFixture js(8);
  Slots slots;
  for (int i = 0; i < 5; i++) slots.push_back(js.Set(i));
  CHECK(js.store.Absorb(0));
  js.Cancel(slots[0]);
  js.Cancel(slots[2]);
  js.Cancel(slots[4]);
  CHECK_EQ(js.store.size(), 5);
  // Cancelled ones use up no place among the due.
  CHECK_EQ(js.Fire(10, 2), (Slots{slots[1], slots[3]}));
  CHECK_EQ(js.Fire(10, 2), Slots());
  CHECK_EQ(js.cancelled_count, 0);
  CHECK_EQ(js.store.size(), 0);
  js.CheckFreeList();
}

TEST(SweepsWhenMoreThanAHundredAndMoreThanHalfAreCancelled) {
  struct Row {
    int timers, cancelled;
    bool swept;
  };
  const Row rows[] = {{100, 100, false}, {150, 100, false}, {101, 101, true},  {201, 101, true},
                      {202, 101, false}, {203, 101, false}, {300, 150, false}, {300, 151, true}};
  for (const Row& row : rows) {
    check::Note("%d of %d", row.cancelled, row.timers);
    TimerStoreFixture js(512, 512);
    Prepare(js, row.timers, row.cancelled);
    CHECK(js.store.Absorb(0));
    CHECK_EQ(js.store.size(), row.timers - (row.swept ? row.cancelled : 0));
    CHECK_EQ(js.cancelled_count, row.swept ? 0 : row.cancelled);
    const double first_left = 1000 + (row.swept ? row.cancelled : 0);
    CHECK_EQ(js.next_deadline, row.timers == row.cancelled && row.swept ? INFINITY : first_left);
    js.CheckFreeList();
    CHECK_EQ(js.Fire(5000, 512).size(), row.timers - row.cancelled);
    js.CheckFreeList();
  }
}

TEST(TheLinksMayMoveWhileTimersWait) {
  TimerStoreFixture js(2);
  const int32_t a = js.Set(1);
  const int32_t b = js.Set(2);
  CHECK(js.store.Absorb(0));
  CHECK(!js.CanSet());
  js.GrowLinks(6);
  const int32_t c = js.Set(1.5);
  CHECK(js.store.Absorb(0));
  js.Cancel(b);
  CHECK_EQ(js.Fire(3), (Slots{a, c}));
  js.CheckFreeList();
}

TEST(ClearLetsGoOfAllTimersAndTheStoreGoesOn) {
  TimerStoreFixture js(8);
  for (int i = 0; i < 5; i++) js.Set(i * 5);
  CHECK(js.store.Absorb(0));
  js.store.Clear();
  CHECK_EQ(js.store.size(), 0);
  CHECK_EQ(js.Fire(100), Slots());
  CHECK_EQ(js.next_deadline, INFINITY);
  const int32_t slot = js.Set(7);
  CHECK(js.store.Absorb(100));
  CHECK_EQ(js.Fire(100), Slots{slot});
}

TEST(AWildStagedCountIsClamped) {
  const int32_t none[] = {0, -1, -1000, INT32_MIN};
  for (int32_t count : none) {
    check::Note("count %d", count);
    TimerStoreFixture js(4, 4);
    while (js.CanSet()) js.Set(1);
    js.staged_count = count;
    CHECK(!js.store.HasStaged());
    CHECK(js.store.Absorb(0));
    CHECK_EQ(js.staged_count, 0);
    CHECK_EQ(js.store.size(), 0);
  }
  const int32_t many[] = {4, 5, 1000, INT32_MAX};
  for (int32_t count : many) {
    check::Note("count %d", count);
    TimerStoreFixture js(8, 4);
    Slots slots;
    for (int i = 0; i < 4; i++) slots.push_back(js.Set(i));
    js.staged_count = count;
    CHECK(js.store.Absorb(0));
    CHECK_EQ(js.store.size(), 4);
    CHECK_EQ(js.staged_count, 0);
    CHECK_EQ(js.Fire(9), slots);
  }
}

TEST(SlotsOutOfRangeAreLeftAlone) {
  TimerStoreFixture js(4, 8);
  const int32_t good = js.Set(1);
  for (int32_t slot : {-1, -2, INT32_MIN, 4, 5, 1 << 20, INT32_MAX}) js.Stage(0.5, slot);
  CHECK(js.store.Absorb(0));
  CHECK_EQ(js.store.size(), 1);
  CHECK_EQ(js.Fire(2), Slots{good});
  js.CheckFreeList();
}

TEST(LinksThatShrinkLeaveTimersOutside) {
  TimerStoreFixture js(400, 400);
  for (int i = 0; i < 300; i++) js.Set(i);
  CHECK(js.store.Absorb(0));
  const std::vector<int32_t> small(2, TimerStore::kLive);
  std::vector<int32_t> links = small;
  js.store.AttachLinks(links.data(), links.size());
  int32_t due[8];
  CHECK_EQ(js.store.TakeDue(10, due, 8), 2);
  CHECK_EQ(due[0], 0);
  CHECK_EQ(due[1], 1);
  // A sweep meets the rest.
  js.cancelled_count = 1000;
  CHECK(js.store.Absorb(0));
  CHECK_EQ(js.store.size(), 0);
  CHECK_EQ(links, small);
}

TEST(WildCountsAndFreeListHeadsAreNeverFollowed) {
  const int32_t wild[] = {INT32_MIN, -7, 12345, INT32_MAX};
  for (int32_t value : wild) {
    check::Note("value %d", value);
    TimerStoreFixture js(300, 300);
    Prepare(js, 250, 200);
    js.free_head = value;
    js.cancelled_count = value;
    CHECK(js.store.Absorb(0));
    js.cancelled_count = value;
    int32_t due[300];
    CHECK_EQ(js.store.TakeDue(5000, due, 300), 50);
    CHECK_EQ(js.store.size(), 0);
  }
}

TEST(ASlotStagedTwiceHurtsNobodyElse) {
  TimerStoreFixture js(8);
  const int32_t twice = js.Set(1);
  js.Stage(2, twice);
  js.Stage(NAN, twice);
  const int32_t good = js.Set(0.5);
  CHECK(js.store.Absorb(0));
  js.Cancel(twice);
  int32_t due[8];
  const size_t count = js.store.TakeDue(0.7, due, 8);
  CHECK(count <= 1);
  if (count == 1) CHECK_EQ(due[0], good);
  js.store.Clear();
}

TEST(WhatFoundNoMemoryStaysStagedAndNothingIsTakenInTwice) {
  TimerStoreFixture js(64, 64);
  Slots slots;
  for (int i = 0; i < 40; i++) slots.push_back(js.Set(0.001 * i));
  {
    failing_memory::Limit limit(1);
    CHECK(!js.store.Absorb(1));
  }
  CHECK(js.store.HasStaged());
  const size_t taken_in = js.store.size();
  CHECK(taken_in > 0 && taken_in < 40);
  CHECK_EQ(js.next_deadline, 0.0);
  {
    failing_memory::Limit none(0);
    CHECK(!js.store.Absorb(1));
  }
  CHECK_EQ(js.store.size(), taken_in);
  slots.push_back(js.Set(0.5));
  CHECK(js.store.Absorb(1));
  CHECK_EQ(js.staged_count, 0);
  CHECK_EQ(js.store.size(), 41);
  CHECK_EQ(js.Fire(2), slots);
  js.CheckFreeList();
}

TEST(ClearForgetsAnAbsorbThatStoppedHalfWay) {
  TimerStoreFixture js(64, 64);
  for (int i = 0; i < 40; i++) js.Set(i);
  {
    failing_memory::Limit limit(1);
    CHECK(!js.store.Absorb(0));
  }
  js.store.Clear();
  js.staged_count = 0;
  const Slots slots = {js.Set(1), js.Set(2)};
  CHECK(js.store.Absorb(0));
  CHECK_EQ(js.Fire(5), slots);
}

TEST(AgreesWithTheModelUnderRandomOperations) {
  for (uint32_t seed = 1; seed <= 40 && !check::Failed(); seed++) {
    SeededRandom random(seed);
    TimerStoreFixture js(16, 1 + random.Below(64));
    TimerModel model;
    double now = random.OneIn(2) ? 0 : -1e6 + random.Unit();
    // Many cancellations or few: sweeps need more than half.
    const uint32_t cancellations = random.OneIn(2) ? 450 : 100;
    Slots live;
    for (int step = 0; step < 4000 && !check::Failed(); step++) {
      check::Note("seed %u step %d", seed, step);
      const uint32_t kind = random.Below(1000);
      if (kind < 500) {
        if (js.free_head == TimerStore::kEnd) js.GrowLinks(js.link_count * 2);
        if (!js.CanSet()) CHECK(js.store.Absorb(now));
        const double spans[] = {0.01, 1, 20, 500};
        const double when = random.OneIn(20) ? std::floor(now) : now + random.Unit() * spans[random.Below(4)];
        const int32_t slot = js.Set(when);
        live.push_back(slot);
        model.Push(when, static_cast<uint32_t>(slot));
      } else if (kind < 500 + cancellations) {
        if (live.empty()) continue;
        const size_t index = random.Below(static_cast<uint32_t>(live.size()));
        const int32_t slot = live[index];
        live.erase(live.begin() + static_cast<std::ptrdiff_t>(index));
        js.Cancel(slot);
        model.Filter([&](uint32_t other) { return other == static_cast<uint32_t>(slot); });
      } else {
        const double steps[] = {0, 0.003, 0.5, 30};
        now += random.Unit() * steps[random.Below(4)];
        CHECK(js.store.Absorb(now));
        const size_t capacity = random.OneIn(3) ? random.Below(4) : 4096;
        const Slots fired = js.Fire(now, capacity);
        Slots expected;
        for (uint32_t slot : model.TakeDue(now, capacity)) expected.push_back(static_cast<int32_t>(slot));
        CHECK_EQ(fired, expected);
        for (int32_t slot : fired) live.erase(std::find(live.begin(), live.end(), slot));
        CHECK(js.next_deadline <= model.NextDeadline());
        if (js.cancelled_count == 0) CHECK_EQ(js.next_deadline, model.NextDeadline());
        js.CheckFreeList();
      }
    }
    CHECK(js.store.Absorb(now));
    const size_t left = model.size();
    CHECK_EQ(js.Fire(INFINITY, 4096).size(), left);
    CHECK_EQ(js.free_head == TimerStore::kEnd, false);
    js.CheckFreeList();
  }
}
