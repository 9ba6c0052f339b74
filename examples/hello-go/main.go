// Command hello-go says for which platform it was compiled.
package main

import (
	"os"
	"runtime"
)

func main() {
	_, err := os.Stdout.WriteString("hello from Go on " + runtime.GOOS + "/" + runtime.GOARCH + "\n")
	if err != nil {
		os.Exit(1)
	}
}
