package atlas_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
)

const townYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
sites:
  - id: hafen
    name: Hafen
    location: {lat: 50.1, lon: 8.76}
    meters:
      - {id: hafen-heat, points: [{id: hafen/delivered, quantity: heat_energy, role: heat_delivered}]}
      - {id: hafen-air, points: [{id: hafen/rejected, quantity: heat_energy, role: heat_rejected}]}
      - {id: hafen-ups, points: [{id: hafen/it, quantity: active_energy_import, role: it_load, category: 1}]}
  - id: ost
    name: Ost
    meters:
      - {id: ost-ups, points: [{id: ost/it, quantity: active_energy_import, role: it_load, category: 1}]}
  - id: west
    name: West
    meters:
      - {id: west-heat, points: [{id: west/delivered, quantity: heat_energy, role: heat_delivered}]}
evidence:
  - {id: agreement, kind: agreement, title: Wärmeplanung, sites: [hafen, ost, west], from: 2024-01-01}
`

// town is a database with two months of three sites.
type town struct {
	store  *store.Store
	ledger *ledger.Ledger
	atlas  *atlas.Atlas
	intake *intake.Intake
}

func newTown(t testing.TB) *town {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	r, faults := registry.Load("registry.yaml", []byte(townYAML))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	o := &town{s, l, atlas.New(l), intake.New(l, intake.Options{})}
	if _, err := o.intake.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	o.fill(t, map[energy.PointID]int64{"hafen/delivered": 50, "hafen/rejected": 25, "hafen/it": 90, "ost/it": 80, "west/delivered": 60}, day(2025, 1, 1), day(2025, 3, 1))
	return o
}

// fill lets counters of points grow by so many kWh each quarter-hour.
func (o *town) fill(t testing.TB, points map[energy.PointID]int64, from, to energy.Date) {
	t.Helper()
	c := berlin(t)
	for _, site := range []energy.SiteID{"hafen", "ost", "west"} {
		_, err := o.intake.Backfill(t.Context(), "file", site, func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) {
			for id, step := range points {
				counter := func(yield func(energy.Reading) bool) {
					for n, at := int64(0), c.Day(from).From; !at.After(c.Day(to).From) && yield(energy.Reading{At: at, Value: energy.Decimal(n*step, 0), Quality: energy.Measured}); n++ {
						at = at.Add(energy.QuarterHour)
					}
				}
				if id.Site() == site && !yield(id, counter) {
					return
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		o.close(t, site)
	}
}

func (o *town) close(t testing.TB, site energy.SiteID) {
	t.Helper()
	if _, err := closing.New(o.ledger, slog.New(slog.DiscardHandler)).Site(t.Context(), site); err != nil {
		t.Fatal(err)
	}
}

// decide lets two people decide about a site.
func (o *town) decide(t testing.TB, site energy.SiteID, change func(*publication.Content)) string {
	t.Helper()
	content := decided("", change).Content
	d, err := o.ledger.Decide(t.Context(), site, "", publication.Step{Action: publication.Propose, Content: &content, Who: "account:1", Why: "resolution 12"})
	if err == nil {
		_, err = o.ledger.Decide(t.Context(), site, d.ID, publication.Step{Action: publication.Confirm, Who: "account:2"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return d.ID
}

// january asks for a month.
func january() atlas.Question {
	return atlas.Question{From: day(2025, 1, 1), To: day(2025, 2, 1), Now: today.UTC()}
}

// names are the sources that somebody sees, with how much.
func (o *town) names(t *testing.T, ctx context.Context, who atlas.Asker, q atlas.Question) string {
	t.Helper()
	sheets, err := o.atlas.Sources(ctx, who, q)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, s := range sheets {
		power := "-"
		if s.Secured != nil {
			power = fmt.Sprintf("%.0f", s.Secured.Power)
		}
		list = append(list, fmt.Sprintf("%s %s %s %s", s.Site, s.View.Extent, s.Supply, power))
	}
	return strings.Join(list, ", ")
}

// TestATownShowsEachAsMuchAsWasDecided: delivered and rejected heat of 300 kW at hafen,
// an IT load of 320 kW at ost, 240 kW delivered at west.
func TestATownShowsEachAsMuchAsWasDecided(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	see := func(says string, who atlas.Asker, want string) {
		t.Helper()
		for range 2 { // anew, and from memory
			if got := o.names(t, t.Context(), who, january()); got != want {
				t.Errorf("%s: %q, want %q", says, got, want)
			}
		}
	}
	all := "hafen everything recoverable 300, ost everything derived 320, west everything delivered 240"
	see("whoever reads everything", reader, all)
	see("whoever reads a site", atlas.Asker{Read: access.Reach{Sites: []energy.SiteID{"ost"}}}, "ost everything derived 320")
	see("a planner before anything is decided", planner, "")
	see("the public before anything is decided", public, "")
	revoked := o.decide(t, "hafen", func(c *publication.Content) { c.What = []string{"heat_delivered", "heat_rejected"} })
	o.decide(t, "west", func(c *publication.Content) {
		c.What, c.Class, c.Resolution = []string{"heat_delivered"}, publication.ByAgreement, publication.Month
	})
	see("a planner by two decisions", planner, "hafen agreed recoverable 300, west agreed delivered -")
	see("the public by one", public, "west published delivered -")
	see("whoever reads everything, still", reader, all)
	if _, err := o.ledger.Decide(t.Context(), "hafen", revoked, publication.Step{Action: publication.Revoke, Who: "account:1", Why: "the agreement ended"}); err != nil {
		t.Fatal(err)
	}
	see("a planner after one was revoked", planner, "west agreed delivered -")
	before := january()
	before.AsKnownAt = time.Now()
	if got := o.names(t, t.Context(), planner, before); got != "west agreed delivered -" {
		t.Errorf("as it was known before, a planner sees %q: what was revoked stays so", got)
	}
}

func TestOneSourceIsSeenAsInTheList(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	o.decide(t, "west", func(c *publication.Content) {
		c.What, c.Resolution = []string{"heat_delivered"}, publication.Month
	})
	o.decide(t, "ost", nil)
	s, err := o.atlas.Sheet(t.Context(), planner, "ost", january())
	if err != nil || s.Supply != heatmap.Derived || s.Statistics == nil || s.Secured.Power != 320 {
		t.Errorf("ost: %s %+v, %v", s.Supply, s.Secured, err)
	}
	for says, tt := range map[string]struct {
		who  atlas.Asker
		site energy.SiteID
		want error
	}{
		"a planner of a site without a decision": {planner, "hafen", atlas.ErrNotSeen},
		"a site that is not there":               {reader, "nord", atlas.ErrNotSeen},
		"the public":                             {public, "ost", atlas.ErrNotSeen},
		"a planner of months":                    {planner, "west", nil},
	} {
		if _, err := o.atlas.Sheet(t.Context(), tt.who, tt.site, january()); !errors.Is(err, tt.want) || tt.want == nil && err != nil {
			t.Errorf("the sheet for %s: %v, want %v", says, err, tt.want)
		}
		want := tt.want
		if want == nil {
			want = atlas.ErrCoarse
		}
		if _, err := o.atlas.Series(t.Context(), tt.who, tt.site, "", time.Hour, january()); !errors.Is(err, want) {
			t.Errorf("the series for %s: %v, want %v", says, err, want)
		}
		if _, err := o.atlas.Hours(t.Context(), tt.who, tt.site, january()); !errors.Is(err, want) {
			t.Errorf("the hours for %s: %v, want %v", says, err, want)
		}
		if _, err := o.atlas.Several(t.Context(), tt.who, []energy.SiteID{"ost", tt.site}, january()); !errors.Is(err, want) && !errors.Is(err, atlas.ErrNotSeen) {
			t.Errorf("the sum for %s: %v, want %v", says, err, want)
		}
	}
	if v, err := o.atlas.View(t.Context(), planner, "hafen", today.UTC()); err != nil || v.Extent != atlas.Nothing {
		t.Errorf("a planner's view of a site without a decision: %v %v", v.Extent, err)
	}
}

// TestHoursThatArePublishedAreFiguresOfMonths: everybody sees no shorter ones.
func TestHoursThatArePublishedAreFiguresOfMonths(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	o.decide(t, "west", func(c *publication.Content) {
		c.What, c.Class, c.To = []string{"heat_delivered"}, publication.ByAgreement, day(2025, 3, 1)
	})
	p, err := o.ledger.Published(t.Context(), []energy.SiteID{"west"}, today.UTC())
	if err != nil || len(p.Figures) != 2 || p.Figures[0].Period != "2025-01" || p.Figures[1].Period != "2025-02" || p.Figures[0].Value != 178_560 {
		t.Errorf("everybody sees %+v, %v", p.Figures, err)
	}
	if got := o.names(t, t.Context(), public, january()); got != "west published delivered 240" {
		t.Errorf("of sources everybody sees %q", got)
	}
	if _, err := o.atlas.Series(t.Context(), public, "west", heatmap.Delivered, time.Hour, january()); !errors.Is(err, atlas.ErrCoarse) {
		t.Errorf("a series of it: %v", err)
	}
	if _, err := o.atlas.Hours(t.Context(), public, "west", january()); !errors.Is(err, atlas.ErrCoarse) {
		t.Errorf("its hours: %v", err)
	}
	if _, err := o.atlas.Several(t.Context(), public, []energy.SiteID{"west"}, january()); !errors.Is(err, atlas.ErrCoarse) {
		t.Errorf("a sum with it: %v", err)
	}
}

// TestASeriesIsCutToWhatWasAgreed: ten days of January.
func TestASeriesIsCutToWhatWasAgreed(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	o.decide(t, "west", func(c *publication.Content) {
		c.What, c.From, c.To = []string{"heat_delivered"}, day(2025, 1, 10), day(2025, 1, 15)
	})
	o.decide(t, "west", func(c *publication.Content) {
		c.What, c.From, c.To = []string{"heat_delivered"}, day(2025, 1, 20), day(2025, 1, 25)
	})
	s, err := o.atlas.Series(t.Context(), planner, "west", heatmap.Delivered, energy.QuarterHour, january())
	if err != nil {
		t.Fatal(err)
	}
	c := berlin(t)
	if p := (energy.Period{From: c.Day(day(2025, 1, 10)).From, To: c.Day(day(2025, 1, 25)).From}); s.Period() != p || s.Account().Known != 10*24*time.Hour {
		t.Errorf("%s with %s known", s.Period(), s.Account().Known)
	}
	for i := range s.Len() {
		on := c.Date(s.At(i))
		_, known := s.Power(i)
		if hole := !on.Before(day(2025, 1, 15)) && on.Before(day(2025, 1, 20)); known == hole {
			t.Fatalf("%s is known: %v", s.At(i), known)
		}
	}
	if _, err := o.atlas.Series(t.Context(), planner, "west", heatmap.Derived, time.Hour, january()); !errors.Is(err, atlas.ErrCoarse) {
		t.Errorf("what no decision names: %v", err)
	}
	hours, err := o.atlas.Hours(t.Context(), planner, "west", january())
	if err != nil || hours.Step != time.Hour || hours.Account().Known != 10*24*time.Hour || hours.View.Extent != atlas.Agreed {
		t.Errorf("hours: %+v %v", hours.Header, err)
	}
	whole, err := o.atlas.Series(t.Context(), reader, "west", "", time.Hour, january())
	if err != nil || whole.Len() != 31*24 || whole.Kind != heatmap.Delivered {
		t.Errorf("whoever reads it has %d hours of %s, %v", whole.Len(), whole.Kind, err)
	}
}

func TestSeveralSourcesSecureTogether(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	got, err := o.atlas.Several(t.Context(), reader, []energy.SiteID{"west", "hafen", "west"}, january())
	if err != nil || got.Power != 540 || got.Sum != 540 || len(got.Sheets) != 2 || got.Sheets[0].Site != "west" || got.Availability != 0.98 {
		t.Errorf("%+v of %d, %v", got.Secured, len(got.Sheets), err)
	}
	none := atlas.Question{From: day(2024, 1, 1), To: day(2024, 2, 1), Now: today.UTC()}
	if got, err := o.atlas.Several(t.Context(), reader, []energy.SiteID{"west"}, none); !errors.Is(err, atlas.ErrUnknown) || got.Refused != "west" {
		t.Errorf("of a year without readings: %v %+v", err, got.Refused)
	}
}

// TestWhatIsKnownIsAsOfAnInstant: February came later.
func TestWhatIsKnownIsAsOfAnInstant(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	then := time.Now()
	o.fill(t, map[energy.PointID]int64{"west/delivered": 60}, day(2025, 3, 1), day(2025, 4, 1))
	q := atlas.Question{From: day(2025, 2, 1), To: day(2025, 4, 1), Now: today.UTC()}
	now, err := o.atlas.Sheet(t.Context(), reader, "west", q)
	if err != nil {
		t.Fatal(err)
	}
	q.AsKnownAt = then
	before, err := o.atlas.Sheet(t.Context(), reader, "west", q)
	if err != nil {
		t.Fatal(err)
	}
	if before.Fact >= now.Fact || before.Heat[0].Whole.Coverage >= 0.6 || now.Heat[0].Whole.Coverage < 0.9 {
		t.Errorf("known then by fact %d: %+v; now by %d: %+v", before.Fact, before.Heat[0].Whole, now.Fact, now.Heat[0].Whole)
	}
	q.AsKnownAt = then.Add(-24 * time.Hour)
	if _, err := o.atlas.Sheet(t.Context(), reader, "west", q); !errors.Is(err, ledger.ErrNoSite) {
		t.Errorf("before the site was known: %v", err)
	}
	if got := o.names(t, t.Context(), reader, q); got != "" {
		t.Errorf("before any site was known the list says %q", got)
	}
}

// TestAnAnswerIsKeptUntilItsDaysChange: what comes in of other months leaves it as it is,
// what comes in of its own, or is said of what exists, does not.
func TestAnAnswerIsKeptUntilItsDaysChange(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	march := atlas.Question{From: day(2025, 3, 1), To: day(2025, 4, 1), Now: today.UTC()}
	sheet := func(q atlas.Question) atlas.Sheet {
		t.Helper()
		s, err := o.atlas.Sheet(t.Context(), reader, "west", q)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	before, empty := sheet(january()), sheet(march)
	o.fill(t, map[energy.PointID]int64{"west/delivered": 60}, day(2025, 3, 1), day(2025, 4, 1))
	if after := sheet(january()); after.Fact != before.Fact || after.Statistics != before.Statistics {
		t.Errorf("January was drawn again, by fact %d instead of %d", after.Fact, before.Fact)
	}
	if after := sheet(march); after.Fact <= empty.Fact || after.Statistics == nil {
		t.Errorf("March is as it was before: fact %d, then %d", empty.Fact, after.Fact)
	}
	r, faults := registry.Load("registry.yaml", []byte(strings.Replace(townYAML, "name: West", "name: Westend", 1)))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := o.intake.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	if after := sheet(january()); after.Name != "Westend" {
		t.Errorf("renamed, it is still called %q", after.Name)
	}
	then := january()
	then.AsKnownAt = time.Now() // before Now, and never to change
	then.Now = then.AsKnownAt.Add(time.Hour)
	if first, second := sheet(then), sheet(then); first.Statistics != second.Statistics {
		t.Error("what was known at an instant is drawn again")
	}
	then.AsKnownAt = then.Now.Add(time.Hour)
	if first, second := sheet(then), sheet(then); first.Statistics == second.Statistics {
		t.Error("what will be known at an instant to come is kept")
	}
}

// TestTheSecondWallHoldsBeforeTheMemory: whoever is taken for a reader by mistake, and
// reaches nothing in the database, does not find in memory what others asked for.
func TestTheSecondWallHoldsBeforeTheMemory(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	if got := o.names(t, t.Context(), reader, january()); !strings.Contains(got, "hafen") {
		t.Fatal(got)
	}
	nobody := store.OnBehalf(t.Context())
	if got := o.names(t, nobody, reader, january()); got != "" {
		t.Errorf("who reaches nothing sees %q", got)
	}
	single := store.OnBehalf(t.Context())
	store.Reaches(single, access.Reach{Points: []energy.PointID{"hafen/delivered"}}, "account:9")
	if got := o.names(t, single, reader, january()); got != "hafen everything delivered 200" {
		t.Errorf("who reaches a point sees %q", got)
	}
	if got := o.names(t, t.Context(), reader, january()); !strings.Contains(got, "hafen everything recoverable 300") {
		t.Errorf("and after him others see %q", got)
	}
	own := store.OnBehalf(t.Context())
	store.Reaches(own, access.Reach{Sites: []energy.SiteID{"west"}}, "account:8")
	if got := o.names(t, own, atlas.Asker{Read: access.Reach{Sites: []energy.SiteID{"west"}}}, january()); got != "west everything delivered 240" {
		t.Errorf("an operator sees %q", got)
	}
	o.decide(t, "hafen", func(c *publication.Content) { c.What = []string{"heat_delivered"} })
	if got := o.names(t, store.OnBehalf(t.Context()), planner, january()); got != "hafen agreed delivered 200" {
		t.Errorf("a planner, who reaches nothing in the database, sees %q", got)
	}
}
