package faultproxy

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"
)

func asError(err error, target any) bool { return err != nil && errors.As(err, target) }

func set(t *testing.T, p *Proxy, spoils ...Spoil) {
	t.Helper()
	if err := p.Set(spoils...); err != nil {
		t.Fatal(err)
	}
}

func TestAProxyThatIsToldNothingPassesEveryByte(t *testing.T) {
	t.Parallel()
	for _, wire := range []Protocol{Bytes, ModbusTCP, ModbusRTU, OPCUA} {
		t.Run(wire.String(), func(t *testing.T) {
			t.Parallel()
			echo := listen(t, func(conn net.Conn) { _, _ = io.Copy(conn, conn) })
			c := call(t, open(t, echo, Options{Protocol: wire}))
			random := rand.New(rand.NewPCG(1, uint64(wire)))
			var sent []byte
			for range 200 {
				switch random.IntN(4) {
				case 0:
					sent = append(sent, reply(ModbusTCP, random.IntN(1<<30), ask(ModbusTCP, random.IntN(1<<16)))...)
				case 1:
					sent = append(sent, reply(ModbusRTU, random.IntN(1<<30), nil)...)
				case 2:
					sent = append(append(append(sent, "MSGF"...), 12, 0, 0, 0), "abcd"...)
				case 3:
					for range random.IntN(300) {
						sent = append(sent, byte(random.Uint32()))
					}
				}
			}
			var sending sync.WaitGroup
			sending.Go(func() {
				for piece := range slices.Chunk(sent, 97) {
					if _, err := c.Write(piece); err != nil {
						t.Error(err)
						return
					}
				}
			})
			if got := c.hear(len(sent)); !bytes.Equal(got, sent) {
				t.Error("what came back is not what was sent")
			}
			sending.Wait()
		})
	}
}

// FuzzFrames: whatever a server sends and however it is parted, all of it comes
// out in its order, and what is called whole has the length its header says.
func FuzzFrames(f *testing.F) {
	f.Add(uint8(ModbusTCP), reply(ModbusTCP, 1, ask(ModbusTCP, 1)), uint8(3))
	f.Add(uint8(ModbusRTU), reply(ModbusRTU, 1, nil), uint8(1))
	f.Add(uint8(OPCUA), []byte("MSGF\x0c\x00\x00\x00abcdERRF"), uint8(5))
	f.Add(uint8(Bytes), []byte("HTTP/1.1 400"), uint8(200))
	f.Fuzz(func(t *testing.T, wire uint8, sent []byte, size uint8) {
		near, far := net.Pipe()
		go func() {
			for piece := range slices.Chunk(sent, int(size)+1) {
				_, _ = far.Write(piece) // the reader reads to the end
			}
			far.Close()
		}()
		defer near.Close()
		c := &cutter{conn: near, wire: Protocol(wire % 4)}
		var got []byte
		for {
			frame, whole, err := c.next()
			if whole && c.wire.length(frame) != len(frame) {
				t.Errorf("%x is called a whole frame of %s", frame, c.wire)
			}
			if whole {
				for _, kind := range Kinds() { // none may panic, whatever the frame says
					_ = c.wire.altered(Spoil{Do: kind, Code: 6}, frame)
				}
			}
			got = append(got, frame...)
			if err != nil {
				break
			}
		}
		if !bytes.Equal(got, sent) {
			t.Errorf("%x came out of %x", got, sent)
		}
	})
}

