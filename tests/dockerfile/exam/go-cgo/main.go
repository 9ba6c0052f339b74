package main

/*
#include <stdlib.h>
static int twice(int n) { return 2 * abs(n); }
*/
import "C"

import "fmt"

func main() { fmt.Println("hello", C.twice(21)) }
