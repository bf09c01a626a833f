// The functions that JavaScript gets for one loop: they check state, call the driver or a socket, and return libuv's codes.
#include "driver/loop_exports.h"

#include <new>

#include "convert/napi_args.h"
#include "convert/napi_check.h"
#include "convert/pinned_array.h"
#include "convert/socket_address.h"

namespace asyncio_uv {

namespace {

/** Longest write in one call; longer data is cut by JavaScript. */
constexpr size_t kMaxDirectWrite = 1u << 30;

napi_value Undefined() { return nullptr; }

// --- the loop itself ---------------------------------------------------------------------------------------------------

napi_value Start(napi_env env, napi_callback_info info) {
  NapiArgs<1> args(env, info);
  LoopDriver* driver = args.data<LoopDriver>();
  napi_valuetype type;
  const bool is_function = napi_typeof(env, args[0], &type) == napi_ok && type == napi_function;
  return ToInt32(env, is_function && driver->Start(args[0]) ? 0 : UV_EINVAL);
}

napi_value Stop(napi_env env, napi_callback_info info) {
  NapiArgs<0>(env, info).data<LoopDriver>()->Stop();
  return Undefined();
}

napi_value Wake(napi_env env, napi_callback_info info) {
  NapiArgs<0>(env, info).data<LoopDriver>()->Wake();
  return Undefined();
}

napi_value SetRef(napi_env env, napi_callback_info info) {
  NapiArgs<1> args(env, info);
  args.data<LoopDriver>()->SetRef(args.Bool(0, true));
  return Undefined();
}

napi_value Close(napi_env env, napi_callback_info info) {
  NapiArgs<0>(env, info).data<LoopDriver>()->Close();
  return Undefined();
}

napi_value ProvideSlab(napi_env env, napi_callback_info info) {
  NapiArgs<2> args(env, info);
  LoopDriver* driver = args.data<LoopDriver>();
  if (driver->closing()) return ToInt32(env, UV_ECANCELED);
  const bool taken = driver->context()->slabs.Provide(env, args.Int32(0, -1), args[1]);
  return ToInt32(env, taken ? 0 : UV_EINVAL);
}

// --- timers ------------------------------------------------------------------------------------------------------------

napi_value AbsorbTimers(napi_env env, napi_callback_info info) {
  LoopDriver* driver = NapiArgs<0>(env, info).data<LoopDriver>();
  if (driver->closing()) return ToInt32(env, 0);
  return ToInt32(env, driver->AbsorbTimers() ? 0 : UV_ENOMEM);
}

napi_value TakeDueTimers(napi_env env, napi_callback_info info) {
  NapiArgs<1> args(env, info);
  LoopDriver* driver = args.data<LoopDriver>();
  return ToInt32(env, static_cast<int32_t>(driver->TakeDueTimers(args.Double(0, -1))));
}

napi_value AttachTimerLinks(napi_env env, napi_callback_info info) {
  NapiArgs<1> args(env, info);
  return ToInt32(env, args.data<LoopDriver>()->AttachLinks(args[0]) ? 0 : UV_EINVAL);
}

napi_value ClearTimers(napi_env env, napi_callback_info info) {
  LoopDriver* driver = NapiArgs<0>(env, info).data<LoopDriver>();
  if (!driver->closing()) driver->ClearTimers();
  return Undefined();
}

// --- sockets -----------------------------------------------------------------------------------------------------------

/** Opens a socket of the literal's family; its id, or libuv's code. */
template <typename T>
int32_t OpenSocket(LoopDriver* driver, const sockaddr_storage& address, T** socket) {
  if (driver->closing()) return UV_ECANCELED;
  *socket = new (std::nothrow) T(driver->context());
  if (*socket == nullptr) return UV_ENOMEM;
  const int status = (*socket)->Open(address.ss_family);
  return status != 0 ? status : (*socket)->id();
}

int32_t ReadAddress(const NapiArgs<4>& args, size_t host_at, sockaddr_storage* address) {
  char host[kMaxHost];
  if (!args.String(host_at, host)) return UV_EINVAL;
  return ParseAddress(host, args.Int32(host_at + 1, -1), address);
}

napi_value BindTcp(napi_env env, napi_callback_info info) {
  NapiArgs<4> args(env, info);
  sockaddr_storage address;
  int32_t status = ReadAddress(args, 0, &address);
  if (status != 0) return ToInt32(env, status);
  TcpListener* listener = nullptr;
  const int32_t id = OpenSocket(args.data<LoopDriver>(), address, &listener);
  if (id < 0) return ToInt32(env, id);
  status = listener->Bind(reinterpret_cast<sockaddr*>(&address), args.Int32(2, 0));
  if (status == 0) return ToInt32(env, id);
  listener->Close(false);
  return ToInt32(env, status);
}

napi_value Listen(napi_env env, napi_callback_info info) {
  NapiArgs<2> args(env, info);
  TcpListener* listener = args.data<LoopDriver>()->FindListener(args.Int32(0, kNoSlot));
  return ToInt32(env, listener == nullptr ? UV_EBADF : listener->Listen(args.Int32(1, 100)));
}

/** connectTcp(host, port, localHost | null, localPort) */
napi_value ConnectTcp(napi_env env, napi_callback_info info) {
  NapiArgs<4> args(env, info);
  sockaddr_storage remote;
  sockaddr_storage local;
  int32_t status = ReadAddress(args, 0, &remote);
  if (status != 0) return ToInt32(env, status);
  napi_valuetype type;
  const bool bind_first = napi_typeof(env, args[2], &type) == napi_ok && type == napi_string;
  if (bind_first && (status = ReadAddress(args, 2, &local)) != 0) return ToInt32(env, status);
  TcpStream* stream = nullptr;
  const int32_t id = OpenSocket(args.data<LoopDriver>(), remote, &stream);
  if (id < 0) return ToInt32(env, id);
  if (bind_first) status = uv_tcp_bind(stream->tcp(), reinterpret_cast<sockaddr*>(&local), 0);
  if (status == 0) status = stream->Connect(reinterpret_cast<sockaddr*>(&remote));
  if (status == 0) return ToInt32(env, id);
  stream->Close(false);
  return ToInt32(env, status);
}

napi_value ReadStart(napi_env env, napi_callback_info info) {
  NapiArgs<2> args(env, info);
  TcpStream* stream = args.data<LoopDriver>()->FindStream(args.Int32(0, kNoSlot));
  return ToInt32(env, stream == nullptr ? UV_EBADF : stream->ReadStart(args.Bool(1, false)));
}

napi_value ReadStop(napi_env env, napi_callback_info info) {
  NapiArgs<1> args(env, info);
  TcpStream* stream = args.data<LoopDriver>()->FindStream(args.Int32(0, kNoSlot));
  if (stream != nullptr) stream->ReadStop();
  return Undefined();
}

/** Bytes that stay queued on this stream after all corked writes were carried out. */
napi_value FlushStream(napi_env env, napi_callback_info info) {
  NapiArgs<1> args(env, info);
  LoopDriver* driver = args.data<LoopDriver>();
  if (driver->closing()) return ToInt32(env, 0);
  driver->Flush();
  TcpStream* stream = driver->FindStream(args.Int32(0, kNoSlot));
  return ToDouble(env, stream == nullptr ? 0 : static_cast<double>(stream->queued()));
}

/** Bytes queued behind a full socket now; a record would tell what it was when it was written. */
napi_value QueuedBytes(napi_env env, napi_callback_info info) {
  NapiArgs<1> args(env, info);
  TcpStream* stream = args.data<LoopDriver>()->FindStream(args.Int32(0, kNoSlot));
  return ToDouble(env, stream == nullptr ? 0 : static_cast<double>(stream->queued()));
}

/** writeDirect(id, bytes, copy): bytes that stay queued, or libuv's code. Earlier corked writes go first. */
napi_value WriteDirect(napi_env env, napi_callback_info info) {
  NapiArgs<3> args(env, info);
  LoopDriver* driver = args.data<LoopDriver>();
  uint8_t* bytes;
  size_t length;
  if (!GetBytes(env, args[1], &bytes, &length) || length > kMaxDirectWrite) return ToInt32(env, UV_EINVAL);
  if (driver->closing()) return ToInt32(env, UV_ECANCELED);
  driver->Flush();
  TcpStream* stream = driver->FindStream(args.Int32(0, kNoSlot));
  if (stream == nullptr) return ToInt32(env, UV_EBADF);
  return ToDouble(env, static_cast<double>(stream->SendDirect(args[1], bytes, length, args.Bool(2, true))));
}

napi_value Shutdown(napi_env env, napi_callback_info info) {
  NapiArgs<1> args(env, info);
  LoopDriver* driver = args.data<LoopDriver>();
  if (driver->closing()) return ToInt32(env, UV_ECANCELED);
  driver->Flush();
  TcpStream* stream = driver->FindStream(args.Int32(0, kNoSlot));
  return ToInt32(env, stream == nullptr ? UV_EBADF : stream->Shutdown());
}

napi_value CloseSocket(napi_env env, napi_callback_info info) {
  NapiArgs<2> args(env, info);
  Socket* socket = args.data<LoopDriver>()->context()->sockets.Find(args.Int32(0, kNoSlot));
  if (socket != nullptr) socket->Close(args.Bool(1, false));
  return Undefined();
}

napi_value Sockname(napi_env env, napi_callback_info info) {
  NapiArgs<1> args(env, info);
  Socket* socket = args.data<LoopDriver>()->context()->sockets.Find(args.Int32(0, kNoSlot));
  sockaddr_storage address = {};
  int length = sizeof(address);
  if (socket != nullptr) uv_tcp_getsockname(socket->tcp(), reinterpret_cast<sockaddr*>(&address), &length);
  return AddressToJs(env, address);
}

napi_value Peername(napi_env env, napi_callback_info info) {
  NapiArgs<1> args(env, info);
  TcpStream* stream = args.data<LoopDriver>()->FindStream(args.Int32(0, kNoSlot));
  const sockaddr_storage none = {};
  return AddressToJs(env, stream == nullptr ? none : stream->peer());
}

napi_value Fileno(napi_env env, napi_callback_info info) {
  NapiArgs<1> args(env, info);
  Socket* socket = args.data<LoopDriver>()->context()->sockets.Find(args.Int32(0, kNoSlot));
  uv_os_fd_t fd;
  const bool open = socket != nullptr && uv_fileno(reinterpret_cast<uv_handle_t*>(socket->tcp()), &fd) == 0;
  return ToInt32(env, open ? static_cast<int32_t>(fd) : -1);
}

napi_value SetNoDelay(napi_env env, napi_callback_info info) {
  NapiArgs<2> args(env, info);
  TcpStream* stream = args.data<LoopDriver>()->FindStream(args.Int32(0, kNoSlot));
  return ToInt32(env, stream == nullptr ? UV_EBADF : uv_tcp_nodelay(stream->tcp(), args.Bool(1, true)));
}

/** setKeepAlive(id, on, delay in whole seconds) */
napi_value SetKeepAlive(napi_env env, napi_callback_info info) {
  NapiArgs<3> args(env, info);
  TcpStream* stream = args.data<LoopDriver>()->FindStream(args.Int32(0, kNoSlot));
  const int32_t delay = args.Int32(2, 0);
  if (stream == nullptr) return ToInt32(env, UV_EBADF);
  if (delay < 0) return ToInt32(env, UV_EINVAL);
  return ToInt32(env, uv_tcp_keepalive(stream->tcp(), args.Bool(1, true), static_cast<unsigned>(delay)));
}

struct Export {
  const char* name;
  napi_callback function;
};

constexpr Export kExports[] = {
    {"start", Start},
    {"stop", Stop},
    {"wake", Wake},
    {"setRef", SetRef},
    {"close", Close},
    {"provideSlab", ProvideSlab},
    {"absorbTimers", AbsorbTimers},
    {"takeDueTimers", TakeDueTimers},
    {"attachTimerLinks", AttachTimerLinks},
    {"clearTimers", ClearTimers},
    {"bindTcp", BindTcp},
    {"listen", Listen},
    {"connectTcp", ConnectTcp},
    {"readStart", ReadStart},
    {"readStop", ReadStop},
    {"flushStream", FlushStream},
    {"queuedBytes", QueuedBytes},
    {"writeDirect", WriteDirect},
    {"shutdown", Shutdown},
    {"closeSocket", CloseSocket},
    {"sockname", Sockname},
    {"peername", Peername},
    {"fileno", Fileno},
    {"setNoDelay", SetNoDelay},
    {"setKeepAlive", SetKeepAlive},
};

void OnAnchorCollected(napi_env, void* data, void*) { static_cast<LoopDriver*>(data)->ReleaseByJs(); }

bool AddFunction(napi_env env, napi_value exports, napi_value anchor, LoopDriver* driver, const Export& entry) {
  napi_value function;
  ASYNCIO_UV_TRY(napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.function, driver, &function), false);
  const napi_property_descriptor keep = {"driver", nullptr, nullptr, nullptr, nullptr, anchor, napi_default, nullptr};
  ASYNCIO_UV_TRY(napi_define_properties(env, function, 1, &keep), false);
  return napi_set_named_property(env, exports, entry.name, function) == napi_ok;
}

}  // namespace

napi_value MakeLoopExports(napi_env env, LoopDriver* driver) {
  napi_value exports;
  napi_value anchor;
  if (napi_create_external(env, driver, OnAnchorCollected, nullptr, &anchor) != napi_ok) {
    driver->ReleaseByJs();
    return nullptr;
  }
  ASYNCIO_UV_TRY(napi_create_object(env, &exports), nullptr);
  for (const Export& entry : kExports) {
    if (!AddFunction(env, exports, anchor, driver, entry)) return nullptr;
  }
  return exports;
}

}  // namespace asyncio_uv
