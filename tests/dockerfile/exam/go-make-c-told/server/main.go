package main

// static int twice(int n) { return 2 * n; }
import "C"

import "fmt"

var edition = "plain"

func main() { fmt.Println("hello", edition, C.twice(21)) }
