// One listening TCP socket.
#include "handles/tcp_listener.h"

#ifndef _WIN32
#include <sys/socket.h>
#endif

#include <cerrno>
#include <new>

#include "handles/loop_context.h"
#include "handles/tcp_stream.h"

namespace asyncio_uv {

int TcpListener::Bind(const sockaddr* address, int32_t flags) {
  if ((flags & kReusePort) != 0) {
#ifdef SO_REUSEPORT
    // libuv has its own flag for this only from 1.49 on (Node 22.12); the socket exists since Open was given the family.
    uv_os_fd_t fd;
    const int on = 1;
    const int status = uv_fileno(reinterpret_cast<uv_handle_t*>(&tcp_), &fd);
    if (status != 0) return status;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0) return -errno;
#else
    return UV_ENOTSUP;
#endif
  }
  const int status = uv_tcp_bind(&tcp_, address, (flags & kIpv6Only) != 0 ? UV_TCP_IPV6ONLY : 0);
  if (status != 0) return status;
  // libuv keeps a port in use to itself until Listen; asking for the name makes it say so now.
  sockaddr_storage name;
  int length = sizeof(name);
  return uv_tcp_getsockname(&tcp_, reinterpret_cast<sockaddr*>(&name), &length);
}

int TcpListener::Listen(int backlog) {
  return uv_listen(reinterpret_cast<uv_stream_t*>(&tcp_), backlog, OnConnection);
}

void TcpListener::OnConnection(uv_stream_t* server, int status) {
  TcpListener* self = static_cast<TcpListener*>(static_cast<Socket*>(server->data));
  if (self->closing()) return;
  if (status != 0) {
    // It comes again with the next try, so one that finds no room is no loss.
    if (self->context_->ring.HasRoom()) self->context_->Report(self->id(), kRecord_ACCEPT_ERROR, status, 0);
  } else if (self->context_->ring.HasRoom()) {
    self->Accept();
  } else {
    // libuv stops asking the kernel until this one is taken.
    self->context_->waiting_listeners.PushBack(self);
  }
}

void TcpListener::AcceptWaiting() {
  waiting.Unlink();
  Accept();
}

void TcpListener::Accept() {
  TcpStream* stream = new (std::nothrow) TcpStream(context_);
  int status = stream == nullptr ? UV_ENOMEM : stream->Open(AF_UNSPEC);
  if (status == 0) {
    status = uv_accept(reinterpret_cast<uv_stream_t*>(&tcp_), reinterpret_cast<uv_stream_t*>(stream->tcp()));
    if (status == 0) {
      uv_tcp_nodelay(stream->tcp(), 1);
      stream->RememberPeer();
      context_->Report(id(), kRecord_ACCEPT, stream->id(), 0);
      return;
    }
    stream->Close(false);
  }
  context_->Report(id(), kRecord_ACCEPT_ERROR, status, 0);
}

}  // namespace asyncio_uv
