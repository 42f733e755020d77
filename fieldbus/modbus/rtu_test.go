package modbus

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"testing"
	"time"

	"heatledger/fieldbus/registermap"
)

// rtuPair is an RTU line in TCP, and its other end.
func rtuPair(t *testing.T) (near line, far net.Conn) {
	t.Helper()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	near, err = Config{Timeout: 5 * time.Second}.dialRTU("tcp", door.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(near.close)
	if far, err = door.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { far.Close() })
	return near, far
}

// Whatever comes while nothing is asked breaks the line before the next question
// is put; the answer before it is good.
func TestAnRTULineIsBrokenByWhatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	whole := sealed([]byte{7, 3, 2, 0x12, 0x34})
	for name, test := range map[string]struct {
		along []byte // what comes with the answer
		later []byte // what comes after it was read
		gone  bool   // the other side hangs up
		want  error
	}{
		"an answer given twice at once":   {along: whole, want: errUnasked},
		"a copy that comes a while later": {later: whole, want: errUnasked},
		"half a copy":                     {along: whole[:3], want: errUnasked},
		"one byte of noise":               {later: []byte{0}, want: errUnasked},
		"a gateway that hung up":          {gone: true, want: io.EOF},
		"nothing":                         {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			near, far := rtuPair(t)
			asked := make(chan []byte, 2)
			settled := make(chan struct{})
			go func() {
				defer close(asked)
				for range 2 {
					question := make([]byte, 8)
					if _, err := io.ReadFull(far, question); err != nil {
						return
					}
					asked <- question
					if _, err := far.Write(append(slices.Clone(whole), test.along...)); err != nil {
						return
					}
					<-settled
				}
			}()
			q := request{table: registermap.Holding, address: 0x0102, count: 1}
			words, err := near.read(7, q, nil)
			if err != nil || !slices.Equal(words, []uint16{0x1234}) {
				t.Fatalf("read %x, %v", words, err)
			}
			if question := <-asked; !bytes.Equal(question, sealed([]byte{7, 3, 1, 2, 0, 1})) {
				t.Errorf("asked %x", question)
			}
			if _, err := far.Write(test.later); err != nil {
				t.Fatal(err)
			}
			if test.gone {
				far.Close()
			}
			close(settled)
			words, err = near.read(7, q, nil)
			switch {
			case test.want == nil && (err != nil || !slices.Equal(words, []uint16{0x1234})):
				t.Errorf("read %x, %v", words, err)
			case test.want != nil && !errors.Is(err, test.want):
				t.Errorf("read %x, %v; want %v", words, err, test.want)
			}
		})
	}
}

// A gateway that gives one answer in four twice, together or a moment apart.
func TestAnAnswerGivenTwiceOverRTUIsNotTakenForTheNext(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 1))
	g := &gateway{
		question: 8, answer: rtuFrame, counts: make([]int, 2),
		ways: []misbehaviour{func(conn net.Conn, frame []byte) bool {
			old := slices.Clone(frame)
			old[7] ^= 0x5A
			_, err := conn.Write(append(frame, sealed(old[:len(old)-2])...))
			return err == nil
		}},
		next: func() int { return max(-1, random.IntN(4)-3) },
	}
	g.start(t)
	sink := &memorySink{}
	run(t, Config{ID: "line", URL: "rtuovertcp://" + g.address, Timeout: nastyTimeout, Meters: []Meter{clocks(10 * time.Millisecond)}}, sink)
	eventually(t, "ten readings of each clock, and three answers given twice", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(sink.of("s/clock0")) >= 10 && len(sink.of("s/clock3")) >= 10 && g.counts[1] >= 3
	})
	checkClocks(t, sink, nastyTimeout)
}

func TestWhatIsNoAnswerOverRTUIsNone(t *testing.T) {
	t.Parallel()
	right := sealed([]byte{7, 3, 2, 0x12, 0x34})
	for name, frame := range map[string][]byte{
		"another unit":       sealed([]byte{8, 3, 2, 0x12, 0x34}),
		"another function":   sealed([]byte{7, 4, 2, 0x12, 0x34}),
		"more words":         sealed([]byte{7, 3, 4, 0x12, 0x34, 0x56, 0x78}),
		"fewer words":        sealed([]byte{7, 3, 0}),
		"a wrong checksum":   append(slices.Clone(right[:5]), right[5], right[6]^1),
		"noise before it":    append([]byte{0x55}, right...),
		"an impossible size": sealed([]byte{7, 3, 255, 0, 0}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			near, far := rtuPair(t)
			go func() {
				_, _ = io.ReadFull(far, make([]byte, 8))
				_, _ = far.Write(frame)
			}()
			words, err := near.read(7, request{table: registermap.Holding, count: 1}, nil)
			if err == nil || errors.As(err, new(exception)) || errors.Is(err, errNoAnswer) {
				t.Errorf("read %x, %v", words, err)
			}
		})
	}
	near, far := rtuPair(t)
	go func() {
		_, _ = io.ReadFull(far, make([]byte, 8))
		_, _ = far.Write(sealed([]byte{7, 0x83, 11}))
	}()
	if _, err := near.read(7, request{table: registermap.Holding, count: 1}, nil); !errors.Is(err, exception(11)) {
		t.Errorf("an exception is %v", err)
	}
}

// FuzzRTU: of any bytes only a whole frame of the unit that was asked is an answer,
// however the bytes are cut; and the length never depends on what is behind it.
func FuzzRTU(f *testing.F) {
	f.Add(sealed([]byte{1, 3, 4, 0, 1, 0, 2}), uint8(1), uint8(3), 2)
	f.Add(sealed([]byte{1, 1, 1, 5}), uint8(1), uint8(1), 3)
	f.Add(sealed([]byte{0xFF, 0x83, 11}), uint8(1), uint8(3), 2)
	f.Add([]byte{1, 3, 255}, uint8(1), uint8(3), 2)
	f.Add([]byte{}, uint8(1), uint8(3), 2)
	f.Fuzz(func(t *testing.T, b []byte, unit, function uint8, count int) {
		if function < 1 || function > 4 || count < 1 || count > 2000 {
			return
		}
		length := 0
		for n := range len(b) + 1 {
			now, err := lengthRTU(b[:n], unit, function)
			if err != nil {
				return
			}
			if length > 0 && now != length {
				t.Fatalf("%d bytes after %d bytes, %d before", now, n, length)
			}
			if length = now; length > mostRTU {
				t.Fatalf("a frame of %d bytes", length)
			}
		}
		if length == 0 || len(b) < length {
			return
		}
		body, err := opened(b[:length])
		if (err == nil) != bytes.Equal(sealed(slices.Clone(b[:length-2])), b[:length]) {
			t.Fatalf("%x: %v", b[:length], err)
		}
		if err != nil {
			return
		}
		words, err := answerOf(body, unit, function, count, nil)
		if err == nil && (len(words) != count || body[0] != unit || body[1] != function) {
			t.Fatalf("%x is an answer of %d words", body, len(words))
		}
		if err == nil && function > 2 && binary.BigEndian.Uint16(body[3:]) != words[0] {
			t.Errorf("%x became %x", body, words)
		}
	})
}
