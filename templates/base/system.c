/* The note by which a file states its system and the oldest release of it.
 *
 * Programs have it from their start file, and shared libraries from here: lld sets EI_OSABI only for some architectures. The systems
 * read the same layout: https://www.netbsd.org/docs/kernel/elf-notes.html,
 * https://github.com/freebsd/freebsd-src/blob/main/lib/csu/common/crtbrand.S.
 */
#if defined(__NetBSD_Version__)
#define RELEASE __NetBSD_Version__
#elif defined(__FreeBSD_version)
#define RELEASE __FreeBSD_version
#else
#define RELEASE 0
#endif

enum { IDENTIFIES = 1 };

static const struct {
  int name_size, value_size, type;
  _Alignas(4) char name[sizeof SYSTEM];
  _Alignas(4) int value;
} note __attribute__((section(".note.system"), used, aligned(4))) = {sizeof SYSTEM, sizeof(int), IDENTIFIES, SYSTEM, RELEASE};
