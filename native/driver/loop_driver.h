// Drives one event loop on a uv_loop_t: one entry into JavaScript per turn, timers armed and writes flushed around it.
//
//   prepare   flush writes and take in timers that were left outside a turn; arm the one uv_timer; idle on if work is left
//   (poll)    socket callbacks only append records to the ready ring
//   check     anything ready or due?  ──yes──>  turn: JavaScript runs once; flush, take in timers
//   timer     the same, should the deadline fall after check
//
// It is given its uv_loop_t and never asks whose it is.
#ifndef ASYNCIO_UV_DRIVER_LOOP_DRIVER_H_
#define ASYNCIO_UV_DRIVER_LOOP_DRIVER_H_

#include <node_api.h>
#include <uv.h>

#include "containers/intrusive_list.h"
#include "containers/timer_store.h"
#include "convert/pinned_array.h"
#include "handles/loop_context.h"
#include "handles/tcp_listener.h"
#include "handles/tcp_stream.h"
#include "handles/write_flush.h"

namespace asyncio_uv {

class LoopDriver {
 public:
  /** The memory that JavaScript has made for both sides; all of it is pinned until the loop is closed. */
  struct SharedArrays {
    napi_value state;
    napi_value times;
    napi_value records;
    napi_value requests;
    napi_value out;
    napi_value staged_when;
    napi_value staged_slots;
    napi_value due;
    napi_value links;
  };

  /** Null when an array is not what it must be or memory ran out. `now_ms` is performance.now(), read just before. */
  static LoopDriver* Create(napi_env env, uv_loop_t* uv, const SharedArrays& arrays, double now_ms);

  /** Calls `turn` from now on. False when it is closed or the function cannot be kept. */
  bool Start(napi_value turn);
  void Stop();
  /** There is something to do although no event came: the next poll does not block. */
  void Wake();
  void SetRef(bool ref);
  /** Closes every handle; idempotent. The driver frees itself when libuv is done and nobody refers to it. */
  void Close();
  bool closing() const { return closing_; }

  /** The JavaScript functions that carry a pointer to this driver have been collected. */
  void ReleaseByJs();

  void Flush() { flush_.Run(&context_); }
  bool AbsorbTimers() { return timers_.Absorb(Now()); }
  size_t TakeDueTimers(double now);
  bool AttachLinks(napi_value links);
  void ClearTimers() { timers_.Clear(); }

  LoopContext* context() { return &context_; }
  TcpStream* FindStream(int32_t id);
  TcpListener* FindListener(int32_t id);

  /** In the environment's list of drivers, which its clean-up hook closes. */
  ListNode environment_link;
  /** Called when the last libuv handle is gone. */
  void (*on_closed)(LoopDriver* driver, void* data) = nullptr;
  void* on_closed_data = nullptr;

 private:
  LoopDriver(napi_env env, uv_loop_t* uv, double now_ms);
  ~LoopDriver();

  static void OnPrepare(uv_prepare_t* handle);
  static void OnCheck(uv_check_t* handle);
  static void OnIdle(uv_idle_t* handle);
  static void OnTimer(uv_timer_t* handle);
  static void OnWakeup(uv_async_t* handle);
  static void OnDriverHandleClosed(uv_handle_t* handle);
  static void OnHandleClosed(LoopContext* context);
  static void OnPressure(LoopContext* context);

  bool Pin(const SharedArrays& arrays);
  bool OpenHandles();
  double Now() const;
  bool SomethingToDo();
  void Turn();
  void EnterJs();
  void AfterTurn();
  void ServeWaiting();
  void ArmTimer();
  void UpdateIdle();
  void ReleaseMemory();
  void MaybeFree();

  LoopContext context_;
  WriteFlush flush_;
  TimerStore timers_;
  PinnedInt32 state_;
  PinnedDouble times_;
  PinnedInt32 records_;
  PinnedDouble staged_when_;
  PinnedInt32 staged_slots_;
  PinnedInt32 due_;
  PinnedInt32 links_;
  napi_ref turn_ = nullptr;
  napi_async_context async_context_ = nullptr;
  uv_prepare_t prepare_;
  uv_check_t check_;
  uv_idle_t idle_;
  uv_timer_t timer_;
  uv_async_t wakeup_;
  /** uv_hrtime at the zero of the loop's clock, rounded so that this clock never runs ahead of JavaScript's. */
  double origin_ns_;
  /** The deadline that the uv_timer is armed for, or infinity. */
  double armed_for_;
  bool running_ = false;
  bool in_turn_ = false;
  /** The last turn has taken timers that were due. */
  bool timers_ran_ = false;
  bool woken_ = false;
  bool ready_left_ = false;
  bool ref_ = true;
  bool closing_ = false;
  bool closed_ = false;
  bool held_by_js_ = true;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_DRIVER_LOOP_DRIVER_H_
