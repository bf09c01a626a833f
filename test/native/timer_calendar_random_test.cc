// TimerCalendar against the model under seeded random operations, on clocks of every kind.
#include <cmath>
#include <cstdint>

#include "calendar_and_model.h"
#include "check.h"
#include "seeded_random.h"

namespace {

constexpr double kTick = 1 / asyncio_uv::TimerCalendar::kBucketsPerSecond;
constexpr double kHorizon = asyncio_uv::TimerCalendar::kBuckets * kTick;

/** A life of a calendar: which operations come how often, and where its clock starts. */
class Life {
 public:
  Life(uint64_t seed, double start)
      : random_(seed),
        both_(random_.OneIn(2) ? UINT32_MAX - random_.Below(2000) : 0),
        now_(start),
        last_when_(start),
        wild_(random_.OneIn(3)),
        pushes_(200 + random_.Below(600)) {}

  void Step() {
    const uint32_t kind = random_.Below(1000);
    if (kind < pushes_) {
      last_when_ = Deadline();
      both_.Push(last_when_, random_.OneIn(10) ? now_ - random_.Unit() * 20 : now_);
    } else if (kind < 990) {
      Advance();
      const double asked = random_.OneIn(20) ? now_ - random_.Unit() * 10 : now_;
      both_.TakeDue(asked, random_.OneIn(3) ? 1 + random_.Below(20) : SIZE_MAX);
    } else if (kind < 998) {
      const uint32_t modulus = 1 + random_.Below(7);
      const uint32_t rest = random_.Below(modulus);
      both_.Filter([&](uint32_t slot) { return slot % modulus == rest; });
    } else {
      both_.Clear();
    }
  }

  void Finish() { both_.TakeDue(INFINITY); }

  size_t size() const { return both_.calendar.size(); }

 private:
  double Deadline() {
    const double unit = random_.Unit();
    switch (random_.Below(wild_ ? 15 : 11)) {
      case 0:
        return now_;
      case 1:
        return now_ - unit * 10;
      case 2:
        return now_ + unit * kTick;
      case 3:
        return now_ + unit;
      case 4:
      case 5:
        return now_ + unit * kHorizon;
      case 6:
        return now_ + kHorizon + (unit - 0.5) * 8 * kTick;
      case 7:
        return now_ + unit * 2 * kHorizon;
      case 8:
        return now_ + unit * 100;
      case 9:
        return last_when_;
      case 10:
        return std::floor(now_ / kTick) * kTick + random_.Below(3000) * kTick;
      case 11:
        return now_ + unit * 1e9;
      case 12:
        return INFINITY;
      case 13:
        return -INFINITY;
      default:
        return unit * 1e300;
    }
  }

  void Advance() {
    const double unit = random_.Unit();
    const double next = both_.NextDeadline();
    switch (random_.Below(9)) {
      case 0:
        break;
      case 1:
      case 2:
        now_ += unit * kTick;
        break;
      case 3:
        now_ += unit * 0.1;
        break;
      case 4:
        now_ += unit * kHorizon / 2;
        break;
      case 5:
        now_ += unit * 2.5 * kHorizon;
        break;
      case 6:
        if (wild_ && random_.OneIn(4)) now_ += 1e9;
        break;
      case 7:
        if (next > now_ && next < now_ + 1e6) now_ = next;
        break;
      default:
        if (next > now_ && next < now_ + 1e6) now_ = std::nextafter(next, -INFINITY);
        break;
    }
  }

  SeededRandom random_;
  CalendarAndModel both_;
  double now_;
  double last_when_;
  bool wild_;
  uint32_t pushes_;
};

void Live(double start, uint32_t seeds, int steps) {
  for (uint32_t seed = 1; seed <= seeds && !check::Failed(); seed++) {
    Life life(seed, start);
    for (int step = 0; step < steps && !check::Failed(); step++) {
      check::Note("clock %g seed %u step %d", start, seed, step);
      life.Step();
    }
    life.Finish();
    CHECK_EQ(life.size(), 0);
  }
}

}  // namespace

TEST(OnAClockThatStartsAtZero) { Live(0, 60, 2000); }
TEST(OnANegativeClockThatPassesZero) { Live(-300, 60, 2000); }
TEST(OnAClockFarBelowZero) { Live(-1e9, 20, 2000); }
TEST(OnWallClockTime) { Live(1.7e9, 20, 2000); }
TEST(OnAClockThatReachesTheLastTick) { Live(17592186044416.0 - 500, 20, 2000); }
TEST(OnAClockThatLeavesTheFirstTick) { Live(-17592186044416.0 - 100, 20, 2000); }
TEST(OnClocksWithoutFineTicks) {
  for (double start : {1e15, -1e15, 1e300, -1e300}) Live(start, 5, 2000);
}
