// What the sockets of one loop share: its libuv loop, the ready ring they report to, the slabs they read into, their slots.
#ifndef ASYNCIO_UV_HANDLES_LOOP_CONTEXT_H_
#define ASYNCIO_UV_HANDLES_LOOP_CONTEXT_H_

#include <node_api.h>
#include <uv.h>

#include <cstdlib>

#include "containers/intrusive_list.h"
#include "containers/ready_ring.h"
#include "containers/slot_table.h"
#include "handles/read_slabs.h"
#include "handles/socket.h"
#include "shared_layout.h"

namespace asyncio_uv {

struct LoopContext {
  LoopContext(napi_env the_env, uv_loop_t* loop) : env(the_env), uv(loop) {}

  void Report(int32_t id, int32_t kind, int32_t a, int32_t b) {
    // Out of memory for an event nobody can be told about: going on would hang a connection for ever.
    if (!ring.Push({id, kind, a, b})) abort();
  }

  napi_env env;
  uv_loop_t* uv;
  int32_t* state = nullptr;
  ReadyRing ring;
  ReadSlabs slabs;
  SlotTable<Socket> sockets;
  /** Listeners whose next connection waits for room in the ring. */
  IntrusiveList<Socket, &Socket::waiting> waiting_listeners;
  /** Streams whose next bytes wait for room in the ring or in a slab. */
  IntrusiveList<Socket, &Socket::waiting> waiting_streams;
  /** libuv handles that are not closed yet, the driver's own included. */
  int32_t open_handles = 0;
  /** Whoever made this context, and is told whenever open_handles has gone down. */
  void* owner = nullptr;
  void (*on_handle_closed)(LoopContext* context) = nullptr;
  /** Enters JavaScript before its time, because nothing more can be read. Any socket may be closed when it returns. */
  void (*on_pressure)(LoopContext* context) = nullptr;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_HANDLES_LOOP_CONTEXT_H_
