// One listening TCP socket: accepts at once while there is room to report it, and lets the kernel keep the rest.
#ifndef ASYNCIO_UV_HANDLES_TCP_LISTENER_H_
#define ASYNCIO_UV_HANDLES_TCP_LISTENER_H_

#include <uv.h>

#include "handles/socket.h"

namespace asyncio_uv {

class TcpListener : public Socket {
 public:
  enum BindFlags : int32_t { kIpv6Only = 1, kReusePort = 2 };

  explicit TcpListener(LoopContext* context) : Socket(context, Kind::kListener) {}

  /** 0 or libuv's code. */
  int Bind(const sockaddr* address, int32_t flags);
  int Listen(int backlog);
  /** Takes the connection that had to wait for room. */
  void AcceptWaiting();

 private:
  static void OnConnection(uv_stream_t* server, int status);
  void Accept();
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_HANDLES_TCP_LISTENER_H_
