/* Functions that compilers call for atomic objects wider than the processor's instructions, and that zig's compiler-rt lacks.
 *
 * The interface is libatomic's: https://gcc.gnu.org/wiki/Atomic/GCCMM/LIbrary. If the processor has instructions for
 * the size and alignment of an object, the functions use them, because inline code of the compiler does so too. They change any other
 * object under one of a few locks, selected by its address. The functions are visible to the whole program, so that its shared libraries
 * use the same locks.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* These names are built into the compiler with other types, so the functions get them as assembler labels. */
#define NAME(name) __asm__("__atomic_" name)
#define LOCKS 64

static struct {
  uintptr_t taken;
  char apart[64 - sizeof(uintptr_t)];
} locks[LOCKS];

static uintptr_t *lock(const volatile void *object) {
  uintptr_t address = (uintptr_t)object;
  uintptr_t *found = &locks[(address >> 4 ^ address >> 10) % LOCKS].taken;
  while (__atomic_exchange_n(found, 1, __ATOMIC_ACQUIRE)) {
  }
  return found;
}

static void unlock(uintptr_t *held) { __atomic_store_n(held, 0, __ATOMIC_RELEASE); }

static void copy(volatile void *to, const volatile void *from, size_t size) {
  volatile char *target = to;
  const volatile char *source = from;
  while (size--) *target++ = *source++;
}

static bool same(const volatile void *one, const volatile void *other, size_t size) {
  const volatile char *left = one, *right = other;
  while (size--) {
    if (*left++ != *right++) return false;
  }
  return true;
}

#define SIZED(n, type)                                                                                                  \
  static bool direct_##n(const volatile void *object) {                                                                 \
    return __atomic_always_lock_free(n, 0) && (uintptr_t)object % n == 0;                                               \
  }                                                                                                                     \
  type load_##n(const volatile type *object, int order) NAME("load_" #n);                                               \
  type load_##n(const volatile type *object, int order) {                                                               \
    (void)order;                                                                                                        \
    if (direct_##n(object)) return __atomic_load_n(object, __ATOMIC_SEQ_CST);                                           \
    uintptr_t *held = lock(object);                                                                                     \
    type value = *object;                                                                                               \
    unlock(held);                                                                                                       \
    return value;                                                                                                       \
  }                                                                                                                     \
  void store_##n(volatile type *object, type value, int order) NAME("store_" #n);                                       \
  void store_##n(volatile type *object, type value, int order) {                                                        \
    (void)order;                                                                                                        \
    if (direct_##n(object)) {                                                                                           \
      __atomic_store_n(object, value, __ATOMIC_SEQ_CST);                                                                \
      return;                                                                                                           \
    }                                                                                                                   \
    uintptr_t *held = lock(object);                                                                                     \
    *object = value;                                                                                                    \
    unlock(held);                                                                                                       \
  }                                                                                                                     \
  bool compare_exchange_##n(volatile type *object, type *expected, type value, int success, int failure)                \
      NAME("compare_exchange_" #n);                                                                                     \
  bool compare_exchange_##n(volatile type *object, type *expected, type value, int success, int failure) {              \
    (void)success, (void)failure;                                                                                       \
    if (direct_##n(object))                                                                                             \
      return __atomic_compare_exchange_n(object, expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);           \
    uintptr_t *held = lock(object);                                                                                     \
    bool done = *object == *expected;                                                                                   \
    if (done)                                                                                                           \
      *object = value;                                                                                                  \
    else                                                                                                                \
      *expected = *object;                                                                                              \
    unlock(held);                                                                                                       \
    return done;                                                                                                        \
  }                                                                                                                     \
  CHANGE(n, type, exchange, value)                                                                                      \
  CHANGE(n, type, fetch_add, before + value)                                                                            \
  CHANGE(n, type, fetch_sub, before - value)                                                                            \
  CHANGE(n, type, fetch_and, before &value)                                                                             \
  CHANGE(n, type, fetch_or, before | value)                                                                             \
  CHANGE(n, type, fetch_xor, before ^ value)                                                                            \
  CHANGE(n, type, fetch_nand, ~(before & value))

#define CHANGE(n, type, name, after)                                                                                    \
  type name##_##n(volatile type *object, type value, int order) NAME(#name "_" #n);                                     \
  type name##_##n(volatile type *object, type value, int order) {                                                       \
    (void)order;                                                                                                        \
    type before = load_##n(object, order);                                                                              \
    while (!compare_exchange_##n(object, &before, after, order, order)) {                                               \
    }                                                                                                                   \
    return before;                                                                                                      \
  }

