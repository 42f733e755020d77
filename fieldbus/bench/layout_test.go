package main

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"net"
	"testing"
)

func TestTheLeastNumberOfRequests(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		layout layout
		want   int
	}{
		"forty values side by side fit into one request":            {layout{Values: 40, Stride: 2}, 1},
		"62 values are all that a request may hold":                 {layout{Values: 62, Stride: 2}, 1},
		"a 63rd takes another":                                      {layout{Values: 63, Stride: 2}, 2},
		"holes that may be read along count as registers":           {layout{Values: 40, Stride: 4}, 2},
		"long holes too":                                            {layout{Values: 40, Stride: 10}, 4},
		"holes that are all refused leave a request for each value": {layout{Values: 40, Stride: 4, Refuse: 1}, 40},
		"each fifth hole refused leaves groups of five":             {layout{Values: 40, Stride: 4, Refuse: 5}, 8},
		"without holes there is nothing to refuse":                  {layout{Values: 40, Stride: 2, Refuse: 1}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.layout.minimum(); got != c.want {
				t.Errorf("%d requests, want %d", got, c.want)
			}
			if got := c.layout.fewest(); got != c.want {
				t.Errorf("trying every cut gives %d requests, want %d", got, c.want)
			}
		})
	}
}

// fewest finds the least number of requests by trying every end of each, with
// what the device itself says that it serves.
func (l layout) fewest() int {
	least := make([]int, l.Values+1) // of the values from there on
	for value := l.Values - 1; value >= 0; value-- {
		least[value] = math.MaxInt
		for next := value + 1; next <= l.Values; next++ {
			if count := l.address(next-1) + valueWords - l.address(value); l.serves(l.address(value), count) {
				least[value] = min(least[value], 1+least[next])
			}
		}
	}
	return least[0]
}

// TestADeviceRefusesItsHoles asks a device as a client does, byte by byte.
func TestADeviceRefusesItsHoles(t *testing.T) {
	t.Parallel()
	ours, theirs := net.Pipe()
	g := &group{layout: layout{Devices: 1, Units: 2, Values: 10, Stride: 4, Refuse: 2}}
	served := make(chan struct{})
	go func() { defer close(served); g.answer(theirs) }()
	for name, c := range map[string]struct {
		unit           byte
		address, count int
		refused        bool
	}{
		"a value":                            {1, 0, 2, false},
		"a hole that may be read":            {2, 0, 6, false},
		"into a hole that may not":           {1, 0, 7, true},
		"half of a value":                    {1, 5, 1, false},
		"a hole alone":                       {1, 6, 2, true},
		"behind the last value":              {1, 36, 3, true},
		"the last value":                     {1, 36, 2, false},
		"a unit that is not there":           {3, 0, 2, true},
		"no register":                        {1, 0, 0, true},
		"from a refused hole into the next":  {1, 7, 3, true},
		"the values between two such holes":  {1, 8, 6, false},
		"more than a request may ask for":    {1, 0, 126, true},
		"both groups with the hole they bar": {1, 4, 6, true},
	} {
		request := []byte{7, 9, 0, 0, 0, 6, c.unit, readHolding, 0, byte(c.address), 0, byte(c.count)}
		if _, err := ours.Write(request); err != nil {
			t.Fatal(err)
		}
		head := make([]byte, frameHead+1)
		if _, err := io.ReadFull(ours, head); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if head[0] != 7 || head[1] != 9 || head[6] != c.unit {
			t.Errorf("%s: the answer is another's: % x", name, head)
		}
		if refused := head[7] == readHolding|0x80 && head[8] == illegalAddress; refused != c.refused {
			t.Errorf("%s: refused %v, want %v", name, refused, c.refused)
		}
		if head[7] != readHolding {
			continue
		}
		words := make([]byte, head[8])
		if _, err := io.ReadFull(ours, words); err != nil || len(words) != 2*c.count {
			t.Fatalf("%s: %d bytes of registers, %v", name, len(words), err)
		}
		if value := c.address / 4; c.address%4 == 0 {
			level := float32(50 + 25*value)
			if got := math.Float32frombits(binary.BigEndian.Uint32(words)); got < 0.98*level || got > 1.02*level {
				t.Errorf("%s: the value is %v, want about %v", name, got, level)
			}
		}
	}
	if asked, refused := g.requests.Load(), g.exceptions.Load(); asked != 13 || refused != 8 {
		t.Errorf("it counted %d requests and %d refused", asked, refused)
	}
	if err := ours.Close(); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		t.Fatal(err)
	}
	<-served
}
