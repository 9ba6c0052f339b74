#include <stdio.h>
#include "greet.h"

int main(void)
{
    printf("hello %d\n", Twice(21));
    return 0;
}
