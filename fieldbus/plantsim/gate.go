package plantsim

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// gate is the public door of a connection. It owns the listening socket and
// every client's socket and hands the bytes to the protocol library behind it.
// The libraries offer no way to learn a free port, to refuse, to cut, or to
// close their clients' sockets; the gate does.
type gate struct {
	address string // host:port, the port known once it is open
	backend string

	mu      sync.Mutex
	open    net.Listener          // nil while it refuses
	conns   map[net.Conn]struct{} // of clients and, for each, of the library
	closed  bool                  // for ever
	stalled atomic.Bool
	workers sync.WaitGroup // everyone who accepts or passes bytes
}

// openGate listens on address (port 0: a free one); clients wait until start.
func openGate(address string) (*gate, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return &gate{address: l.Addr().String(), open: l, conns: map[net.Conn]struct{}{}}, nil
}

// start lets clients through to the library that listens on backend.
func (g *gate) start(backend string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.backend = backend
	l := g.open
	g.workers.Go(func() { g.accept(l) })
}

// reopen ends a refusal.
func (g *gate) reopen() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open != nil || g.closed {
		return nil
	}
	l, err := net.Listen("tcp", g.address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", g.address, err)
	}
	g.open = l
	g.workers.Go(func() { g.accept(l) })
	return nil
}

// accept serves clients until the listener is closed.
func (g *gate) accept(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		g.workers.Go(func() { g.serve(client) })
	}
}

// serve passes bytes both ways until either side ends or the gate cuts.
func (g *gate) serve(client net.Conn) {
	server, err := net.DialTimeout("tcp", g.backend, time.Second)
	if err != nil {
		_ = client.Close()
		return
	}
	if !g.keep(client, server) {
		return
	}
	defer g.drop(client, server)
	var back sync.WaitGroup
	back.Go(func() {
		g.pass(client, server)
		_ = client.Close()
		_ = server.Close()
	})
	g.pass(server, client)
	_ = client.Close()
	_ = server.Close()
	back.Wait()
}

// pass copies from src to dst; while the gate is stalled it swallows.
func (g *gate) pass(dst io.Writer, src io.Reader) {
	buf := make([]byte, 8192)
	for {
		n, err := src.Read(buf)
		if n > 0 && !g.stalled.Load() {
			if _, err := dst.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// keep notes a pair of sockets, or closes it when the gate no longer accepts.
func (g *gate) keep(pair ...net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range pair {
		if g.open == nil {
			_ = c.Close()
			continue
		}
		g.conns[c] = struct{}{}
	}
	return g.open != nil
}

// drop forgets a pair of sockets that has been closed.
func (g *gate) drop(pair ...net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range pair {
		delete(g.conns, c)
	}
}

// cut closes every client's socket; new ones may come.
func (g *gate) cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.conns {
		_ = c.Close()
	}
}

// refuse closes the door and cuts all clients.
func (g *gate) refuse() {
	g.mu.Lock()
	if g.open != nil {
		_ = g.open.Close()
		g.open = nil
	}
	g.mu.Unlock()
	g.cut()
}

// stall makes the line swallow bytes, or heals it: then all clients are cut,
// for what they missed is gone.
func (g *gate) stall(on bool) {
	if g.stalled.Swap(on) && !on {
		g.cut()
	}
}

// close refuses for ever and waits for every client to be gone.
func (g *gate) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.refuse()
	g.workers.Wait()
}

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
