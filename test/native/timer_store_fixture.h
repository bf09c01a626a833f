// The JavaScript side of TimerStore: shared memory, and what setting, cancelling and firing timers does to it.
#ifndef ASYNCIO_UV_TEST_NATIVE_TIMER_STORE_FIXTURE_H_
#define ASYNCIO_UV_TEST_NATIVE_TIMER_STORE_FIXTURE_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "check.h"
#include "containers/timer_store.h"

class TimerStoreFixture {
 public:
  using TimerStore = asyncio_uv::TimerStore;

  explicit TimerStoreFixture(size_t slots, size_t staged_capacity = 8)
      : staged_when(new double[staged_capacity]),
        staged_slot(new int32_t[staged_capacity]),
        staged_capacity_(staged_capacity) {
    store.Attach({&staged_count, &cancelled_count, &free_head, staged_when.get(), staged_slot.get(), staged_capacity,
                  &next_deadline});
    GrowLinks(slots);
  }

  /** New memory for the links, as when JavaScript has grown it; the added slots join the free list. */
  void GrowLinks(size_t slots) {
    auto grown = std::make_unique<int32_t[]>(slots);
    for (size_t i = 0; i < link_count; i++) grown[i] = links[i];
    for (size_t i = slots; i-- > link_count;) {
      grown[i] = free_head;
      free_head = static_cast<int32_t>(i);
    }
    links = std::move(grown);
    link_count = slots;
    store.AttachLinks(links.get(), link_count);
  }

  bool CanSet() const { return free_head != TimerStore::kEnd && staged_count < static_cast<int32_t>(staged_capacity_); }

  int32_t Set(double when) {
    const int32_t slot = free_head;
    free_head = links[slot];
    links[slot] = TimerStore::kLive;
    Stage(when, slot);
    return slot;
  }

  void Stage(double when, int32_t slot) {
    staged_when[staged_count] = when;
    staged_slot[staged_count] = slot;
    staged_count++;
  }

  void Cancel(int32_t slot) {
    links[slot] = TimerStore::kCancelled;
    cancelled_count++;
  }

  /** Takes due slots and gives them back to the free list, as JavaScript does when it has run them. */
  std::vector<int32_t> Fire(double now, size_t capacity = 64) {
    auto due = std::make_unique<int32_t[]>(capacity);
    const size_t count = store.TakeDue(now, due.get(), capacity);
    CHECK(count <= capacity);
    std::vector<int32_t> fired(due.get(), due.get() + count);
    for (int32_t slot : fired) {
      CHECK_EQ(links[slot], TimerStore::kLive);
      links[slot] = free_head;
      free_head = slot;
    }
    return fired;
  }

  /** Each slot is either once on the free list or waiting, and the cancelled ones are as many as counted. */
  void CheckFreeList() {
    std::set<int32_t> free;
    for (int32_t slot = free_head; slot != TimerStore::kEnd && !check::Failed(); slot = links[slot]) {
      CHECK(slot >= 0 && static_cast<size_t>(slot) < link_count);
      CHECK(free.insert(slot).second);
    }
    int32_t cancelled = 0;
    size_t waiting = 0;
    for (size_t i = 0; i < link_count && !check::Failed(); i++) {
      const bool occupied = links[i] == TimerStore::kLive || links[i] == TimerStore::kCancelled;
      CHECK(occupied != (free.count(static_cast<int32_t>(i)) == 1));
      waiting += occupied;
      cancelled += links[i] == TimerStore::kCancelled;
    }
    CHECK_EQ(cancelled_count, cancelled);
    CHECK_EQ(store.size() + static_cast<size_t>(staged_count), waiting);
  }

  TimerStore store;
  int32_t staged_count = 0;
  int32_t cancelled_count = 0;
  int32_t free_head = TimerStore::kEnd;
  double next_deadline = INFINITY;
  std::unique_ptr<double[]> staged_when;
  std::unique_ptr<int32_t[]> staged_slot;
  std::unique_ptr<int32_t[]> links;
  size_t link_count = 0;

 private:
  size_t staged_capacity_;
};

#endif  // ASYNCIO_UV_TEST_NATIVE_TIMER_STORE_FIXTURE_H_
