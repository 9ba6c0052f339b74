package main

import "os"

func main() {
	if err := os.WriteFile("greeting.go", []byte("package main\n\nconst greeting = \"hello\"\n"), 0o600); err != nil {
		panic(err)
	}
}
