// The C++ echo as a program of its own, on the system's libuv.
#include <cstdio>
#include <cstring>

#include "echo_core.h"

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::printf("libuv %s\n", uv_version_string());
    return 0;
  }
  uv_tcp_t server;
  const int port = echo::Listen(uv_default_loop(), &server);
  if (port < 0) {
    std::fprintf(stderr, "echo_server: %s\n", uv_strerror(port));
    return 1;
  }
  std::printf("LISTENING %d\n", port);
  std::fflush(stdout);
  return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
