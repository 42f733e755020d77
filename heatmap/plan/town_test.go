package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/plantest"
)

// grown is a scenario on a grid of streets (19,800 pieces), with five sources, 300
// areas of three profiles and a choice of the best 200.
func grown(t testing.TB) (plan.Scenario, plan.Inputs) {
	t.Helper()
	const n, step = 100, 0.0009
	var streets, areas, sources strings.Builder
	feature := func(b *strings.Builder, id, properties, geometry string) {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(b, `{"type":"Feature","id":"%s","properties":{%s},"geometry":%s}`, id, properties, geometry)
	}
	for i := range n {
		var east, north []string
		for j := range n {
			east = append(east, fmt.Sprintf("[%.6f,%.6f]", 8.7+float64(j)*step, 50.05+float64(i)*step))
			north = append(north, fmt.Sprintf("[%.6f,%.6f]", 8.7+float64(i)*step, 50.05+float64(j)*step))
		}
		feature(&streets, fmt.Sprintf("e%d", i), "", `{"type":"LineString","coordinates":[`+strings.Join(east, ",")+"]}")
		feature(&streets, fmt.Sprintf("n%d", i), "", `{"type":"LineString","coordinates":[`+strings.Join(north, ",")+"]}")
	}
	for i := range 300 {
		properties := fmt.Sprintf(`"heat_kwh":%d,"profile":"%s","connections":%d`, 200_000+1000*i, []string{"HMF33", "HEF33", "GKO33"}[i%3], 1+i%9)
		feature(&areas, fmt.Sprintf("a%03d", i), properties, fmt.Sprintf(`{"type":"Point","coordinates":[%.6f,%.6f]}`, 8.7003+float64(i*37%n)*step, 50.0503+float64(i*61%n)*step))
	}
	for i := range 5 {
		fmt.Fprintf(&sources, "  - {id: s%d, file: works.csv, grade: declared, document: made, flow_c: 90, at: {lon: %.4f, lat: %.4f}}\n", i, 8.71+0.015*float64(i), 50.06+0.014*float64(i))
	}
	text := "name: town\nyear: 2025\nsources:\n" + sources.String() + "demand: [{file: areas.geojson, source: made, grade: estimated}]\nstreets: {file: streets.geojson}\nmatching: {distance_m: 5000, best: 200, by: covered}\n"
	s := plantest.Parse(t, "town.yaml", text)
	works := "month,power_kw\n"
	for m := range 12 {
		works += fmt.Sprintf("%d,3000\n", m+1)
	}
	collection := func(b *strings.Builder) []byte {
		return []byte(`{"type":"FeatureCollection","features":[` + b.String() + "]}")
	}
	return s, plan.Inputs{Sites: map[energy.SiteID]heatmap.Stored{}, Files: map[string][]byte{"works.csv": []byte(works), "areas.geojson": collection(&areas), "streets.geojson": collection(&streets)}}
}

// BenchmarkATown carries a town from files to sensitivity.
func BenchmarkATown(b *testing.B) {
	s, in := grown(b)
	for b.Loop() {
		r := run(b, s, in)
		if r.Network == nil || r.Network.Metres < 10_000 {
			b.Fatalf("%+v", r.Network)
		}
	}
}
