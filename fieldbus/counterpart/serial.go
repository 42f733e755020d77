package counterpart

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// Terminal opens a serial line in software: what is written to end is read from
// the device, which has the name of a file, and the other way round.
func Terminal(t testing.TB) (end *os.File, device string) {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatalf("open a pseudo-terminal: %v", err)
	}
	end = os.NewFile(uintptr(fd), "/dev/ptmx")
	t.Cleanup(func() { end.Close() })
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatalf("unlock the pseudo-terminal: %v", err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatalf("name the pseudo-terminal: %v", err)
	}
	device = fmt.Sprint("/dev/pts/", number)
	// While somebody has the device open, our end is not hung up between two
	// connections of whoever uses it.
	hold, err := os.OpenFile(device, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { hold.Close() })
	raw, err := unix.IoctlGetTermios(int(hold.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatalf("ask for the settings of the pseudo-terminal: %v", err)
	}
	raw.Iflag, raw.Oflag, raw.Lflag = 0, 0, 0 // bytes as they are, and no echo
	if err := unix.IoctlSetTermios(int(hold.Fd()), unix.TCSETS, raw); err != nil {
		t.Fatalf("set the pseudo-terminal: %v", err)
	}
	return end, device
}

// Direction is the way of bytes over a cable.
type Direction bool

// The directions.
const (
	ToFar  Direction = true
	ToNear Direction = false
)

// Cable joins two serial devices: what is sent into one comes out of the other.
// Each piece goes through spoil, which gives what is to arrive in its place, may
// take its time and is called from two goroutines; nil leaves all as it is.
func Cable(t testing.TB, spoil func(way Direction, piece []byte) []byte) (near, far string) {
	t.Helper()
	nearEnd, near := Terminal(t)
	farEnd, far := Terminal(t)
	var carrying sync.WaitGroup
	carry := func(way Direction, to, from *os.File) {
		for buffer := make([]byte, 512); ; {
			n, err := from.Read(buffer)
			if err != nil {
				return
			}
			piece := buffer[:n]
			if spoil != nil {
				piece = spoil(way, piece)
			}
			// A device that nobody empties is a line into the void.
			if _, err := to.Write(piece); err != nil && !errors.Is(err, syscall.EAGAIN) {
				return
			}
		}
	}
	carrying.Go(func() { carry(ToFar, farEnd, nearEnd) })
	carrying.Go(func() { carry(ToNear, nearEnd, farEnd) })
	t.Cleanup(func() {
		nearEnd.Close()
		farEnd.Close()
		carrying.Wait()
	})
	return near, far
}
