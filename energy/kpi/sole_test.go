package kpi_test

import (
	"maps"
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

func TestAPointAloneInItsRoleIsItsRole(t *testing.T) {
	t.Parallel()
	week := kpi.Days{From: june, To: june.AddDays(7)}
	first, day2, last, end := june, june.AddDays(1), june.AddDays(6), june.AddDays(7)
	bounds := func(from, to energy.Date) func(*registry.Point) {
		return func(p *registry.Point) { p.From, p.To = from, to }
	}
	none := energy.Date{}
	it1, it2 := kpi.Sole{Role: energy.ITLoad.Number(), Category: 1}, kpi.Sole{Role: energy.ITLoad.Number(), Category: 2}
	import1 := kpi.Sole{Role: energy.GridImport.Number()}
	for _, tt := range []struct {
		sentence string
		plant    *plant
		from, to energy.Date // of the site
		want     map[energy.PointID]kpi.Sole
	}{
		{"one meter of a role and a category stands for it, two do not",
			newPlant().with("water", energy.GridImport, 0, quantity(energy.WaterVolume)).with("ups", energy.ITLoad, 0).with("pdu", energy.ITLoad, 0, category(2)).with("a", energy.GridImport, 0).with("b", energy.GridImport, 0),
			none, none, map[energy.PointID]kpi.Sole{"hafen/ups": it1, "hafen/pdu": it2}},
		{"water of the role does not stand beside its electricity",
			newPlant().with("water", energy.GridImport, 0, quantity(energy.WaterVolume)).with("grid", energy.GridImport, 0),
			none, none, map[energy.PointID]kpi.Sole{"hafen/grid": import1}},
		{"three do not either",
			newPlant().with("a", energy.GridImport, 0).with("b", energy.GridImport, 0).with("c", energy.GridImport, 0),
			none, none, map[energy.PointID]kpi.Sole{}},
		{"one that is there on all days, from the first to the last",
			newPlant().with("grid", energy.GridImport, 0, bounds(first, end)), none, none, map[energy.PointID]kpi.Sole{"hafen/grid": import1}},
		{"one that comes a day late does not", newPlant().with("grid", energy.GridImport, 0, bounds(day2, none)), none, none, map[energy.PointID]kpi.Sole{}},
		{"one that goes a day early does not", newPlant().with("grid", energy.GridImport, 0, bounds(none, last)), none, none, map[energy.PointID]kpi.Sole{}},
		{"one beside a meter that was there for a day does not",
			newPlant().with("grid", energy.GridImport, 0).with("old", energy.GridImport, 0, bounds(none, day2)), none, none, map[energy.PointID]kpi.Sole{}},
		{"the site is open on all days", newPlant().with("grid", energy.GridImport, 0), first, end, map[energy.PointID]kpi.Sole{"hafen/grid": import1}},
		{"a site that opens within them has none", newPlant().with("grid", energy.GridImport, 0), day2, none, nil},
		{"a site that closes within them has none", newPlant().with("grid", energy.GridImport, 0), none, last, nil},
		{"a site that opens and closes within them has none", newPlant().with("grid", energy.GridImport, 0), day2, last, nil},
	} {
		tt.plant.site.From, tt.plant.site.To = tt.from, tt.to
		if got := kpi.SolePoints(tt.plant.site, week); !maps.Equal(got, tt.want) || (got == nil) != (tt.want == nil) {
			t.Errorf("%s: %v, want %v", tt.sentence, got, tt.want)
		}
	}
}
