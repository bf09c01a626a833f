// Tests of Growable: what it holds against std::vector, what stays when memory runs out.
#include "failing_memory.h"

#include <cstdint>
#include <vector>

#include "check.h"
#include "containers/growable.h"
#include "seeded_random.h"

using asyncio_uv::Growable;

static std::vector<int64_t> Contents(Growable<int64_t>& array) {
  return std::vector<int64_t>(array.begin(), array.end());
}

TEST(StartsEmptyWithoutMemory) {
  Growable<int64_t> array;
  CHECK(array.empty());
  CHECK_EQ(array.size(), 0);
  CHECK_EQ(array.capacity(), 0);
  CHECK(array.begin() == array.end());
}

TEST(ClearKeepsTheMemoryAndReleaseGivesItBack) {
  Growable<int64_t> array;
  for (int64_t i = 0; i < 100; i++) CHECK(array.Push(i));
  const size_t capacity = array.capacity();
  array.Clear();
  CHECK(array.empty());
  CHECK_EQ(array.capacity(), capacity);
  array.Release();
  CHECK_EQ(array.capacity(), 0);
  CHECK(array.Push(7));
  CHECK_EQ(array[0], 7);
}

TEST(ReserveNeverShrinksAndThenPushNeedsNoMemory) {
  Growable<int64_t> array;
  CHECK(array.Reserve(50));
  CHECK_EQ(array.capacity(), 50);
  CHECK(array.Reserve(10));
  CHECK_EQ(array.capacity(), 50);
  failing_memory::Limit none(0);
  for (int64_t i = 0; i < 50; i++) CHECK(array.Push(i));
  CHECK(!array.Push(50));
  CHECK_EQ(array.size(), 50);
}

TEST(StaysUnchangedWhenMemoryRunsOut) {
  Growable<int64_t> array;
  while (array.size() < 8 || array.size() < array.capacity()) CHECK(array.Push(static_cast<int64_t>(array.size())));
  const std::vector<int64_t> before = Contents(array);
  {
    failing_memory::Limit none(0);
    CHECK(!array.Push(-1));
    CHECK(!array.Reserve(array.capacity() + 1));
  }
  CHECK_EQ(Contents(array), before);
  CHECK_EQ(array.capacity(), before.size());
  CHECK(array.Push(-1));
  CHECK_EQ(array[before.size()], -1);
}

TEST(SwapExchangesEverything) {
  Growable<int64_t> left;
  Growable<int64_t> right;
  for (int64_t i = 0; i < 20; i++) CHECK(left.Push(i));
  const size_t capacity = left.capacity();
  left.Swap(right);
  CHECK(left.empty());
  CHECK_EQ(left.capacity(), 0);
  CHECK_EQ(right.size(), 20);
  CHECK_EQ(right.capacity(), capacity);
  CHECK_EQ(right[19], 19);
  right.Swap(right);
  CHECK_EQ(right.size(), 20);
}

TEST(AgreesWithAVectorUnderRandomOperations) {
  for (uint32_t seed = 1; seed <= 20 && !check::Failed(); seed++) {
    SeededRandom random(seed);
    Growable<int64_t> array;
    std::vector<int64_t> model;
    for (int step = 0; step < 2000 && !check::Failed(); step++) {
      check::Note("seed %u step %d", seed, step);
      const uint32_t kind = random.Below(100);
      if (kind < 90) {
        const int64_t item = static_cast<int64_t>(random.Next());
        CHECK(array.Push(item));
        model.push_back(item);
      } else if (kind < 97) {
        const size_t size = random.Below(static_cast<uint32_t>(model.size()) + 1);
        array.Truncate(size);
        model.resize(size);
      } else if (kind < 98) {
        array.Clear();
        model.clear();
      } else if (kind < 99) {
        CHECK(array.Reserve(random.Below(500)));
      } else {
        array.Release();
        model.clear();
      }
      CHECK(array.size() <= array.capacity());
      CHECK_EQ(array.size(), model.size());
      CHECK_EQ(array.empty(), model.empty());
      if (step % 16 == 0) CHECK_EQ(Contents(array), model);
    }
    CHECK_EQ(Contents(array), model);
  }
}
