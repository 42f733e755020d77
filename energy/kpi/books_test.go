package kpi_test

import (
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

func TestBooksFollowWhatBeginsAndEndsInAnyOrder(t *testing.T) {
	t.Parallel()
	from := func(d energy.Date) func(*registry.Point) { return func(p *registry.Point) { p.From = d } }
	p := newPlant().with("it", energy.ITLoad, 25).with("grid", energy.GridImport, 30).
		with("third", energy.GridImport, 5, from(june.AddDays(20))).with("second", energy.GridImport, 5, from(june.AddDays(10)))
	p.site.From, p.site.To = june, june.AddDays(30)
	books := kpi.NewBooks(p.site)
	for _, tt := range []struct {
		date energy.Date
		want []energy.PointID
	}{
		{june.AddDays(-1), nil}, // not open yet
		{june, []energy.PointID{"hafen/grid"}},
		{june.AddDays(9), []energy.PointID{"hafen/grid"}},
		{june.AddDays(10), []energy.PointID{"hafen/grid", "hafen/second"}},
		{june.AddDays(20), []energy.PointID{"hafen/grid", "hafen/third", "hafen/second"}},
		{june.AddDays(29), []energy.PointID{"hafen/grid", "hafen/third", "hafen/second"}},
		{june.AddDays(30), nil}, // closed
	} {
		pair, ok := books.Of("pue", 1, tt.date)
		var got []energy.PointID
		for _, term := range pair.Numerator {
			got = append(got, term.Point)
		}
		if ok != (tt.want != nil) || !slices.Equal(got, tt.want) {
			t.Errorf("E_DC on %s adds up %v (given: %v), want %v", tt.date, got, ok, tt.want)
		}
	}
}

func TestBooksGiveTheFigureThatIsAskedFor(t *testing.T) {
	t.Parallel()
	p := centre().with("pdu", energy.ITLoad, 20, category(2)).with("district", energy.HeatDelivered, 5)
	books := kpi.NewBooks(p.site)
	first := func(name string, category int) energy.PointID {
		pair, ok := books.Of(name, category, june)
		if !ok {
			if len(pair.Points()) != 0 {
				t.Errorf("%s in category %d is not given, and has %v", name, category, pair.Points())
			}
			return ""
		}
		return pair.Denominator[0].Point
	}
	for _, tt := range []struct {
		name     string
		category int
		want     energy.PointID
	}{{"pue", 1, "hafen/it"}, {"pue", 2, "hafen/pdu"}, {"pue", 3, ""}, {"erf", 0, "hafen/grid"}, {"erf", 1, ""}, {"cer", 0, ""}} {
		if got := first(tt.name, tt.category); got != tt.want {
			t.Errorf("%s in category %d rests on %q, want %q", tt.name, tt.category, got, tt.want)
		}
	}
	if got := named(t, "erf").Categories(p.site, kpi.On(june)); !slices.Equal(got, []int{0}) {
		t.Errorf("categories of the ERF = %v, want none", got)
	}
}

func TestCategoriesAscend(t *testing.T) {
	t.Parallel()
	p := newPlant().with("pdu", energy.ITLoad, 20, category(2)).with("ups", energy.ITLoad, 25).with("rack", energy.ITLoad, 18, category(3)).with("ups2", energy.ITLoad, 1)
	if got := kpi.Categories(p.site, kpi.On(june)); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("categories = %v, want 1, 2 and 3", got)
	}
}

func TestTheBalanceReadsWhatAddsUpAndTheTemperaturesOfDeliveredHeat(t *testing.T) {
	t.Parallel()
	check := func(p *registry.Point) { p.Use = energy.Check }
	p := newPlant().with("grid", energy.GridImport, 0).with("grid-power", energy.GridImport, 0, quantity(energy.ActivePower)).
		with("spare", "", 0).with("hall", energy.ITInletTemperature, 0, quantity(energy.Temperature)).
		with("flow", energy.HeatDelivered, 0, quantity(energy.FlowTemperature)).with("return", energy.HeatDelivered, 0, quantity(energy.ReturnTemperature)).
		with("flow-check", energy.HeatDelivered, 0, quantity(energy.FlowTemperature), check).
		with("chiller-flow", energy.HeatRemoved, 0, quantity(energy.FlowTemperature)).
		with("heat-power", energy.HeatDelivered, 0, quantity(energy.HeatPower)).
		with("register", energy.HeatDelivered, 0, quantity(energy.VolumeTemperatureFlow))
	want := []energy.PointID{"hafen/grid", "hafen/flow", "hafen/return", "hafen/register"}
	if got := kpi.Points(p.site); !slices.Equal(got, want) {
		t.Errorf("the balance reads %v, want %v", got, want)
	}
}

func TestFiguresSayWhichProofsJoinThem(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]kpi.Proof{
		"ref": kpi.ProofOfYear, "green_share_annual": kpi.ProofOfYear, "cue_market": kpi.ProofOfYear,
		"green_share_monthly": kpi.ProofOfMonth, "green_share_hourly": kpi.NoProof, "pue": kpi.NoProof,
	} {
		if got := named(t, name).Proof; got != want {
			t.Errorf("guarantees of %s: %v, want %v", name, got, want)
		}
	}
}
