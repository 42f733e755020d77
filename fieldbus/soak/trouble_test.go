package soak

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"time"

	"heatledger/fieldbus/faultproxy"
)

// trouble makes trouble for one peer, by chance.
type trouble struct {
	*peer
	random *rand.Rand
	// hard says that there is time for refusals that the driver takes for those
	// of the unit, and asks about again after a minute.
	hard bool
	note func(line, format string, args ...any)
}

// span is how long a trouble lasts.
func (t *trouble) span() time.Duration {
	return time.Second + time.Duration(t.random.IntN(5000))*time.Millisecond
}

// next is what happens next: begin it, and let heal end all of it. Of serial
// lines, nothing that is sent to a server that does not listen is kept for it.
func (t *trouble) next() (begin, heal func() error) {
	n := t.random.IntN(12)
	switch {
	case n < 1:
		return t.stop()
	case n < 3:
		return t.kill()
	}
	begin, heal = t.spoil()
	if n < 4 {
		kill, revive := t.kill()
		return both(begin, kill), both(revive, heal)
	}
	return begin, heal
}

// both does one after the other.
func both(first, then func() error) func() error {
	return func() error {
		if err := first(); err != nil {
			return err
		}
		return then()
	}
}

// stop lets the server stand still.
func (t *trouble) stop() (begin, heal func() error) {
	deafen, hear := t.deafness()
	return both(deafen, func() error {
			t.note(t.name, "server stands still")
			return t.server.Signal(syscall.SIGSTOP)
		}), both(func() error {
			t.note(t.name, "server goes on")
			return t.server.Signal(syscall.SIGCONT)
		}, hear)
}

// kill ends the server and starts it again in the end.
func (t *trouble) kill() (begin, heal func() error) {
	return func() error {
			t.note(t.name, "server is killed")
			t.server.Kill()
			return nil
		}, func() error {
			if err := t.server.Restart(); err != nil {
				return err
			}
			t.note(t.name, "server is there again")
			return nil
		}
}

// deafness is for serial lines: a meter that stands still does not remember
// questions, as the buffer of a pseudo-terminal does. What one that goes on says
// at first is lost on the line too.
func (t *trouble) deafness() (deafen, hear func() error) {
	none := func() error { return nil }
	c, serial := t.lines[0].wire.(*cable)
	if !serial {
		return none, none
	}
	return func() error { return c.Set(faultproxy.Spoil{Do: faultproxy.Swallow}) }, func() error {
		time.Sleep(2 * timeout) // of the trouble itself
		return c.Set()
	}
}

// spoil spoils the wire of one line or of all.
func (t *trouble) spoil() (begin, heal func() error) {
	only := t.random.IntN(len(t.lines) + 1)
	var begins, heals []func() error
	for i, l := range t.lines {
		if only < len(t.lines) && only != i {
			continue
		}
		spoils := t.spoils(l)
		begins = append(begins, func() error {
			t.note(l.name, "wire spoiled: %+v", spoils)
			return l.wire.Set(spoils...)
		})
		heals = append(heals, func() error {
			t.note(l.name, "wire healed")
			return l.wire.Set()
		})
	}
	each := func(all []func() error) func() error {
		return func() error {
			for _, f := range all {
				if err := f(); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return each(begins), each(heals)
}

// spoils are up to four ways at once, at most one of them of the whole line.
func (t *trouble) spoils(l *line) []faultproxy.Spoil {
	var spoils []faultproxy.Spoil
	whole := false
	for range 1 + t.random.IntN(4) {
		s := faultproxy.Spoil{Do: l.kinds[t.random.IntN(len(l.kinds))]}
		switch s.Do {
		case faultproxy.Swallow, faultproxy.Refuse, faultproxy.Slow:
			if whole {
				continue
			}
			whole = true
		default:
			s.Share = 0.02 + l.share*t.random.Float64()
		}
		switch s.Do {
		case faultproxy.Slow:
			s.BytesPerSecond = 50 + t.random.IntN(3000)
		case faultproxy.Late:
			s.Delay = t.delay(timeout/4, l.long)
		case faultproxy.Stray:
			s.Delay = t.delay(timeout, l.long)
		case faultproxy.Split:
			s.Delay = t.delay(time.Millisecond, 20*time.Millisecond)
		case faultproxy.Exception:
			s.Code = t.code()
		}
		spoils = append(spoils, s)
	}
	if whole && l.unnumbered { // a copy that a slow line brings late is that of the next question
		spoils = slices.DeleteFunc(spoils, func(s faultproxy.Spoil) bool { return s.Do == faultproxy.Twice })
	}
	return spoils
}

func (t *trouble) delay(least, most time.Duration) time.Duration {
	return least + time.Duration(t.random.Int64N(int64(most-least)))
}

// code is an exception: busy, or a gateway's; with time also a unit's refusal.
func (t *trouble) code() uint8 {
	codes := []uint8{5, 6, 10, 11}
	if t.hard {
		codes = append(codes, 1, 2, 3, 4, 7, 8)
	}
	return codes[t.random.IntN(len(codes))]
}

// did counts what was spoiled on all lines.
func (p *peer) did() string {
	text := p.name + ":"
	for _, l := range p.lines {
		s := l.wire.Stats()
		text += fmt.Sprintf(" %d connections, %d answers, %d spoiled;", s.Connections, s.Answers, s.Total())
	}
	return text
}
