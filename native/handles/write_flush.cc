// Carries out the write requests of a turn.
#include "handles/write_flush.h"

namespace asyncio_uv {

namespace {

// Places in a request: JavaScript writes the first three, the flush chains requests of one stream through the last.
constexpr int32_t kId = 0;
constexpr int32_t kOffset = 1;
constexpr int32_t kLength = 2;
constexpr int32_t kNext = 3;
constexpr int32_t kLastOfChain = -1;

/** Buffers per system call; more take several calls. */
constexpr unsigned kMaxBuffers = 64;

/** The numbers come from memory that JavaScript can write: nothing outside the out slab is ever sent. */
bool IsInOut(const int32_t* request) {
  return request[kOffset] >= 0 && request[kLength] > 0 && request[kOffset] <= kOutCapacity - request[kLength];
}

}  // namespace

void WriteFlush::Run(LoopContext* context) {
  const int32_t count = context->state[k_REQUEST_COUNT];
  if (count == 0 || requests_.data() == nullptr) return;
  Gather(context, count < kRequestCapacity ? count : kRequestCapacity);
  context->state[k_REQUEST_COUNT] = 0;
  while (TcpStream* stream = streams_.PopFront()) SendShare(stream);
  context->state[k_OUT_USED] = 0;
  AddWrapping(&context->state[k_FLUSH_EPOCH], 1);
}

void WriteFlush::Gather(LoopContext* context, int32_t count) {
  for (int32_t i = 0; i < count; i++) {
    int32_t* request = requests_.data() + i * kRequestStride;
    Socket* socket = context->sockets.Find(request[kId]);
    if (socket == nullptr || socket->kind() != Socket::Kind::kStream) continue;
    if (!IsInOut(request)) continue;
    TcpStream* stream = static_cast<TcpStream*>(socket);
    request[kNext] = kLastOfChain;
    if (stream->flush_link.linked()) {
      requests_.data()[stream->last_request * kRequestStride + kNext] = i;
    } else {
      stream->first_request = i;
      streams_.PushBack(stream);
    }
    stream->last_request = i;
  }
}

void WriteFlush::SendShare(TcpStream* stream) {
  uv_buf_t buffers[kMaxBuffers];
  int32_t index = stream->first_request;
  while (index != kLastOfChain) {
    unsigned count = 0;
    for (; index != kLastOfChain && count < kMaxBuffers; count++) {
      const int32_t* request = requests_.data() + index * kRequestStride;
      const int32_t next = request[kNext];
      // Looked at again: a report of the send before may have been written over it, should both lie in one array.
      if (!IsInOut(request)) return;
      buffers[count] = uv_buf_init(reinterpret_cast<char*>(out_.data()) + request[kOffset],
                                   static_cast<unsigned>(request[kLength]));
      if (next != kLastOfChain && (next <= index || next >= kRequestCapacity)) return;
      index = next;
    }
    stream->Send(buffers, count);
  }
}

}  // namespace asyncio_uv
