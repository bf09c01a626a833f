// One connected TCP stream.
#include "handles/tcp_stream.h"

#include <cassert>
#include <cstdlib>
#include <cstring>

#include "convert/napi_check.h"
#include "handles/loop_context.h"

namespace asyncio_uv {

/** Bytes on their way: a copy that follows the struct in memory, or somebody's array pinned by a reference. */
struct TcpStream::PendingWrite {
  uv_write_t request;
  TcpStream* stream;
  size_t length;
  napi_ref pin;

  char* copy() { return reinterpret_cast<char*>(this + 1); }

  static PendingWrite* Make(TcpStream* stream, size_t length, size_t copied) {
    PendingWrite* write = static_cast<PendingWrite*>(malloc(sizeof(PendingWrite) + copied));
    if (write == nullptr) return nullptr;
    write->request.data = write;
    write->stream = stream;
    write->length = length;
    write->pin = nullptr;
    return write;
  }

  void Free(napi_env env) {
    if (pin != nullptr) ASYNCIO_UV_CHECK(napi_delete_reference(env, pin));
    free(this);
  }
};

void TcpStream::Report(int32_t kind, int32_t a, int32_t b) {
  if (!closing()) context_->Report(id(), kind, a, b);
}

int TcpStream::Connect(const sockaddr* address) {
  connect_.data = this;
  return uv_tcp_connect(&connect_, &tcp_, address, OnConnected);
}

void TcpStream::OnConnected(uv_connect_t* request, int status) {
  TcpStream* self = static_cast<TcpStream*>(request->data);
  if (status == 0) {
    uv_tcp_nodelay(&self->tcp_, 1);
    self->RememberPeer();
  }
  self->Report(kRecord_CONNECT, status);
}

void TcpStream::RememberPeer() {
  int length = sizeof(peer_);
  uv_tcp_getpeername(&tcp_, reinterpret_cast<sockaddr*>(&peer_), &length);
}

int TcpStream::ReadStart(bool borrow) {
  borrows_ = borrow;
  waiting.Unlink();
  const int status = uv_read_start(stream(), OnAlloc, OnRead);
  return status == UV_EALREADY ? 0 : status;
}

void TcpStream::ReadStop() {
  waiting.Unlink();
  uv_read_stop(stream());
}

void TcpStream::ReadWaiting() {
  const int status = ReadStart(borrows_);
  if (status != 0) Report(kRecord_READ_ERROR, status);
}

void TcpStream::OnAlloc(uv_handle_t* handle, size_t, uv_buf_t* buffer) {
  TcpStream* self = static_cast<TcpStream*>(static_cast<Socket*>(handle->data));
  LoopContext* context = self->context_;
  // No room to report it or to put it: the bytes stay in the kernel until after the turn.
  if (!context->ring.HasRoom()) {
    *buffer = uv_buf_init(nullptr, 0);
    return;
  }
  context->slabs.Offer(self->borrows_, self->hungry_, buffer);
}

void TcpStream::OnRead(uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
  TcpStream* self = static_cast<TcpStream*>(static_cast<Socket*>(stream->data));
  if (count > 0) {
    const size_t bytes = static_cast<size_t>(count);
    const ReadSlabs::Taken taken = self->context_->slabs.Commit(bytes);
    // Half of a small slab at once, or all that was offered, means more is coming; a small read means it was not.
    if (bytes == buffer->len || bytes >= kSmallSlabBytes / 2) {
      self->hungry_ = true;
    } else if (bytes < kMinSmallRead) {
      self->hungry_ = false;
    }
    LoopContext* context = self->context_;
    self->Report(kRecord_READ | taken.slab << kRecordKindBits, taken.offset, static_cast<int32_t>(bytes));
    // Here and not in OnAlloc: libuv calls a stream's read callback after that even if it was closed meanwhile.
    if (!context->ring.HasRoom() || context->slabs.UsedUp(self->borrows_, self->hungry_)) context->on_pressure(context);
    return;
  }
  if (count == 0) return;
  uv_read_stop(stream);
  if (count == UV_ENOBUFS) {
    // Left to itself libuv would come back at once: a loop that is stopped has no turn soon, and the thread would spin.
    self->context_->waiting_streams.PushBack(self);
    return;
  }
  if (count == UV_EOF) {
    self->Report(kRecord_END, 0);
  } else {
    self->Report(kRecord_READ_ERROR, static_cast<int32_t>(count));
  }
}

void TcpStream::Send(const uv_buf_t* buffers, unsigned count) {
  size_t sent = 0;
  if (queued_ == 0) {
    const int status = uv_try_write(stream(), buffers, count);
    if (status < 0 && status != UV_EAGAIN) {
      Report(kRecord_WRITE_ERROR, status);
      return;
    }
    if (status > 0) sent = static_cast<size_t>(status);
  }
  const int status = QueueCopy(buffers, count, sent);
  if (status != 0) Report(kRecord_WRITE_ERROR, status);
}

int64_t TcpStream::SendDirect(napi_value array, uint8_t* bytes, size_t length, bool copy) {
  uv_buf_t buffer = uv_buf_init(reinterpret_cast<char*>(bytes), static_cast<unsigned>(length));
  size_t sent = 0;
  if (queued_ == 0) {
    const int status = uv_try_write(stream(), &buffer, 1);
    if (status < 0 && status != UV_EAGAIN) return status;
    if (status > 0) sent = static_cast<size_t>(status);
  }
  if (sent == length) return 0;
  if (copy) {
    const int status = QueueCopy(&buffer, 1, sent);
    return status != 0 ? status : static_cast<int64_t>(queued_);
  }
  PendingWrite* write = PendingWrite::Make(this, length - sent, 0);
  if (write == nullptr) return UV_ENOMEM;
  if (napi_create_reference(context_->env, array, 1, &write->pin) != napi_ok) {
    write->pin = nullptr;
    write->Free(context_->env);
    return UV_ENOMEM;
  }
  const int status = Queue(write, buffer.base + sent);
  return status != 0 ? status : static_cast<int64_t>(queued_);
}

int TcpStream::QueueCopy(const uv_buf_t* buffers, unsigned count, size_t skip) {
  size_t total = 0;
  for (unsigned i = 0; i < count; i++) total += buffers[i].len;
  if (skip >= total) return 0;
  PendingWrite* write = PendingWrite::Make(this, total - skip, total - skip);
  if (write == nullptr) return UV_ENOMEM;
  char* target = write->copy();
  for (unsigned i = 0; i < count; i++) {
    if (skip >= buffers[i].len) {
      skip -= buffers[i].len;
      continue;
    }
    memcpy(target, buffers[i].base + skip, buffers[i].len - skip);
    target += buffers[i].len - skip;
    skip = 0;
  }
  const int status = Queue(write, write->copy());
  // So that JavaScript knows of what did not go out, though it learns of it only in the next turn.
  if (status == 0) Report(kRecord_BACKLOG);
  return status;
}

int TcpStream::Queue(PendingWrite* write, char* bytes) {
  const size_t length = write->length;
  const uv_buf_t buffer = uv_buf_init(bytes, static_cast<unsigned>(length));
  const int status = uv_write(&write->request, stream(), &buffer, 1, OnWritten);
  if (status != 0) {
    write->Free(context_->env);
    return status;
  }
  queued_ += length;
  return 0;
}

void TcpStream::OnWritten(uv_write_t* request, int status) {
  PendingWrite* write = static_cast<PendingWrite*>(request->data);
  TcpStream* self = write->stream;
  self->queued_ -= write->length;
  write->Free(self->context_->env);
  if (status == UV_ECANCELED) return;
  if (status != 0) {
    self->Report(kRecord_WRITE_ERROR, status);
  } else {
    self->Report(kRecord_BACKLOG);
  }
}

int TcpStream::Shutdown() {
  if (shutting_down_) return 0;
  shutdown_.data = this;
  const int status = uv_shutdown(&shutdown_, stream(), OnShutdown);
  shutting_down_ = status == 0;
  return status;
}

void TcpStream::OnShutdown(uv_shutdown_t* request, int status) {
  TcpStream* self = static_cast<TcpStream*>(request->data);
  if (status != UV_ECANCELED) self->Report(kRecord_SHUTDOWN, status);
}

}  // namespace asyncio_uv
