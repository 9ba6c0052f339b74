package main

/*
#cgo LDFLAGS: -lz
#include <zlib.h>
*/
import "C"

import "fmt"

func main() { fmt.Println("hello", C.GoString(C.zlibVersion())) }
