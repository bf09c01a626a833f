// Tests of TimerHeap against a multimap: order, filtering, sequence wrap-around, lack of memory.
#include "failing_memory.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "check.h"
#include "containers/timer_heap.h"
#include "seeded_random.h"
#include "timer_model.h"

using asyncio_uv::TimerHeap;

static std::vector<uint32_t> PopAll(TimerHeap& heap) {
  std::vector<uint32_t> slots;
  while (!heap.empty()) slots.push_back(heap.Pop().slot);
  return slots;
}

static std::vector<uint32_t> UpTo(uint32_t count) {
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < count; i++) numbers.push_back(i);
  return numbers;
}

TEST(PopGivesBackTheWholeNode) {
  TimerHeap heap;
  CHECK(heap.Push({2.5, 7, 11}));
  CHECK_EQ(heap.top().when, 2.5);
  const asyncio_uv::TimerNode node = heap.Pop();
  CHECK_EQ(node.when, 2.5);
  CHECK_EQ(node.sequence, 7);
  CHECK_EQ(node.slot, 11);
  CHECK(heap.empty());
}

TEST(EveryOrderOfFiveDeadlinesPopsSorted) {
  // 120 orders and sizes 1 to 6 cover a root with none, some and all of its four children, and the first grandchild.
  std::vector<uint32_t> order = UpTo(6);
  do {
    for (size_t size = 1; size <= order.size() && !check::Failed(); size++) {
      TimerHeap heap;
      std::vector<uint32_t> sorted;
      for (size_t i = 0; i < size; i++) {
        CHECK(heap.Push({static_cast<double>(order[i]), static_cast<uint32_t>(i), order[i]}));
        sorted.push_back(order[i]);
      }
      std::sort(sorted.begin(), sorted.end());
      CHECK_EQ(PopAll(heap), sorted);
    }
  } while (std::next_permutation(order.begin(), order.end()) && !check::Failed());
}

TEST(EqualDeadlinesPopInOrderOfAddingAcrossTheWrap) {
  const uint32_t starts[] = {0, UINT32_MAX - 500, uint32_t{INT32_MAX} - 500};
  for (uint32_t start : starts) {
    TimerHeap heap;
    for (uint32_t i = 0; i < 1000; i++) CHECK(heap.Push({1, start + i, i}));
    CHECK_EQ(PopAll(heap), UpTo(1000));
  }
}

TEST(InfiniteAndHugeDeadlinesHaveTheirPlaces) {
  TimerHeap heap;
  const double times[] = {INFINITY, 1e300, 0, -1e300, -INFINITY, 1, -1, INFINITY};
  const std::vector<uint32_t> expected = {4, 3, 6, 2, 5, 1, 0, 7};
  for (uint32_t i = 0; i < 8; i++) CHECK(heap.Push({times[i], i, i}));
  CHECK_EQ(PopAll(heap), expected);
}

TEST(FilterOfAllSomeAndNone) {
  for (uint32_t size = 0; size < 40 && !check::Failed(); size++) {
    for (uint32_t modulus = 1; modulus < 5; modulus++) {
      check::Note("size %u modulus %u", size, modulus);
      TimerHeap heap;
      std::vector<uint32_t> expected;
      for (uint32_t i = 0; i < size; i++) {
        CHECK(heap.Push({-static_cast<double>(i), i, i}));
        if (i % modulus != 0) expected.insert(expected.begin(), i);
      }
      uint32_t asked = 0;
      heap.Filter([&](uint32_t slot) {
        asked++;
        return slot % modulus == 0;
      });
      CHECK_EQ(asked, size);
      CHECK_EQ(heap.size(), expected.size());
      CHECK_EQ(PopAll(heap), expected);
    }
  }
}

TEST(ClearEmptiesAndTheHeapGoesOn) {
  TimerHeap heap;
  for (uint32_t i = 0; i < 100; i++) CHECK(heap.Push({1, i, i}));
  heap.Clear();
  CHECK(heap.empty());
  CHECK(heap.Push({3, 0, 1}));
  CHECK(heap.Push({2, 1, 2}));
  CHECK_EQ(heap.Pop().slot, 2);
}

TEST(StaysUnchangedWhenMemoryRunsOut) {
  TimerHeap heap;
  for (uint32_t i = 0; i < 8; i++) CHECK(heap.Push({1, i, i}));
  {
    failing_memory::Limit none(0);
    while (heap.Push({1, static_cast<uint32_t>(heap.size()), static_cast<uint32_t>(heap.size())})) continue;
    CHECK(!heap.Push({0, 99, 99}));
  }
  const uint32_t held = static_cast<uint32_t>(heap.size());
  CHECK(heap.Push({0, 100, 100}));
  CHECK_EQ(heap.Pop().slot, 100);
  CHECK_EQ(PopAll(heap), UpTo(held));
}

TEST(AgreesWithTheModelUnderRandomOperations) {
  for (uint32_t seed = 1; seed <= 40 && !check::Failed(); seed++) {
    SeededRandom random(seed);
    TimerHeap heap;
    TimerModel model;
    uint32_t sequence = random.OneIn(2) ? UINT32_MAX - random.Below(3000) : random.Below(1000);
    uint32_t slot = 0;
    // Few distinct times make many equal deadlines.
    const uint32_t distinct = random.OneIn(2) ? 8 : 1000000;
    for (int step = 0; step < 4000 && !check::Failed(); step++) {
      check::Note("seed %u step %d", seed, step);
      const uint32_t kind = random.Below(1000);
      if (kind < 550) {
        const double when = static_cast<double>(random.Below(distinct)) - distinct / 2;
        CHECK(heap.Push({when, sequence++, slot}));
        model.Push(when, slot++);
      } else if (kind < 995) {
        if (model.size() == 0) continue;
        CHECK_EQ(heap.top().when, model.NextDeadline());
        CHECK_EQ(heap.Pop().slot, model.TakeDue(INFINITY, 1)[0]);
      } else {
        const uint32_t modulus = 1 + random.Below(6);
        auto dead = [&](uint32_t number) { return number % modulus == 0; };
        heap.Filter(dead);
        model.Filter(dead);
      }
      CHECK_EQ(heap.size(), model.size());
    }
    CHECK_EQ(PopAll(heap), model.TakeDue(INFINITY, SIZE_MAX));
  }
}
