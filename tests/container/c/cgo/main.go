package main

/*
#include <stdlib.h>
#include <string.h>

static size_t length(const char *text) { return strlen(text); }
*/
import "C"

import (
	"fmt"
	"unsafe"
)

func main() {
	text := C.CString("cgo")
	defer C.free(unsafe.Pointer(text))
	fmt.Println(C.GoString(text), C.length(text))
}
