// The closed-loop ping-pong: every connection sends one batch, waits for its echo, and sends the next.
#pragma once

#include <fcntl.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cinttypes>
#include <vector>

#include "clocks.h"
#include "options.h"
#include "sockets.h"

class PingPong {
 public:
  explicit PingPong(const Options& options)
      : options_(options),
        payload_(MakePayload(static_cast<size_t>(options.size) * static_cast<size_t>(options.pipeline))),
        buffer_(kReadSize),
        connections_(static_cast<size_t>(options.connections)) {
    latencies_.reserve(1 << 20);
  }

  void Run() {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) Fail("epoll_create1", errno);
    for (Connection& connection : connections_) Open(connection);
    for (Connection& connection : connections_) {
      connection.started = NowNanoseconds();
      connection.unsent = payload_.size();
      Send(connection);
    }
    Measure();
    Print();
    for (Connection& connection : connections_) close(connection.fd);
    close(epoll_);
  }

 private:
  static constexpr size_t kReadSize = 256 * 1024;
  static constexpr int kPatienceMilliseconds = 5000;
  // Contents are compared for a connection's first exchanges only: later it would cost the generator its headroom.
  static constexpr unsigned kComparedExchanges = 4;

  struct Connection {
    int fd = -1;
    bool wants_write = false;
    unsigned exchanges = 0;
    size_t unsent = 0;
    size_t received = 0;
    uint64_t started = 0;
  };

  // Seconds; a negative figure is one that could not be read.
  struct Usage {
    double own_cpu = 0, own_waited = 0, server_cpu = 0, server_waited = 0;

    Usage operator-(const Usage& before) const {
      const auto less = [](double now, double then) { return now >= 0 && then >= 0 ? now - then : -1; };
      return {less(own_cpu, before.own_cpu), less(own_waited, before.own_waited),
              less(server_cpu, before.server_cpu), less(server_waited, before.server_waited)};
    }
  };

  Usage UsageNow() const {
    return {OwnCpuSeconds(), WaitedSecondsOf(getpid()), CpuSecondsOf(options_.server_pid),
            WaitedSecondsOf(options_.server_pid)};
  }

  void Open(Connection& connection) {
    connection.fd = ConnectLoopback(options_.port);
    fcntl(connection.fd, F_SETFL, fcntl(connection.fd, F_GETFL) | O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event) != 0) Fail("epoll_ctl", errno);
  }

  void Watch(Connection& connection, bool writes) {
    if (connection.wants_write == writes) return;
    connection.wants_write = writes;
    epoll_event event{};
    event.events = EPOLLIN | (writes ? EPOLLOUT : 0u);
    event.data.ptr = &connection;
    epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd, &event);
  }

  void Send(Connection& connection) {
    while (connection.unsent > 0) {
      const char* from = payload_.data() + (payload_.size() - connection.unsent);
      const ssize_t n = send(connection.fd, from, connection.unsent, MSG_NOSIGNAL);
      if (n < 0) {
        if (errno == EINTR) continue;
        if (errno == EAGAIN) break;
        Fail("send", errno);
      }
      connection.unsent -= static_cast<size_t>(n);
    }
    Watch(connection, connection.unsent > 0);
  }

  void Receive(Connection& connection) {
    // On TCP MSG_TRUNC counts the bytes and throws them away uncopied, which leaves the generator more headroom.
    const bool compares = connection.exchanges < kComparedExchanges;
    const ssize_t n = recv(connection.fd, buffer_.data(), buffer_.size(), compares ? 0 : MSG_TRUNC);
    if (n < 0) {
      if (errno == EAGAIN || errno == EINTR) return;
      Fail("recv", errno);
    }
    if (n == 0) Fail("the server closed a connection before the echo was complete");
    const size_t length = static_cast<size_t>(n);
    if (connection.received + length > payload_.size() - connection.unsent) Fail("more bytes came back than were sent");
    if (compares && std::memcmp(buffer_.data(), payload_.data() + connection.received, length) != 0) {
      Fail("the echo differs from what was sent");
    }
    connection.received += length;
    if (connection.received < payload_.size()) return;

    const uint64_t now = NowNanoseconds();
    if (measuring_) {
      latencies_.push_back(static_cast<uint32_t>(std::min<uint64_t>(now - connection.started, UINT32_MAX)));
    }
    if (connection.exchanges++ == 0) answered_++;
    connection.received = 0;
    connection.started = now;
    connection.unsent = payload_.size();
    Send(connection);
  }

  // libuv accepts one connection a turn: until each has been answered once, some would still wait to be accepted, and
  // that wait is no latency of an echo. The warm-up begins after it.
  void Measure() {
    uint64_t warm = UINT64_MAX;
    uint64_t end = UINT64_MAX;
    Usage before;
    std::vector<epoll_event> events(1024);
    for (;;) {
      const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), kPatienceMilliseconds);
      if (ready < 0 && errno != EINTR) Fail("epoll_wait", errno);
      if (ready == 0) Fail("no echo came for 5 seconds");
      const uint64_t now = NowNanoseconds();
      if (warm == UINT64_MAX && answered_ == connections_.size()) {
        warm = now + static_cast<uint64_t>(options_.warmup * 1e9);
      } else if (!measuring_ && now >= warm) {
        measuring_ = true;
        started_ = now;
        end = now + static_cast<uint64_t>(options_.seconds * 1e9);
        before = UsageNow();
      } else if (now >= end) {
        seconds_ = static_cast<double>(now - started_) / 1e9;
        used_ = UsageNow() - before;
        return;
      }
      for (int i = 0; i < ready; i++) {
        Connection& connection = *static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr);
        const uint32_t what = events[static_cast<size_t>(i)].events;
        if (what & EPOLLOUT) Send(connection);
        if (what & (EPOLLIN | EPOLLHUP | EPOLLERR)) Receive(connection);
      }
    }
  }

  double Percentile(double share) const {
    if (latencies_.empty()) return 0;
    const size_t index = static_cast<size_t>(share * static_cast<double>(latencies_.size() - 1) + 0.5);
    return latencies_[index] / 1e3;
  }

  void Print() {
    std::sort(latencies_.begin(), latencies_.end());
    const uint64_t requests = latencies_.size() * static_cast<uint64_t>(options_.pipeline);
    std::printf("{\"requests\":%" PRIu64 ",\"seconds\":%.6f,\"rps\":%.1f,\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f",
                requests, seconds_, static_cast<double>(requests) / seconds_, Percentile(0.5), Percentile(0.99),
                Percentile(0.999), Percentile(1));
    PrintShare("loadCpu", used_.own_cpu);
    PrintShare("loadWaited", used_.own_waited);
    PrintShare("serverCpu", used_.server_cpu);
    PrintShare("serverWaited", used_.server_waited);
    std::puts("}");
  }

  void PrintShare(const char* name, double used) const {
    if (used < 0) {
      std::printf(",\"%s\":null", name);
    } else {
      std::printf(",\"%s\":%.4f", name, used / seconds_);
    }
  }

  const Options options_;
  const std::vector<char> payload_;
  std::vector<char> buffer_;
  std::vector<Connection> connections_;
  std::vector<uint32_t> latencies_;
  size_t answered_ = 0;
  int epoll_ = -1;
  bool measuring_ = false;
  uint64_t started_ = 0;
  double seconds_ = 0;
  Usage used_;
};
