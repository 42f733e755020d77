package planning

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heatledger/heatmap/geo"
	"heatledger/reporting/features"
	"heatledger/reporting/features/cql2"
)

// made is a collection of features that stand in the test.
type made struct {
	about features.About
	list  []features.Feature
}

func (m made) About() features.About                                { return m.about }
func (m made) Features(context.Context) ([]features.Feature, error) { return m.list, nil }

// shelf are two collections as a town has them.
func shelf() []features.Collection {
	number, text := cql2.Number, cql2.Text
	return []features.Collection{
		made{features.About{ID: "heat_sources", Title: "Heat sources", Shape: "Point", Fields: []features.Field{
			{Name: "name", Kind: text}, {Name: "secured_kw", Kind: number}, {Name: "flow_class_c", Kind: text}, {Name: "from", Kind: cql2.Date}, {Name: "public", Kind: cql2.Boolean}}},
			[]features.Feature{
				{ID: "hafen", Geometry: geo.Point{X: 8.75, Y: 50.11}, Values: []any{"Hafen", 120.5, "55-70", cql2.Day("2025-01-01"), true}},
				{ID: "ost", Geometry: geo.Point{X: 8.79, Y: 50.1}, Values: []any{"Ost, \"neu\"", nil, nil, nil, false}},
			}},
		made{features.About{ID: "networks", Title: "Networks", Shape: "LineString", Fields: []features.Field{{Name: "dn", Kind: number}}},
			[]features.Feature{{ID: "1", Geometry: geo.Line{{X: 8.75, Y: 50.11}, {X: 8.76, Y: 50.12}}, Values: []any{80.0}}}},
		made{features.About{ID: "demand_areas", Title: "Demand", Shape: "MultiPolygon", Fields: []features.Field{{Name: "chosen", Kind: cql2.Boolean}}}, nil},
	}
}

// The layers as GDAL reads them: what is not known is null, not nothing.
func TestGDALReadsTheLayers(t *testing.T) {
	t.Parallel()
	file, err := GeoPackage(t.Context(), shelf(), 25832, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "plan.gpkg")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "ogrinfo", "-al", name).CombinedOutput()
	if err != nil {
		t.Fatalf("read it with ogrinfo (tools/setup test installs it): %v\n%s", err, out)
	}
	text := string(out)
	for _, want := range []string{"Layer name: heat_sources", "id (String) = hafen", "secured_kw (Real) = 120.5", "secured_kw (Real) = (null)", "from (Date) = 2025/01/01",
		"public (Integer(Boolean)) = 1", "dn (Real) = 80", `name (String) = Ost, "neu"`, "Layer name: demand_areas", "Feature Count: 0", `ID["EPSG",25832]`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in what ogrinfo reads:\n%s", want, text)
		}
	}
	again, err := GeoPackage(t.Context(), shelf(), 25832, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
	if err != nil || string(again) != string(file) {
		t.Errorf("the same layers give other bytes (%v)", err)
	}
}

func TestStylesAreWellFormed(t *testing.T) {
	t.Parallel()
	for id := range appearances() {
		d := xml.NewDecoder(strings.NewReader(styleOf(id).QML))
		symbols := 0
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", id, err)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "symbol" {
				symbols++
			}
		}
		if symbols != len(appearances()[id].classes) {
			t.Errorf("%s: %d symbols", id, symbols)
		}
	}
	if styleOf("others") != nil {
		t.Error("a collection that nobody drew has a style")
	}
}
