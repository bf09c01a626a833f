// Drives one event loop on a uv_loop_t.
#include "driver/loop_driver.h"

#include <cassert>
#include <cmath>
#include <new>

#include "convert/napi_check.h"
#include "handles/tcp_listener.h"
#include "handles/tcp_stream.h"

namespace asyncio_uv {

namespace {

constexpr double kNsPerSecond = 1e9;
constexpr double kNsPerMs = 1e6;
/** What libuv's clock can tell apart: how long deadlines are gathered when they follow each other closely. */
constexpr double kBatchMs = 1;
/** libuv takes whole milliseconds; a deadline further away than a day is looked at again in a day. */
constexpr double kMaxArmMs = 24.0 * 3600 * 1000;
/**
 * A deadline nearer than this (milliseconds) is waited for without sleeping. It covers what this clock lags behind
 * JavaScript's, so that a delay of 0 does not cost a whole millisecond.
 */
constexpr double kNearMs = 0.1;

template <typename Handle>
LoopDriver* DriverOf(Handle* handle) {
  return static_cast<LoopDriver*>(handle->data);
}

template <typename Handle>
uv_handle_t* AsHandle(Handle* handle) {
  return reinterpret_cast<uv_handle_t*>(handle);
}

}  // namespace

LoopDriver* LoopDriver::Create(napi_env env, uv_loop_t* uv, const SharedArrays& arrays, double now_ms) {
  LoopDriver* driver = new (std::nothrow) LoopDriver(env, uv, now_ms);
  if (driver == nullptr) return nullptr;
  if (!driver->Pin(arrays) || !driver->OpenHandles()) {
    driver->ReleaseMemory();
    delete driver;
    return nullptr;
  }
  return driver;
}

LoopDriver::LoopDriver(napi_env env, uv_loop_t* uv, double now_ms)
    : context_(env, uv),
      origin_ns_(static_cast<double>(uv_hrtime()) - now_ms * kNsPerMs),
      armed_for_(INFINITY) {
  context_.owner = this;
  context_.on_handle_closed = OnHandleClosed;
  context_.on_pressure = OnPressure;
}

LoopDriver::~LoopDriver() { environment_link.Unlink(); }

bool LoopDriver::Pin(const SharedArrays& arrays) {
  napi_env env = context_.env;
  if (!state_.Pin(env, arrays.state, kStateSlots) || !times_.Pin(env, arrays.times, kTimeSlots) ||
      !records_.Pin(env, arrays.records, kRecordCapacity * kRecordStride) ||
      !flush_.Pin(env, arrays.requests, arrays.out) ||
      !staged_when_.Pin(env, arrays.staged_when, kStagedCapacity) ||
      !staged_slots_.Pin(env, arrays.staged_slots, kStagedCapacity) || !due_.Pin(env, arrays.due, kDueCapacity) ||
      !links_.Pin(env, arrays.links, 1)) {
    return false;
  }
  int32_t* state = state_.data();
  context_.state = state;
  context_.ring.Attach(records_.data(), kRecordCapacity, &state[k_RECORD_COUNT]);
  context_.slabs.Attach(&state[k_SLABS_WANTED]);
  timers_.Attach({&state[k_STAGED_COUNT], &state[k_CANCELLED_COUNT], &state[k_TIMER_FREE_HEAD], staged_when_.data(),
                  staged_slots_.data(), kStagedCapacity, &times_.data()[k_NEXT_DEADLINE]});
  timers_.AttachLinks(links_.data(), links_.length());
  return true;
}

bool LoopDriver::AttachLinks(napi_value links) {
  if (closing_ || !links_.Pin(context_.env, links, links_.length())) return false;
  timers_.AttachLinks(links_.data(), links_.length());
  return true;
}

bool LoopDriver::OpenHandles() {
  uv_loop_t* uv = context_.uv;
  // The only one that takes descriptors, so the only one that can fail.
  if (uv_async_init(uv, &wakeup_, OnWakeup) != 0) return false;
  uv_prepare_init(uv, &prepare_);
  uv_check_init(uv, &check_);
  uv_idle_init(uv, &idle_);
  uv_timer_init(uv, &timer_);
  uv_handle_t* handles[] = {AsHandle(&prepare_), AsHandle(&check_), AsHandle(&idle_), AsHandle(&timer_),
                            AsHandle(&wakeup_)};
  for (uv_handle_t* handle : handles) {
    handle->data = this;
    uv_unref(handle);
    context_.open_handles++;
  }
  return true;
}

bool LoopDriver::Start(napi_value turn) {
  if (closing_ || running_) return false;
  napi_env env = context_.env;
  napi_value name;
  ASYNCIO_UV_TRY(napi_create_string_latin1(env, "ASYNCIO_UV_LOOP", NAPI_AUTO_LENGTH, &name), false);
  ASYNCIO_UV_TRY(napi_create_reference(env, turn, 1, &turn_), false);
  // Stopped and started again within one turn: the context is still there, under the callback scope of that turn.
  if (async_context_ == nullptr && napi_async_init(env, nullptr, name, &async_context_) != napi_ok) {
    ASYNCIO_UV_CHECK(napi_delete_reference(env, turn_));
    turn_ = nullptr;
    return false;
  }
  running_ = true;
  woken_ = true;
  uv_prepare_start(&prepare_, OnPrepare);
  uv_check_start(&check_, OnCheck);
  SetRef(ref_);
  UpdateIdle();
  return true;
}

void LoopDriver::Stop() {
  if (!running_) return;
  running_ = false;
  uv_prepare_stop(&prepare_);
  uv_check_stop(&check_);
  uv_idle_stop(&idle_);
  uv_timer_stop(&timer_);
  armed_for_ = INFINITY;
  uv_unref(AsHandle(&wakeup_));
  ASYNCIO_UV_CHECK(napi_delete_reference(context_.env, turn_));
  turn_ = nullptr;
  // Inside the turn the callback scope still stands on this context; AfterTurn lets go of it then.
  if (!in_turn_) {
    ASYNCIO_UV_CHECK(napi_async_destroy(context_.env, async_context_));
    async_context_ = nullptr;
  }
}

void LoopDriver::Wake() {
  woken_ = true;
  if (running_) UpdateIdle();
}

void LoopDriver::SetRef(bool ref) {
  ref_ = ref;
  if (closing_) return;
  // The one handle that may hold the process: an async handle is always active, so its ref is all there is to say.
  if (running_ && ref) {
    uv_ref(AsHandle(&wakeup_));
  } else {
    uv_unref(AsHandle(&wakeup_));
  }
}

double LoopDriver::Now() const {
  const double foreign = times_.data()[k_FOREIGN_TIME];
  if (!std::isnan(foreign)) return foreign;
  return (static_cast<double>(uv_hrtime()) - origin_ns_) / kNsPerSecond;
}

void LoopDriver::OnPrepare(uv_prepare_t* handle) {
  LoopDriver* driver = DriverOf(handle);
  driver->AfterTurn();
}

void LoopDriver::OnCheck(uv_check_t* handle) {
  LoopDriver* driver = DriverOf(handle);
  if (driver->SomethingToDo()) driver->Turn();
}

void LoopDriver::OnIdle(uv_idle_t*) {}

void LoopDriver::OnTimer(uv_timer_t* handle) {
  LoopDriver* driver = DriverOf(handle);
  driver->armed_for_ = INFINITY;
  // The deadline fell after the check phase. I/O comes before timers, so one more poll, which does not block, goes first.
  if (driver->running_ && driver->SomethingToDo()) driver->Wake();
}

// It only has to make poll return; what woke it is found by the check phase.
void LoopDriver::OnWakeup(uv_async_t*) {}

bool LoopDriver::SomethingToDo() {
  if (woken_ || ready_left_ || !context_.ring.empty()) return true;
  const double deadline = times_.data()[k_NEXT_DEADLINE];
  return deadline != INFINITY && deadline <= Now();
}

void LoopDriver::Turn() {
  woken_ = false;
  AddWrapping(&state_.data()[k_TURNS], 1);
  in_turn_ = true;
  timers_ran_ = false;
  EnterJs();
  in_turn_ = false;
  if (!running_ && async_context_ != nullptr) {
    ASYNCIO_UV_CHECK(napi_async_destroy(context_.env, async_context_));
    async_context_ = nullptr;
  }
  if (closing_) return;
  context_.slabs.StartTurn();
  context_.ring.Refill();
  AfterTurn();
}

void LoopDriver::EnterJs() {
  napi_env env = context_.env;
  napi_handle_scope scope;
  ready_left_ = false;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  napi_value turn;
  napi_value receiver;
  napi_value result = nullptr;
  ASYNCIO_UV_CHECK(napi_get_reference_value(env, turn_, &turn));
  ASYNCIO_UV_CHECK(napi_get_global(env, &receiver));
  // Node drains its ticks and microtasks when this call returns, before the writes of the turn are flushed.
  const napi_status status = napi_make_callback(env, async_context_, receiver, turn, 0, nullptr, &result);
  if (status == napi_ok) {
    napi_get_value_bool(env, result, &ready_left_);
  } else {
    // What the turn said is lost, because a tick behind it threw for instance: it may have left work nobody else brings up.
    ready_left_ = true;
  }
  if (status == napi_pending_exception) {
    // The turn reports every error of users itself; what still comes out is for the process to see.
    napi_value exception;
    if (napi_get_and_clear_last_exception(env, &exception) == napi_ok) napi_fatal_exception(env, exception);
  }
  ASYNCIO_UV_CHECK(napi_close_handle_scope(env, scope));
}

void LoopDriver::AfterTurn() {
  Flush();
  if (timers_.HasStaged()) AbsorbTimers();
  ServeWaiting();
  if (!running_) return;
  UpdateIdle();
  ArmTimer();
}

void LoopDriver::ServeWaiting() {
  while (context_.ring.HasRoom()) {
    Socket* listener = context_.waiting_listeners.PopFront();
    if (listener == nullptr) break;
    static_cast<TcpListener*>(listener)->AcceptWaiting();
  }
  if (!context_.ring.HasRoom()) return;
  while (Socket* stream = context_.waiting_streams.PopFront()) static_cast<TcpStream*>(stream)->ReadWaiting();
}

void LoopDriver::UpdateIdle() {
  // An active idle handle makes the next poll return at once.
  if (woken_ || ready_left_ || !context_.ring.empty()) {
    uv_idle_start(&idle_, OnIdle);
  } else {
    uv_idle_stop(&idle_);
  }
}

void LoopDriver::ArmTimer() {
  double deadline = times_.data()[k_NEXT_DEADLINE];
  // JavaScript can write there: what is no number never comes due.
  if (std::isnan(deadline)) deadline = INFINITY;
  if (deadline == armed_for_) return;
  double ms = (deadline - Now()) * 1000;
  if (ms < kNearMs && timers_ran_ && (timers_.TakeEarliestNew() - Now()) * 1000 >= kNearMs) {
    // Old deadlines that follow each other closely: a millisecond of them together, instead of a turn for each few. One that
    // was set in this very turn, as with callLater(0), does not wait.
    ms = kBatchMs;
  }
  if (ms < kNearMs) {
    // A uv_timer that is armed for now in its own callback keeps libuv (before 1.49) among its timers, and all I/O waiting.
    armed_for_ = INFINITY;
    uv_timer_stop(&timer_);
    uv_idle_start(&idle_, OnIdle);
    return;
  }
  armed_for_ = deadline;
  if (deadline == INFINITY) {
    uv_timer_stop(&timer_);
    return;
  }
  // libuv's clock is cached and truncated to milliseconds: refresh it, and round up.
  uv_update_time(context_.uv);
  uv_timer_start(&timer_, OnTimer, static_cast<uint64_t>(std::ceil(ms < kMaxArmMs ? ms : kMaxArmMs)), 0);
}

size_t LoopDriver::TakeDueTimers(double now) {
  if (closing_) return 0;
  if (timers_.HasStaged()) timers_.Absorb(now);
  const size_t count = timers_.TakeDue(now, due_.data(), kDueCapacity);
  if (count > 0) timers_ran_ = true;
  return count;
}

TcpStream* LoopDriver::FindStream(int32_t id) {
  Socket* socket = context_.sockets.Find(id);
  return socket != nullptr && socket->kind() == Socket::Kind::kStream ? static_cast<TcpStream*>(socket) : nullptr;
}

TcpListener* LoopDriver::FindListener(int32_t id) {
  Socket* socket = context_.sockets.Find(id);
  return socket != nullptr && socket->kind() == Socket::Kind::kListener ? static_cast<TcpListener*>(socket) : nullptr;
}

void LoopDriver::Close() {
  if (closing_) return;
  if (running_) Stop();
  closing_ = true;
  Flush();
  for (size_t i = 0; i < context_.sockets.capacity(); i++) {
    Socket* socket = context_.sockets.At(i);
    if (socket != nullptr) socket->Close(false);
  }
  context_.ring.Clear();
  timers_.Clear();
  uv_handle_t* handles[] = {AsHandle(&prepare_), AsHandle(&check_), AsHandle(&idle_), AsHandle(&timer_),
                            AsHandle(&wakeup_)};
  for (uv_handle_t* handle : handles) uv_close(handle, OnDriverHandleClosed);
}

void LoopDriver::OnDriverHandleClosed(uv_handle_t* handle) {
  LoopContext* context = &static_cast<LoopDriver*>(handle->data)->context_;
  context->open_handles--;
  OnHandleClosed(context);
}

void LoopDriver::OnHandleClosed(LoopContext* context) {
  if (context->open_handles > 0) return;
  LoopDriver* driver = static_cast<LoopDriver*>(context->owner);
  driver->closed_ = true;
  driver->ReleaseMemory();
  if (driver->on_closed != nullptr) driver->on_closed(driver, driver->on_closed_data);
  driver->MaybeFree();
}

void LoopDriver::OnPressure(LoopContext* context) {
  LoopDriver* driver = static_cast<LoopDriver*>(context->owner);
  if (driver->running_ && !driver->in_turn_) driver->Turn();
}

void LoopDriver::ReleaseMemory() {
  napi_env env = context_.env;
  context_.ring.Clear();
  context_.slabs.Release(env);
  flush_.Release(env);
  records_.Unpin(env);
  staged_when_.Unpin(env);
  staged_slots_.Unpin(env);
  due_.Unpin(env);
  links_.Unpin(env);
  times_.Unpin(env);
  state_.Unpin(env);
}

void LoopDriver::ReleaseByJs() {
  held_by_js_ = false;
  Close();
  MaybeFree();
}

void LoopDriver::MaybeFree() {
  if (closed_ && !held_by_js_) delete this;
}

}  // namespace asyncio_uv
