// Functions of libc that compiler-rt of zig defines too, helpers of the compiler, and atomics wider than a register.
#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Atomic uint64_t wide;
struct pair { uint64_t low, high; };
static _Atomic struct pair both;

int main(int argc, char **argv) {
  double number = argc + 0.5;
  char *copy = malloc(strlen(argv[0]) + 1);
  memcpy(copy, argv[0], strlen(argv[0]) + 1);
  memset(copy, 'x', 1);
  memmove(copy, copy + 1, strlen(copy));
  uint64_t large = (uint64_t)argc * 10000000019u;
  long double more = (long double)large / 3;
  atomic_fetch_add(&wide, large);
  struct pair value = {1, large};
  atomic_store(&both, value);
  printf("%d %.3f %.3f %llu %.2Lf %llu %llu\n", copy[0] != 0, sin(number), fma(number, 2, 1), (unsigned long long)(large / 7), more,
         (unsigned long long)atomic_load(&wide), (unsigned long long)atomic_load(&both).high);
  free(copy);
  return 0;
}
