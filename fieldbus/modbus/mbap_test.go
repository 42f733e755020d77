package modbus

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"heatledger/fieldbus"
)

// tardy is a gateway of a serial line that does not answer the first question of
// a connection, and gives its answer to the first of the next connection instead,
// before the right one. Its answers are those of a server of clocks.
type tardy struct {
	mu    sync.Mutex
	owed  []byte // the answer, of another connection
	given int
}

func (g *tardy) serve(conn net.Conn) {
	defer conn.Close()
	question := make([]byte, 12)
	for first := true; ; first = false {
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		frame := clockFrame(question)
		g.mu.Lock()
		switch {
		case first && g.owed == nil:
			garble(frame)
			g.owed, frame = frame, nil
		case first:
			g.given++
			frame, g.owed = append(slices.Clone(g.owed), frame...), nil
		default: // it hangs up, so that there is a next connection
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		if _, err := conn.Write(frame); err != nil {
			return
		}
	}
}

func TestALateAnswerThatComesOverTheNextConnectionIsNotTaken(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &tardy{}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { g.serve(conn) })
		}
	})
	t.Cleanup(func() { listener.Close(); serving.Wait() })
	sink := &memorySink{}
	d := run(t, Config{ID: "line", URL: "tcp://" + listener.Addr().String(), Timeout: nastyTimeout, Meters: []Meter{clocks(10 * time.Millisecond)}}, sink)
	eventually(t, "three late answers", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.given >= 3
	})
	checkClocks(t, sink, nastyTimeout)
	if h := healthOf(t, d, "clocks"); h.State == fieldbus.Starting || h.Errors < 3 {
		t.Errorf("health %+v", h)
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte{1, 3, 4, 0, 1, 0, 2}, uint8(1), uint8(3), 2)
	f.Add([]byte{1, 1, 1, 5}, uint8(1), uint8(1), 3)
	f.Add([]byte{0xFF, 0x83, 11}, uint8(1), uint8(3), 2)
	f.Add([]byte{1, 0x83}, uint8(1), uint8(3), 2)
	f.Add([]byte{1, 3, 2, 0, 1}, uint8(1), uint8(3), 2)
	f.Fuzz(func(t *testing.T, body []byte, unit, function uint8, count int) {
		if len(body) < 2 || len(body) > mostMBAP-6 || function < 1 || function > 4 || count < 1 || count > 2000 {
			return
		}
		words, err := answerOf(body, unit, function, count, nil)
		if err != nil {
			if words != nil {
				t.Errorf("%d words beside %v", len(words), err)
			}
			return
		}
		if len(words) != count || body[0] != unit || body[1] != function {
			t.Fatalf("%d words of unit %d, function %d; asked were %d of %d, %d", len(words), body[0], body[1], count, unit, function)
		}
		if function > 2 {
			var back []byte
			for _, w := range words {
				back = binary.BigEndian.AppendUint16(back, w)
			}
			if !bytes.Equal(back, body[3:]) {
				t.Errorf("%x became %x", body[3:], back)
			}
			return
		}
		for i, w := range words {
			if w != uint16(body[3+i/8]>>(i%8)&1) {
				t.Errorf("bit %d is %d", i, w)
			}
		}
	})
}
