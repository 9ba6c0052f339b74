package main

// #cgo pkg-config: zlib
// #include <zlib.h>
import "C"

import "fmt"

func main() { fmt.Println("hello", C.GoString(C.zlibVersion())) }
