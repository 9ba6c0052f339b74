/* The headers of mingw-w64 call this function under _FORTIFY_SOURCE, and zig's runtime lacks it.
 *
 * It is memcpy with the size of the target, and returns the end of what it has copied:
 * https://gcc.gnu.org/onlinedocs/gcc/Object-Size-Checking.html.
 */
#include <stddef.h>

void *__memcpy_chk(void *target, const void *source, size_t size, size_t room);

void *__mempcpy_chk(void *target, const void *source, size_t size, size_t room) {
  return (char *)__memcpy_chk(target, source, size, room) + size;
}
