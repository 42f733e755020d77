package modbus

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/registermap"
)

// misbehaviour is how a gateway gets an answer wrong. It is given the right
// frame and writes what it likes; false ends the connection.
type misbehaviour func(conn net.Conn, frame []byte) bool

// gateway is a server of clocks, as [clockServer], that misbehaves.
type gateway struct {
	address  string
	question int                          // bytes of a question
	answer   func(question []byte) []byte // the right one
	ways     []misbehaviour
	next     func() int // which of the ways is next; -1 is to behave

	mu     sync.Mutex
	counts []int // how often it behaved, and went each way
}

// startGateway serves Modbus TCP.
func startGateway(t *testing.T, next func() int, ways ...misbehaviour) *gateway {
	t.Helper()
	g := &gateway{question: 12, answer: clockFrame, ways: ways, next: next, counts: make([]int, len(ways)+1)}
	g.start(t)
	return g
}

func (g *gateway) start(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g.address = listener.Addr().String()
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
	t.Cleanup(func() {
		listener.Close()
		serving.Wait()
	})
}

func (g *gateway) serve(conn net.Conn) {
	defer conn.Close()
	question := make([]byte, g.question)
	for {
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		g.mu.Lock()
		way := g.next()
		g.counts[way+1]++
		g.mu.Unlock()
		frame := g.answer(question)
		if way >= 0 {
			if !g.ways[way](conn, frame) {
				return
			}
		} else if _, err := conn.Write(frame); err != nil {
			return
		}
	}
}

// clockFrame is the right answer to a question: register a = 8k holds the time
// in milliseconds × 100 + k in four words.
func clockFrame(question []byte) []byte {
	address, count := binary.BigEndian.Uint16(question[8:]), binary.BigEndian.Uint16(question[10:])
	now := uint64(time.Now().UnixMilli())
	frame := slices.Clone(question[:8])
	binary.BigEndian.PutUint16(frame[4:], 3+2*count)
	frame = append(frame, byte(2*count))
	for a := address; a < address+count; a++ {
		value := now*100 + uint64(a/8)
		word := uint16(0)
		if a%8 < 4 {
			word = uint16(value >> (48 - 16*(a%8)))
		}
		frame = binary.BigEndian.AppendUint16(frame, word)
	}
	return frame
}

const nastyTimeout = 150 * time.Millisecond

// late is when an answer comes too late, also to a client that a busy machine
// wakes up late.
const late = nastyTimeout + 400*time.Millisecond

// altered writes the frame with a change.
func altered(change func(frame []byte)) misbehaviour {
	return func(conn net.Conn, frame []byte) bool {
		change(frame)
		_, err := conn.Write(frame)
		return err == nil
	}
}

// followed writes a wrong frame first and then the right one.
func followed(wrong func(frame []byte)) misbehaviour {
	return func(conn net.Conn, frame []byte) bool {
		first := slices.Clone(frame)
		wrong(first)
		_, err := conn.Write(append(first, frame...))
		return err == nil
	}
}

// garble makes the frame's values wrong, so that whoever takes it is found out.
func garble(frame []byte) {
	for i := 9; i < len(frame); i++ {
		frame[i] ^= 0x5A
	}
}

