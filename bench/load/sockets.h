// Opens the client's loopback sockets and gives each message its bytes.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

[[noreturn]] inline void Fail(const std::string& what, int error = 0) {
  std::fprintf(stderr, "load_generator: %s%s%s\n", what.c_str(), error ? ": " : "", error ? std::strerror(error) : "");
  std::exit(1);
}

// The last octet of the source address is the caller's: each address has its own range of ephemeral ports, so a
// long row of short connections does not run into those that still sit in TIME_WAIT.
inline int ConnectLoopback(int port, int source_octet = 1) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) Fail("socket", errno);
  const int on = 1;
  if (source_octet != 1) {
    sockaddr_in source{};
    source.sin_family = AF_INET;
    source.sin_addr.s_addr = htonl(0x7f000000u + static_cast<uint32_t>(source_octet));
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(fd, reinterpret_cast<sockaddr*>(&source), sizeof source) != 0) Fail("bind", errno);
  }
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  target.sin_port = htons(static_cast<uint16_t>(port));
  if (connect(fd, reinterpret_cast<sockaddr*>(&target), sizeof target) != 0) Fail("connect", errno);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // A server that stops answering must end the blocking modes too, not hang them.
  const timeval patience{5, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

// Bytes with a period (251) that divides no power of two, so that a shifted or repeated buffer is noticed.
inline std::vector<char> MakePayload(size_t size) {
  std::vector<char> payload(size);
  for (size_t i = 0; i < size; i++) payload[i] = static_cast<char>(i % 251);
  return payload;
}

// One whole exchange on a blocking socket, contents compared.
inline void ExchangeBlocking(int fd, const std::vector<char>& payload, std::vector<char>& reply) {
  size_t sent = 0;
  while (sent < payload.size()) {
    const ssize_t n = send(fd, payload.data() + sent, payload.size() - sent, MSG_NOSIGNAL);
    if (n < 0) Fail("send", errno);
    sent += static_cast<size_t>(n);
  }
  reply.resize(payload.size());
  size_t received = 0;
  while (received < payload.size()) {
    const ssize_t n = recv(fd, reply.data() + received, payload.size() - received, 0);
    if (n < 0) Fail("recv", errno);
    if (n == 0) Fail("the server closed a connection before the echo was complete");
    received += static_cast<size_t>(n);
  }
  if (reply != payload) Fail("the echo differs from what was sent");
}
