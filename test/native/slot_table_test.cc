// Tests of SlotTable: stale numbers find nobody, generations wrap, a full table refuses, the free list loses nothing.
#include "failing_memory.h"

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "check.h"
#include "containers/slot_table.h"
#include "seeded_random.h"

using asyncio_uv::kNoSlot;
using asyncio_uv::kSlotGenerations;
using asyncio_uv::kSlotIndexBits;
using asyncio_uv::kSlotIndexMask;
using asyncio_uv::SlotTable;

static int first = 1;
static int second = 2;

TEST(NumbersThatWereNeverGivenOutFindNobody) {
  SlotTable<int> table;
  const int32_t strangers[] = {0, 1, -1, kNoSlot, INT32_MIN, INT32_MAX, 1 << 20, 1 << 30};
  for (int32_t id : strangers) CHECK(table.Find(id) == nullptr);
  const int32_t id = table.Add(&first);
  for (int32_t stranger : strangers) CHECK(stranger == id || table.Find(stranger) == nullptr);
  for (int32_t stranger : strangers) {
    if (stranger != id) table.Remove(stranger);
  }
  CHECK_EQ(table.size(), 1);
  CHECK(table.Find(id) == &first);
}

TEST(AnIdWithAnotherGenerationOrSignFindsNobody) {
  SlotTable<int> table;
  const int32_t id = table.Add(&first);
  for (uint32_t bit = 0; bit < 32; bit++) {
    const int32_t other = static_cast<int32_t>(static_cast<uint32_t>(id) ^ uint32_t{1} << bit);
    CHECK(table.Find(other) == nullptr);
  }
}

TEST(AStaleNumberFindsNobodyAndRemovesNobody) {
  SlotTable<int> table;
  const int32_t old = table.Add(&first);
  table.Remove(old);
  CHECK(table.Find(old) == nullptr);
  CHECK_EQ(table.size(), 0);
  const int32_t fresh = table.Add(&second);
  CHECK(fresh != old);
  CHECK_EQ(fresh & static_cast<int32_t>(kSlotIndexMask), old & static_cast<int32_t>(kSlotIndexMask));
  table.Remove(old);
  CHECK(table.Find(old) == nullptr);
  CHECK(table.Find(fresh) == &second);
  CHECK_EQ(table.size(), 1);
  CHECK_EQ(table.capacity(), 1);
}

TEST(RemovingTwiceFreesOnce) {
  SlotTable<int> table;
  const int32_t id = table.Add(&first);
  table.Remove(id);
  table.Remove(id);
  const int32_t a = table.Add(&first);
  const int32_t b = table.Add(&second);
  CHECK(a != b);
  CHECK(table.Find(a) == &first);
  CHECK(table.Find(b) == &second);
  CHECK_EQ(table.size(), 2);
}

TEST(ANumberRepeatsOnlyAfterAllGenerations) {
  SlotTable<int> table;
  const int32_t original = table.Add(&first);
  std::unordered_set<int32_t> seen = {original};
  int32_t id = original;
  for (uint32_t reuse = 1; reuse < kSlotGenerations; reuse++) {
    table.Remove(id);
    id = table.Add(&first);
    CHECK(id >= 0);
    CHECK(seen.insert(id).second);
    CHECK(table.Find(id) == &first);
  }
  table.Remove(id);
  CHECK_EQ(table.Add(&first), original);
  CHECK_EQ(table.capacity(), 1);
}

TEST(AFullTableRefusesUntilSomethingLeaves) {
  SlotTable<int> table;
  const uint32_t all = kSlotIndexMask + 1;
  int32_t last = kNoSlot;
  for (uint32_t i = 0; i < all && !check::Failed(); i++) {
    last = table.Add(&first);
    CHECK_EQ(last, i);
  }
  CHECK_EQ(table.size(), all);
  CHECK_EQ(table.Add(&second), kNoSlot);
  CHECK_EQ(table.Add(&second), kNoSlot);
  CHECK_EQ(table.size(), all);
  CHECK_EQ(table.capacity(), all);
  table.Remove(12345);
  const int32_t id = table.Add(&second);
  CHECK_EQ(id, 12345 | 1 << kSlotIndexBits);
  CHECK(table.Find(id) == &second);
  CHECK_EQ(table.Add(&second), kNoSlot);
  table.Remove(last);
  CHECK_EQ(table.Add(&second), last | 1 << kSlotIndexBits);
}

TEST(SaysSoWhenMemoryRunsOutAndGoesOn) {
  SlotTable<int> table;
  std::vector<int32_t> ids;
  {
    failing_memory::Limit one(1);
    for (int32_t id = table.Add(&first); id != kNoSlot; id = table.Add(&first)) ids.push_back(id);
    CHECK(ids.size() > 0);
    CHECK_EQ(table.size(), ids.size());
    table.Remove(ids.back());
    ids.back() = table.Add(&second);
    CHECK(ids.back() != kNoSlot);
  }
  CHECK(table.Add(&first) != kNoSlot);
  CHECK(table.Find(ids.back()) == &second);
  CHECK_EQ(table.size(), ids.size() + 1);
}

TEST(AgreesWithAMapUnderRandomOperations) {
  static int objects[64];
  for (uint32_t seed = 1; seed <= 20 && !check::Failed(); seed++) {
    SeededRandom random(seed);
    SlotTable<int> table;
    std::unordered_map<int32_t, int*> model;
    std::vector<int32_t> given;
    size_t most = 0;
    for (int step = 0; step < 5000 && !check::Failed(); step++) {
      check::Note("seed %u step %d", seed, step);
      if (model.size() < 200 && random.OneIn(2)) {
        int* object = &objects[random.Below(64)];
        const int32_t id = table.Add(object);
        CHECK(id >= 0);
        CHECK(model.emplace(id, object).second);
        given.push_back(id);
      } else if (!given.empty()) {
        // Old numbers as well as live ones: 2048 generations are not used up in 5000 steps.
        const int32_t id = given[random.Below(static_cast<uint32_t>(given.size()))];
        table.Remove(id);
        model.erase(id);
      }
      if (model.size() > most) most = model.size();
      CHECK_EQ(table.size(), model.size());
      CHECK_EQ(table.capacity(), most);
    }
    size_t walked = 0;
    for (size_t index = 0; index < table.capacity(); index++) walked += table.At(index) != nullptr;
    CHECK_EQ(walked, model.size());
    for (int32_t id : given) {
      const auto found = model.find(id);
      CHECK(table.Find(id) == (found == model.end() ? nullptr : found->second));
    }
  }
}
