#include <stdio.h>

const char *greet(void);
int number(void);

int main(void)
{
    printf("%s %d\n", greet(), number());
    return 0;
}
