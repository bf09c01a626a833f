// The door of the addon: what a require() of it gives, and nothing else.
#include <uv.h>

#include <cmath>

#include "addon_state.h"
#include "convert/napi_cpp.h"
#include "driver/loop_driver.h"
#include "driver/loop_exports.h"
#include "shared_layout.h"

namespace asyncio_uv {

namespace {

/** createLoop(arrays, performance.now()): the functions of a new loop on this environment's libuv loop. */
Napi::Value CreateLoop(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  AddonState* state = AddonState::Of(env);
  uv_loop_t* uv = nullptr;
  if (state == nullptr || !info[0].IsObject() || !info[1].IsNumber()) return env.Null();
  if (napi_get_uv_event_loop(env, &uv) != napi_ok) return env.Null();
  Napi::Object arrays = info[0].As<Napi::Object>();
  const LoopDriver::SharedArrays shared = {
      arrays.Get("state"),       arrays.Get("times"),       arrays.Get("records"),
      arrays.Get("requests"),    arrays.Get("out"),         arrays.Get("stagedWhen"),
      arrays.Get("stagedSlots"), arrays.Get("due"),         arrays.Get("links"),
  };
  if (env.IsExceptionPending()) return env.Null();
  const double now_ms = info[1].As<Napi::Number>().DoubleValue();
  // A clock that starts at no time would make every deadline due, or none.
  if (!std::isfinite(now_ms)) return env.Null();
  LoopDriver* driver = LoopDriver::Create(env, uv, shared, now_ms);
  if (driver == nullptr) return env.Null();
  if (!state->Adopt(driver)) {
    driver->ReleaseByJs();
    return env.Null();
  }
  napi_value exports = MakeLoopExports(env, driver);
  return exports == nullptr ? env.Null() : Napi::Value(env, exports);
}

#define ASYNCIO_UV_SLOT(name) slots.Set(#name, static_cast<int32_t>(k_##name));
#define ASYNCIO_UV_KIND(name) kinds.Set(#name, static_cast<int32_t>(kRecord_##name));

Napi::Object Layout(Napi::Env env) {
  Napi::Object layout = Napi::Object::New(env);
  Napi::Object slots = Napi::Object::New(env);
  ASYNCIO_UV_STATE_SLOTS(ASYNCIO_UV_SLOT)
  layout.Set("state", slots);
  layout.Set("stateSlots", static_cast<int32_t>(kStateSlots));
  slots = Napi::Object::New(env);
  ASYNCIO_UV_TIME_SLOTS(ASYNCIO_UV_SLOT)
  layout.Set("times", slots);
  layout.Set("timeSlots", static_cast<int32_t>(kTimeSlots));
  Napi::Object kinds = Napi::Object::New(env);
  ASYNCIO_UV_RECORD_KINDS(ASYNCIO_UV_KIND)
  layout.Set("kinds", kinds);
  layout.Set("kindBits", kRecordKindBits);
  layout.Set("recordStride", kRecordStride);
  layout.Set("recordCapacity", kRecordCapacity);
  layout.Set("requestStride", kRequestStride);
  layout.Set("requestCapacity", kRequestCapacity);
  layout.Set("outCapacity", kOutCapacity);
  layout.Set("stagedCapacity", kStagedCapacity);
  layout.Set("dueCapacity", kDueCapacity);
  layout.Set("slotIndexBits", static_cast<int32_t>(kSlotIndexBits));
  layout.Set("timerEnd", TimerStore::kEnd);
  layout.Set("timerLive", TimerStore::kLive);
  layout.Set("timerCancelled", TimerStore::kCancelled);
  layout.Set("bindIpv6Only", static_cast<int32_t>(TcpListener::kIpv6Only));
  layout.Set("bindReusePort", static_cast<int32_t>(TcpListener::kReusePort));
  Napi::Array slabs = Napi::Array::New(env, kSlabs);
  for (int32_t i = 0; i < kSlabs; i++) {
    slabs[static_cast<uint32_t>(i)] = Napi::Number::New(
        env, i == kBorrowedSlab ? kBorrowedSlabBytes : (i < kFirstLargeSlab ? kSmallSlabBytes : kLargeSlabBytes));
  }
  layout.Set("slabBytes", slabs);
  layout.Set("borrowedSlab", kBorrowedSlab);
  layout.Set("firstLargeSlab", kFirstLargeSlab);
  return layout;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("abi", kAbi);
  exports.Set("uvVersion", uv_version_string());
  // The addon was compiled against one libuv and runs on another: handles that differ in size would corrupt memory.
  exports.Set("uvFits", uv_handle_size(UV_TCP) == sizeof(uv_tcp_t) && uv_handle_size(UV_TIMER) == sizeof(uv_timer_t) &&
                            uv_handle_size(UV_ASYNC) == sizeof(uv_async_t) &&
                            uv_handle_size(UV_IDLE) == sizeof(uv_idle_t) && uv_req_size(UV_WRITE) == sizeof(uv_write_t));
  if (AddonState::Install(env) == nullptr) return exports;
  exports.Set("layout", Layout(env));
  exports.Set("createLoop", Napi::Function::New(env, CreateLoop, "createLoop"));
  return exports;
}

}  // namespace

}  // namespace asyncio_uv

static Napi::Object InitAddon(Napi::Env env, Napi::Object exports) { return asyncio_uv::Init(env, exports); }

NODE_API_MODULE(NODE_GYP_MODULE_NAME, InitAddon)
