package soak

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// chronicle keeps the last events of each line, so that a fault is told with
// what led to it.
type chronicle struct {
	mu    sync.Mutex
	begun time.Time
	of    map[string][]event
}

type event struct {
	at   time.Time
	text string
}

// remembered is how many events of a line are kept.
const remembered = 60

func newChronicle() *chronicle { return &chronicle{begun: time.Now(), of: map[string][]event{}} }

func (c *chronicle) note(line, format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	events := append(c.of[line], event{time.Now(), fmt.Sprintf(format, args...)})
	c.of[line] = events[max(0, len(events)-remembered):]
}

// last are the newest events of a line, the oldest first.
func (c *chronicle) last(line string, most int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	events := c.of[line]
	for _, e := range events[max(0, len(events)-most):] {
		fmt.Fprintf(&b, "  %9.3f s  %s\n", e.at.Sub(c.begun).Seconds(), e.text)
	}
	return b.String()
}

// handler makes what is logged about a line events.
func (c *chronicle) handler(line string) slog.Handler {
	return slog.NewTextHandler(chronicleWriter{c, line}, &slog.HandlerOptions{
		Level: slog.LevelInfo,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == slog.LevelKey || a.Key == "connection" {
				return slog.Attr{}
			}
			return a
		},
	})
}

type chronicleWriter struct {
	*chronicle
	line string
}

func (w chronicleWriter) Write(b []byte) (int, error) {
	if strings.Contains(string(b), "readings were not collected") { // which there are many of when the spool is full
		return len(b), nil
	}
	w.note(w.line, "%s", strings.TrimSpace(string(b)))
	return len(b), nil
}
