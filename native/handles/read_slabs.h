// The memory that reads go into: one slab that is lent for a turn, and pairs of slabs whose bytes are given away for good.
//
//   slab 0      lent:   used from the start again every turn, so it is always hot in the cache
//   slab 1, 2   small:  64 KiB, for streams that send little at a time
//   slab 3, 4   large:  1 MiB, for streams that fill what they are offered
//
// Of a pair one is in use and one is spare. A used-up slab is reported in SLABS_WANTED; JavaScript keeps it alive for as long
// as anybody holds a view of it, and provides a fresh one. Until then the spare serves; when that is used up too, JavaScript
// is entered at once, so a turn never takes in more than the caches hold.
#ifndef ASYNCIO_UV_HANDLES_READ_SLABS_H_
#define ASYNCIO_UV_HANDLES_READ_SLABS_H_

#include <uv.h>

#include "convert/pinned_array.h"
#include "shared_layout.h"

namespace asyncio_uv {

class ReadSlabs {
 public:
  void Attach(int32_t* wanted) { wanted_ = wanted; }

  /** False when it is not a Uint8Array large enough, or that slab is still in use. */
  bool Provide(napi_env env, int32_t index, napi_value value) {
    if (index < 0 || index >= kSlabs) return false;
    if (slabs_[index].bytes.data() != nullptr && (*wanted_ & Bit(index)) == 0) return false;
    if (!slabs_[index].bytes.Pin(env, value, SlabBytes(index))) return false;
    slabs_[index].used = 0;
    *wanted_ &= ~Bit(index);
    return true;
  }

  /** Offers room for one read, or none (`length` 0). The read that follows must Commit before the next Offer. */
  void Offer(bool borrow, bool hungry, uv_buf_t* buffer) {
    const size_t least = hungry ? kMinLargeRead : kMinSmallRead;
    offered_ = borrow ? kBorrowedSlab : Owned(hungry, least);
    if (offered_ < 0 || Room(offered_) < least) {
      *buffer = uv_buf_init(nullptr, 0);
      return;
    }
    Slab& slab = slabs_[offered_];
    const size_t room = Room(offered_);
    *buffer = uv_buf_init(reinterpret_cast<char*>(slab.bytes.data()) + slab.used,
                          static_cast<unsigned>(room < kMaxRead ? room : kMaxRead));
  }

  struct Taken {
    int32_t slab;
    int32_t offset;
  };

  /** Whether the next read of this kind would find no room before JavaScript has provided fresh slabs. */
  bool UsedUp(bool borrow, bool hungry) {
    const size_t least = hungry ? kMinLargeRead : kMinSmallRead;
    const int32_t slab = borrow ? kBorrowedSlab : Owned(hungry, least);
    return slab < 0 || Room(slab) < least;
  }

  Taken Commit(size_t bytes) {
    Slab& slab = slabs_[offered_];
    const Taken taken = {offered_, static_cast<int32_t>(slab.used)};
    // Aligned, so that the next read starts on a cache line of its own.
    slab.used += (bytes + kAlignment - 1) & ~(kAlignment - 1);
    if (slab.used > slab.bytes.length()) slab.used = slab.bytes.length();
    return taken;
  }

  /** After a turn nobody may look at borrowed bytes any more. */
  void StartTurn() { slabs_[kBorrowedSlab].used = 0; }

  void Release(napi_env env) {
    for (Slab& slab : slabs_) slab.bytes.Unpin(env);
  }

 private:
  struct Slab {
    PinnedBytes bytes;
    size_t used = 0;
  };

  static constexpr size_t kAlignment = 64;

  static int32_t Bit(int32_t index) { return int32_t{1} << index; }

  static size_t SlabBytes(int32_t index) {
    if (index == kBorrowedSlab) return kBorrowedSlabBytes;
    return index < kFirstLargeSlab ? kSmallSlabBytes : kLargeSlabBytes;
  }

  size_t Room(int32_t index) const {
    const Slab& slab = slabs_[index];
    return slab.bytes.length() - slab.used;
  }

  /** The slab of the pair that has room; asks for a fresh one in place of a used-up one. */
  int32_t Owned(bool hungry, size_t least) {
    int32_t& current = hungry ? current_large_ : current_small_;
    if (Room(current) >= least) return current;
    *wanted_ |= Bit(current);
    const int32_t first = hungry ? kFirstLargeSlab : kFirstSmallSlab;
    const int32_t spare = current == first ? first + 1 : first;
    if (Room(spare) < least) {
      *wanted_ |= Bit(spare);
      return -1;
    }
    current = spare;
    return current;
  }

  Slab slabs_[kSlabs];
  int32_t* wanted_ = nullptr;
  int32_t current_small_ = kFirstSmallSlab;
  int32_t current_large_ = kFirstLargeSlab;
  int32_t offered_ = -1;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_HANDLES_READ_SLABS_H_
