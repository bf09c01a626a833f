// The life of a native TCP socket: born with a slot, closed once, freed by libuv's close callback.
//
//   Open ──Close()──> closing (slot given back, JavaScript can no longer name it) ──close callback──> freed
#ifndef ASYNCIO_UV_HANDLES_SOCKET_H_
#define ASYNCIO_UV_HANDLES_SOCKET_H_

#include <uv.h>

#include "containers/intrusive_list.h"
#include "containers/slot_table.h"

namespace asyncio_uv {

struct LoopContext;

class Socket {
 public:
  enum class Kind : uint8_t { kStream, kListener };

  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  Kind kind() const { return kind_; }
  int32_t id() const { return id_; }
  bool closing() const { return closing_; }
  uv_tcp_t* tcp() { return &tcp_; }

  /** 0 or libuv's code; on failure the socket is already on its way to be freed. `flags`: an address family, or 0. */
  int Open(unsigned flags);
  /** Idempotent. The object must not be used after. `reset` sends RST. */
  void Close(bool reset);

  ListNode waiting;

 protected:
  Socket(LoopContext* context, Kind kind) : context_(context), kind_(kind) {}
  virtual ~Socket() = default;

  LoopContext* context_;
  uv_tcp_t tcp_;

 private:
  static void OnClosed(uv_handle_t* handle);

  int32_t id_ = kNoSlot;
  Kind kind_;
  bool closing_ = false;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_HANDLES_SOCKET_H_
