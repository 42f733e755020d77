package main

import (
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/store/storetest"
)

// pushing is a centre and the configuration of a collector that pushes to it.
type pushing struct {
	t                   *testing.T
	url, config, listen string // of the centre
	token               string // of an auditor
	edge                string // folder of the collector
}

// newPushing makes the database, the tokens and both configurations. The
// collector reads the virtual plant ten times a second.
func newPushing(t *testing.T) *pushing {
	t.Helper()
	p := &pushing{t: t, url: storetest.URL(t), listen: freeAddress(t), edge: campaignPlant(t)}
	dir := t.TempDir()
	registry, err := os.ReadFile(filepath.Join(p.edge, "registry.yaml"))
	if err != nil {
		t.Fatalf("read the registry: %v", err)
	}
	write(t, dir, "registry.yaml", string(registry))
	p.config = write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	token := func(more ...string) string {
		return command(t, p.url, append([]string{"--config", p.config, "token", "create", "--expires", "1h"}, more...)...).want(t, exitFine).stdout
	}
	p.token = strings.TrimSpace(token("--role", "auditor"))
	write(t, p.edge, "push.token", token("--role", "collector", "--site", "hafen", "--site", "kaiserlei"))
	config, err := os.ReadFile(filepath.Join(p.edge, "config.yaml"))
	if err != nil {
		t.Fatalf("read the collector's configuration: %v", err)
	}
	write(t, p.edge, "config.yaml", string(config)+"push: {url: 'http://"+p.listen+"', token_file: push.token}\n")
	return p
}

// centre starts the centre, at the same address every time.
func (p *pushing) centre() *centre {
	p.t.Helper()
	c := serve(p.t, p.url, p.config, p.listen)
	c.token = p.token
	return c
}

// arrived waits until readings of both sites from after since are at the centre.
func (p *pushing) arrived(c *centre, since time.Time) {
	p.t.Helper()
	for _, point := range []energy.PointID{"hafen/it-energy", "kaiserlei/it-energy"} {
		eventually(p.t, "readings of "+string(point)+" arrive", func() bool {
			readings := c.readings(point)
			return len(readings) > 0 && readings[len(readings)-1].At.After(since)
		})
	}
}

// TestACollectorPushesEachReadingOnceWhileTheCentreComesAndGoes stops the
// centre twice, for a while in which meters are read on, and compares the
// collector's books with what the centre has.
func TestACollectorPushesEachReadingOnceWhileTheCentreComesAndGoes(t *testing.T) {
	t.Parallel()
	p := newPushing(t)
	collecting := begin(t, "postgres://127.0.0.1:1/nobody-is-asked", "--config", filepath.Join(p.edge, "config.yaml"), "collect")
	type window struct{ from, to time.Time }
	var away []window
	c := p.centre()
	for range 2 {
		p.arrived(c, time.Now())
		c.stop().want(t, exitFine)
		w := window{from: time.Now()}
		if answer, err := http.Get("http://" + p.listen + "/healthz"); err == nil {
			t.Errorf("the centre answers %s after it ended", answer.Status)
			_ = answer.Body.Close()
		}
		time.Sleep(1500 * time.Millisecond) // the plant has a clock of its own
		w.to = time.Now()
		away = append(away, w)
		c = p.centre()
	}
	p.arrived(c, time.Now())
	for _, w := range away {
		for _, point := range []energy.PointID{"hafen/it-energy", "kaiserlei/it-energy"} {
			n := 0
			for _, r := range c.readings(point) {
				if r.At.After(w.from) && r.At.Before(w.to) {
					n++
				}
			}
			if n == 0 {
				t.Errorf("no reading of %s from %s to %s, while the centre was away", point, w.from, w.to)
			}
		}
	}
	collecting.stop().want(t, exitFine)

	s := openStore(t, p.url)
	defer s.Close()
	stats := finish(t, p.edge, s)
	all := energy.Period{From: time.Unix(0, 0).UTC(), To: time.Now().Add(time.Hour).UTC()}
	facts := countFacts(t, s, "hafen", all, 0) + countFacts(t, s, "kaiserlei", all, 0)
	if facts != stats.Collected || facts < 500 {
		t.Errorf("%d readings are at the centre, %d were collected; want the same, and 500 or more", facts, stats.Collected)
	}
}

// TestACentreThatDoesNotKnowTheCollectorGetsNothingAndNothingIsLost lets the
// token be wrong at first.
func TestACentreThatDoesNotKnowTheCollectorGetsNothingAndNothingIsLost(t *testing.T) {
	t.Parallel()
	p := newPushing(t)
	right, err := os.ReadFile(filepath.Join(p.edge, "push.token"))
	if err != nil {
		t.Fatalf("read the token: %v", err)
	}
	write(t, p.edge, "push.token", p.token) // an auditor's
	c := p.centre()
	collecting := begin(t, "", "--config", filepath.Join(p.edge, "config.yaml"), "collect")
	eventually(t, "the collector says that it is refused", func() bool { return strings.Contains(collecting.stderr.String(), "auditor may not do this") })
	if readings := c.readings("hafen/it-energy"); len(readings) != 0 {
		t.Errorf("%d readings arrived with an auditor's token", len(readings))
	}
	write(t, p.edge, "push.token", string(right))
	p.arrived(c, time.Now())
	collecting.stop().want(t, exitFine)
	s := openStore(t, p.url)
	defer s.Close()
	stats := finish(t, p.edge, s)
	all := energy.Period{From: time.Unix(0, 0).UTC(), To: time.Now().Add(time.Hour).UTC()}
	if facts := countFacts(t, s, "hafen", all, 0) + countFacts(t, s, "kaiserlei", all, 0); facts != stats.Collected {
		t.Errorf("%d readings are at the centre, %d were collected", facts, stats.Collected)
	}
}

// TestServeClosesTheDaysOfWhatOtherProcessesTake lets a collector write to the
// database of a server that reads no meters: the server is told nothing, and
// shows the day all the same.
func TestServeClosesTheDaysOfWhatOtherProcessesTake(t *testing.T) {
	t.Parallel()
	dir, url := campaignPlant(t), storetest.URL(t)
	config := filepath.Join(dir, "config.yaml")
	c := serve(t, url, config, "", "--no-collect")
	collecting := begin(t, url, "--config", config, "collect")
	today, tomorrow := time.Now().AddDate(0, 0, -1).Format("2006-01-02"), time.Now().AddDate(0, 0, 2).Format("2006-01-02")
	energyOf := func() (sum float64) {
		for _, day := range c.values("hafen/it-energy", today, tomorrow, "1d", "") {
			if day.Value != nil {
				sum += day.number(t).Float64()
			}
		}
		return sum
	}
	eventually(t, "the day shows energy", func() bool { return energyOf() > 0 })
	collecting.stop().want(t, exitFine)
	readings := c.readings("hafen/it-energy")
	rise := readings[len(readings)-1].number(t).Float64() - readings[0].number(t).Float64()
	eventually(t, "the day shows all that the counter rose by", func() bool { return math.Abs(energyOf()-rise) < 1e-6 })
}
