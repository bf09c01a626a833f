// What is done with a Node-API status: checked in debug builds, and turned into an early return where a call may fail.
#ifndef ASYNCIO_UV_CONVERT_NAPI_CHECK_H_
#define ASYNCIO_UV_CONVERT_NAPI_CHECK_H_

#include <node_api.h>

#include <cassert>

/** For calls that can only fail by a mistake of ours: asserts in debug builds, costs nothing in release builds. */
#define ASYNCIO_UV_CHECK(call)           \
  do {                                   \
    const napi_status status_ = (call);  \
    assert(status_ == napi_ok);          \
    (void)status_;                       \
  } while (0)

/** For calls that fail when the environment is going away: gives `result` back at once. */
#define ASYNCIO_UV_TRY(call, result) \
  do {                               \
    if ((call) != napi_ok) return result; \
  } while (0)

#endif  // ASYNCIO_UV_CONVERT_NAPI_CHECK_H_
