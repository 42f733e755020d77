package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// TestWhatIsStoredIsCountedOnceASlot reads line protocol as Telegraf writes it.
func TestWhatIsStoredIsCountedOnceASlot(t *testing.T) {
	t.Parallel()
	nanoseconds := func(milliseconds int64) string { return strconv.FormatInt(noon.UnixNano()+milliseconds*1e6, 10) }
	file := strings.Join([]string{
		"modbus,name=d0,slave_id=1 v00=1.5,v01=2 " + nanoseconds(0),
		"modbus,name=d0,slave_id=1 v00=1.5,v01=2 " + nanoseconds(1000),
		"modbus,name=d0,slave_id=1 v00=1.5 " + nanoseconds(1900),        // the slot has one already
		"modbus,name=d0,slave_id=2 v00=1.5,v01=2 " + nanoseconds(1000),  // another unit
		"modbus,name=d0,slave_id=1 v00=1.5,v01=2 " + nanoseconds(-1),    // before the window
		"modbus,name=d0,slave_id=1 v00=1.5,v01=2 " + nanoseconds(2_000), // behind it
	}, "\n")
	found := newStored(window{noon, noon.Add(2 * time.Second), time.Second})
	if err := countLines(strings.NewReader(file), found); err != nil {
		t.Fatal(err)
	}
	if found.readings != 7 || found.kept != 6 {
		t.Errorf("%d readings, of which %d alone in their slot, want 7 and 6", found.readings, found.kept)
	}
	if err := countLines(strings.NewReader("modbus v00=1"), found); err == nil {
		t.Error("a line without an instant passed")
	}
}

// TestABacklogIsWhatItSays fills a spool with a backlog and takes it out twice,
// from the spool and from its copy.
func TestABacklogIsWhatItSays(t *testing.T) {
	t.Parallel()
	b := backlog{sites: 3, points: 20, seconds: 30, from: noon}
	first, second := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "second")
	if err := b.fill(t.Context(), first, second); err != nil {
		t.Fatal(err)
	}
	var batches [2]map[string][32]byte
	for i, dir := range []string{first, second} {
		batches[i] = map[string][32]byte{}
		found := newStored(window{noon, noon.Add(30 * time.Second), time.Second})
		var mu sync.Mutex // sites are delivered beside each other
		err := drain(t.Context(), dir, deliver(func(_ context.Context, batch energy.Batch) (energy.Delivery, error) {
			mu.Lock()
			defer mu.Unlock()
			for _, r := range batch.Readings {
				found.add(string(r.Point), r.At)
			}
			batches[i][fmt.Sprint(batch.Site, batch.Epoch, batch.Lane, batch.Sequence)] = batch.Digest()
			return energy.Delivery{Upto: batch.Sequence}, nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		if found.readings != b.readings() || found.kept != b.readings() {
			t.Errorf("%s holds %d readings in %d slots, want %d", filepath.Base(dir), found.readings, found.kept, b.readings())
		}
	}
	if len(batches[0]) == 0 || len(batches[0]) != len(batches[1]) {
		t.Fatalf("%d batches, and %d when they come again", len(batches[0]), len(batches[1]))
	}
	for key, digest := range batches[0] {
		if batches[1][key] != digest {
			t.Errorf("batch %q is another when it comes again", key)
		}
	}
}

type deliver func(context.Context, energy.Batch) (energy.Delivery, error)

func (d deliver) Deliver(ctx context.Context, b energy.Batch) (energy.Delivery, error) {
	return d(ctx, b)
}

// TestTheAccountsOfThisProcess reads what the system says of this process.
func TestTheAccountsOfThisProcess(t *testing.T) {
	t.Parallel()
	var texts [2]string
	for i, name := range []string{"stat", "status"} {
		text, err := os.ReadFile(filepath.Join("/proc/self", name))
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(text)
	}
	u, err := parseUsage(texts[0], texts[1])
	if err != nil || u.resident < 1<<20 || u.highest < u.resident/2 || u.cpu < 0 {
		t.Errorf("%+v, %v: want some MB", u, err)
	}
	if _, err := parseUsage("1 (a) S 2", texts[1]); err == nil {
		t.Error("a stat without times passed")
	}
	before, err := spent(1)
	if err != nil {
		t.Fatal(err)
	}
	after, err := spent(1)
	if err != nil || after < before {
		t.Errorf("%s were used, then %s, %v", before, after, err)
	}
}

func TestAGoalIsReachedOrNot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		line line
		want string
	}{
		"a ratio below its limit":           {line{ours: 4, peer: 10, goal: atMost(ratio, 0.45)}, "yes"},
		"a ratio above its limit":           {line{ours: 5, peer: 10, goal: atMost(ratio, 0.45)}, "no"},
		"a rate that is high enough":        {line{ours: 2e6, peer: math.NaN(), goal: atLeast(figure, 2e6)}, "yes"},
		"a rate that is not":                {line{ours: 1e6, peer: math.NaN(), goal: atLeast(figure, 2e6)}, "no"},
		"nothing was stored by either":      {line{ours: 0, peer: 0, goal: atMost(ratio, 1)}, "no"},
		"nothing was asked for":             {line{ours: 1, peer: 2}, ""},
		"four times as much as the peer":    {line{ours: 4, peer: 1, goal: atLeast(ratio, 4)}, "yes"},
		"no slot missed where none may be":  {line{ours: 0, peer: 7, goal: atMost(figure, 0)}, "yes"},
		"a slot missed where none may be":   {line{ours: 1, peer: 7, goal: atMost(figure, 0)}, "no"},
		"the peer stored nothing, ours did": {line{ours: 3, peer: 0, goal: atLeast(ratio, 4)}, "yes"},
	} {
		if got := c.line.reached(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
