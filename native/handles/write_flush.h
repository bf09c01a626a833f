// Carries out the write requests of a turn: gathers them by stream and sends each stream's share in one vectored try.
#ifndef ASYNCIO_UV_HANDLES_WRITE_FLUSH_H_
#define ASYNCIO_UV_HANDLES_WRITE_FLUSH_H_

#include "convert/pinned_array.h"
#include "handles/loop_context.h"
#include "handles/tcp_stream.h"

namespace asyncio_uv {

class WriteFlush {
 public:
  bool Pin(napi_env env, napi_value requests, napi_value out) {
    return requests_.Pin(env, requests, kRequestCapacity * kRequestStride) && out_.Pin(env, out, kOutCapacity);
  }

  void Release(napi_env env) {
    requests_.Unpin(env);
    out_.Unpin(env);
  }

  /** Leaves no request behind; what the kernel does not take is queued on its stream. */
  void Run(LoopContext* context);

 private:
  void Gather(LoopContext* context, int32_t count);
  void SendShare(TcpStream* stream);

  PinnedInt32 requests_;
  PinnedBytes out_;
  IntrusiveList<TcpStream, &TcpStream::flush_link> streams_;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_HANDLES_WRITE_FLUSH_H_
