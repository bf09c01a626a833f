// A typed array whose memory native code keeps a pointer into: held by a strong reference until it is released.
#ifndef ASYNCIO_UV_CONVERT_PINNED_ARRAY_H_
#define ASYNCIO_UV_CONVERT_PINNED_ARRAY_H_

#include <node_api.h>

#include <cstddef>
#include <cstdint>

#include "convert/napi_check.h"

namespace asyncio_uv {

/** The bytes behind a Uint8Array (or Buffer); false for anything else, a detached one included. */
inline bool GetBytes(napi_env env, napi_value value, uint8_t** data, size_t* length) {
  bool is_typed_array = false;
  if (napi_is_typedarray(env, value, &is_typed_array) != napi_ok || !is_typed_array) return false;
  napi_typedarray_type type;
  void* bytes = nullptr;
  if (napi_get_typedarray_info(env, value, &type, length, &bytes, nullptr, nullptr) != napi_ok) return false;
  if (type != napi_uint8_array || (bytes == nullptr && *length > 0)) return false;
  *data = static_cast<uint8_t*>(bytes);
  return true;
}

/** Whether the memory stays what it is while a reference holds it: not shared with a thread, not resizable. */
inline bool IsSteady(napi_env env, napi_value buffer) {
  bool is_plain = false;
  if (napi_is_arraybuffer(env, buffer, &is_plain) != napi_ok || !is_plain) return false;
  napi_value value;
  bool resizable = false;
  if (napi_get_named_property(env, buffer, "resizable", &value) != napi_ok) return false;
  // Undefined where the engine knows no such buffers.
  return napi_get_value_bool(env, value, &resizable) != napi_ok || !resizable;
}

template <typename T, napi_typedarray_type kType>
class PinnedArray {
 public:
  PinnedArray() = default;
  PinnedArray(const PinnedArray&) = delete;
  PinnedArray& operator=(const PinnedArray&) = delete;

  /** False, and nothing changes, unless `value` is an array of this type with at least `length` items, and not resizable. */
  bool Pin(napi_env env, napi_value value, size_t length) {
    bool is_typed_array = false;
    if (napi_is_typedarray(env, value, &is_typed_array) != napi_ok || !is_typed_array) return false;
    napi_typedarray_type type;
    size_t items = 0;
    void* data = nullptr;
    napi_value buffer;
    if (napi_get_typedarray_info(env, value, &type, &items, &data, &buffer, nullptr) != napi_ok) return false;
    if (type != kType || items < length || data == nullptr || !IsSteady(env, buffer)) return false;
    napi_ref reference;
    if (napi_create_reference(env, value, 1, &reference) != napi_ok) return false;
    Unpin(env);
    reference_ = reference;
    data_ = static_cast<T*>(data);
    length_ = items;
    return true;
  }

  void Unpin(napi_env env) {
    if (reference_ != nullptr) ASYNCIO_UV_CHECK(napi_delete_reference(env, reference_));
    reference_ = nullptr;
    data_ = nullptr;
    length_ = 0;
  }

  T* data() const { return data_; }
  size_t length() const { return length_; }

 private:
  napi_ref reference_ = nullptr;
  T* data_ = nullptr;
  size_t length_ = 0;
};

using PinnedInt32 = PinnedArray<int32_t, napi_int32_array>;
using PinnedDouble = PinnedArray<double, napi_float64_array>;
using PinnedBytes = PinnedArray<uint8_t, napi_uint8_array>;

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_CONVERT_PINNED_ARRAY_H_
