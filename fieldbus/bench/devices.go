package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"sync/atomic"
	"time"
)

// devices are simulated Modbus TCP devices in a process of their own, so that
// their processor time is nobody else's. Both collectors read the same ones.
type devices struct {
	layouts []layout
	Ports   [][]int // by layout and device, at 127.0.0.1

	process *exec.Cmd
	orders  io.WriteCloser
	answers *bufio.Scanner
}

// tally is what the devices of a layout were asked.
type tally struct {
	Requests   int64 `json:"requests"`
	Exceptions int64 `json:"exceptions"` // of those refused
}

// startDevices starts the process and returns when all ports listen.
func startDevices(ctx context.Context, layouts ...layout) (*devices, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program of the devices: %w", err)
	}
	wanted, err := json.Marshal(layouts)
	if err != nil {
		return nil, fmt.Errorf("describe the devices: %w", err)
	}
	d := &devices{layouts: layouts, process: exec.CommandContext(ctx, program, roleDevices, string(wanted))}
	d.process.Stderr = os.Stderr
	if d.orders, err = d.process.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start the devices: %w", err)
	}
	out, err := d.process.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the devices: %w", err)
	}
	if err := d.process.Start(); err != nil {
		return nil, fmt.Errorf("start the devices: %w", err)
	}
	d.answers = bufio.NewScanner(out)
	d.answers.Buffer(nil, 1<<20)
	if err := d.hear(&d.Ports); err != nil {
		return nil, errors.Join(err, d.stop())
	}
	return d, nil
}

// counts asks what the devices have been asked so far, by layout.
func (d *devices) counts() (all []tally, err error) {
	if _, err := io.WriteString(d.orders, "counts\n"); err != nil {
		return nil, fmt.Errorf("ask the devices for their counts: %w", err)
	}
	return all, d.hear(&all)
}

func (d *devices) hear(into any) error {
	if !d.answers.Scan() {
		return fmt.Errorf("hear the devices: %w", errors.Join(d.answers.Err(), io.ErrUnexpectedEOF))
	}
	if err := json.Unmarshal(d.answers.Bytes(), into); err != nil {
		return fmt.Errorf("hear the devices: %w", err)
	}
	return nil
}

// stop ends the process.
func (d *devices) stop() error {
	return errors.Join(d.orders.Close(), d.process.Wait())
}

// simulate is the process of the devices: it prints its ports, then answers
// each line on orders with the counts, and returns when orders ends.
func simulate(wanted string, orders io.Reader, answers io.Writer) error {
	var layouts []layout
	if err := json.Unmarshal([]byte(wanted), &layouts); err != nil {
		return fmt.Errorf("read the description of the devices: %w", err)
	}
	groups := make([]group, len(layouts))
	ports := make([][]int, len(layouts))
	for i, l := range layouts {
		groups[i].layout = l
		for range l.Devices {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return fmt.Errorf("listen for device %d of %s: %w", len(ports[i]), l.Name, err)
			}
			defer listener.Close() //nolint:errcheck // the process ends
			ports[i] = append(ports[i], listener.Addr().(*net.TCPAddr).Port)
			go groups[i].listen(listener)
		}
	}
	out := json.NewEncoder(answers)
	if err := out.Encode(ports); err != nil {
		return fmt.Errorf("tell the ports of the devices: %w", err)
	}
	for in := bufio.NewScanner(orders); in.Scan(); {
		counts := make([]tally, len(groups))
		for i := range groups {
			counts[i] = tally{Requests: groups[i].requests.Load(), Exceptions: groups[i].exceptions.Load()}
		}
		if err := out.Encode(counts); err != nil {
			return fmt.Errorf("tell the counts of the devices: %w", err)
		}
	}
	return nil
}

// group is the devices of one layout while they run.
type group struct {
	layout
	requests, exceptions atomic.Int64
}

func (g *group) listen(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go g.answer(connection)
	}
}

// Positions in a frame of Modbus TCP: transaction (2), protocol (2), length of
// what follows (2), unit (1), function (1), then address and count, or the
// number of bytes and the registers.
const (
	frameHead    = 8
	frameRequest = 12

	readHolding    = 3
	illegalAddress = 2
)

// answer serves one connection until the client leaves or asks nonsense.
func (g *group) answer(connection net.Conn) {
	defer connection.Close() //nolint:errcheck // nothing is expected of it any more
	in := bufio.NewReaderSize(connection, 256)
	request := make([]byte, frameRequest)
	reply := make([]byte, frameHead+1+2*most)
	for {
		if _, err := io.ReadFull(in, request); err != nil || request[7] != readHolding {
			return
		}
		g.requests.Add(1)
		if g.Delay > 0 {
			time.Sleep(g.Delay)
		}
		copy(reply, request[:frameHead])
		address, count := int(binary.BigEndian.Uint16(request[8:])), int(binary.BigEndian.Uint16(request[10:]))
		length := frameHead + 1
		switch unit := int(request[6]); {
		case !g.serves(address, count) || unit > g.Units:
			g.exceptions.Add(1)
			reply[7] |= 0x80
			reply[8] = illegalAddress
		default:
			reply[8] = byte(2 * count)
			length += 2 * count
			g.registers(reply[frameHead+1:length], address, time.Now())
		}
		binary.BigEndian.PutUint16(reply[4:], uint16(length-6))
		if _, err := connection.Write(reply[:length]); err != nil {
			return
		}
	}
}

// registers writes the registers from address: noisy powers around a level of
// each value's own, as a meter shows them. Holes are zero.
func (g *group) registers(dst []byte, address int, now time.Time) {
	clear(dst)
	noise := uint32(now.UnixNano()>>10) | 1
	for value := address / g.Stride; value < g.Values; value++ {
		at := 2 * (g.address(value) - address)
		if at+2*valueWords > len(dst) {
			return
		}
		if at < 0 {
			continue // begun before the request
		}
		noise ^= noise << 13
		noise ^= noise >> 17
		noise ^= noise << 5
		level := float32(50 + 25*value)
		power := level * (0.99 + 0.02*float32(noise>>8)/(1<<24))
		binary.BigEndian.PutUint32(dst[at:], math.Float32bits(power))
	}
}
