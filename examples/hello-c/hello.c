// Says how wide a pointer is on the platform that it was compiled for.
#include <stdio.h>

int main(void) {
    return printf("hello from C, %zu bits\n", 8 * sizeof(void *)) < 0;
}
