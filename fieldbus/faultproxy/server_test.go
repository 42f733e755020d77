package faultproxy

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// answerer is a server that answers every question of 12 bytes (Modbus TCP) or
// 8 (RTU) for two registers that hold the number of the question, from 1.
type answerer struct {
	wire    Protocol
	address string

	mu    sync.Mutex
	asked int
}

func startAnswerer(t *testing.T, wire Protocol) *answerer {
	t.Helper()
	a := &answerer{wire: wire}
	a.address = listen(t, a.serve)
	return a
}

// listen serves clients until the end of the test.
func listen(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := door.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer conn.Close()
				serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		door.Close()
		serving.Wait()
	})
	return door.Addr().String()
}

func (a *answerer) serve(conn net.Conn) {
	question := make([]byte, len(ask(a.wire, 0)))
	for {
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		a.mu.Lock()
		a.asked++
		n := a.asked
		a.mu.Unlock()
		if _, err := conn.Write(reply(a.wire, n, question)); err != nil {
			return
		}
	}
}

// questions is how many have come.
func (a *answerer) questions() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.asked
}

// ask is question number n: two holding registers of unit 9.
func ask(wire Protocol, n int) []byte {
	body := []byte{9, 3, 0, 100, 0, 2}
	return wire.seal([]byte{byte(n >> 8), byte(n), 0, 0}, body)
}

// reply is the right answer, number n of the server's.
func reply(wire Protocol, n int, question []byte) []byte {
	body := binary.BigEndian.AppendUint32([]byte{9, 3, 4}, uint32(n))
	return wire.seal(question, body)
}

// open is a proxy before a server, closed with the test.
func open(t *testing.T, target string, o Options) *Proxy {
	t.Helper()
	p, err := Open(target, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("close the proxy: %v", err)
		}
	})
	return p
}

// caller is a client.
type caller struct {
	net.Conn
	t *testing.T
}

func call(t *testing.T, p *Proxy) caller {
	t.Helper()
	conn, err := net.Dial("tcp", p.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return caller{conn, t}
}

// send puts a question.
func (c caller) send(question []byte) {
	c.t.Helper()
	if _, err := c.Write(question); err != nil {
		c.t.Fatal(err)
	}
}

// hear is the next n bytes, however long they take.
func (c caller) hear(n int) []byte {
	c.t.Helper()
	b := make([]byte, n)
	if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		c.t.Fatal(err)
	}
	if n, err := io.ReadFull(c, b); err != nil {
		c.t.Fatalf("after %d of %d bytes: %v", n, len(b), err)
	}
	return b
}

// quiet fails if anything comes for a while, the end of the connection included.
func (c caller) quiet() {
	c.t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(200 * time.Millisecond)); err != nil {
		c.t.Fatal(err)
	}
	b := make([]byte, 100)
	n, err := c.Read(b)
	var timeout net.Error
	if ok := asError(err, &timeout) && timeout.Timeout(); n > 0 || !ok {
		c.t.Errorf("%x came, and %v", b[:n], err)
	}
}

// ended fails unless the connection is closed without another byte.
func (c caller) ended() {
	c.t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		c.t.Fatal(err)
	}
	b := make([]byte, 100)
	n, err := c.Read(b)
	var timeout net.Error
	if n > 0 || err == nil || asError(err, &timeout) && timeout.Timeout() {
		c.t.Errorf("%x came, and %v: the end of the connection is expected", b[:n], err)
	}
}
