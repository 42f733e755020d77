package modbus

import (
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"heatledger/fieldbus"
	"heatledger/fieldbus/counterpart"
)

func TestASerialLineIsReadAndLateAnswersAreNotTakenForTheNext(t *testing.T) {
	t.Parallel()
	end, device := counterpart.Terminal(t)
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
