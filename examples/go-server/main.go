// Command go-server answers every HTTP request with the platform that it was compiled for, such as linux/arm/v7.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// patience is how long a shutdown waits for answers that are under way.
const patience = 5 * time.Second

func main() {
	address := flag.String("address", defaultAddress(os.Getenv), "where to listen; also from ADDRESS, or from PORT alone")
	version := flag.Bool("version", false, "print the platform and exit")
	flag.Parse()
	if *version {
		fmt.Println(platform())
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *address); err != nil {
		log.Fatal(err)
	}
}

// defaultAddress is ADDRESS, else PORT on every interface, else :8080.
func defaultAddress(getenv func(string) string) string {
	if address := getenv("ADDRESS"); address != "" {
		return address
	}
	if port := getenv("PORT"); port != "" {
		return ":" + port
	}
	return ":8080"
}

// serve answers until the context ends, then finishes the answers that are under way.
func serve(ctx context.Context, address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	log.Printf("%s listens on %s", platform(), listener.Addr())
	server := &http.Server{Handler: handler(), ReadHeaderTimeout: patience}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		stopped <- server.Shutdown(last)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

func handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "Hello from %s\n", platform())
	})
}
