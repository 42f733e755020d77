package modbus

import (
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestOnlyAHostThatSwallowsAttemptsRestsForLong(t *testing.T) {
	t.Parallel()
	refused := fmt.Errorf("open: %w", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)})
	for _, tt := range []struct {
		sentence    string
		reason      error
		failures    int
		least, most time.Duration
	}{
		{"refused for the first time", refused, 1, time.Second, time.Second},
		{"refused for the fourth time", refused, 4, 8 * time.Second, 8 * time.Second},
		{"refused for the tenth time", refused, 10, 10 * time.Second, 15 * time.Second},
		{"the serial adapter is pulled out", &os.PathError{Op: "open", Path: "/dev/ttyUSB0", Err: os.ErrNotExist}, 10, 10 * time.Second, 15 * time.Second},
		{"no answer at all for the tenth time", os.ErrDeadlineExceeded, 10, time.Minute, time.Minute},
	} {
		if got := pauseAfter(redial(), tt.failures, tt.reason); got < tt.least || got > tt.most {
			t.Errorf("%s: it rests %s, want %s to %s", tt.sentence, got, tt.least, tt.most)
		}
	}
}
