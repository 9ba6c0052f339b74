#include <stdio.h>
#include <zlib.h>

int main(void)
{
    printf("hello %s\n", zlibVersion());
    return 0;
}
