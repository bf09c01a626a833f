// All that the addon owns in one environment (the main thread or one worker): its loops. There is no other state.
#ifndef ASYNCIO_UV_ADDON_STATE_H_
#define ASYNCIO_UV_ADDON_STATE_H_

#include "containers/intrusive_list.h"
#include "convert/napi_cpp.h"
#include "driver/loop_driver.h"

namespace asyncio_uv {

class AddonState {
 public:
  /** Made once per environment; freed with it. Null when the clean-up hook cannot be set. */
  static AddonState* Install(Napi::Env env);
  static AddonState* Of(napi_env env);

  /** From now on the environment's end closes this driver. False when the environment is ending. */
  bool Adopt(LoopDriver* driver);

 private:
  static void OnEnvironmentEnd(napi_async_cleanup_hook_handle handle, void* data);
  static void OnDriverClosed(LoopDriver* driver, void* data);
  void FinishWhenEmpty();

  IntrusiveList<LoopDriver, &LoopDriver::environment_link> drivers_;
  int open_drivers_ = 0;
  bool ending_ = false;
  napi_async_cleanup_hook_handle hook_ = nullptr;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_ADDON_STATE_H_
