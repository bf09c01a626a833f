// Random numbers that are the same on every machine, so that a failing seed can be run again anywhere.
#ifndef ASYNCIO_UV_TEST_NATIVE_SEEDED_RANDOM_H_
#define ASYNCIO_UV_TEST_NATIVE_SEEDED_RANDOM_H_

#include <cstdint>

/** SplitMix64. The distributions of <random> differ between standard libraries, so none is used. */
class SeededRandom {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }

  /** 0 .. bound - 1 */
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>(Next() % bound); }

  /** 0 <= x < 1 */
  double Unit() { return static_cast<double>(Next() >> 11) / 9007199254740992.0; }

  bool OneIn(uint32_t n) { return Below(n) == 0; }

 private:
  uint64_t state_;
};

#endif  // ASYNCIO_UV_TEST_NATIVE_SEEDED_RANDOM_H_
