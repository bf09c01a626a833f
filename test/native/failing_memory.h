// Lets the containers run out of memory at a chosen allocation. It must be included before any of their headers.
#ifndef ASYNCIO_UV_TEST_NATIVE_FAILING_MEMORY_H_
#define ASYNCIO_UV_TEST_NATIVE_FAILING_MEMORY_H_

// All standard headers that speak of realloc and calloc come first: the macros below must not reach them.
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <vector>

#ifdef ASYNCIO_UV_CONTAINERS_GROWABLE_H_
#error "failing_memory.h comes too late"
#endif

namespace failing_memory {

constexpr int kUnlimited = -1;
inline int allowed = kUnlimited;

inline bool Refused() {
  if (allowed == kUnlimited) return false;
  if (allowed == 0) return true;
  allowed--;
  return false;
}

inline void* Realloc(void* block, size_t bytes) { return Refused() ? nullptr : realloc(block, bytes); }
inline void* Calloc(size_t count, size_t bytes) { return Refused() ? nullptr : calloc(count, bytes); }

/** While it lives, the containers get this many allocations and then none. */
class Limit {
 public:
  explicit Limit(int allocations) { allowed = allocations; }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;
  ~Limit() { allowed = kUnlimited; }
};

}  // namespace failing_memory

#define realloc(block, bytes) failing_memory::Realloc(block, bytes)
#define calloc(count, bytes) failing_memory::Calloc(count, bytes)

#endif  // ASYNCIO_UV_TEST_NATIVE_FAILING_MEMORY_H_
