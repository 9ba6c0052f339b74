package main

import (
	_ "embed"
	"fmt"
)

//go:embed web/dist/index.html
var page string

func main() { fmt.Println("hello", len(page)) }
