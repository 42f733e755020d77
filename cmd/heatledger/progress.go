package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress is one line on a terminal that says how far long work is; where
// there is no terminal it says nothing. It may be used by many goroutines.
type progress struct {
	out   io.Writer // nil: no terminal
	title string
	begun time.Time

	mutex          sync.Mutex
	expected, done int64
}

// newProgress shows work on w if that is a terminal.
func newProgress(w io.Writer, title string) *progress {
	p := &progress{title: title, begun: time.Now()}
	if isTerminal(w) {
		p.out = w
	}
	return p
}

// isTerminal tells whether somebody may be looking: a character device that is
// not the null device.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// expect adds to the work ahead.
func (p *progress) expect(n int64) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.expected += n
}

// advance says that n of the work are done.
func (p *progress) advance(n int64) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.done += n
	if p.out == nil || p.expected == 0 {
		return
	}
	// back to the beginning, so that the next line of the log writes over it
	_, _ = fmt.Fprintf(p.out, "\x1b[K%s: %d %% (%d s)\r", p.title, 100*p.done/p.expected, int(time.Since(p.begun).Seconds())) // nobody looks any more
}

// end clears the line.
func (p *progress) end() {
	if p.out != nil {
		_, _ = fmt.Fprint(p.out, "\x1b[K") // nobody looks any more
	}
}
