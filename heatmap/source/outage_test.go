package source_test

import (
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

func TestNoDataIsNoOutage(t *testing.T) {
	t.Parallel()
	s := hours(t, day(2025, 6, 3), 5, 0, 0, 5, gone, gone, 0, gone, 0.1, 5, 0)
	o := source.FindOutages(s, source.OutageQuestion{Least: 0.1})
	at := func(from, to int) energy.Period { return energy.Period{From: s.At(from), To: s.At(to)} }
	want := []source.Outage{
		{Period: at(1, 3), Cause: source.Unknown},
		{Period: at(6, 7), Cause: source.Unknown, OpenFrom: true, OpenTo: true},
		{Period: at(8, 9), Cause: source.Unknown, OpenFrom: true},
		{Period: at(10, 11), Cause: source.Unknown, OpenTo: true},
	}
	if len(o.List) != len(want) || len(o.Gaps) != 2 || o.Gaps[0] != at(4, 6) || o.Gaps[1] != at(7, 8) || o.Total != 5*time.Hour || o.Known != 8*time.Hour {
		t.Fatalf("outages %+v", o)
	}
	for i := range want {
		if o.List[i] != want[i] {
			t.Errorf("outage %d is %+v, want %+v", i, o.List[i], want[i])
		}
	}
	if longest, ok := o.Longest(); !ok || longest != want[0] {
		t.Errorf("the longest is %+v", longest)
	}
	// Both as long as the other, and at the ends of the series.
	s = hours(t, day(2025, 6, 3), 0, 0, 5, 0, 0)
	o = source.FindOutages(s, source.OutageQuestion{})
	if longest, _ := o.Longest(); len(o.List) != 2 || longest != (source.Outage{Period: at(0, 2), Cause: source.Unknown, OpenFrom: true}) || !o.List[1].OpenTo || o.List[1].OpenFrom {
		t.Errorf("the first of two that are as long is the longest: %+v", o.List)
	}
	if _, ok := source.FindOutages(hours(t, day(2025, 6, 3), 5, gone), source.OutageQuestion{}).Longest(); ok {
		t.Error("a source that never failed has a longest outage")
	}
}

func TestOutagesHaveTheCauseThatIsKnown(t *testing.T) {
	t.Parallel()
	from := berlin.Day(day(2025, 6, 3)).From
	series := func(limit heatmap.Limit, power ...float64) heatmap.Series {
		return made(t, "made", from, time.Hour, limit, power)
	}
	site := registry.Site{Events: []registry.Event{
		{Kind: registry.Outage, From: from.Add(90 * time.Minute), To: from.Add(2 * time.Hour), Reason: "yearly maintenance"},
		{Kind: registry.Outage, From: from.Add(5 * time.Hour)}, {Kind: registry.BoundaryChange, At: from},
		{Kind: registry.Substitution, From: from, To: from.Add(9 * time.Hour), Reason: "values, no outage"},
	}}
	if events := source.EventsOf(site); len(events) != 1 || events[0].Period != (energy.Period{From: from.Add(90 * time.Minute), To: from.Add(2 * time.Hour)}) || events[0].ID != site.Events[0].ID() {
		t.Errorf("outages that have ended: %+v", events)
	}
	dead := []float64{9, 0, 0, 9}
	for _, tt := range []struct {
		sentence string
		limit    heatmap.Limit
		question source.OutageQuestion
		want     source.Cause
	}{
		{"nobody knows", heatmap.SupplyLimited, source.OutageQuestion{}, source.Unknown},
		{"a person said so", heatmap.SupplyLimited, source.OutageQuestion{Events: source.EventsOf(site)}, source.StatedCause},
		{"the servers were off", heatmap.SupplyLimited, source.OutageQuestion{Load: series(heatmap.SupplyLimited, 90, 1, 0, 90)}, source.NoLoad},
		{"the servers were off for half of it", heatmap.SupplyLimited, source.OutageQuestion{Load: series(heatmap.SupplyLimited, 100, 2.1, 2, 2)}, source.Unknown},
		{"the servers idled at a fiftieth", heatmap.SupplyLimited, source.OutageQuestion{Load: series(heatmap.SupplyLimited, 100, 2, 2, 2.1)}, source.NoLoad},
		{"the servers are not known", heatmap.SupplyLimited, source.OutageQuestion{Load: series(heatmap.SupplyLimited, 100, gone, gone, 100)}, source.Unknown},
		{"the servers ran", heatmap.SupplyLimited, source.OutageQuestion{Load: series(heatmap.SupplyLimited, 90, 80, 80, 90)}, source.Unknown},
		{"the network took nothing", heatmap.DemandLimited, source.OutageQuestion{}, source.NotTaken},
		{"nobody asked", heatmap.DemandLimited, source.OutageQuestion{Requested: series(heatmap.DemandLimited, 9, 0, 0, 9)}, source.NobodyAsked},
		{"somebody asked", heatmap.DemandLimited, source.OutageQuestion{Requested: series(heatmap.DemandLimited, 9, 0, 3, 9)}, source.Unknown},
		{"whether somebody asked is known for half", heatmap.DemandLimited, source.OutageQuestion{Requested: series(heatmap.DemandLimited, 9, 0, gone, 9)}, source.NotTaken},
		{"what was asked for at other hours does not matter", heatmap.DemandLimited, source.OutageQuestion{Requested: series(heatmap.DemandLimited, 9, 5)}, source.NotTaken},
	} {
		o := source.FindOutages(series(tt.limit, dead...), tt.question)
		if len(o.List) != 1 || o.List[0].Cause != tt.want {
			t.Errorf("%s: %+v, want %s", tt.sentence, o.List, tt.want)
		}
		if tt.want == source.StatedCause && o.List[0].Event.Reason != "yearly maintenance" {
			t.Errorf("%s: %+v", tt.sentence, o.List[0].Event)
		}
	}
}

func TestHoursBelowAreCountedWhereBothAreKnown(t *testing.T) {
	t.Parallel()
	s := hours(t, day(2025, 6, 3), 5, 3, 4, gone, 1, 2, 6)
	b := source.BelowPower(s, 5)
	if b.Time != 4*time.Hour || b.Known != 6*time.Hour || b.Lacking != 2+1+4+3 || b.Wanted != 30 || b.Longest.From != s.At(1) || b.Longest.To != s.At(3) {
		t.Errorf("below 5 kW: %+v", b)
	}
	if b := source.BelowPower(hours(t, day(2025, 6, 3), 1, 9, 1, gone, 1, 1, 9, 1), 5); b.Longest.From != berlin.Day(day(2025, 6, 3)).From.Add(4*time.Hour) || b.Longest.Length() != 2*time.Hour {
		t.Errorf("runs end where there is enough, and where nothing is known: %+v", b.Longest)
	}
	if b := source.BelowPower(hours(t, day(2025, 6, 3), 1, 1), 5); b.Longest.Length() != 2*time.Hour {
		t.Errorf("below from the first hour: %+v", b.Longest)
	}
	b, err := source.BelowRequest(s, hours(t, day(2025, 6, 3), 6, 3, gone, 9, 0, 3, 6))
	if err != nil || b.Time != 2*time.Hour || b.Known != 5*time.Hour || b.Lacking != 2 || b.Wanted != 18 {
		t.Errorf("below what was asked for: %+v (%v)", b, err)
	}
	if _, err := source.BelowRequest(s, hours(t, day(2025, 6, 4), 1)); err == nil {
		t.Error("series of different hours are compared")
	}
}

func TestHeatThatNobodyAskedForIsCounted(t *testing.T) {
	t.Parallel()
	available := hours(t, day(2025, 6, 3), 10, 10, 10, gone, 0, 10)
	requested := hours(t, day(2025, 6, 3), 0, 4, 12, 0, 0, gone) // the fifth hour: nothing there, nothing asked
	u, err := source.NotRequested(available, requested)
	if err != nil || u.Time != time.Hour || u.Known != 4*time.Hour || u.Energy != 16 || u.Available != 30 {
		t.Errorf("%+v (%v), want one hour without a request, and 10 + 6 kWh of 30", u, err)
	}
	if _, err := source.NotRequested(available, requested.Within(energy.Period{From: requested.At(1), To: requested.At(3)})); err == nil {
		t.Error("series of different hours are compared")
	}
}
