package web_test

import (
	"archive/zip"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// TestTheFolderForDHNxHasTheHoursOfConsumers unpacks it: a row for each hour, a column
// for each consumer, and beside the folder what people are to know.
func TestTheFolderForDHNxHasTheHoursOfConsumers(t *testing.T) {
	t.Parallel()
	o, first, _ := newPlanOffice(t)
	token, err := o.store.CreateToken(t.Context(), store.Token{Name: "dhnx", Role: access.Office})
	if err != nil {
		t.Fatal(err)
	}
	a := (&person{t, o, o.Client(), http.Header{"Authorization": {"Bearer " + token}}}).do(http.MethodGet, "/api/v1/heat/scenarios/"+strconv.FormatInt(first, 10)+"?format=dhnx", nil)
	z, err := zip.NewReader(strings.NewReader(a.text), int64(len(a.text)))
	if err != nil {
		t.Fatalf("%d: %v", a.code, err)
	}
	held := map[string]string{}
	for _, f := range z.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		held[f.Name] = string(text)
	}
	hours := strings.Split(strings.TrimSpace(held["dhnx/sequences/consumers-heat_flow.csv"]), "\n")
	consumers := strings.Count(held["dhnx/consumers.csv"], "\n") - 1
	if len(hours) != 8761 || consumers < 2 || strings.Count(hours[0], ",") != consumers || !strings.HasPrefix(hours[8760], "8759,") {
		t.Errorf("%d rows of %q for %d consumers", len(hours), hours[0], consumers)
	}
	if about := held["about.txt"]; !strings.Contains(about, "fact "+strconv.FormatInt(first, 10)) || !strings.Contains(about, "2024-12-31T23:00:00Z") {
		t.Errorf("about it: %s", about)
	}
}

// TestAPlanIsAskedForByItsNumber asks for the networks of the latest version, of an
// earlier one by its number, by a filter, and by the id of a piece.
func TestAPlanIsAskedForByItsNumber(t *testing.T) {
	t.Parallel()
	o, first, second := newPlanOffice(t)
	token, err := o.store.CreateToken(t.Context(), store.Token{Name: "gis", Role: access.Office})
	if err != nil {
		t.Fatal(err)
	}
	planner := &person{t, o, o.Client(), http.Header{"Authorization": {"Bearer " + token}}}
	number := func(fact int64) string { return strconv.FormatInt(fact, 10) }
	for _, tt := range []struct {
		says string
		ask  []string
		of   []int64
	}{
		{"without a number the latest version", nil, []int64{second}},
		{"an earlier version by its number", []string{"plan_number", number(first)}, []int64{first}},
		{"the latest by its number", []string{"plan_number", number(second)}, []int64{second}},
		{"a number that is no plan's", []string{"plan_number", "1"}, nil},
		{"a filter", []string{"filter", "plan_number = " + number(first)}, []int64{first}},
		{"a filter of several", []string{"filter", "plan_number >= " + number(first)}, []int64{first, second}},
	} {
		for _, layer := range []string{"networks", "demand_areas"} {
			found := map[int64]bool{}
			for _, f := range planner.items(layer, append(tt.ask, "limit", "10000")...).Features {
				fact, _ := f.Properties["plan_number"].(float64)
				found[int64(fact)] = true
				if !strings.HasPrefix(f.ID, number(int64(fact))+".") {
					t.Errorf("%s of plan %v", f.ID, fact)
				}
			}
			if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, tt.of) {
				t.Errorf("%s: %s are of %v, want %v", tt.says, layer, got, tt.of)
			}
		}
	}
	if a := planner.do(http.MethodGet, "/ogc/collections/networks/items/"+number(first)+".1?f=json", nil); a.code != http.StatusOK {
		t.Errorf("a piece of an earlier version is answered %d", a.code)
	}
	headers := filepath.Join(t.TempDir(), "headers")
	if err := os.WriteFile(headers, []byte("Authorization: Bearer "+token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "ogrinfo", "-so", "OAPIF:"+o.URL+"/ogc", "networks", "-where", "plan_number = "+number(first))
	command.Env = append(os.Environ(), "GDAL_HTTP_HEADER_FILE="+headers)
	want := "Feature Count: " + strconv.Itoa(planner.items("networks", "plan_number", number(first)).NumberMatched)
	if out, err := command.CombinedOutput(); err != nil || !strings.Contains(string(out), want) || want == "Feature Count: 0" {
		t.Errorf("GDAL reads of an earlier version %s (%v), want %s", out, err, want)
	}
	page := planner.do(http.MethodGet, "/ogc/collections/networks/items?f=html&lang=en&filter=&plan_number=", nil)
	for _, want := range []string{`<option value="` + number(first) + `">`, "earlier version", `href="/heat/scenarios/` + number(second)} {
		if page.code != http.StatusOK || !strings.Contains(page.text, want) {
			t.Errorf("%d: %s is not on the page", page.code, want)
		}
	}
	file := planner.do(http.MethodGet, "/heat/layers.gpkg?plan_number="+number(first), nil)
	if name := file.Header.Get("Content-Disposition"); file.code != http.StatusOK || !strings.Contains(name, "-plan-"+number(first)+".gpkg") {
		t.Errorf("the layers of an earlier version are answered %d as %s", file.code, name)
	}
}
