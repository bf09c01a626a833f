// Reads wall time, this process's CPU time and another process's CPU time.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <ctime>

inline uint64_t NowNanoseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000ull + static_cast<uint64_t>(now.tv_nsec);
}

inline double OwnCpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// User plus system time of `pid`, all threads; negative where it cannot be read. The clock counts nanoseconds, where
// /proc/<pid>/stat has only ticks of 10 ms, which is 2 % of a short sample.
inline double CpuSecondsOf(long pid) {
  clockid_t clock;
  timespec used;
  if (pid <= 0 || clock_getcpuclockid(static_cast<pid_t>(pid), &clock) != 0 || clock_gettime(clock, &used) != 0) {
    return -1;
  }
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

// Seconds that the main thread of `pid` was ready to run but had to wait for its core: on a pinned core that is other
// programs' work. Negative where it cannot be read.
inline double WaitedSecondsOf(long pid) {
  if (pid <= 0) return -1;
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%ld/schedstat", pid);
  std::FILE* file = std::fopen(path, "r");
  if (file == nullptr) return -1;
  unsigned long long ran = 0, waited = 0;
  const int fields = std::fscanf(file, "%llu %llu", &ran, &waited);
  std::fclose(file);
  return fields == 2 ? static_cast<double>(waited) / 1e9 : -1;
}
