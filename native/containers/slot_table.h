// Numbers for native objects that are safe to hand to JavaScript: an index with a generation, so a stale number finds nobody.
#ifndef ASYNCIO_UV_CONTAINERS_SLOT_TABLE_H_
#define ASYNCIO_UV_CONTAINERS_SLOT_TABLE_H_

#include <cstddef>
#include <cstdint>

#include "containers/growable.h"

namespace asyncio_uv {

// An id is a positive int32, so that it is a small integer on the JavaScript side too:
//
//   30        20 19                0
//   ├ generation ┤├──── index ─────┤
//
// 1 048 576 objects at once; a number repeats after 2047 reuses of its slot.
constexpr uint32_t kSlotIndexBits = 20;
constexpr uint32_t kSlotIndexMask = (uint32_t{1} << kSlotIndexBits) - 1;
constexpr uint32_t kSlotGenerations = uint32_t{1} << 11;
constexpr int32_t kNoSlot = -1;

template <typename T>
class SlotTable {
 public:
  size_t size() const { return live_; }
  /** One past the highest index ever in use. */
  size_t capacity() const { return slots_.size(); }

  /** The id, or kNoSlot when the table is full or memory ran out. */
  int32_t Add(T* object) {
    uint32_t index;
    if (free_head_ != kNone) {
      index = free_head_;
      free_head_ = slots_[index].next_free;
    } else {
      index = static_cast<uint32_t>(slots_.size());
      if (index > kSlotIndexMask || !slots_.Push({nullptr, 0, kNone})) return kNoSlot;
    }
    Slot& slot = slots_[index];
    slot.object = object;
    live_++;
    return static_cast<int32_t>(slot.generation << kSlotIndexBits | index);
  }

  /** Null for a number that was never given out or whose object is gone. */
  T* Find(int32_t id) {
    if (id < 0) return nullptr;
    const uint32_t index = static_cast<uint32_t>(id) & kSlotIndexMask;
    if (index >= slots_.size()) return nullptr;
    Slot& slot = slots_[index];
    return slot.generation == static_cast<uint32_t>(id) >> kSlotIndexBits ? slot.object : nullptr;
  }

  void Remove(int32_t id) {
    if (Find(id) == nullptr) return;
    const uint32_t index = static_cast<uint32_t>(id) & kSlotIndexMask;
    Slot& slot = slots_[index];
    slot.object = nullptr;
    slot.generation = (slot.generation + 1) % kSlotGenerations;
    slot.next_free = free_head_;
    free_head_ = index;
    live_--;
  }

  /** Whatever is in a slot now, for walking over all; may be null. */
  T* At(size_t index) { return slots_[index].object; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Slot {
    T* object;
    uint32_t generation;
    uint32_t next_free;
  };

  Growable<Slot> slots_;
  uint32_t free_head_ = kNone;
  size_t live_ = 0;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_CONTAINERS_SLOT_TABLE_H_
