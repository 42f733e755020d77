package plantsim

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/fieldbus"
	"heatledger/fieldbus/faultproxy"
)

// want is what the reader must make of a fault: testdata/faults/NAME/want.yaml.
// Of every other meter all readings must go on, and it must be healthy.
type want struct {
	Says     string   `yaml:"says,required"` // the fault, for people
	Protocol Protocol `yaml:"protocol,required"`
	// Spoiled is what the line must have done before the fault ends.
	Spoiled map[faultproxy.Kind]int64 `yaml:"spoiled"`
	During  []wantMeter               `yaml:"during"`
	// Lasts: what was refused stays set aside after the end, and is to be tried
	// again within this time.
	Lasts time.Duration `yaml:"lasts"`
}

// wantMeter is a meter while the fault lasts.
type wantMeter struct {
	Meter energy.MeterID `yaml:"meter,required"`
	State fieldbus.State `yaml:"state"` // empty: any
	Error string         `yaml:"error"` // part of the last error
	// Missing are the points of which no reading is handed on: "all", or their
	// names; of the others readings go on.
	Missing []string          `yaml:"missing"`
	Reasons map[string]string `yaml:"reasons"` // parts of the reasons of points, by their names
}

// together is how many faults are played at once: more than there are
// processors, for they mostly wait.
const together = 5 // of each protocol