SIZED(1, uint8_t)
SIZED(2, uint16_t)
SIZED(4, uint32_t)
SIZED(8, uint64_t)
#ifdef __SIZEOF_INT128__
SIZED(16, __uint128_t)
#endif

/* Objects of any size. The compiler also calls these for the sizes above if it does not know the alignment. */
#define EACH(n, type, call) \
  case n:                   \
    if (direct_##n(object)) { call; }

#define OF(type, pointer) (*(type *)(pointer))

void load_any(size_t size, const volatile void *object, void *result, int order) NAME("load");
void load_any(size_t size, const volatile void *object, void *result, int order) {
  switch (size) {
    EACH(1, uint8_t, OF(uint8_t, result) = load_1(object, order); return)
    break;
    EACH(2, uint16_t, OF(uint16_t, result) = load_2(object, order); return)
    break;
    EACH(4, uint32_t, OF(uint32_t, result) = load_4(object, order); return)
    break;
    EACH(8, uint64_t, OF(uint64_t, result) = load_8(object, order); return)
    break;
  }
  uintptr_t *held = lock(object);
  copy(result, object, size);
  unlock(held);
}

void store_any(size_t size, volatile void *object, void *value, int order) NAME("store");
void store_any(size_t size, volatile void *object, void *value, int order) {
  switch (size) {
    EACH(1, uint8_t, store_1(object, OF(uint8_t, value), order); return)
    break;
    EACH(2, uint16_t, store_2(object, OF(uint16_t, value), order); return)
    break;
    EACH(4, uint32_t, store_4(object, OF(uint32_t, value), order); return)
    break;
    EACH(8, uint64_t, store_8(object, OF(uint64_t, value), order); return)
    break;
  }
  uintptr_t *held = lock(object);
  copy(object, value, size);
  unlock(held);
}

void exchange_any(size_t size, volatile void *object, void *value, void *result, int order) NAME("exchange");
void exchange_any(size_t size, volatile void *object, void *value, void *result, int order) {
  switch (size) {
    EACH(1, uint8_t, OF(uint8_t, result) = exchange_1(object, OF(uint8_t, value), order); return)
    break;
    EACH(2, uint16_t, OF(uint16_t, result) = exchange_2(object, OF(uint16_t, value), order); return)
    break;
    EACH(4, uint32_t, OF(uint32_t, result) = exchange_4(object, OF(uint32_t, value), order); return)
    break;
    EACH(8, uint64_t, OF(uint64_t, result) = exchange_8(object, OF(uint64_t, value), order); return)
    break;
  }
  uintptr_t *held = lock(object);
  copy(result, object, size);
  copy(object, value, size);
  unlock(held);
}

bool compare_exchange_any(size_t size, volatile void *object, void *expected, void *value, int success, int failure)
    NAME("compare_exchange");
bool compare_exchange_any(size_t size, volatile void *object, void *expected, void *value, int success, int failure) {
  switch (size) {
    EACH(1, uint8_t, return compare_exchange_1(object, expected, OF(uint8_t, value), success, failure))
    break;
    EACH(2, uint16_t, return compare_exchange_2(object, expected, OF(uint16_t, value), success, failure))
    break;
    EACH(4, uint32_t, return compare_exchange_4(object, expected, OF(uint32_t, value), success, failure))
    break;
    EACH(8, uint64_t, return compare_exchange_8(object, expected, OF(uint64_t, value), success, failure))
    break;
  }
  uintptr_t *held = lock(object);
  bool done = same(object, expected, size);
  copy(done ? object : expected, done ? value : object, size);
  unlock(held);
  return done;
}
