package plantsim

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// The protocol libraries offer no way to learn a free port, to refuse, to cut,
// or to close their clients' sockets. So a [faultproxy.Proxy] is the public door
// of each connection, and the library listens behind it on a port that is found
// here.

// freeAddress is a loopback address nobody listens on now; the protocol
// libraries take a port, but do not tell one.
func freeAddress() (string, int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", 0, fmt.Errorf("find a free port: %w", err)
	}
	address := l.Addr().(*net.TCPAddr)
	if err := l.Close(); err != nil {
		return "", 0, fmt.Errorf("find a free port: %w", err)
	}
	return address.String(), address.Port, nil
}

// onFreePort starts something on a loopback port that is free, again when
// another program was quicker.
func onFreePort(start func(address string, port int) error) (string, error) {
	for attempt := 0; ; attempt++ {
		address, port, err := freeAddress()
		if err != nil {
			return "", err
		}
		if err = start(address, port); err == nil {
			return address, nil
		}
		if attempt == 4 || !errors.Is(err, syscall.EADDRINUSE) {
			return "", err
		}
	}
}
