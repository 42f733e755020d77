package registermap

import (
	"reflect"
	"strings"
	"testing"

	"heatledger/energy/strictyaml"
)

func TestTheExampleExplainsEveryFieldAndHasNoFault(t *testing.T) {
	t.Parallel()
	model, faults := Parse("example.yaml", Example())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if tariff, ok := model.Named("heat_energy/tariff-2"); !ok || tariff.ScaleFrom == nil || tariff.UnitFrom == nil || len(tariff.UnitFrom.Texts) != 3 {
		t.Errorf("tariff 2 is %+v", tariff)
	}
	text := string(Example())
	var fields func(of reflect.Type)
	seen := map[reflect.Type]bool{}
	fields = func(of reflect.Type) {
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct || seen[of] || of.PkgPath() != reflect.TypeFor[modelFile]().PkgPath() || of == reflect.TypeFor[strictyaml.Node]() {
			return
		}
		seen[of] = true
		for i := range of.NumField() {
			f := of.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			if name != "" && name != "bit" && !strings.Contains(text, name+":") { // bit: bits inside a register are rare
				t.Errorf("the example does not explain %s", name)
			}
			fields(f.Type)
		}
	}
	fields(reflect.TypeFor[modelFile]())
}
