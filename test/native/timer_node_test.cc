// Tests of the order of deadlines: by time, then by a sequence number that wraps.
#include <cmath>
#include <cstdint>

#include "check.h"
#include "containers/timer_node.h"

using asyncio_uv::TimerLess;
using asyncio_uv::TimerNode;

static bool Before(double when_a, uint32_t sequence_a, double when_b, uint32_t sequence_b) {
  const TimerNode a = {when_a, sequence_a, 0};
  const TimerNode b = {when_b, sequence_b, 0};
  return TimerLess(a, b);
}

TEST(FourNodesFillACacheLine) { CHECK_EQ(sizeof(TimerNode), 16); }

TEST(TimeDecidesBeforeSequence) {
  CHECK(Before(1, 9, 2, 1));
  CHECK(!Before(2, 1, 1, 9));
  CHECK(Before(-2, 9, -1, 1));
  CHECK(Before(-INFINITY, 9, INFINITY, 1));
  CHECK(Before(1e300, 9, INFINITY, 1));
}

TEST(EqualTimesGoBySequence) {
  const double times[] = {0, -5.5, 1e300, INFINITY, -INFINITY};
  for (double when : times) {
    CHECK(Before(when, 1, when, 2));
    CHECK(!Before(when, 2, when, 1));
    CHECK(!Before(when, 1, when, 1));
  }
  CHECK(Before(-0.0, 1, 0.0, 2));
  CHECK(!Before(-0.0, 2, 0.0, 1));
}

TEST(SequenceWrapsAround) {
  CHECK(Before(1, UINT32_MAX, 1, 0));
  CHECK(!Before(1, 0, 1, UINT32_MAX));
  CHECK(Before(1, UINT32_MAX - 1000, 1, 1000));
  CHECK(Before(1, INT32_MAX, 1, uint32_t{INT32_MAX} + 1));
  CHECK(Before(1, 5, 1, uint32_t{5} + INT32_MAX));
}
