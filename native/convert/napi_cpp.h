// node-addon-api, told that an environment can end in the middle of any call.
#ifndef ASYNCIO_UV_CONVERT_NAPI_CPP_H_
#define ASYNCIO_UV_CONVERT_NAPI_CPP_H_

// A worker that is terminated refuses property stores and throws alike; without this the wrapper aborts the whole process then.
#define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS

#include <napi.h>

#endif  // ASYNCIO_UV_CONVERT_NAPI_CPP_H_
