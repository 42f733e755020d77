package modbus

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"heatledger/fieldbus"
)

// openSerial is a serial line in software: what is written to one end is read
// from the other, which has the name of a device.
func openSerial(t *testing.T) (end *os.File, device string) {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatalf("open a pseudo-terminal: %v", err)
	}
	end = os.NewFile(uintptr(fd), "/dev/ptmx")
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatalf("unlock the pseudo-terminal: %v", err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatalf("name the pseudo-terminal: %v", err)
	}
	device = fmt.Sprint("/dev/pts/", number)
	// While somebody has the device open, our end is not hung up between two
	// of the driver's connections.
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

func TestASerialLineIsReadAndLateAnswersAreNotTakenForTheNext(t *testing.T) {
	t.Parallel()
	end, device := openSerial(t)
	random := rand.New(rand.NewPCG(3, 1))
	var serving sync.WaitGroup
	serving.Go(func() {
		for question := make([]byte, 8); ; {
			if _, err := io.ReadFull(end, question); err != nil {
				return
			}
			frame := rtuFrame(question)
			if random.IntN(6) == 0 {
				time.Sleep(late)
				frame[7] ^= 0x5A
				frame = sealed(frame[:len(frame)-2])
			}
			if _, err := end.Write(frame); err != nil {
				return
			}
		}
	})
	t.Cleanup(func() { end.Close(); serving.Wait() })
	sink := &memorySink{}
	d := run(t, Config{ID: "line", URL: "rtu://" + device, Timeout: nastyTimeout, Serial: Serial{Speed: 115200, Parity: "even"}, Meters: []Meter{clocks(10 * time.Millisecond)}}, sink)
	eventually(t, "ten readings of each clock", func() bool { return len(sink.of("s/clock0")) >= 10 && len(sink.of("s/clock3")) >= 10 })
	checkClocks(t, sink, nastyTimeout)
	eventually(t, "health", func() bool { return healthOf(t, d, "clocks").State == fieldbus.Healthy })
}
