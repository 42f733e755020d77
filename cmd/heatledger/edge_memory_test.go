package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/spool"
)

// newRegisters serves Modbus TCP, any unit, and gives its address: registers
// that rise with each question.
func newRegisters(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go answerRegisters(c)
		}
	}()
	return listener.Addr().String()
}

func answerRegisters(c net.Conn) {
	defer c.Close()
	question := make([]byte, 12)
	for n := uint32(0); ; n++ {
		if _, err := io.ReadFull(c, question); err != nil {
			return
		}
		count := binary.BigEndian.Uint16(question[10:])
		answer := append(bytes.Clone(question[:4]), 0, byte(3+2*count), question[6], question[7], byte(2*count))
		for range count / 2 {
			answer = binary.BigEndian.AppendUint32(answer, math.Float32bits(1000+float32(n%1000)/8))
		}
		if _, err := c.Write(answer); err != nil {
			return
		}
	}
}

const (
	edgeMeters  = 50
	edgeBacklog = 900_000  // readings: half an hour of 50 meters with ten registers each
	edgeMemory  = 64 << 20 // bytes
)

// fillSpool leaves a backlog behind, as an outage does.
func fillSpool(t *testing.T, dir string) {
	t.Helper()
	at := time.Now().Add(-4 * time.Hour).UTC().Truncate(time.Second)
	s, err := spool.Open(dir, spool.Options{Source: "cellar", Now: func() time.Time { return at }})
	if err != nil {
		t.Fatalf("open the spool: %v", err)
	}
	readings := make([]energy.PointReading, edgeMeters*10)
	for n := range edgeBacklog / len(readings) {
		for i := range readings {
			readings[i] = energy.PointReading{Point: energy.PointID(fmt.Sprintf("hall%d/m%d-p%d", i/100, i/10, i%10)),
				Reading: energy.Reading{At: at, Value: energy.Float(float64(float32(n) + float32(i)/7)), Quality: energy.Measured}}
		}
		if err := s.Collect(t.Context(), readings); err != nil {
			t.Fatalf("fill the spool: %v", err)
		}
		at = at.Add(time.Second)
	}
	if err := s.Close(); err != nil {
		t.Fatalf("close the spool: %v", err)
	}
}

// highWater is the most resident memory that a process ever had, in bytes.
func highWater(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatalf("read the status of the collector: %v", err)
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		t.Fatalf("the status of the collector says no VmHWM:\n%s", status)
	}
	kb, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kb << 10
}

// TestACollectorRunsIn64MB lets the built program read fifty meters each second
// while the centre is away, and catch up with a long backlog when it is back.
func TestACollectorRunsIn64MB(t *testing.T) {
	dir, centre := t.TempDir(), newStandIn(t)
	centre.away.Store(true)
	config := write(t, dir, "config.yaml", edgeConfig(t, dir, centre.URL, edgeMeters, time.Second))
	fillSpool(t, filepath.Join(dir, "var", "spool"))
	e := edgeAsked{t, freeAddress(t)}
	var log notebook
	program := exec.Command(build(t), "--config", config, "collect", "--listen", e.address)
	program.Env = append(os.Environ(), "GOMEMLIMIT=", "GOGC=")
	program.Stderr = &log
	if err := program.Start(); err != nil {
		t.Fatalf("start the collector: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	defer func() { _ = program.Process.Kill() }() // it may have ended

	eventually(t, "fifty meters are read while the centre is away", func() bool {
		return e.health().Spool.Collected >= edgeBacklog+5*edgeMeters*10
	})
	away := highWater(t, program.Process.Pid)
	centre.away.Store(false)
	for patience := time.Now().Add(4 * time.Minute); e.health().Spool.Delivered < edgeBacklog; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(patience) {
			t.Fatalf("the backlog is not delivered: %+v\n%s", e.health(), log.String())
		}
	}
	caughtUp := highWater(t, program.Process.Pid)
	h := e.health()
	t.Logf("highest resident memory: %.1f MB while the centre was away, %.1f MB when it had caught up with %d readings",
		float64(away)/(1<<20), float64(caughtUp)/(1<<20), h.Spool.Delivered)
	if caughtUp > edgeMemory {
		t.Errorf("the collector took %d bytes of memory, %d are to be enough", caughtUp, edgeMemory)
	}
	for _, m := range h.Meters {
		if m.State != "healthy" || m.Lost != 0 {
			t.Errorf("meter %s is %s: %s", m.Meter, m.State, m.LastError)
		}
	}
	if len(h.Meters) != edgeMeters || h.Spool.Refused != 0 || h.Spool.Lost != 0 {
		t.Errorf("%d meters, the spool's account is %+v", len(h.Meters), h.Spool)
	}
	if err := program.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the collector ended with %v\n%s", err, log.String())
	}
}
