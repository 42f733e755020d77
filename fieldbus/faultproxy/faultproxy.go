// Package faultproxy stands between a reader of meters and a server and spoils
// their traffic on demand, as networks, gateways and meters do. It knows bytes
// and the frames of Modbus and OPC UA; it knows no registers and no readings.
//
// A [Proxy] passes every byte on as it is until [Proxy.Set] says what to
// spoil: every answer, some of them by a seeded chance, or the next few. What
// it did it counts, so that a test can account for every answer. Of the two
// ways only answers are spoiled one by one; questions are passed on, or
// swallowed with everything else.
//
//	proxy, err := faultproxy.Open(server, faultproxy.Options{Protocol: faultproxy.ModbusTCP, Seed: 7})
//	...
//	err = proxy.Set(
//		faultproxy.Spoil{Do: faultproxy.Late, Delay: 2 * timeout, Share: 0.1},
//		faultproxy.Spoil{Do: faultproxy.WrongUnit, Share: 0.1},
//		faultproxy.Spoil{Do: faultproxy.Cut, Times: 1},
//	)
//
// A frame that no reader may believe (of another unit, with a wrong checksum)
// also has its values altered, so that one who believes it is found out.
package faultproxy

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Options say how a proxy is run. The zero value serves any TCP protocol on a
// free port of 127.0.0.1.
type Options struct {
	Listen   string // host:port; "": a free port of 127.0.0.1
	Protocol Protocol
	// Seed is of the chance by which [Spoil.Share] picks answers. The same seed
	// and the same order of answers give the same faults; between clients that
	// are served at once the order is theirs.
	Seed uint64
	// Note, if there is one, is told of every answer that is spoiled, before
	// the client sees it. It is called from many goroutines and must not wait.
	Note func(Event)
}

// Event is one thing that a proxy did.
type Event struct {
	At   time.Time
	Do   Kind
	Unit uint8 // whose answer it was; 0: no Modbus, or no frame
}

// Proxy is a door before a TCP server. Its methods may be called by many
// goroutines.
type Proxy struct {
	address string
	wire    Protocol
	script  *script
	seat    seat

	setting sync.Mutex // one change of the rules at a time
	rules   []*rule    // guarded by setting

	mu      sync.Mutex
	target  string       // "": clients wait
	door    net.Listener // nil while it refuses
	pairs   map[*pair]struct{}
	newest  *pair // the last client that came, if it is still there
	closed  bool
	done    chan struct{} // closed with the proxy
	stalled atomic.Bool
	rate    atomic.Int64   // bytes per second; 0: as fast as it goes
	workers sync.WaitGroup // everyone who accepts, passes bytes or waits
}

// Open listens for the clients of the server at target (host:port). With an
// empty target clients wait until [Proxy.Forward] names one.
func Open(target string, o Options) (*Proxy, error) {
	held, address, err := reserve(cmp.Or(o.Listen, "127.0.0.1:0"))
	if err != nil {
		return nil, err
	}
	door, err := net.Listen("tcp", address)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen on %s: %w", address, err), held.release())
	}
	p := &Proxy{
		address: address, wire: o.Protocol, script: newScript(o), seat: held,
		door: door, pairs: map[*pair]struct{}{}, done: make(chan struct{}),
	}
	if target != "" {
		p.Forward(target)
	}
	return p, nil
}

// Address is where clients connect, as host:port. It stays the same for ever,
// also while the proxy refuses.
func (p *Proxy) Address() string { return p.address }

// Forward says where the server is, for all clients that come from now on.
func (p *Proxy) Forward(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	first := p.target == ""
	p.target = target
	if first && p.door != nil {
		door := p.door
		p.workers.Go(func() { p.accept(door) })
	}
}

// Set says what is spoiled from now on, in place of what was; nothing at all
// heals the line. Of several spoils the first that is meant for an answer, and
// whose chance comes up, is done. The line can be spoiled in one way at a time.
// When [Swallow] ends, all clients are cut: what they missed is gone.
func (p *Proxy) Set(spoils ...Spoil) error {
	rules, err := p.script.compile(spoils, "tcp")
	if err != nil {
		return err
	}
	p.setting.Lock()
	defer p.setting.Unlock()
	return p.put(rules)
}