func TestEachWayToSpoilAnAnswer(t *testing.T) {
	t.Parallel()
	for _, wire := range []Protocol{ModbusTCP, ModbusRTU} {
		right := func(n int) []byte { return reply(wire, n, ask(wire, n)) }
		second := func(c caller) { // whatever happened to the first answer, the second is right
			c.t.Helper()
			c.send(ask(wire, 2))
			if got := c.hear(len(right(2))); !bytes.Equal(got, right(2)) {
				c.t.Errorf("the second answer is %x", got)
			}
		}
		for sentence, row := range map[string]struct {
			spoil Spoil
			check func(t *testing.T, c caller)
		}{
			"late": {Spoil{Do: Late, Delay: 150 * time.Millisecond}, func(t *testing.T, c caller) {
				begun := time.Now()
				c.send(ask(wire, 1))
				got := c.hear(len(right(1)))
				if took := time.Since(begun); !bytes.Equal(got, right(1)) || took < 150*time.Millisecond {
					t.Errorf("%x came after %s", got, took)
				}
				second(c)
			}},
			"twice": {Spoil{Do: Twice}, func(t *testing.T, c caller) {
				c.send(ask(wire, 1))
				if got := c.hear(2 * len(right(1))); !bytes.Equal(got, slices.Concat(right(1), right(1))) {
					t.Errorf("%x came", got)
				}
				second(c)
			}},
			"cut in mid-frame": {Spoil{Do: Cut}, func(t *testing.T, c caller) {
				c.send(ask(wire, 1))
				half := len(right(1)) / 2
				if got := c.hear(half); !bytes.Equal(got, right(1)[:half]) {
					t.Errorf("%x came", got)
				}
				c.ended()
			}},
			"mute": {Spoil{Do: Mute}, func(t *testing.T, c caller) {
				c.send(ask(wire, 1))
				second(c)
			}},
			"truncate": {Spoil{Do: Truncate}, func(t *testing.T, c caller) {
				c.send(ask(wire, 1))
				_ = c.hear(len(right(1)) / 2)
				c.send(ask(wire, 2))
				c.quiet()
			}},
			"split": {Spoil{Do: Split, Delay: 10 * time.Millisecond}, func(t *testing.T, c caller) {
				begun := time.Now()
				c.send(ask(wire, 1))
				got := c.hear(len(right(1)))
				if least := time.Duration(len(got)-1) * 10 * time.Millisecond; !bytes.Equal(got, right(1)) || time.Since(begun) < least {
					t.Errorf("%x came after %s", got, time.Since(begun))
				}
				second(c)
			}},
			"garbage": {Spoil{Do: Garbage}, func(t *testing.T, c caller) {
				c.send(ask(wire, 1))
				if got := c.hear(7 + len(right(1))); !bytes.Equal(got[7:], right(1)) || wire.length(got[:7]) > 0 && wire == ModbusTCP {
					t.Errorf("%x came", got)
				}
				second(c)
			}},
			"exception": {Spoil{Do: Exception, Code: 6}, func(t *testing.T, c caller) {
				c.send(ask(wire, 1))
				want := wire.seal(ask(wire, 1), []byte{9, 0x83, 6})
				if got := c.hear(len(want)); !bytes.Equal(got, want) {
					t.Errorf("%x came, want %x", got, want)
				}
				second(c)
			}},
			"wrong unit": {Spoil{Do: WrongUnit, Unit: 9}, func(t *testing.T, c caller) {
				c.send(ask(wire, 1))
				want := wire.seal(ask(wire, 1), []byte{10, 3, 4, 0x5A, 0x5A, 0x5A, 0x5B})
				if got := c.hear(len(want)); !bytes.Equal(got, want) {
					t.Errorf("%x came, want %x", got, want)
				}
				second(c)
			}},
			"wrong function": {Spoil{Do: WrongFunction}, func(t *testing.T, c caller) {
				c.send(ask(wire, 1))
				want := wire.seal(ask(wire, 1), []byte{9, 4, 4, 0x5A, 0x5A, 0x5A, 0x5B})
				if got := c.hear(len(want)); !bytes.Equal(got, want) {
					t.Errorf("%x came, want %x", got, want)
				}
				second(c)
			}},
			"short": {Spoil{Do: Short}, func(t *testing.T, c caller) {
				c.send(ask(wire, 1))
				want := wire.seal(ask(wire, 1), []byte{9, 3, 2, 0, 0})
				if got := c.hear(len(want)); !bytes.Equal(got, want) {
					t.Errorf("%x came, want %x", got, want)
				}
				second(c)
			}},
		} {
			t.Run(wire.String()+"/"+sentence, func(t *testing.T) {
				t.Parallel()
				p := open(t, startAnswerer(t, wire).address, Options{Protocol: wire})
				row.spoil.Times = 1
				set(t, p, row.spoil)
				row.check(t, call(t, p))
				if s := p.Stats(); s.Spoiled[row.spoil.Do] != 1 || s.Total() != 1 || s.Connections != 1 {
					t.Errorf("%+v", s)
				}
			})
		}
	}
}

