// node-addon-api, told that an environment can end in the middle of any call.
#ifndef ASYNCIO_UV_CONVERT_NAPI_CPP_H_
#define ASYNCIO_UV_CONVERT_NAPI_CPP_H_

// A worker that is being terminated refuses stores and throws alike; without this the wrapper then aborts the process.
#define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS

#include <napi.h>

#endif  // ASYNCIO_UV_CONVERT_NAPI_CPP_H_
