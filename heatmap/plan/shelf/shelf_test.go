package shelf_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/closing"
	"heatledger/energy/exhibit"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/plantest"
	"heatledger/heatmap/plan/shelf"
)

const townYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
sites:
  - id: hafen
    name: Hafen
    meters:
      - {id: hafen-ups, points: [{id: hafen/it, quantity: active_energy_import, role: it_load, category: 1}]}
evidence:
  - {id: agreement, kind: agreement, title: Heat planning, sites: [hafen], from: 2024-01-01}
`

// town is a database with a site and its year up to the end of November.
type town struct {
	store  *store.Store
	ledger *ledger.Ledger
	intake *intake.Intake
	shelf  *shelf.Shelf
}

func newTown(t *testing.T) *town {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	r, faults := registry.Load("registry.yaml", []byte(townYAML))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	o := &town{s, l, intake.New(l, intake.Options{}), shelf.New(l, atlas.New(l))}
	if _, err := o.intake.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	o.count(t, "file", time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC), december)
	return o
}

var december = time.Date(2025, 11, 30, 23, 0, 0, 0, time.UTC)

// count lets the IT meter count 180 kW, an hour each reading.
func (o *town) count(t *testing.T, source string, from, to time.Time) {
	t.Helper()
	begin := time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC)
	_, err := o.intake.Backfill(t.Context(), source, "hafen", func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) {
		yield("hafen/it", func(yield func(energy.Reading) bool) {
			for at := from; !at.After(to) && yield(energy.Reading{At: at, Value: energy.Decimal(int64(at.Sub(begin)/time.Hour)*180, 0), Quality: energy.Measured}); {
				at = at.Add(time.Hour)
			}
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := closing.New(o.ledger, slog.New(slog.DiscardHandler)).Site(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
}

// run runs the sample, with other text if it is asked for. It tries no other sizes of its
// storage: each is a match of the year, and is kept like all else.
func (o *town) run(t *testing.T, edits ...string) shelf.Keeping {
	t.Helper()
	s, in := plantest.Load(t, "../harbour/scenario.yaml", append(edits, "      sizes_kwh: [0, 500, 1000, 2000, 4000, 8000, 16000]\n", "")...)
	var err error
	if in.Sites, err = o.shelf.Gather(t.Context(), s, s.AsKnownAt); err != nil {
		t.Fatal(err)
	}
	r, _, err := plan.Run(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	return shelf.Keeping{Scenario: s, Inputs: in, Result: r, Actor: "test"}
}

func (o *town) keep(t *testing.T, k shelf.Keeping) shelf.Saved {
	t.Helper()
	saved, _, err := o.shelf.Keep(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func TestAPlanIsKeptCitedAndRunAgain(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	k := o.run(t)
	saved, added, err := o.shelf.Keep(t.Context(), k)
	if err != nil || !added {
		t.Fatal(added, err)
	}
	if again, added, err := o.shelf.Keep(t.Context(), k); err != nil || added || again.Fact != saved.Fact {
		t.Errorf("kept once more it is fact %d (added %v, %v), was %d", again.Fact, added, err, saved.Fact)
	}
	found, err := o.shelf.Find(t.Context(), "harbour")
	if err != nil || found.Fact != saved.Fact || found.Digest != k.Result.Digest || found.Actor != "test" {
		t.Fatalf("found %+v, %v", found, err)
	}
	read, err := o.shelf.Result(t.Context(), found)
	if err != nil || read.Digest != k.Result.Digest || len(read.Areas) != len(k.Result.Areas) {
		t.Fatalf("its result: %v", err)
	}
	hours, err := o.shelf.Bytes(t.Context(), found.Hours)
	if err != nil || string(hours) != string(k.Result.Hourly.CSV()) || found.Hours.Digest != k.Result.HourTable {
		t.Fatalf("its hours: %v", err)
	}
	again, err := o.shelf.Again(t.Context(), found)
	if err != nil || again.Digest != saved.Digest {
		t.Fatalf("run again it is %s, was %s: %v", again.Digest, saved.Digest, err)
	}
}

// TestTwoWhoKeepTheSameAtOnceKeepItOnce lets several keep one result at the same time:
// one of them adds it, and all are given the same fact.
func TestTwoWhoKeepTheSameAtOnceKeepItOnce(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	k := o.run(t)
	const people = 6
	var all errgroup.Group
	var mu sync.Mutex
	facts, additions := map[int64]int{}, 0
	for range people {
		all.Go(func() error {
			saved, added, err := o.shelf.Keep(t.Context(), k)
			mu.Lock()
			defer mu.Unlock()
			facts[saved.Fact]++
			if added {
				additions++
			}
			return err
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(facts) != 1 || additions != 1 {
		t.Errorf("%d of %d added it, as the facts %v", additions, people, facts)
	}
	if list, err := o.shelf.List(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("kept are %d, %v", len(list), err)
	}
}

// A plan that does not say on which fact of a site it rests is not run on whatever is
// known now.
func TestAPlanThatHidesWhatItRestsOnIsNotRunAgain(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	saved := o.keep(t, o.run(t))
	saved.Sites = nil
	if _, err := o.shelf.Again(t.Context(), saved); err == nil || !strings.Contains(err.Error(), "the site hafen") {
		t.Errorf("run again without the fact of its site: %v", err)
	}
}

// What becomes known later changes a plan that is run now, and none that was kept.
func TestAKeptPlanIsRunAgainAsItWasKnown(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	first := o.keep(t, o.run(t))
	o.count(t, "later", december.Add(time.Hour), time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC))
	later := o.run(t)
	if later.Result.Digest == first.Digest {
		t.Fatal("December gives the same digest as nothing")
	}
	second := o.keep(t, later)
	if second.Fact <= first.Fact || second.Sites[0].Fact <= first.Sites[0].Fact {
		t.Errorf("the second is fact %d on %+v, the first %d on %+v", second.Fact, second.Sites, first.Fact, first.Sites)
	}
	list, err := o.shelf.List(t.Context())
	if err != nil || len(list) != 2 || list[0].Fact != second.Fact || list[1].SupersededBy != second.Fact || list[0].SupersededBy != 0 {
		t.Fatalf("the list is %+v, %v", list, err)
	}
	// A scenario that names an instant is run as it was known then, whoever kept what.
	then := o.run(t, "\nyear: 2025\n", "\nyear: 2025\nas_known_at: "+first.Sites[0].At.Format(time.RFC3339Nano)+"\n")
	if before, err := o.shelf.Result(t.Context(), first); err != nil || then.Result.HourTable != before.HourTable || then.Result.HourTable == later.Result.HourTable {
		t.Errorf("as known at the first, the hours are %s, were %s and are %s now: %v", then.Result.HourTable, before.HourTable, later.Result.HourTable, err)
	}
	for _, saved := range list {
		again, err := o.shelf.Again(t.Context(), saved)
		if err != nil || again.Digest != saved.Digest {
			t.Errorf("fact %d run again is %s, was %s: %v", saved.Fact, again.Digest, saved.Digest, err)
		}
	}
}

func TestWhatAPlanHoldsIsNotDroppedWithADocument(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	k := o.run(t)
	saved := o.keep(t, k)
	file := saved.Files[0]
	b := k.Inputs.Files[file.Path]
	_, err := o.store.Append(t.Context(), "hafen", func(ctx context.Context, f *store.Fact) error {
		gone, err := f.DropFile(ctx, sha256.Sum256(b), exhibit.KindExhibit)
		if gone {
			t.Error("the file of a plan is gone")
		}
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNothing) {
		t.Fatal(err)
	}
	if got, err := o.shelf.Bytes(t.Context(), file); err != nil || string(got) != string(b) {
		t.Errorf("the file: %v", err)
	}
}

func TestAPlanIsSeenByThoseWhoMaySeeTheHoursOfItsSites(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	saved := o.keep(t, o.run(t))
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	asker := func(role access.Role) atlas.Asker {
		return atlas.AskerOf([]access.Grant{{Role: role, Everywhere: true}}, now)
	}
	seen := func(what string, who atlas.Asker, want bool) {
		t.Helper()
		got, err := o.shelf.Seen(t.Context(), who, saved, now)
		if err != nil || got != want {
			t.Errorf("%s: seen is %v (%v), want %v", what, got, err, want)
		}
	}
	seen("the office", asker(access.Office), true)
	seen("a planner without an agreement", asker(access.Planner), false)
	o.decide(t, publication.Month)
	seen("a planner whom an agreement shows months", asker(access.Planner), false)
	o.decide(t, publication.Hour)
	seen("a planner whom an agreement shows hours", asker(access.Planner), true)
	seen("everybody", asker(access.Public), false)
}

// decide lets two people decide what planners see of hafen in 2025.
func (o *town) decide(t *testing.T, by publication.Resolution) {
	t.Helper()
	content := publication.Content{Class: publication.Restricted, What: []string{"heat_available"}, Resolution: by, Agreement: "agreement",
		From: energy.Date{Year: 2025, Month: 1, Day: 1}, To: energy.Date{Year: 2026, Month: 1, Day: 1}}
	d, err := o.ledger.Decide(t.Context(), "hafen", "", publication.Step{Action: publication.Propose, Content: &content, Who: "account:1", Why: "heat planning"})
	if err == nil {
		_, err = o.ledger.Decide(t.Context(), "hafen", d.ID, publication.Step{Action: publication.Confirm, Who: "account:2"})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnUnknownPlanIsNone(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	for _, id := range []string{"1", "harbour", ""} {
		if _, err := shelf.New(l, atlas.New(l)).Find(t.Context(), id); !errors.Is(err, shelf.ErrUnknown) {
			t.Errorf("%q: %v", id, err)
		}
	}
}
