// The single truth about the memory both languages see: slot names, record kinds, sizes and the number of the agreement.
// JavaScript reads all of it from the addon (`layout`), so nothing is written down twice.
#ifndef ASYNCIO_UV_SHARED_LAYOUT_H_
#define ASYNCIO_UV_SHARED_LAYOUT_H_

#include <cstdint>

namespace asyncio_uv {

/** Raised whenever the meaning of an export or of shared memory changes; lib/native/binding.ts refuses another. */
constexpr int32_t kAbi = 3;

// The state array, int32 each.
#define ASYNCIO_UV_STATE_SLOTS(V)                                                        \
  V(RECORD_COUNT)    /* records that wait for JavaScript */                              \
  V(REQUEST_COUNT)   /* write requests that wait for the flush */                        \
  V(OUT_USED)        /* bytes of the out slab in use */                                  \
  V(FLUSH_EPOCH)     /* counts flushes: corked bytes of an older epoch are gone */       \
  V(STAGED_COUNT)    /* timers that JavaScript has staged */                             \
  V(CANCELLED_COUNT) /* cancelled timers that still occupy a slot */                     \
  V(TIMER_FREE_HEAD) /* first free timer slot */                                         \
  V(SLABS_WANTED)    /* bit i: slab i is used up and wants a fresh one */                \
  V(TURNS)           /* entries into JavaScript so far */                                \
  V(STREAMS)         /* streams alive, closing ones included */                          \
  V(LISTENERS)       /* listeners alive, closing ones included */

enum StateSlot : int {
#define V(name) k_##name,
  ASYNCIO_UV_STATE_SLOTS(V)
#undef V
      kStateSlots
};

// The times array, float64 each, in seconds of the loop's clock.
#define ASYNCIO_UV_TIME_SLOTS(V)                                             \
  V(NEXT_DEADLINE) /* no later than the first deadline; Infinity if none */ \
  V(FOREIGN_TIME)  /* the time now, by a clock of JavaScript's; NaN if the loop goes by libuv's */

enum TimeSlot : int {
#define V(name) k_##name,
  ASYNCIO_UV_TIME_SLOTS(V)
#undef V
      kTimeSlots
};

// Kinds of ready records: (id, kind, a, b).
#define ASYNCIO_UV_RECORD_KINDS(V)                                                     \
  V(READ)        /* a: offset in slab, b: bytes; the slab number is kind >> 8 */       \
  V(END)         /* the peer has ended its side */                                     \
  V(READ_ERROR)  /* a: libuv's code */                                                 \
  V(WRITE_ERROR) /* a: libuv's code */                                                 \
  V(BACKLOG)     /* what is queued behind a full socket has changed; ask queuedBytes */ \
  V(SHUTDOWN)    /* a: libuv's code */                                                 \
  V(CONNECT)     /* a: libuv's code */                                                 \
  V(ACCEPT)      /* id: the listener, a: the new stream */                             \
  V(ACCEPT_ERROR) /* a: libuv's code */

enum RecordKind : int32_t {
#define V(name) kRecord_##name,
  ASYNCIO_UV_RECORD_KINDS(V)
#undef V
      kRecordKinds
};

constexpr int32_t kRecordStride = 4;
constexpr int32_t kRecordKindBits = 8;
constexpr int32_t kRecordCapacity = 2048;

// Write requests: (stream id, offset in the out slab, bytes, free for the flush).
constexpr int32_t kRequestStride = 4;
constexpr int32_t kRequestCapacity = 4096;
/** Corked bytes of one turn; when it is full JavaScript flushes early. It stays in the second-level cache. */
constexpr int32_t kOutCapacity = 512 * 1024;

/** Timers staged before they are taken in by the batch: 12 KiB, well inside the first-level cache. */
constexpr int32_t kStagedCapacity = 1024;
/** Due timers handed over per call. */
constexpr int32_t kDueCapacity = 1024;

// Slabs that reads go into. Number 0 is lent for a call and used anew each turn; the others are given away.
constexpr int32_t kBorrowedSlab = 0;
constexpr int32_t kFirstSmallSlab = 1;
constexpr int32_t kFirstLargeSlab = 3;
constexpr int32_t kSlabs = 5;
constexpr int32_t kBorrowedSlabBytes = 512 * 1024;
constexpr int32_t kSmallSlabBytes = 64 * 1024;
constexpr int32_t kLargeSlabBytes = 1024 * 1024;
/** The most that one read takes. uvloop and asyncio use the same figure. */
constexpr int32_t kMaxRead = 256 * 1024;
/** A slab with less room than this is used up. */
constexpr int32_t kMinSmallRead = 4 * 1024;
constexpr int32_t kMinLargeRead = 128 * 1024;

/** Counts in shared memory. Any number may stand there, and a count of turns passes 2^31 within days: it wraps. */
inline void AddWrapping(int32_t* count, int32_t by) {
  *count = static_cast<int32_t>(static_cast<uint32_t>(*count) + static_cast<uint32_t>(by));
}

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_SHARED_LAYOUT_H_
