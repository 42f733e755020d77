package faultproxy

import (
	"cmp"
	"fmt"
	"net"
	"sync"
	"time"
)

// Datagrams is a proxy before a UDP server: every datagram of the server is an
// answer. It drops ([Mute]), delays, doubles, reorders and alters them.
type Datagrams struct {
	script *script
	wire   Protocol
	door   *net.UDPConn
	target *net.UDPAddr

	mu      sync.Mutex
	peers   map[string]*peer // by the client's address
	closed  bool
	done    chan struct{} // closed with the proxy
	workers sync.WaitGroup
}

// peer is a client's address and the socket that speaks for it.
type peer struct {
	client *net.UDPAddr
	server *net.UDPConn
	held   []byte // an answer that waits for the next; of the reading goroutine
}

// idle is when the socket of a client that is not heard of is given up.
const idle = time.Minute

// OpenDatagrams listens for the clients of the UDP server at target (host:port).
func OpenDatagrams(target string, o Options) (*Datagrams, error) {
	server, err := net.ResolveUDPAddr("udp", target)
	if err != nil {
		return nil, fmt.Errorf("forward datagrams to %s: %w", target, err)
	}
	listen := cmp.Or(o.Listen, "127.0.0.1:0")
	address, err := net.ResolveUDPAddr("udp", listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", listen, err)
	}
	door, err := net.ListenUDP("udp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", listen, err)
	}
	p := &Datagrams{script: newScript(o), wire: o.Protocol, door: door, target: server, peers: map[string]*peer{}, done: make(chan struct{})}
	p.workers.Go(p.questions)
	return p, nil
}

// Address is where clients send to, as host:port.
func (p *Datagrams) Address() string { return p.door.LocalAddr().String() }

// Set says what is spoiled from now on, as [Proxy.Set] does.
func (p *Datagrams) Set(spoils ...Spoil) error {
	rules, err := p.script.compile(spoils, "udp")
	if err != nil {
		return err
	}
	p.script.set(rules)
	return nil
}

// Stats are the counts since the proxy was opened.
func (p *Datagrams) Stats() Stats { return p.script.counts() }

// Close ends the proxy and returns when nothing of it runs. It may be called often.
func (p *Datagrams) Close() error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		close(p.done)
		_ = p.door.Close() // nothing is lost with it
	}
	for _, c := range p.peers {
		_ = c.server.Close()
	}
	p.mu.Unlock()
	p.workers.Wait()
	return nil
}

// questions passes on what clients send.
func (p *Datagrams) questions() {
	buf := make([]byte, 65536)
	for {
		n, client, err := p.door.ReadFromUDP(buf)
		if err != nil {
			return
		}
		if c := p.peer(client); c != nil {
			_, _ = c.server.Write(buf[:n]) // a datagram that is lost is lost
		}
	}
}

// peer is the one for a client, new if there is none yet; nil at the end.
func (p *Datagrams) peer(client *net.UDPAddr) *peer {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := client.String()
	if c := p.peers[name]; c != nil || p.closed {
		return c
	}
	server, err := net.DialUDP("udp", nil, p.target)
	if err != nil {
		return nil // as if the network had lost it
	}
	c := &peer{client: client, server: server}
	p.peers[name] = c
	p.script.connected()
	p.workers.Go(func() {
		p.answers(c)
		p.mu.Lock()
		defer p.mu.Unlock()
		_ = c.server.Close()
		delete(p.peers, name)
	})
	return c
}

// answers passes on what the server sends to one client.
func (p *Datagrams) answers(c *peer) {
	buf := make([]byte, 65536)
	for {
		if err := c.server.SetReadDeadline(time.Now().Add(idle)); err != nil {
			return
		}
		n, err := c.server.Read(buf)
		if err != nil {
			return
		}
		p.answer(c, append([]byte(nil), buf[:n]...))
	}
}

// answer does to one answer what the script says.
func (p *Datagrams) answer(c *peer, frame []byte) {
	s := p.script.next(frame, len(frame) > 0 && p.wire.length(frame) == len(frame))
	switch s.Do {
	case Late:
		p.later(c, frame, s.Delay)
		return
	case Mute:
		p.script.swallowed(len(frame))
		return
	case Reorder:
		if c.held == nil {
			c.held = frame
			return
		}
	case Twice:
		p.give(c, frame)
	}
	p.give(c, p.wire.altered(s, frame))
	if c.held != nil {
		p.give(c, c.held)
		c.held = nil
	}
}

// later gives an answer when its time has come; those after it do not wait.
func (p *Datagrams) later(c *peer, frame []byte, after time.Duration) {
	p.workers.Go(func() { // called by a worker, so that Close waits for it
		timer := time.NewTimer(after)
		defer timer.Stop()
		select {
		case <-p.done:
		case <-timer.C:
			p.give(c, frame)
		}
	})
}

func (p *Datagrams) give(c *peer, frame []byte) {
	_, _ = p.door.WriteToUDP(frame, c.client) // a datagram that is lost is lost
}
