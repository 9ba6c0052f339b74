package main

/*
#cgo CFLAGS: -I${SRCDIR}/clib
#cgo LDFLAGS: -L/usr/local/lib -lgreet
#include "greet.h"
*/
import "C"

import "fmt"

func main() { fmt.Println(C.GoString(C.greet())) }
