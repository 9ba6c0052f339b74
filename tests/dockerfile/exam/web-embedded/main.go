package main

import (
	_ "embed"
	"fmt"
)

//go:embed web/dist/index.html
var page string

var version = "dev"

func main() { fmt.Println("hello", version, len(page)) }