func TestNumbersOfAFrameThatCanBeWrong(t *testing.T) {
	t.Parallel()
	question := ask(ModbusTCP, 0x0205)
	values := []byte{9, 3, 4, 0x5A, 0x5A, 0x5A, 0x5B}
	for sentence, row := range map[string]struct {
		wire Protocol
		do   Kind
		want []byte
	}{
		"an older question": {ModbusTCP, WrongTransaction, append([]byte{2, 4, 0, 0, 0, 7}, values...)},
		"another protocol":  {ModbusTCP, WrongProtocol, append([]byte{2, 5, 0, 1, 0, 7}, values...)},
		"two bytes missing": {ModbusTCP, WrongLength, append([]byte{2, 5, 0, 0, 0, 9}, values...)},
		"registers missing": {ModbusRTU, WrongLength, ModbusRTU.seal(nil, []byte{9, 3, 6, 0x5A, 0x5A, 0x5A, 0x5B})},
	} {
		if got := row.wire.altered(Spoil{Do: row.do}, reply(row.wire, 1, question)); !bytes.Equal(got, row.want) {
			t.Errorf("%s: %x, want %x", sentence, got, row.want)
		}
	}
	wrong := ModbusRTU.altered(Spoil{Do: WrongCRC}, reply(ModbusRTU, 1, nil))
	if sum := checksum(wrong[:7]); len(wrong) != 9 || wrong[7] == byte(sum) && wrong[8] == byte(sum>>8) {
		t.Errorf("%x has the right checksum", wrong)
	}
}

func TestTheChecksumIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	if got := checksum([]byte{0x02, 0x07}); got != 0x1241 { // Modbus over serial line V1.02, 6.2.2: 41 12 on the wire
		t.Errorf("%#x", got)
	}
}

func TestAStrayAnswerComesToTheNextClient(t *testing.T) {
	t.Parallel()
	p := open(t, startAnswerer(t, ModbusRTU).address, Options{Protocol: ModbusRTU})
	set(t, p, Spoil{Do: Stray, Delay: 300 * time.Millisecond, Times: 1})
	first := call(t, p)
	first.send(ask(ModbusRTU, 1))
	eventually(t, "the answer is held back", func() bool { return p.Stats().Spoiled[Stray] == 1 })
	first.Close()
	next := call(t, p)
	if got := next.hear(9); !bytes.Equal(got, reply(ModbusRTU, 1, nil)) { // it asked nothing
		t.Errorf("%x came", got)
	}
}

// TestNothingComesBetweenTheBytesOfAnAnswer: what is stray waits until an answer that
// dribbles in is there.
func TestNothingComesBetweenTheBytesOfAnAnswer(t *testing.T) {
	t.Parallel()
	p := open(t, startAnswerer(t, ModbusTCP).address, Options{Protocol: ModbusTCP})
	set(t, p, Spoil{Do: Stray, Delay: 50 * time.Millisecond, Times: 1}, Spoil{Do: Split, Delay: 20 * time.Millisecond, Times: 1})
	c := call(t, p)
	c.send(ask(ModbusTCP, 1))
	eventually(t, "the first answer is held back", func() bool { return p.Stats().Spoiled[Stray] == 1 })
	c.send(ask(ModbusTCP, 2))
	want := slices.Concat(reply(ModbusTCP, 2, ask(ModbusTCP, 2)), reply(ModbusTCP, 1, ask(ModbusTCP, 1)))
	if got := c.hear(len(want)); !bytes.Equal(got, want) {
		t.Errorf("%x came, want %x", got, want)
	}
}

func TestChanceIsSeeded(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (kinds []Kind) {
		var mu sync.Mutex
		note := func(e Event) {
			mu.Lock()
			defer mu.Unlock()
			if e.Unit != 9 || e.At.IsZero() {
				t.Errorf("noted %+v", e)
			}
			kinds = append(kinds, e.Do)
		}
		p := open(t, startAnswerer(t, ModbusTCP).address, Options{Protocol: ModbusTCP, Seed: seed, Note: note})
		set(t, p, Spoil{Do: WrongUnit, Share: 0.2}, Spoil{Do: Exception, Code: 11, Share: 0.3}, Spoil{Do: Mute, Unit: 8})
		c := call(t, p)
		for n := range 300 {
			c.send(ask(ModbusTCP, n))
			head := c.hear(6)
			_ = c.hear(int(head[5]))
		}
		s := p.Stats()
		if a, b := s.Spoiled[WrongUnit], s.Spoiled[Exception]; a < 30 || a > 90 || b < 40 || b > 110 || s.Answers != 300 || s.Spoiled[Mute] != 0 || s.Total() != a+b {
			t.Errorf("%+v", s)
		}
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(kinds)
	}
	one, again, other := run(1), run(1), run(2)
	if !slices.Equal(one, again) || slices.Equal(one, other) {
		t.Errorf("%d, %d and %d faults: the first two are to be the same", len(one), len(again), len(other))
	}
}

// eventually waits for what a network does in its own time.
func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !happened(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not seen within 20 s: %s", what)
		}
	}
}
