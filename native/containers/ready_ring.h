// The native ready queue: what has happened since JavaScript last looked, as small integer records in memory both sides see.
//
//   shared memory   ├─ record ─┼─ record ─┼─ ...          kCapacity records of four int32
//   spill           ├─ record ─┼─ ...                     only when the shared part is full; moved there after the turn
//
// It is filled between two turns and emptied whole by a turn, so it needs no wrap-around: position 0 is always the oldest.
// Reads and accepts ask HasRoom() first and wait in the kernel otherwise; everything else is bounded by the number of
// streams and may spill, so nothing is ever dropped.
#ifndef ASYNCIO_UV_CONTAINERS_READY_RING_H_
#define ASYNCIO_UV_CONTAINERS_READY_RING_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "containers/growable.h"

namespace asyncio_uv {

struct ReadyRecord {
  int32_t id;
  int32_t kind;
  int32_t a;
  int32_t b;
};

class ReadyRing {
 public:
  /** `records` has room for `capacity` records; `count` is where JavaScript reads how many there are. */
  void Attach(int32_t* records, size_t capacity, int32_t* count) {
    records_ = reinterpret_cast<ReadyRecord*>(records);
    capacity_ = capacity;
    count_ = count;
  }

  bool empty() const { return *count_ == 0 && spill_.empty(); }
  bool HasRoom() const { return static_cast<size_t>(*count_) < capacity_ && spill_.empty(); }
  size_t spilled() const { return spill_.size(); }

  /** False only when memory ran out. */
  bool Push(const ReadyRecord& record) {
    if (!HasRoom()) return spill_.Push(record);
    const int32_t at = *count_;
    records_[at] = record;
    *count_ = at + 1;
    return true;
  }

  /** After a turn has emptied the shared part: brings in what was spilled. */
  void Refill() {
    if (spill_.empty() || *count_ != 0) return;
    const size_t moved = spill_.size() < capacity_ ? spill_.size() : capacity_;
    memcpy(records_, spill_.begin(), moved * sizeof(ReadyRecord));
    *count_ = static_cast<int32_t>(moved);
    const size_t left = spill_.size() - moved;
    memmove(spill_.begin(), spill_.begin() + moved, left * sizeof(ReadyRecord));
    spill_.Truncate(left);
  }

  void Clear() {
    if (count_ != nullptr) *count_ = 0;
    spill_.Release();
  }

 private:
  ReadyRecord* records_ = nullptr;
  size_t capacity_ = 0;
  int32_t* count_ = nullptr;
  Growable<ReadyRecord> spill_;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_CONTAINERS_READY_RING_H_
