// All that the addon owns in one environment.
#include "addon_state.h"

#include <new>

namespace asyncio_uv {

AddonState* AddonState::Install(Napi::Env env) {
  AddonState* state = new (std::nothrow) AddonState();
  if (state == nullptr) return nullptr;
  // The hook is asynchronous because libuv's handles are: the environment waits until their close callbacks have run.
  if (napi_add_async_cleanup_hook(env, OnEnvironmentEnd, state, &state->hook_) != napi_ok) {
    delete state;
    return nullptr;
  }
  env.SetInstanceData(state);
  return state;
}

AddonState* AddonState::Of(napi_env env) { return Napi::Env(env).GetInstanceData<AddonState>(); }

bool AddonState::Adopt(LoopDriver* driver) {
  if (ending_) return false;
  driver->on_closed = OnDriverClosed;
  driver->on_closed_data = this;
  drivers_.PushBack(driver);
  open_drivers_++;
  return true;
}

void AddonState::OnEnvironmentEnd(napi_async_cleanup_hook_handle, void* data) {
  AddonState* state = static_cast<AddonState*>(data);
  state->ending_ = true;
  while (LoopDriver* driver = state->drivers_.PopFront()) driver->Close();
  state->FinishWhenEmpty();
}

void AddonState::OnDriverClosed(LoopDriver* driver, void* data) {
  AddonState* state = static_cast<AddonState*>(data);
  driver->environment_link.Unlink();
  state->open_drivers_--;
  state->FinishWhenEmpty();
}

void AddonState::FinishWhenEmpty() {
  if (!ending_ || open_drivers_ > 0 || hook_ == nullptr) return;
  napi_async_cleanup_hook_handle hook = hook_;
  hook_ = nullptr;
  napi_remove_async_cleanup_hook(hook);
}

}  // namespace asyncio_uv
