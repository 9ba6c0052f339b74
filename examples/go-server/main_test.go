package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestName(t *testing.T) {
	for _, test := range []struct {
		system, architecture, setting, value, want string
	}{
		{"linux", "amd64", "GOAMD64", "v1", "linux/amd64"},
		{"linux", "amd64", "GOAMD64", "v3", "linux/amd64/v3"},
		{"linux", "arm", "GOARM", "7", "linux/arm/v7"},
		{"linux", "arm", "GOARM", "6,hardfloat", "linux/arm/v6"},
		{"linux", "arm64", "GOARM64", "v8.0", "linux/arm64"},
		{"linux", "arm64", "GOARM64", "v9.0,lse", "linux/arm64/v9"},
		{"linux", "mips64le", "GOMIPS64", "softfloat", "linux/mips64le/softfloat"},
		{"linux", "mips64le", "GOMIPS64", "hardfloat", "linux/mips64le"},
		{"linux", "riscv64", "GOARM", "7", "linux/riscv64"},
		{"windows", "arm", "", "", "windows/arm"},
	} {
		got := name(test.system, test.architecture, map[string]string{test.setting: test.value})
		if got != test.want {
			t.Errorf("name(%s, %s, %s=%s) = %s, want %s", test.system, test.architecture, test.setting, test.value, got, test.want)
		}
	}
}

func TestHandler(t *testing.T) {
	answer := httptest.NewRecorder()
	handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	want := "Hello from " + runtime.GOOS + "/" + runtime.GOARCH
	if got := answer.Body.String(); answer.Code != http.StatusOK || !strings.HasPrefix(got, want) {
		t.Errorf("answer %d %q, want 200 %q", answer.Code, got, want)
	}
}

func TestDefaultAddress(t *testing.T) {
	for _, test := range []struct {
		environment map[string]string
		want        string
	}{
		{nil, ":8080"},
		{map[string]string{"PORT": "9000"}, ":9000"},
		{map[string]string{"PORT": "9000", "ADDRESS": "127.0.0.1:9001"}, "127.0.0.1:9001"},
	} {
		if got := defaultAddress(func(name string) string { return test.environment[name] }); got != test.want {
			t.Errorf("defaultAddress(%v) = %s, want %s", test.environment, got, test.want)
		}
	}
}

func TestServeStops(t *testing.T) {
	reserved, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := reserved.Addr().String()
	reserved.Close()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, address) }()

	var answer *http.Response
	for i := 0; i < 100; i++ {
		if answer, err = http.Get("http://" + address); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil || string(body) != "Hello from "+platform()+"\n" {
		t.Errorf("answer %q, %v", body, err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("serve ended with %v", err)
	}
}

func TestServeFails(t *testing.T) {
	if err := serve(context.Background(), "127.0.0.1:notaport"); err == nil {
		t.Error("no error for an address without a port")
	}
}
