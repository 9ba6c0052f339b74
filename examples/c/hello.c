/* Says which zlib it was built with, and whether that works. */
#include <stdio.h>
#include <string.h>
#include <zlib.h>

int main(void) {
  Bytef text[1000], packed[1000], unpacked[1000];
  uLongf size = sizeof packed, length = sizeof unpacked;
  memset(text, 'x', sizeof text);
  if (compress(packed, &size, text, sizeof text) != Z_OK || uncompress(unpacked, &length, packed, size) != Z_OK ||
      length != sizeof text || memcmp(text, unpacked, length) != 0) {
    fputs("zlib does not work\n", stderr);
    return 1;
  }
  printf("hello: zlib %s packs %zu bytes into %lu, pointers have %zu bits\n", zlibVersion(), sizeof text, size, 8 * sizeof(void *));
  return 0;
}
