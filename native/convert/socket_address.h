// Socket addresses between libuv's form and JavaScript's: a literal with a port in, [host, port, ...] out.
#ifndef ASYNCIO_UV_CONVERT_SOCKET_ADDRESS_H_
#define ASYNCIO_UV_CONVERT_SOCKET_ADDRESS_H_

#include <node_api.h>
#include <uv.h>

namespace asyncio_uv {

/** Longest text of a literal: an IPv6 address with a zone. */
constexpr size_t kMaxHost = 128;

/** Reads an IPv4 or IPv6 literal. 0 or libuv's code. */
inline int ParseAddress(const char* host, int port, sockaddr_storage* address) {
  if (port < 0 || port > 65535) return UV_EINVAL;
  const int status = uv_ip4_addr(host, port, reinterpret_cast<sockaddr_in*>(address));
  return status == 0 ? 0 : uv_ip6_addr(host, port, reinterpret_cast<sockaddr_in6*>(address));
}

/** [host, port] or [host, port, flowinfo, scopeId]; null for another family. */
inline napi_value AddressToJs(napi_env env, const sockaddr_storage& address) {
  char host[kMaxHost];
  napi_value result = nullptr;
  if (address.ss_family != AF_INET && address.ss_family != AF_INET6) {
    napi_get_null(env, &result);
    return result;
  }
  const bool is_ipv6 = address.ss_family == AF_INET6;
  uint32_t numbers[3];
  uint32_t count = 1;
  if (is_ipv6) {
    const sockaddr_in6* in6 = reinterpret_cast<const sockaddr_in6*>(&address);
    uv_ip6_name(in6, host, sizeof(host));
    numbers[0] = ntohs(in6->sin6_port);
    numbers[1] = ntohl(in6->sin6_flowinfo);
    numbers[2] = in6->sin6_scope_id;
    count = 3;
  } else {
    const sockaddr_in* in4 = reinterpret_cast<const sockaddr_in*>(&address);
    uv_ip4_name(in4, host, sizeof(host));
    numbers[0] = ntohs(in4->sin_port);
  }
  napi_value item;
  if (napi_create_array_with_length(env, count + 1, &result) != napi_ok) return nullptr;
  if (napi_create_string_latin1(env, host, NAPI_AUTO_LENGTH, &item) != napi_ok) return nullptr;
  napi_set_element(env, result, 0, item);
  for (uint32_t i = 0; i < count; i++) {
    if (napi_create_uint32(env, numbers[i], &item) != napi_ok) return nullptr;
    napi_set_element(env, result, i + 1, item);
  }
  return result;
}

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_CONVERT_SOCKET_ADDRESS_H_
