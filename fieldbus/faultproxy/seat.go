package faultproxy

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// seat is a socket that is bound to the proxy's port and never listens. While
// it is held, the system gives the port to no one who asks for any, also when
// the proxy refuses: whoever listens on it by its number (again) may.
type seat struct {
	fd   int
	once *sync.Once
}

// reserve takes a seat at an address; port 0 is a free one.
func reserve(address string) (seat, string, error) {
	wanted, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return seat{}, "", fmt.Errorf("listen on %s: %w", address, err)
	}
	family, at := syscall.AF_INET6, syscall.Sockaddr(&syscall.SockaddrInet6{Port: wanted.Port, Addr: [16]byte(wanted.IP.To16())})
	if ip := wanted.IP.To4(); ip != nil {
		family, at = syscall.AF_INET, &syscall.SockaddrInet4{Port: wanted.Port, Addr: [4]byte(ip)}
	}
	syscall.ForkLock.RLock() // no child is to inherit it
	fd, err := syscall.Socket(family, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return seat{}, "", fmt.Errorf("listen on %s: %w", address, os.NewSyscallError("socket", err))
	}
	s := seat{fd, new(sync.Once)}
	port, err := s.bind(at)
	if err != nil {
		_ = s.release()
		return seat{}, "", fmt.Errorf("listen on %s: %w", address, err)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == "" {
		host = wanted.IP.String()
	}
	return s, net.JoinHostPort(host, strconv.Itoa(port)), nil
}

// bind takes the port and tells its number.
func (s seat) bind(at syscall.Sockaddr) (port int, err error) {
	if err := syscall.SetsockoptInt(s.fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return 0, os.NewSyscallError("setsockopt", err)
	}
	if err := syscall.Bind(s.fd, at); err != nil {
		return 0, os.NewSyscallError("bind", err)
	}
	bound, err := syscall.Getsockname(s.fd)
	if err != nil {
		return 0, os.NewSyscallError("getsockname", err)
	}
	switch a := bound.(type) {
	case *syscall.SockaddrInet4:
		return a.Port, nil
	case *syscall.SockaddrInet6:
		return a.Port, nil
	}
	return 0, fmt.Errorf("bound to an address of kind %T", bound)
}

// release gives the port back; it may be called often.
func (s seat) release() (err error) {
	s.once.Do(func() { err = os.NewSyscallError("close", syscall.Close(s.fd)) })
	return err
}