func waysToGoWrong() map[string]misbehaviour {
	number := func(frame []byte) uint16 { return binary.BigEndian.Uint16(frame) }
	return map[string]misbehaviour{
		"answers late": func(conn net.Conn, frame []byte) bool {
			time.Sleep(late)
			garble(frame) // nobody waits for it any more
			_, err := conn.Write(frame)
			return err == nil
		},
		"answers at the last moment": func(conn net.Conn, frame []byte) bool {
			time.Sleep(nastyTimeout - 40*time.Millisecond)
			_, err := conn.Write(frame)
			return err == nil
		},
		"answers twice": func(conn net.Conn, frame []byte) bool {
			_, err := conn.Write(append(slices.Clone(frame), frame...))
			return err == nil
		},
		"answers an older question": altered(func(frame []byte) {
			binary.BigEndian.PutUint16(frame, number(frame)-1)
			garble(frame)
		}),
		"answers an older question first": followed(func(frame []byte) {
			binary.BigEndian.PutUint16(frame, number(frame)-1)
			garble(frame)
		}),
		"answers a question that comes": altered(func(frame []byte) {
			binary.BigEndian.PutUint16(frame, number(frame)+1)
			garble(frame)
		}),
		"speaks another protocol first": followed(func(frame []byte) { frame[3] = 1; garble(frame) }),
		"answers for another unit":      altered(func(frame []byte) { frame[6]++; garble(frame) }),
		"answers another function":      altered(func(frame []byte) { frame[7] = 4; garble(frame) }),
		"answers too little": func(conn net.Conn, frame []byte) bool {
			frame = frame[:len(frame)-2]
			frame[8] -= 2
			binary.BigEndian.PutUint16(frame[4:], number(frame[4:])-2)
			_, err := conn.Write(frame)
			return err == nil
		},
		"counts wrong": altered(func(frame []byte) { frame[8] += 2; garble(frame) }),
		"cuts in mid-frame": func(conn net.Conn, frame []byte) bool {
			_, _ = conn.Write(frame[:len(frame)/2])
			return false
		},
		"stops in mid-frame and goes on": func(conn net.Conn, frame []byte) bool {
			_, _ = conn.Write(frame[:len(frame)/2])
			time.Sleep(late)
			_, err := conn.Write(frame[len(frame)/2:])
			return err == nil
		},
		"hangs up": func(net.Conn, []byte) bool { return false },
		"sends noise": func(conn net.Conn, frame []byte) bool {
			_, err := conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			return err == nil
		},
	}
}

func TestAGatewayThatGetsAnswersWrongGivesNoWrongValue(t *testing.T) {
	t.Parallel()
	for name, way := range waysToGoWrong() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			turn := 0
			g := startGateway(t, func() int { // every third answer goes wrong
				turn++
				return -min(1, turn%3)
			}, way)
			sink := &memorySink{}
			d := run(t, Config{ID: "line", URL: "tcp://" + g.address, Timeout: nastyTimeout, Meters: []Meter{clocks(10 * time.Millisecond)}}, sink)
			eventually(t, "ten readings", func() bool { return len(sink.of("s/clock0")) >= 10 })
			checkClocks(t, sink, nastyTimeout)
			if h := healthOf(t, d, "clocks"); h.Readings == 0 || h.LastAnswer.IsZero() {
				t.Errorf("health %+v", h)
			}
		})
	}
}

func TestAGatewayThatGoesWrongInEveryWayGivesNoWrongValue(t *testing.T) {
	t.Parallel()
	all := waysToGoWrong()
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	ways := make([]misbehaviour, len(names))
	for i, name := range names {
		ways[i] = all[name]
	}
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 1))
			g := startGateway(t, func() int { return max(-1, random.IntN(3*len(ways))-2*len(ways)) }, ways...)
			sink := &memorySink{}
			run(t, Config{ID: "line", URL: "tcp://" + g.address, Timeout: nastyTimeout, Meters: []Meter{clocks(10 * time.Millisecond)}}, sink)
			eventually(t, "twenty readings of each clock", func() bool {
				return len(sink.of("s/clock0")) >= 20 && len(sink.of("s/clock3")) >= 20
			})
			checkClocks(t, sink, nastyTimeout)
		})
	}
}

func TestALateAnswerOverRTUInTCPIsNotTakenForTheNext(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 1))
	g := &gateway{
		question: 8, answer: rtuFrame, counts: make([]int, 2),
		ways: []misbehaviour{func(conn net.Conn, frame []byte) bool {
			time.Sleep(late)
			frame[7] ^= 0x5A
			_, err := conn.Write(sealed(frame[:len(frame)-2]))
			return err == nil
		}},
		next: func() int { return max(-1, random.IntN(5)-4) },
	}
	g.start(t)
	sink := &memorySink{}
	run(t, Config{ID: "line", URL: "rtuovertcp://" + g.address, Timeout: nastyTimeout, Meters: []Meter{clocks(10 * time.Millisecond)}}, sink)
	eventually(t, "ten readings of each clock", func() bool { return len(sink.of("s/clock0")) >= 10 && len(sink.of("s/clock3")) >= 10 })
	checkClocks(t, sink, nastyTimeout)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.counts[1] < 3 {
		t.Errorf("%d answers were late", g.counts[1])
	}
}

