package townmap_test

import (
	"strings"
	"testing"

	"heatledger/heatmap/geo"
	"heatledger/reporting/townmap"
)

func TestTheOutlinesOfTheProgramAreRead(t *testing.T) {
	t.Parallel()
	known, err := townmap.Known()
	if err != nil {
		t.Fatal(err)
	}
	town, ok := known.Town("06413000")
	if !ok || len(town) != 1 || town[0].Name != "Offenbach am Main" {
		t.Fatalf("Offenbach is %v, %v", town, ok)
	}
	// The Federal Statistical Office says 44.9 km²; the outline is simplified to 200 m.
	if area := geo.Area(town[0].Geometry) / 1e6; area < 43 || area > 47 {
		t.Errorf("Offenbach has %.1f km², want about 45", area)
	}
	neighbours, districts := known.Around("06413000")
	if len(neighbours) != 7 || len(districts) != 46 {
		t.Errorf("there are %d neighbours and %d districts, want 7 and 46", len(neighbours), len(districts))
	}
	if _, ok := known.Town("11000000"); ok {
		t.Error("Berlin has an outline that it has not")
	}
}

func TestAFileOfOnesOwnNamesItsFaults(t *testing.T) {
	t.Parallel()
	square := `{"type":"Feature","properties":{"layer":"LAYER","name":"Mitte"},"geometry":{"type":"Polygon","coordinates":[[[8.7,50.1],[8.8,50.1],[8.8,50.2],[8.7,50.1]]]}}`
	file := `{"type":"FeatureCollection","features":[` + strings.ReplaceAll(square, "LAYER", "municipality") + ",\n" + strings.ReplaceAll(square, "LAYER", "quarter") + `]}`
	own, faults := townmap.Own("town.geojson", []byte(file))
	if len(own.List) != 1 || len(faults) != 1 || faults[0].Line != 2 || !strings.Contains(faults[0].Problem, "quarter") {
		t.Errorf("read %d outlines with faults %v, want one and the fault of the other in line 2", len(own.List), faults)
	}
	if town, ok := own.Town("05111000"); !ok || town[0].Name != "Mitte" {
		t.Error("an outline without a key is not the town's own")
	}
}
