// Exceptions that cross a shared library, by its link and by dlopen; threads, thread-local variables and streams.
#include <dlfcn.h>

#include <atomic>
#include <iostream>
#include <sstream>
#include <thread>
#include <vector>

#include "exceptions.h"

extern "C" void refuse(int kind);
thread_local int own = 1;

static int caught(void (*function)(int)) {
  int count = 0;
  try { function(0); } catch (const std::exception &error) { count += error.what()[0] == 'n'; }
  try { function(0); } catch (const refused &) { count += 2; }
  try { function(1); } catch (const std::logic_error &) { count += 4; }
  try { function(2); } catch (int number) { count += number == 42 ? 8 : 0; }
  return count;
}

int main(int argc, char **) {
  std::atomic<long long> sum{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) threads.emplace_back([&, i] { own += i; sum += own; });
  for (auto &thread : threads) thread.join();
  std::ostringstream text;
  text << caught(refuse) << ' ' << sum.load();
  if (argc > 1) {
    void *library = dlopen("./liblibrary.so", RTLD_NOW | RTLD_LOCAL);
    text << ' ' << caught(reinterpret_cast<void (*)(int)>(dlsym(library, "refuse")));
  }
  std::cout << text.str() << std::endl;
}
