// The limit: a TCP echo in C++ on libuv, on whichever loop it is given; every contestant is measured against it.
#pragma once

#include <uv.h>

#include <cstdlib>
#include <cstring>

namespace echo {

constexpr size_t kReadSize = 256 * 1024;
constexpr int kBacklog = 1024;
// Reading stops while a peer has this much unread echo waiting, and goes on when it has drained.
constexpr size_t kHighWater = 1024 * 1024;

// One buffer for all connections: a read is echoed or copied before the next read begins.
inline char* ReadBuffer() {
  static char buffer[kReadSize];
  return buffer;
}

struct PendingWrite {
  uv_write_t request;
  char* Bytes() { return reinterpret_cast<char*>(this + 1); }
};

inline void OnClosed(uv_handle_t* handle) { std::free(handle); }

inline void CloseConnection(uv_stream_t* stream) {
  uv_handle_t* handle = reinterpret_cast<uv_handle_t*>(stream);
  if (!uv_is_closing(handle)) uv_close(handle, OnClosed);
}

inline void OnAllocate(uv_handle_t*, size_t, uv_buf_t* buffer) {
  *buffer = uv_buf_init(ReadBuffer(), static_cast<unsigned>(kReadSize));
}

inline void OnRead(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer);

inline void OnWritten(uv_write_t* request, int status) {
  uv_stream_t* stream = request->handle;
  std::free(reinterpret_cast<PendingWrite*>(request));
  if (status < 0) {
    CloseConnection(stream);
  } else if (stream->write_queue_size == 0 && !uv_is_closing(reinterpret_cast<uv_handle_t*>(stream))) {
    // UV_EALREADY when reading never stopped; there is nothing to do then.
    uv_read_start(stream, OnAllocate, OnRead);
  }
}

inline void WriteLater(uv_stream_t* stream, const char* bytes, size_t length) {
  auto* pending = static_cast<PendingWrite*>(std::malloc(sizeof(PendingWrite) + length));
  std::memcpy(pending->Bytes(), bytes, length);
  const uv_buf_t rest = uv_buf_init(pending->Bytes(), static_cast<unsigned>(length));
  if (uv_write(&pending->request, stream, &rest, 1, OnWritten) != 0) {
    std::free(pending);
    CloseConnection(stream);
    return;
  }
  if (stream->write_queue_size > kHighWater) uv_read_stop(stream);
}

inline void OnRead(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer) {
  if (length < 0) return CloseConnection(stream);
  if (length == 0) return;
  const uv_buf_t whole = uv_buf_init(buffer->base, static_cast<unsigned>(length));
  int written = uv_try_write(stream, &whole, 1);
  if (written == UV_EAGAIN) written = 0;
  if (written < 0) return CloseConnection(stream);
  if (written < length) {
    WriteLater(stream, buffer->base + written, static_cast<size_t>(length - written));
  }
}

inline void OnConnection(uv_stream_t* server, int status) {
  if (status < 0) return;
  auto* connection = static_cast<uv_tcp_t*>(std::malloc(sizeof(uv_tcp_t)));
  uv_tcp_init(server->loop, connection);
  auto* stream = reinterpret_cast<uv_stream_t*>(connection);
  if (uv_accept(server, stream) != 0) return CloseConnection(stream);
  uv_tcp_nodelay(connection, 1);
  uv_read_start(stream, OnAllocate, OnRead);
}

// Listens on 127.0.0.1 on a free port; gives the port, or libuv's negative code.
inline int Listen(uv_loop_t* loop, uv_tcp_t* server) {
  sockaddr_in address;
  uv_ip4_addr("127.0.0.1", 0, &address);
  int status = uv_tcp_init(loop, server);
  if (status == 0) status = uv_tcp_bind(server, reinterpret_cast<const sockaddr*>(&address), 0);
  if (status == 0) status = uv_listen(reinterpret_cast<uv_stream_t*>(server), kBacklog, OnConnection);
  int length = sizeof address;
  if (status == 0) status = uv_tcp_getsockname(server, reinterpret_cast<sockaddr*>(&address), &length);
  return status == 0 ? ntohs(address.sin_port) : status;
}

}  // namespace echo
