// Reads the load generator's command line into one checked structure.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

enum class Mode { kPingPong, kChurn, kHold };

struct Options {
  Mode mode = Mode::kPingPong;
  int port = 0;
  int connections = 10;
  long size = 1024;
  int pipeline = 1;
  double seconds = 1.0;
  double warmup = 0.3;
  long count = 0;
  long server_pid = 0;
};

inline const char* UsageText() {
  return "usage: load_generator --port N [--connections N] [--size BYTES] [--pipeline N]\n"
         "                      [--seconds S] [--warmup S] [--server-pid PID]\n"
         "       load_generator --port N --churn COUNT [--size BYTES]\n"
         "       load_generator --port N --hold [--connections N] [--size BYTES] [--seconds S]\n"
         "Closed-loop echo load on 127.0.0.1; prints one line of JSON.\n";
}

[[noreturn]] inline void Refuse(const std::string& reason) {
  std::fprintf(stderr, "load_generator: %s\n", reason.c_str());
  std::exit(2);
}

inline double NumberWithin(const char* name, const char* text, double low, double high) {
  char* end = nullptr;
  errno = 0;
  const double value = std::strtod(text, &end);
  if (errno != 0 || end == text || *end != '\0' || !(value >= low && value <= high)) {
    Refuse(std::string(name) + " needs a number from " + std::to_string(low) + " to " + std::to_string(high) +
           ", not '" + text + "'");
  }
  return value;
}

inline Options ReadOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i++) {
    const std::string name = argv[i];
    if (name == "--help") {
      std::fputs(UsageText(), stdout);
      std::exit(0);
    }
    if (name == "--hold") {
      options.mode = Mode::kHold;
      continue;
    }
    if (i + 1 >= argc) Refuse(name.rfind("--", 0) == 0 ? name + " needs a value" : "unexpected '" + name + "'");
    const char* text = argv[++i];
    if (name == "--port") {
      options.port = static_cast<int>(NumberWithin("--port", text, 1, 65535));
    } else if (name == "--connections") {
      options.connections = static_cast<int>(NumberWithin("--connections", text, 1, 20000));
    } else if (name == "--size") {
      options.size = static_cast<long>(NumberWithin("--size", text, 1, 64 << 20));
    } else if (name == "--pipeline") {
      options.pipeline = static_cast<int>(NumberWithin("--pipeline", text, 1, 65536));
    } else if (name == "--seconds") {
      options.seconds = NumberWithin("--seconds", text, 0.01, 600);
    } else if (name == "--warmup") {
      options.warmup = NumberWithin("--warmup", text, 0, 60);
    } else if (name == "--churn") {
      options.mode = Mode::kChurn;
      options.count = static_cast<long>(NumberWithin("--churn", text, 1, 1e8));
    } else if (name == "--server-pid") {
      options.server_pid = static_cast<long>(NumberWithin("--server-pid", text, 1, 1e9));
    } else {
      Refuse("unknown option '" + name + "'");
    }
  }
  if (options.port == 0) Refuse("--port is required");
  return options;
}
