package soak

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"heatledger/fieldbus/counterpart"
	"heatledger/fieldbus/faultproxy"
)

// cable is what happens to a serial line. It understands the words of faultproxy
// as far as they make sense there, and takes what comes at once for a frame.
type cable struct {
	note func(faultproxy.Kind)

	mu     sync.Mutex
	random *rand.Rand
	spoils []faultproxy.Spoil
	stats  faultproxy.Stats
}

func newCable(seed uint64, note func(faultproxy.Kind)) *cable {
	return &cable{note: note, random: rand.New(rand.NewPCG(seed, 5)), stats: faultproxy.Stats{Spoiled: map[faultproxy.Kind]int64{}}}
}

func (c *cable) kinds() []faultproxy.Kind {
	return []faultproxy.Kind{faultproxy.Late, faultproxy.Mute, faultproxy.Truncate, faultproxy.Split,
		faultproxy.Garbage, faultproxy.WrongCRC, faultproxy.Swallow}
}

// Set says what is spoiled from now on, as [faultproxy.Proxy.Set] does.
func (c *cable) Set(spoils ...faultproxy.Spoil) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.spoils = slices.Clone(spoils)
	return nil
}

// Stats counts the pieces that were spoiled.
func (c *cable) Stats() faultproxy.Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	copied := c.stats
	copied.Spoiled = map[faultproxy.Kind]int64{}
	for k, n := range c.stats.Spoiled {
		copied.Spoiled[k] = n
	}
	return copied
}

// pass is what becomes of a piece on its way.
func (c *cable) pass(way counterpart.Direction, piece []byte) []byte {
	if way == counterpart.ToNear {
		c.mu.Lock()
		c.stats.Answers++
		c.mu.Unlock()
	}
	spoil, noise := c.choose(way)
	if spoil.Do == "" {
		return piece
	}
	c.note(spoil.Do)
	switch spoil.Do {
	case faultproxy.Mute, faultproxy.Swallow:
		return nil
	case faultproxy.Truncate:
		return piece[:len(piece)/2]
	case faultproxy.Garbage:
		return append(noise, piece...)
	case faultproxy.WrongCRC: // one byte is wrong, which the checksum always shows
		piece = slices.Clone(piece)
		piece[int(noise[0])%len(piece)] ^= noise[1] | 1
	case faultproxy.Late, faultproxy.Split:
		time.Sleep(spoil.Delay) // the line takes its time
	}
	return piece
}

// choose is what happens to the next piece, and seven bytes of noise, which
// begin no frame of a unit that is asked.
func (c *cable) choose(way counterpart.Direction) (faultproxy.Spoil, []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.spoils {
		if s.Do != faultproxy.Swallow && (way == counterpart.ToFar || s.Share > 0 && c.random.Float64() >= s.Share) {
			continue
		}
		noise := make([]byte, 7)
		for i := range noise {
			noise[i] = byte(0x41 + c.random.IntN(26))
		}
		c.stats.Spoiled[s.Do]++
		return s, noise
	}
	return faultproxy.Spoil{}, nil
}
