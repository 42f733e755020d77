package chart

import (
	"context"
	"crypto/sha256"
	_ "embed" // the scripts are part of the program
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/dop251/goja"
)

// ECharts is the library as the browser gets it (Apache-2.0, static/echarts.LICENSE).
//
//go:embed static/echarts.min.js
var ECharts string

// Functions is the script with the functions that options name.
//
//go:embed static/functions.js
var Functions string

const (
	engines   = 2           // of about 17 MB each
	patience  = time.Minute // for one chart
	keptBytes = 24 << 20    // of pictures
)

// Size of a picture in px at its natural scale.
type Size struct{ Width, Height int }

// Renderer draws pictures and keeps those it drew last. It may be used by many
// goroutines; more than two wait for each other.
type Renderer struct {
	compile func() ([]*goja.Program, error)
	slots   chan *engine // nil: not made yet
	dresser dresser

	mutex sync.Mutex
	kept  map[[sha256.Size]byte]string
	order [][sha256.Size]byte // oldest first
	bytes int
}

// NewRenderer is a renderer that compiles its scripts when they are first needed.
func NewRenderer() *Renderer {
	r := &Renderer{compile: sync.OnceValues(compile), slots: make(chan *engine, engines), dresser: newDresser(), kept: map[[sha256.Size]byte]string{}}
	for range engines {
		r.slots <- nil
	}
	return r
}

// SVG is the chart as an <svg> element for a page: role img, with title and
// description, without style element, script or address.
func (r *Renderer) SVG(ctx context.Context, c Chart, size Size, lang Language) (string, error) {
	if err := c.Check(); err != nil {
		return "", err
	}
	text, err := json.Marshal(c.options(lang, size.Width))
	if err != nil {
		return "", fmt.Errorf("write the options of %q: %w", c.Title, err)
	}
	head, err := json.Marshal([]any{c.Title, c.Summary, size, lang})
	if err != nil {
		return "", fmt.Errorf("draw %q: %w", c.Title, err)
	}
	key := sha256.Sum256(append(head, text...))
	if svg, ok := r.lookUp(key); ok {
		return svg, nil
	}
	raw, err := r.draw(ctx, text, size)
	if err != nil {
		return "", fmt.Errorf("draw %q: %w", c.Title, err)
	}
	svg := r.dresser.dress(raw, c, lang, fmt.Sprintf("c%x", key[:4]))
	r.keep(key, svg)
	return svg, nil
}

func (r *Renderer) lookUp(key [sha256.Size]byte) (string, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	svg, ok := r.kept[key]
	return svg, ok
}

// keep remembers a picture; the oldest make room.
func (r *Renderer) keep(key [sha256.Size]byte, svg string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if _, ok := r.kept[key]; ok {
		return
	}
	r.kept[key], r.order = svg, append(r.order, key)
	for r.bytes += len(svg); r.bytes > keptBytes && len(r.order) > 1; r.order = r.order[1:] {
		r.bytes -= len(r.kept[r.order[0]])
		delete(r.kept, r.order[0])
	}
}

// draw lends an engine for one chart.
func (r *Renderer) draw(ctx context.Context, options []byte, size Size) (svg string, err error) {
	var e *engine
	select {
	case e = <-r.slots:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { r.slots <- e }()
	if e == nil {
		programs, err := r.compile()
		if err != nil {
			return "", err
		}
		if e, err = newEngine(programs); err != nil {
			e = nil
			return "", err
		}
	}
	svg, err = e.draw(ctx, string(options), size)
	if err != nil {
		e = nil // nobody knows in what state it is
	}
	return svg, err
}