func TestALateAnswerInADatagramIsNotTakenForTheNext(t *testing.T) {
	t.Parallel()
	for scheme, frames := range map[string]struct {
		answer func(question []byte) []byte
		spoil  func(frame []byte) []byte
	}{
		"udp":        {clockFrame, func(frame []byte) []byte { garble(frame); return frame }},
		"rtuoverudp": {rtuFrame, func(frame []byte) []byte { frame[7] ^= 0x5A; return sealed(frame[:len(frame)-2]) }},
	} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			conn, err := net.ListenPacket("udp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			var serving sync.WaitGroup
			var belated atomic.Int64
			serving.Go(func() {
				random := rand.New(rand.NewPCG(11, 1))
				question := make([]byte, 300)
				for {
					n, from, err := conn.ReadFrom(question)
					if err != nil {
						return
					}
					frame := frames.answer(question[:n])
					if random.IntN(5) > 0 {
						_, _ = conn.WriteTo(frame, from)
						continue
					}
					serving.Go(func() { // others are answered meanwhile
						time.Sleep(late)
						belated.Add(1)
						_, _ = conn.WriteTo(frames.spoil(frame), from)
					})
				}
			})
			t.Cleanup(func() { conn.Close(); serving.Wait() })
			sink := &memorySink{}
			run(t, Config{ID: "line", URL: scheme + "://" + conn.LocalAddr().String(), Timeout: nastyTimeout, Meters: []Meter{clocks(10 * time.Millisecond)}}, sink)
			eventually(t, "ten readings of each clock and three late answers", func() bool {
				return len(sink.of("s/clock0")) >= 10 && len(sink.of("s/clock3")) >= 10 && belated.Load() >= 3
			})
			checkClocks(t, sink, nastyTimeout)
		})
	}
}

// rtuFrame is the right answer to a question in an RTU frame.
func rtuFrame(question []byte) []byte {
	return sealed(clockFrame(append(make([]byte, 6), question...))[6:])
}

// sealed is the frame with its checksum (Modbus over serial line V1.02, 6.2.2).
func sealed(frame []byte) []byte {
	crc := uint16(0xFFFF)
	for _, b := range frame {
		crc ^= uint16(b)
		for range 8 {
			carry := crc & 1
			crc >>= 1
			if carry != 0 {
				crc ^= 0xA001
			}
		}
	}
	return append(frame, byte(crc), byte(crc>>8))
}

func TestExceptionsTheLibraryDoesNotKnowAreExceptions(t *testing.T) {
	t.Parallel()
	g := startGateway(t, func() int { return 0 }, func(conn net.Conn, frame []byte) bool {
		_, err := conn.Write(append(append(slices.Clone(frame[:4]), 0, 3, frame[6], frame[7]|0x80), 7))
		return err == nil
	})
	d := run(t, Config{ID: "line", URL: "tcp://" + g.address, Meters: []Meter{clocks(10 * time.Millisecond)}}, &memorySink{})
	eventually(t, "four registers set aside", func() bool { return len(healthOf(t, d, "clocks").Points) == 4 })
	h := healthOf(t, d, "clocks")
	if h.State != fieldbus.Degraded || h.Points[3].Reason != "exception 7 (negative acknowledge) at holding 24" {
		t.Errorf("health %+v", h)
	}
}

func TestUnitsOfOneLineAreNotMixedUp(t *testing.T) {
	t.Parallel()
	address := startUnits(t, nil)
	sink := &memorySink{}
	config := Config{ID: "line", URL: "tcp://" + address}
	for id := range uint8(20) {
		var list []registermap.PointRegister
		for a := range uint16(30) {
			list = append(list, typed(fmt.Sprintf("s%d/r%d", id, a), registermap.Input, a, registermap.Uint16, registermap.ABCD, "kWh"))
		}
		config.Meters = append(config.Meters, Meter{ID: fmt.Sprint("m", id), Unit: id, Every: 5 * time.Millisecond, Registers: list})
	}
	run(t, config, sink)
	eventually(t, "twenty polls of the last unit", func() bool { return len(sink.of("s19/r29")) >= 20 })
	for id := range 20 {
		for a := range 30 {
			point := energy.PointID(fmt.Sprintf("s%d/r%d", id, a))
			for _, r := range sink.of(point) {
				if !r.Value.Equal(energy.Decimal(int64(1000*id+a), 0)) {
					t.Errorf("%s is %s", point, r.Value)
				}
			}
		}
	}
}
