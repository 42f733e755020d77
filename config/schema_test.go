package config_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"heatledger/config"
)

func TestTheExampleOfThePackageLoadsAndShowsEveryField(t *testing.T) {
	t.Parallel()
	c, faults := config.Parse("example.yaml", config.Example())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if len(c.Connections) < 2 {
		t.Errorf("%d connections", len(c.Connections))
	}
	text := string(config.Example())
	for name := range fields(reflect.TypeFor[config.Config]()) {
		if !strings.Contains(text, name[strings.LastIndex(name, ".")+1:]+":") {
			t.Errorf("%s is not shown", name)
		}
	}
}

func TestTheSchemaHasTheFieldsOfTheConfig(t *testing.T) {
	t.Parallel()
	var root map[string]any
	if err := json.Unmarshal(config.Schema(), &root); err != nil {
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
	want := fields(reflect.TypeFor[config.Config]())
	if got, want := slices.Sorted(maps.Keys(inSchema)), slices.Sorted(maps.Keys(want)); !slices.Equal(got, want) {
		t.Errorf("schema has %v\nconfig has %v", got, want)
	}
	if root["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
		t.Errorf("schema is %v", root["$schema"])
	}
}

// fields are the names of all fields of a file, with dots.
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
		if inner.Kind() == reflect.Struct {
			for sub := range fields(inner) {
				names[name+"."+sub] = true
			}
		}
	}
	return names
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(modbus("tcp://127.0.0.1:1")))
	f.Add([]byte(opcua("opc.tcp://127.0.0.1:1")))
	f.Add([]byte("schedule: {opendata: TZ=0}\npush: {url: '%'}\nlisten: ''\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		c, faults := config.Parse("c.yaml", src)
		if c == nil || faults.Err() == nil && c.Spool.Dir == "" {
			t.Error("a config without faults lacks its spool")
		}
	})
}
