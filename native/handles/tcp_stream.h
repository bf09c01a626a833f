// One connected TCP stream: reads into slabs, corked and direct writes, backlog, half-close.
#ifndef ASYNCIO_UV_HANDLES_TCP_STREAM_H_
#define ASYNCIO_UV_HANDLES_TCP_STREAM_H_

#include <node_api.h>
#include <uv.h>

#include "containers/intrusive_list.h"
#include "handles/socket.h"

namespace asyncio_uv {

class TcpStream : public Socket {
 public:
  explicit TcpStream(LoopContext* context) : Socket(context, Kind::kStream) {}

  /** Starts to connect; CONNECT is reported. 0 or libuv's code. */
  int Connect(const sockaddr* address);

  /** `borrow`: reads go to the slab that is lent for a turn. 0 or libuv's code. */
  int ReadStart(bool borrow);
  void ReadStop();
  /** Reads on after there was no room. */
  void ReadWaiting();

  /** Sends buffers in one vectored try; what the kernel does not take is copied and queued. Errors are reported. */
  void Send(const uv_buf_t* buffers, unsigned count);
  /**
   * Sends one large piece; what the kernel does not take is queued, pinned by a reference to `array` (copied when `copy`).
   * Bytes queued, or libuv's code.
   */
  int64_t SendDirect(napi_value array, uint8_t* bytes, size_t length, bool copy);
  /** Half-closes after all that is queued; SHUTDOWN is reported. 0 or libuv's code. */
  int Shutdown();

  /** Remembers the peer's address while the socket still knows it: it must stay available after the connection has ended. */
  void RememberPeer();
  const sockaddr_storage& peer() const { return peer_; }

  /** Bytes that wait behind a full socket. */
  size_t queued() const { return queued_; }

  // The write requests of this turn, a chain through the request memory; owned by the flush.
  ListNode flush_link;
  int32_t first_request = -1;
  int32_t last_request = -1;

 private:
  struct PendingWrite;

  static void OnAlloc(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer);
  static void OnRead(uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer);
  static void OnWritten(uv_write_t* request, int status);
  static void OnConnected(uv_connect_t* request, int status);
  static void OnShutdown(uv_shutdown_t* request, int status);

  /** Queues a copy of the bytes after the first `skip` of the buffers. 0 or libuv's code. */
  int QueueCopy(const uv_buf_t* buffers, unsigned count, size_t skip);
  int Queue(PendingWrite* write, char* bytes);
  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&tcp_); }
  void Report(int32_t kind, int32_t a = 0, int32_t b = 0);

  sockaddr_storage peer_ = {};
  uv_connect_t connect_;
  uv_shutdown_t shutdown_;
  size_t queued_ = 0;
  bool borrows_ = false;
  /** It filled what it was offered lately, so it is offered more. */
  bool hungry_ = false;
  bool shutting_down_ = false;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_HANDLES_TCP_STREAM_H_
