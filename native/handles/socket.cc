// The life of a native TCP socket.
#include "handles/socket.h"

#include <cassert>

#include "handles/loop_context.h"

namespace asyncio_uv {

int Socket::Open(unsigned flags) {
  int status = uv_tcp_init_ex(context_->uv, &tcp_, flags);
  if (status != 0) {
    delete this;
    return status;
  }
  tcp_.data = this;
  context_->open_handles++;
  AddWrapping(&context_->state[kind_ == Kind::kStream ? k_STREAMS : k_LISTENERS], 1);
  // What keeps the process alive is the running loop, not its sockets.
  uv_unref(reinterpret_cast<uv_handle_t*>(&tcp_));
  id_ = context_->sockets.Add(this);
  if (id_ == kNoSlot) {
    Close(false);
    return UV_ENFILE;
  }
  return 0;
}

void Socket::Close(bool reset) {
  if (closing_) return;
  closing_ = true;
  context_->sockets.Remove(id_);
  waiting.Unlink();
  uv_handle_t* handle = reinterpret_cast<uv_handle_t*>(&tcp_);
  // A reset is refused by libuv after a half-close; an ordinary close is right then.
  if (reset && uv_tcp_close_reset(&tcp_, OnClosed) == 0) return;
  uv_close(handle, OnClosed);
}

void Socket::OnClosed(uv_handle_t* handle) {
  Socket* socket = static_cast<Socket*>(handle->data);
  LoopContext* context = socket->context_;
  AddWrapping(&context->state[socket->kind_ == Kind::kStream ? k_STREAMS : k_LISTENERS], -1);
  delete socket;
  context->open_handles--;
  context->on_handle_closed(context);
}

}  // namespace asyncio_uv
