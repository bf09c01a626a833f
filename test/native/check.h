// Runs the test cases of one file: each prints a line, and a failed check says where it stands and what it saw.
#ifndef ASYNCIO_UV_TEST_NATIVE_CHECK_H_
#define ASYNCIO_UV_TEST_NATIVE_CHECK_H_

#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <type_traits>
#include <vector>

// scripts/test-native.mjs reads the lines: "ok - name", "not ok - name", and "done" last, which a crash leaves out.

namespace check {

struct Case {
  const char* name;
  void (*run)();
};

inline std::vector<Case>& Cases() {
  static std::vector<Case> cases;
  return cases;
}

struct Registration {
  Registration(const char* name, void (*run)()) { Cases().push_back({name, run}); }
};

inline int failures = 0;
inline char note[160] = "";

/** More than this many failed checks of one case say nothing new. */
constexpr int kShownFailures = 5;

inline bool Failed() { return failures > 0; }

/** Says which seed and step the checks that follow belong to. */
__attribute__((format(printf, 1, 2))) inline void Note(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(note, sizeof note, format, arguments);
  va_end(arguments);
}

/** True for the failures that are shown. */
inline bool Fail(const char* file, int line, const char* expression) {
  if (++failures > kShownFailures) return false;
  printf("  %s:%d: %s%s%s\n", file, line, expression, note[0] == 0 ? "" : "  at ", note);
  return true;
}

template <typename T>
bool Negative(T value) {
  if constexpr (std::is_signed<T>::value) return value < 0;
  return false;
}

template <typename A, typename B>
bool Equal(const A& a, const B& b) {
  if constexpr (std::is_integral<A>::value && std::is_integral<B>::value) {
    return Negative(a) == Negative(b) && static_cast<unsigned long long>(a) == static_cast<unsigned long long>(b);
  } else {
    return a == b;
  }
}

template <typename T>
void Print(const char* label, const T& value) {
  if constexpr (std::is_floating_point<T>::value) {
    printf("    %s %.17g\n", label, static_cast<double>(value));
  } else if constexpr (std::is_integral<T>::value) {
    printf("    %s %lld\n", label, static_cast<long long>(value));
  } else if constexpr (std::is_pointer<T>::value) {
    printf("    %s %p\n", label, static_cast<const void*>(value));
  } else {
    printf("    %s %zu items:", label, value.size());
    for (size_t i = 0; i < value.size() && i < 16; i++) printf(" %lld", static_cast<long long>(value[i]));
    printf("%s\n", value.size() > 16 ? " ..." : "");
  }
}

template <typename A, typename B>
void CheckEqual(const char* file, int line, const char* expression, const A& actual, const B& expected) {
  if (Equal(actual, expected) || !Fail(file, line, expression)) return;
  Print("actual  ", actual);
  Print("expected", expected);
}

inline int RunAll() {
  bool all_passed = true;
  for (const Case& item : Cases()) {
    failures = 0;
    note[0] = 0;
    item.run();
    printf("%s - %s\n", failures == 0 ? "ok" : "not ok", item.name);
    fflush(stdout);
    if (failures > 0) all_passed = false;
  }
  printf("done\n");
  return all_passed ? 0 : 1;
}

}  // namespace check

#define TEST(name)                                                 \
  static void name();                                              \
  static const check::Registration registration_##name(#name, name); \
  static void name()

#define CHECK(condition) \
  do {                   \
    if (!(condition)) check::Fail(__FILE__, __LINE__, #condition); \
  } while (0)

#define CHECK_EQ(actual, expected) check::CheckEqual(__FILE__, __LINE__, #actual " == " #expected, actual, expected)

int main() { return check::RunAll(); }

#endif  // ASYNCIO_UV_TEST_NATIVE_CHECK_H_
