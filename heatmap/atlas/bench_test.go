package atlas_test

import (
	"fmt"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
	"heatledger/heatmap/atlas"
)

// BenchmarkDraw makes a sheet of a year of quarter-hours of five points, everything in it.
func BenchmarkDraw(b *testing.B) {
	k := made(b)
	for b.Loop() {
		if _, err := atlas.Draw(k, atlas.View{Extent: atlas.Everything}, year2025()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSheetCold reads the year of a source with two heat meters from the database
// and makes its sheet, by an atlas that has answered nothing yet.
func BenchmarkSheetCold(b *testing.B) {
	o := newTown(b)
	o.fill(b, map[energy.PointID]int64{"hafen/delivered": 50, "hafen/rejected": 25, "hafen/it": 90}, day(2024, 1, 1), day(2025, 1, 1))
	q := atlas.Question{From: day(2024, 1, 1), To: day(2025, 1, 1), Now: today.UTC()}
	for b.Loop() {
		s, err := atlas.New(o.ledger).Sheet(b.Context(), reader, "hafen", q)
		if err != nil || s.Statistics == nil {
			b.Fatal(err, s.Hidden)
		}
	}
}

// BenchmarkSourcesFromMemory lists 200 sources that were asked for before, as somebody
// who reads them and as a planner, to whom a decision shows each.
func BenchmarkSourcesFromMemory(b *testing.B) {
	const sites = 200
	var y strings.Builder
	y.WriteString("municipality: {ags: \"06413000\", name: Offenbach am Main, timezone: Europe/Berlin}\nsites:\n")
	var names []string
	for i := range sites {
		id := fmt.Sprintf("site-%03d", i)
		names = append(names, id)
		fmt.Fprintf(&y, "  - {id: %s, name: %[1]s, meters: [{id: %[1]s-heat, points: [{id: %[1]s/heat, quantity: heat_energy, role: heat_delivered}]}]}\n", id)
	}
	fmt.Fprintf(&y, "evidence:\n  - {id: agreement, kind: agreement, title: x, sites: [%s], from: 2024-01-01}\n", strings.Join(names, ", "))
	r, faults := registry.Load("registry.yaml", []byte(y.String()))
	if len(faults) > 0 {
		b.Fatal(faults)
	}
	s := storetest.New(b)
	l := ledger.New(s, "Europe/Berlin")
	if _, err := intake.New(l, intake.Options{}).Apply(b.Context(), r, "test", false, false); err != nil {
		b.Fatal(err)
	}
	o := &town{store: s, ledger: l}
	for _, id := range names {
		o.decide(b, energy.SiteID(id), func(c *publication.Content) { c.What = []string{"heat_delivered"} })
	}
	a := atlas.New(l)
	q := year2025()
	q.Now = today.UTC()
	for name, who := range map[string]atlas.Asker{"reader": reader, "planner": planner} {
		b.Run(name, func(b *testing.B) {
			if _, err := a.Sources(b.Context(), who, q); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				list, err := a.Sources(b.Context(), who, q)
				if err != nil || len(list) != sites {
					b.Fatal(len(list), err)
				}
			}
		})
	}
}
