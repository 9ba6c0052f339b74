package main

import "fmt"

//go:generate go run ./gen

func main() { fmt.Println(greeting) }