// TestFaults plays every folder of testdata/faults: a small plant, the real
// driver, a sink in memory. Whatever happens, each reading handed on is what the
// meter had shown last; what is missing is what the fault took.
func TestFaults(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/faults/*")
	if err != nil || len(folders) < 60 {
		t.Fatalf("%d folders of faults: %v", len(folders), err)
	}
	queues := map[Protocol]chan string{ModbusTCP: make(chan string, len(folders)), OPCUA: make(chan string, len(folders))}
	wanted := map[string]want{}
	for _, folder := range folders {
		w := readWant(t, folder)
		wanted[folder] = w
		queues[w.Protocol] <- folder
	}
	var playing sync.WaitGroup
	for p, queue := range queues {
		close(queue)
		for range together {
			h := build(t, p)
			playing.Go(func() {
				for folder := range queue {
					t.Run(filepath.Base(folder), func(t *testing.T) { h.playFolder(t, folder, wanted[folder]) })
				}
			})
		}
	}
	playing.Wait()
}

func readWant(t *testing.T, folder string) (w want) {
	t.Helper()
	file := filepath.Join(folder, "want.yaml")
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, faults := strictyaml.Decode(file, src, &w); len(faults) > 0 {
		t.Fatal(faults)
	}
	return w
}

// playFolder plays one folder.
func (h *house) playFolder(t *testing.T, folder string, w want) {
	file := filepath.Join(folder, "scenario.yaml")
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sc, faults := h.plant.plant.Scenario(file, src)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	g := h.raise(t)
	g.eventually("the plant is read before the fault", func() string { return g.allWell(nil, 3) })
	act := g.play(sc, w)
	after := g.counts()
	if w.Lasts > 0 {
		g.eventually("what was refused stays set aside for a while", func() string { return g.setAside(w) })
	} else {
		g.eventually("all is well after the fault", func() string { return g.allWell(after, 3) })
	}
	act.errorsAfter = g.errors() - act.errorsAtEnd
	g.account(act, w)
}

// act is when a fault was there, and how many requests went wrong outside of it.
type act struct {
	began, ended                           time.Time
	errorsBefore, errorsAtEnd, errorsAfter int64
}

// play lets the fault begin, waits until the reader makes of it what it must,
// and lets it end.
func (g *stage) play(sc Scenario, w want) (a act) {
	g.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	played := make(chan error, 1)
	go func() { played <- g.plant.Play(ctx, sc) }()
	defer cancel()
	over := false
	step := func() { // one step, done when the next is reached or the play is over
		g.goOn <- struct{}{}
		select {
		case <-g.steps:
		case err := <-played:
			if over = true; err != nil {
				g.t.Fatal(err)
			}
		}
	}
	<-g.steps
	a.errorsBefore = g.errors()
	before := g.counts()
	a.began = time.Now()
	ends := slices.ContainsFunc(sc, func(e Event) bool { return e.For > 0 })
	for _, s := range sc.Steps() {
		if s.Ends {
			break
		}
		step()
	}
	g.eventually("the reader sees the fault", func() string { return cmp.Or(g.spoiled(w), g.during(w, before)) })
	for ends && !over {
		step()
	}
	a.ended, a.errorsAtEnd = time.Now(), g.errors()
	return a
}

// errors is how many requests went wrong in all.
func (g *stage) errors() (n int64) {
	for _, h := range g.driver.Health() {
		n += h.Errors
	}
	return n
}

// stats are what was done to the line.
func (g *stage) stats() faultproxy.Stats {
	stats, _ := g.plant.Spoiled(g.plant.Connections()[0].ID)
	return stats
}

// spoiled is "" when the line has done what it is to do.
func (g *stage) spoiled(w want) string {
	now := g.stats()
	for kind, n := range w.Spoiled {
		if times := now.Spoiled[kind] - g.begun.Spoiled[kind]; times < n {
			return fmt.Sprintf("%s happened %d times, want %d", kind, times, n)
		}
	}
	return ""
}

// allWell is "" when every meter is healthy and each point has so many readings
// more than before.
func (g *stage) allWell(before map[energy.PointID]int, more int) string {
	for id, points := range g.points {
		if h := g.health(id); h.State != fieldbus.Healthy || len(h.Points) > 0 {
			return fmt.Sprintf("%s is %s: %s %+v", id, h.State, h.LastError, h.Points)
		}
		if problem := g.flowing(points, before, more); problem != "" {
			return problem
		}
	}
	return ""
}

// flowing is "" when each of the points has so many readings more. A building
// management system tells only what changes, so there one of them is enough.
func (g *stage) flowing(points []energy.PointID, before map[energy.PointID]int, more int) string {
	most := 0
	for _, p := range points {
		n := g.since(p, before[p])
		if most = max(most, n); n < more && g.plant.Connections()[0].Protocol == ModbusTCP {
			return fmt.Sprintf("%s has %d more readings", p, n)
		}
	}
	if most < min(more, 2) && len(points) > 0 {
		return fmt.Sprintf("%v have %d more readings", points, most)
	}
	return ""
}

// during is "" when every meter is in the state it must be in while the fault
// lasts, and what can be read is.
func (g *stage) during(w want, before map[energy.PointID]int) string {
	for id, points := range g.points {
		m := w.of(id)
		var flow []energy.PointID
		for _, p := range points {
			if !m.missing(p) {
				flow = append(flow, p)
			}
		}
		h := g.health(id)
		switch state := m.State; {
		case state != "" && h.State != state:
			return fmt.Sprintf("%s is %s (%s), want %s", id, h.State, h.LastError, state)
		case !strings.Contains(h.LastError, m.Error):
			return fmt.Sprintf("%s has the last error %q, want one with %q", id, h.LastError, m.Error)
		}
		for name, reason := range m.Reasons {
			i := slices.IndexFunc(h.Points, func(p fieldbus.PointHealth) bool { return string(p.Point) == name })
			if i < 0 || !strings.Contains(h.Points[i].Reason, reason) {
				return fmt.Sprintf("%s has the points %+v, want %s with %q", id, h.Points, name, reason)
			}
		}
		if m.Reasons != nil && len(h.Points) != len(m.Reasons) {
			return fmt.Sprintf("%s has the points %+v, want only %v", id, h.Points, m.Reasons)
		}
		if problem := g.flowing(flow, before, 3); problem != "" {
			return problem
		}
	}
	return ""
}

// of is what is wanted of a meter; one that is not listed is healthy and misses
// nothing.
func (w want) of(id energy.MeterID) wantMeter {
	for _, m := range w.During {
		if m.Meter == id {
			return m
		}
	}
	return wantMeter{Meter: id, State: fieldbus.Healthy}
}

func (m wantMeter) missing(p energy.PointID) bool {
	return slices.Contains(m.Missing, "all") || slices.Contains(m.Missing, string(p))
}

// setAside is "" when the refused points are out and will be asked for again in
// time, while all others are read.
func (g *stage) setAside(w want) string {
	for _, m := range w.During {
		h := g.health(m.Meter)
		if len(h.Points) != len(m.Reasons) {
			return fmt.Sprintf("%s has the points %+v", m.Meter, h.Points)
		}
		for _, p := range h.Points {
			if wait := p.Retry.Sub(p.Since); wait <= 0 || wait > w.Lasts {
				return fmt.Sprintf("%s is tried again after %s, want at most %s", p.Point, wait, w.Lasts)
			}
		}
	}
	return ""
}