// Add spoils something besides what is spoiled already, until remove is called;
// remove may be called often, and after Set.
func (p *Proxy) Add(s Spoil) (remove func() error, err error) {
	p.setting.Lock()
	defer p.setting.Unlock()
	added, err := p.script.compile([]Spoil{s}, "tcp")
	if err != nil {
		return nil, err
	}
	rules := append(slices.Clone(p.rules), added...)
	if err := oneOfTheLine(rules); err != nil {
		return nil, err
	}
	if err := p.put(rules); err != nil {
		return nil, err
	}
	return func() error {
		p.setting.Lock()
		defer p.setting.Unlock()
		return p.put(slices.DeleteFunc(slices.Clone(p.rules), func(r *rule) bool { return r == added[0] }))
	}, nil
}

// put lets rules hold from now on. The setting mutex is held.
func (p *Proxy) put(rules []*rule) error {
	p.rules = rules
	p.script.set(rules)
	var line Spoil
	for _, r := range rules {
		if r.Do.ofTheLine() {
			line = r.Spoil
		}
	}
	p.rate.Store(int64(line.BytesPerSecond))
	stall := line.Do == Swallow
	switch was := p.stalled.Swap(stall); {
	case was && !stall:
		p.Cut()
	case stall && !was:
		p.script.done(Swallow)
	}
	if line.Do == Refuse {
		p.refuse()
		return nil
	}
	return p.reopen()
}

// Cut drops the clients that are there now; new ones may come.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for pair := range p.pairs {
		pair.end()
	}
}

// Stats are the counts since the proxy was opened.
func (p *Proxy) Stats() Stats { return p.script.counts() }

// Close drops all clients and returns when they are gone. It may be called often.
func (p *Proxy) Close() error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		close(p.done)
	}
	p.mu.Unlock()
	p.shut()
	p.workers.Wait()
	return p.seat.release()
}

// refuse closes the door and drops everyone.
func (p *Proxy) refuse() {
	if p.shut() {
		p.script.done(Refuse)
	}
}

// shut tells whether the door was open.
func (p *Proxy) shut() (was bool) {
	p.mu.Lock()
	was = p.door != nil
	if was {
		_ = p.door.Close() // it only stops listening
		p.door = nil
	}
	p.mu.Unlock()
	p.Cut()
	return was
}

// reopen ends a refusal.
func (p *Proxy) reopen() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.door != nil || p.closed {
		return nil
	}
	door, err := net.Listen("tcp", p.address)
	if err != nil {
		return fmt.Errorf("listen on %s again: %w", p.address, err)
	}
	p.door = door
	if p.target != "" {
		p.workers.Go(func() { p.accept(door) })
	}
	return nil
}

// accept serves clients until the door is closed.
func (p *Proxy) accept(door net.Listener) {
	for {
		client, err := door.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // no more files, say: it passes
			select {
			case <-p.done:
				return
			case <-time.After(10 * time.Millisecond):
			}
			continue
		}
		p.workers.Go(func() { p.serve(client) })
	}
}

// serve connects a client to the server until either goes or the proxy cuts.
func (p *Proxy) serve(client net.Conn) {
	p.mu.Lock()
	target := p.target
	p.mu.Unlock()
	server, err := net.DialTimeout("tcp", target, time.Second)
	if err != nil {
		_ = client.Close()
		return
	}
	c := &pair{proxy: p, client: client, server: server, done: make(chan struct{})}
	if !p.keep(c) {
		return
	}
	defer p.drop(c)
	p.script.connected()
	var questions sync.WaitGroup
	questions.Go(c.questions)
	c.answers()
	questions.Wait()
}

// keep notes a pair, or ends it when the proxy no longer takes clients.
func (p *Proxy) keep(c *pair) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.door == nil {
		c.end()
		return false
	}
	p.pairs[c] = struct{}{}
	p.newest = c
	return true
}

// drop forgets a pair that has ended.
func (p *Proxy) drop(c *pair) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pairs, c)
	if p.newest == c {
		p.newest = nil
	}
}
