// The same C++ echo inside Node, on Node's own loop: the limit for anything that runs there.
#include <node_api.h>

#include "echo_core.h"

namespace {

napi_value Throw(napi_env env, const char* message) {
  napi_throw_error(env, nullptr, message);
  return nullptr;
}

void CloseServer(void* data) { uv_close(static_cast<uv_handle_t*>(data), echo::OnClosed); }

napi_value Listen(napi_env env, napi_callback_info) {
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return Throw(env, "no libuv loop in this environment");
  auto* server = static_cast<uv_tcp_t*>(std::malloc(sizeof(uv_tcp_t)));
  const int port = echo::Listen(loop, server);
  if (port < 0) return Throw(env, uv_strerror(port));
  napi_add_env_cleanup_hook(env, CloseServer, server);
  napi_value result;
  napi_create_int32(env, port, &result);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value listen;
  napi_create_function(env, "listen", NAPI_AUTO_LENGTH, Listen, nullptr, &listen);
  napi_set_named_property(env, exports, "listen", listen);
  return exports;
}
