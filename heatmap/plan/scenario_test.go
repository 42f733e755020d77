package plan_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"heatledger/heatmap/network"
	"heatledger/heatmap/plan"
)

var update = flag.Bool("update", false, "write what is said now into testdata")

func TestTheExampleLoadsAndShowsEveryField(t *testing.T) {
	t.Parallel()
	s, faults := plan.Parse("example.yaml", plan.Example())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if s.Network.Assumptions.FlowTemperature.Basis != network.Given || s.Network.Assumptions.HeatPrice.Basis != network.Assumed {
		t.Errorf("a changed assumption is %s, one left alone %s", s.Network.Assumptions.FlowTemperature.Basis, s.Network.Assumptions.HeatPrice.Basis)
	}
	text := string(plan.Example())
	for name := range fields(reflect.TypeFor[plan.Scenario]()) {
		last := name[strings.LastIndex(name, ".")+1:]
		if !strings.Contains(text, last+":") && !strings.Contains(text, last+",") && !strings.HasPrefix(name, "network.assumptions.") && !strings.HasPrefix(name, "demand.columns.") {
			t.Errorf("%s is not shown", name)
		}
	}
}

func TestTheSchemaHasTheFieldsOfTheScenario(t *testing.T) {
	t.Parallel()
	var root map[string]any
	if err := json.Unmarshal(plan.Schema(), &root); err != nil {
		t.Fatal(err)
	}
	inSchema := map[string]bool{}
	var walk func(prefix string, node map[string]any)
	walk = func(prefix string, node map[string]any) {
		if ref, ok := node["$ref"].(string); ok {
			target, ok := root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
			if !ok {
				t.Fatalf("%s refers to %s, which is not there", prefix, ref)
			}
			walk(prefix, target)
		}
		if items, ok := node["items"].(map[string]any); ok {
			walk(prefix, items)
		}
		properties, ok := node["properties"].(map[string]any)
		if ok && node["additionalProperties"] != false {
			t.Errorf("%s takes fields nobody knows", prefix)
		}
		for name, property := range properties {
			inSchema[prefix+name] = true
			walk(prefix+name+".", property.(map[string]any))
		}
	}
	walk("", root)
	want := fields(reflect.TypeFor[plan.Scenario]())
	if got, want := slices.Sorted(maps.Keys(inSchema)), slices.Sorted(maps.Keys(want)); !slices.Equal(got, want) {
		t.Errorf("schema has %v\nscenario has %v", got, want)
	}
}

// fields are the names of all fields of a file, with dots; those of maps are free.
func fields(t reflect.Type) map[string]bool {
	names := map[string]bool{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "" {
			continue
		}
		names[name] = true
		inner := f.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && inner.PkgPath() != "time" {
			for below := range fields(inner) {
				names[name+"."+below] = true
			}
		}
	}
	return names
}

// TestFaultsAreNamedAtTheirPlace compares what is said of faulty files with what was
// read and found good.
func TestFaultsAreNamedAtTheirPlace(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/faults/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, faults := plan.Parse(filepath.Base(file), src)
		got := faults.Error() + "\n"
		golden := strings.TrimSuffix(file, ".yaml") + ".txt"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: it is said\n%s\nwant\n%s", file, got, want)
		}
	}
}
