// Arguments of a native function: their number, the object behind the function, and numbers that are checked before use.
#ifndef ASYNCIO_UV_CONVERT_NAPI_ARGS_H_
#define ASYNCIO_UV_CONVERT_NAPI_ARGS_H_

#include <node_api.h>

#include <cstddef>
#include <cstdint>

namespace asyncio_uv {

/** Reads the arguments once; what is missing or of another type comes out as the fallback, never as a crash. */
template <size_t kCount>
class NapiArgs {
 public:
  NapiArgs(napi_env env, napi_callback_info info) : env_(env) {
    size_t count = kCount;
    ok_ = napi_get_cb_info(env, info, &count, values_, nullptr, &data_) == napi_ok;
  }

  template <typename T>
  T* data() const {
    return ok_ ? static_cast<T*>(data_) : nullptr;
  }

  napi_value operator[](size_t index) const { return values_[index]; }

  int32_t Int32(size_t index, int32_t fallback) const {
    int32_t value;
    return napi_get_value_int32(env_, values_[index], &value) == napi_ok ? value : fallback;
  }

  double Double(size_t index, double fallback) const {
    double value;
    return napi_get_value_double(env_, values_[index], &value) == napi_ok ? value : fallback;
  }

  bool Bool(size_t index, bool fallback) const {
    bool value;
    return napi_get_value_bool(env_, values_[index], &value) == napi_ok ? value : fallback;
  }

  /** False when it is not a string or does not fit. */
  template <size_t kSize>
  bool String(size_t index, char (&buffer)[kSize]) const {
    size_t length = 0;
    if (napi_get_value_string_utf8(env_, values_[index], nullptr, 0, &length) != napi_ok) return false;
    if (length >= kSize) return false;
    return napi_get_value_string_utf8(env_, values_[index], buffer, kSize, &length) == napi_ok;
  }

 private:
  napi_env env_;
  bool ok_;
  void* data_ = nullptr;
  napi_value values_[kCount == 0 ? 1 : kCount] = {};
};

inline napi_value ToInt32(napi_env env, int32_t value) {
  napi_value result = nullptr;
  return napi_create_int32(env, value, &result) == napi_ok ? result : nullptr;
}

inline napi_value ToDouble(napi_env env, double value) {
  napi_value result = nullptr;
  return napi_create_double(env, value, &result) == napi_ok ? result : nullptr;
}

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_CONVERT_NAPI_ARGS_H_
