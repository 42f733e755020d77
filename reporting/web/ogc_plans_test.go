package web_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/features/featurestest"
)

// TestPlansAreLayers holds the areas and networks of a kept plan against the abstract
// tests, and has GDAL write them as GeoPackage; those who may not see the hours of its
// sites find no feature in them, nor its extent.
func TestPlansAreLayers(t *testing.T) {
	t.Parallel()
	o, _, _ := newPlanOffice(t)
	token, err := o.store.CreateToken(t.Context(), store.Token{Name: "gis", Role: access.Auditor})
	if err != nil {
		t.Fatal(err)
	}
	headers := filepath.Join(t.TempDir(), "headers")
	if err := os.WriteFile(headers, []byte("Authorization: Bearer "+token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Authorization": {"Bearer " + token}}
	featurestest.Run(t, featurestest.Client{Base: o.URL + "/ogc", Header: header})
	auditor, public := &person{t, o, o.Client(), header}, o.person(t)
	for _, layer := range []string{"demand_areas", "networks"} {
		page := auditor.items(layer, "limit", "10000")
		if page.NumberMatched == 0 {
			t.Errorf("%s has no feature", layer)
		}
		ids := map[string]bool{}
		for _, f := range page.Features {
			if f.Geometry == nil || f.Properties["grade"] == nil || f.Properties["citation"] == nil || ids[f.ID] {
				t.Errorf("%s: %s lies at %v, of grade %v, cited as %v", layer, f.ID, f.Geometry, f.Properties["grade"], f.Properties["citation"])
			}
			ids[f.ID] = true
		}
		if seen := public.items(layer); seen.NumberMatched != 0 {
			t.Errorf("the public sees %d of %s", seen.NumberMatched, layer)
		}
		if a := public.do(http.MethodGet, "/ogc/collections/"+layer+"?f=json", nil); strings.Contains(a.text, "extent") || strings.Contains(a.text, "dock") {
			t.Errorf("the public is told of %s %s", layer, a.text)
		}
		file := filepath.Join(t.TempDir(), "plan.gpkg")
		command := exec.CommandContext(t.Context(), "ogr2ogr", "-f", "GPKG", file, "OAPIF:"+o.URL+"/ogc", layer)
		command.Env = append(os.Environ(), "GDAL_HTTP_HEADER_FILE="+headers)
		if out, err := command.CombinedOutput(); err != nil || strings.Contains(string(out), "ERROR") {
			t.Errorf("GDAL (package gdal-bin) reads %s: %v: %s", layer, err, out)
		}
		out, err := exec.CommandContext(t.Context(), "ogrinfo", "-so", file, layer).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "Feature Count: "+strconv.Itoa(page.NumberMatched)) {
			t.Errorf("of %s GDAL wrote %s (%v), and %d match", layer, out, err, page.NumberMatched)
		}
	}
}
