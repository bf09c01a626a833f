// The two loads that are not about throughput: a row of short connections, and many that only stay open.
#pragma once

#include <vector>

#include "clocks.h"
#include "options.h"
#include "sockets.h"

inline void RunChurn(const Options& options) {
  const std::vector<char> payload = MakePayload(static_cast<size_t>(options.size));
  std::vector<char> reply;
  const uint64_t begin = NowNanoseconds();
  for (long i = 0; i < options.count; i++) {
    const int fd = ConnectLoopback(options.port, 2 + static_cast<int>(i % 60));
    ExchangeBlocking(fd, payload, reply);
    close(fd);
  }
  const double seconds = static_cast<double>(NowNanoseconds() - begin) / 1e9;
  std::printf("{\"connections\":%ld,\"seconds\":%.6f,\"perSecond\":%.1f}\n", options.count, seconds,
              static_cast<double>(options.count) / seconds);
}

// Says HOLDING when every connection has had one exchange; ends after the given time.
inline void RunHold(const Options& options) {
  const std::vector<char> payload = MakePayload(static_cast<size_t>(options.size));
  std::vector<char> reply;
  std::vector<int> sockets;
  for (int i = 0; i < options.connections; i++) {
    sockets.push_back(ConnectLoopback(options.port));
    ExchangeBlocking(sockets.back(), payload, reply);
  }
  std::printf("HOLDING %zu\n", sockets.size());
  std::fflush(stdout);
  usleep(static_cast<useconds_t>(options.seconds * 1e6));
  for (const int fd : sockets) close(fd);
}
