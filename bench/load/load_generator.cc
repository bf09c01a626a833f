// The bench's load generator: one thread, loopback only, one line of JSON at the end.
#include "options.h"
#include "ping_pong.h"
#include "short_lived.h"

int main(int argc, char** argv) {
  const Options options = ReadOptions(argc, argv);
  switch (options.mode) {
    case Mode::kPingPong:
      PingPong(options).Run();
      break;
    case Mode::kChurn:
      RunChurn(options);
      break;
    case Mode::kHold:
      RunHold(options);
      break;
  }
  return 0;
}
