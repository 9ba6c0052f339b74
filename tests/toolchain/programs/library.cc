#include "exceptions.h"
extern "C" __attribute__((visibility("default"))) void refuse(int kind) {
  if (kind == 0) throw refused("no");
  if (kind == 1) throw std::out_of_range("far");
  throw 42;
}
