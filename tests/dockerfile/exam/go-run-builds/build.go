//go:build ignore

package main

import (
	"log"
	"os/exec"
)

func main() {
	if err := exec.Command("go", "build", "-o", "bin/app", ".").Run(); err != nil {
		log.Fatal(err)
	}
}
