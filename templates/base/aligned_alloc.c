/* libc++ calls this function of C11, which macOS has had since 10.15 (https://developer.apple.com/documentation/macos-release-notes).
 *
 * posix_memalign is older. It needs a multiple of the size of a pointer: https://pubs.opengroup.org/onlinepubs/9799919799/functions/posix_memalign.html.
 */
#include <stddef.h>

int posix_memalign(void **memory, size_t alignment, size_t size);

__attribute__((visibility("hidden"))) void *aligned_alloc(size_t alignment, size_t size) {
  void *memory = NULL;
  if (alignment < sizeof memory) alignment = sizeof memory;
  return posix_memalign(&memory, alignment, size) == 0 ? memory : NULL;
}
