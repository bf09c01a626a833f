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

}  // namespace

void WriteFlush::Run(LoopContext* context) {
  const int32_t count = context->state[k_REQUEST_COUNT];
  if (count == 0 || requests_.data() == nullptr) return;
  Gather(context, count < kRequestCapacity ? count : kRequestCapacity);
  context->state[k_REQUEST_COUNT] = 0;
  while (TcpStream* stream = streams_.PopFront()) SendShare(stream);
  context->state[k_OUT_USED] = 0;
  context->state[k_FLUSH_EPOCH]++;
}

void WriteFlush::Gather(LoopContext* context, int32_t count) {
  for (int32_t i = 0; i < count; i++) {
    int32_t* request = requests_.data() + i * kRequestStride;
    Socket* socket = context->sockets.Find(request[kId]);
    if (socket == nullptr || socket->kind() != Socket::Kind::kStream) continue;
    // The numbers come from memory that JavaScript can write: nothing outside the out slab is ever sent.
    const int32_t offset = request[kOffset];
    const int32_t length = request[kLength];
    if (offset < 0 || length <= 0 || offset > kOutCapacity - length) continue;
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
      buffers[count] = uv_buf_init(reinterpret_cast<char*>(out_.data()) + request[kOffset],
                                   static_cast<unsigned>(request[kLength]));
      index = request[kNext];
    }
    stream->Send(buffers, count);
  }
}

}  // namespace asyncio_uv
