// Tests of ReadyRing: nothing is dropped or overtaken, whatever spills, and a wild count in shared memory hurts nobody.
#include "failing_memory.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "check.h"
#include "containers/ready_ring.h"
#include "seeded_random.h"

using asyncio_uv::ReadyRecord;
using asyncio_uv::ReadyRing;

namespace {

/** The shared memory as JavaScript sees it, exactly as large as it says, so that the sanitizer guards its ends. */
class SharedRing {
 public:
  explicit SharedRing(size_t capacity) : records_(new int32_t[capacity * 4]), count_(new int32_t(0)) {
    ring.Attach(records_.get(), capacity, count_.get());
  }

  bool Push(int32_t id) { return ring.Push({id, id * 2, id * 3, -id}); }

  /** What a turn does: read all records and say that they are gone. */
  std::vector<int32_t> Drain() {
    std::vector<int32_t> ids;
    for (int32_t i = 0; i < *count_; i++) {
      const int32_t* record = &records_[static_cast<size_t>(i) * 4];
      CHECK_EQ(record[1], record[0] * 2);
      CHECK_EQ(record[2], record[0] * 3);
      CHECK_EQ(record[3], -record[0]);
      ids.push_back(record[0]);
    }
    *count_ = 0;
    return ids;
  }

  int32_t& count() { return *count_; }

  ReadyRing ring;

 private:
  std::unique_ptr<int32_t[]> records_;
  std::unique_ptr<int32_t> count_;
};

std::vector<int32_t> Range(int32_t from, int32_t to) {
  std::vector<int32_t> numbers;
  for (int32_t i = from; i < to; i++) numbers.push_back(i);
  return numbers;
}

}  // namespace

TEST(ARecordIsFourIntegers) { CHECK_EQ(sizeof(ReadyRecord), 4 * sizeof(int32_t)); }

TEST(FillsInOrderUpToItsCapacity) {
  SharedRing shared(4);
  CHECK(shared.ring.empty());
  for (int32_t i = 0; i < 4; i++) {
    CHECK(shared.ring.HasRoom());
    CHECK(shared.Push(i));
  }
  CHECK(!shared.ring.HasRoom());
  CHECK(!shared.ring.empty());
  CHECK_EQ(shared.ring.spilled(), 0);
  CHECK_EQ(shared.Drain(), Range(0, 4));
  CHECK(shared.ring.empty());
  CHECK(shared.ring.HasRoom());
}

TEST(SpillsWhenFullAndRefillsInOrder) {
  SharedRing shared(4);
  for (int32_t i = 0; i < 11; i++) CHECK(shared.Push(i));
  CHECK_EQ(shared.ring.spilled(), 7);
  CHECK_EQ(shared.Drain(), Range(0, 4));
  CHECK(!shared.ring.empty());
  CHECK(!shared.ring.HasRoom());
  shared.ring.Refill();
  CHECK_EQ(shared.ring.spilled(), 3);
  CHECK_EQ(shared.Drain(), Range(4, 8));
  shared.ring.Refill();
  CHECK_EQ(shared.count(), 3);
  CHECK(shared.ring.HasRoom());
  CHECK_EQ(shared.Drain(), Range(8, 11));
  CHECK(shared.ring.empty());
  shared.ring.Refill();
  CHECK(shared.ring.empty());
}

TEST(WhatComesAfterASpillDoesNotOvertakeIt) {
  SharedRing shared(2);
  for (int32_t i = 0; i < 3; i++) CHECK(shared.Push(i));
  CHECK_EQ(shared.Drain(), Range(0, 2));
  CHECK(shared.Push(3));
  CHECK_EQ(shared.count(), 0);
  CHECK_EQ(shared.ring.spilled(), 2);
  shared.ring.Refill();
  CHECK(shared.Push(4));
  CHECK_EQ(shared.Drain(), Range(2, 4));
  shared.ring.Refill();
  CHECK_EQ(shared.Drain(), Range(4, 5));
}

TEST(RefillWaitsForTheTurnToHaveTakenAll) {
  SharedRing shared(2);
  for (int32_t i = 0; i < 4; i++) CHECK(shared.Push(i));
  shared.ring.Refill();
  CHECK_EQ(shared.ring.spilled(), 2);
  CHECK_EQ(shared.Drain(), Range(0, 2));
}

TEST(ClearForgetsBothParts) {
  SharedRing shared(2);
  for (int32_t i = 0; i < 5; i++) CHECK(shared.Push(i));
  shared.ring.Clear();
  CHECK(shared.ring.empty());
  CHECK_EQ(shared.count(), 0);
  shared.ring.Refill();
  CHECK(shared.Push(9));
  CHECK_EQ(shared.Drain(), Range(9, 10));
  ReadyRing unattached;
  unattached.Clear();
  CHECK_EQ(unattached.spilled(), 0);
}

TEST(AWildCountInSharedMemoryLeadsNowhere) {
  const int32_t wild[] = {-1, INT32_MIN, 3, 1000, INT32_MAX};
  for (int32_t count : wild) {
    check::Note("count %d", count);
    SharedRing shared(2);
    shared.count() = count;
    CHECK(!shared.ring.HasRoom());
    for (int32_t i = 0; i < 3; i++) CHECK(shared.Push(i));
    shared.ring.Refill();
    CHECK_EQ(shared.count(), count);
    CHECK_EQ(shared.ring.spilled(), 3);
    shared.count() = 0;
    shared.ring.Refill();
    CHECK_EQ(shared.Drain(), Range(0, 2));
    shared.ring.Refill();
    CHECK_EQ(shared.Drain(), Range(2, 3));
  }
}

TEST(SaysSoWhenASpillFindsNoMemory) {
  SharedRing shared(2);
  {
    failing_memory::Limit none(0);
    CHECK(shared.Push(0));
    CHECK(shared.Push(1));
    CHECK(!shared.Push(2));
  }
  CHECK_EQ(shared.ring.spilled(), 0);
  CHECK_EQ(shared.Drain(), Range(0, 2));
  CHECK(shared.Push(3));
  CHECK_EQ(shared.Drain(), Range(3, 4));
}

TEST(AgreesWithADequeUnderRandomOperations) {
  for (uint32_t seed = 1; seed <= 30 && !check::Failed(); seed++) {
    SeededRandom random(seed);
    SharedRing shared(1 + random.Below(16));
    std::deque<int32_t> model;
    int32_t next = 0;
    for (int step = 0; step < 2000 && !check::Failed(); step++) {
      check::Note("seed %u step %d", seed, step);
      const uint32_t kind = random.Below(10);
      if (kind < 8) {
        model.push_back(next);
        CHECK(shared.Push(next++));
      } else {
        for (int32_t id : shared.Drain()) {
          CHECK(!model.empty());
          if (check::Failed()) break;
          CHECK_EQ(id, model.front());
          model.pop_front();
        }
        if (kind == 9) shared.ring.Refill();
      }
      CHECK_EQ(shared.ring.empty(), model.empty());
      CHECK_EQ(static_cast<size_t>(shared.count()) + shared.ring.spilled(), model.size());
    }
    while (!shared.ring.empty() && !check::Failed()) {
      const size_t before = model.size();
      for (int32_t id : shared.Drain()) {
        CHECK_EQ(id, model.front());
        model.pop_front();
      }
      shared.ring.Refill();
      if (model.size() == before) CHECK(shared.count() > 0);
    }
    CHECK(model.empty());
  }
}
