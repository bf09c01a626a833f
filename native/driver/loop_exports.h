// The functions that JavaScript gets for one loop.
#ifndef ASYNCIO_UV_DRIVER_LOOP_EXPORTS_H_
#define ASYNCIO_UV_DRIVER_LOOP_EXPORTS_H_

#include <node_api.h>

#include "driver/loop_driver.h"

namespace asyncio_uv {

/**
 * An object of functions, each of which carries the driver's pointer, so that a call needs no unwrapping. The functions keep
 * the driver alive together; when all are collected the driver closes. Null when the environment refuses; the driver is
 * then closed.
 */
napi_value MakeLoopExports(napi_env env, LoopDriver* driver);

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_DRIVER_LOOP_EXPORTS_H_
