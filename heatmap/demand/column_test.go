package demand

import (
	"strings"
	"testing"

	"heatledger/energy"
)

// TestAMissingColumnIsNamedOnce reads files of three areas of which all lack a column:
// that is one fault, not three, and whatever else is wrong is named beside it.
func TestAMissingColumnIsNamedOnce(t *testing.T) {
	t.Parallel()
	const position = `{"type":"Point","coordinates":[8.6,50.1]}`
	blocks := collection(`"id":"a","heat_mwh":1,"typ":"HMF33"`, `"id":"b","heat_mwh":2`, `"id":"c","heat_mwh":3`)
	nameless := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"heat_kwh":1},"geometry":` + position + `},{"type":"Feature","properties":{"heat_kwh":2},"geometry":` + position + `}]}`
	rows := "id,heat_mwh,lon,lat\na,1,8.6,50.1\nb,2,8.61,50.1\nc,3,8.62,50.1\n"
	for _, tt := range []struct {
		name, src string
		columns   Columns
		want      []string
	}{
		{"heat by its usual name", blocks, Columns{}, []string{`f has no column "heat_kwh": did you mean "heat_mwh"? f has id, heat_mwh, typ`}},
		{"heat by another", blocks, Columns{Heat: "WB"}, []string{`f has no column "WB": f has id, heat_mwh, typ`}},
		{"what was named and need not be", blocks, Columns{Heat: "heat_mwh", Profile: "type"}, []string{`f has no column "type": did you mean "typ"? f has id, heat_mwh, typ`}},
		{"several at once", blocks, Columns{ID: "nr", Heat: "WB", Profile: "typ", Peak: "PW"}, []string{`no column "nr"`, `no column "WB"`, `no column "PW"`}},
		{"ids that nothing has", nameless, Columns{}, []string{`f has no column "id": f has heat_kwh`}},
		{"beside what is wrong with areas", collection(`"heat_mwh":1,"grade":"sure"`, `"heat_mwh":2`), Columns{}, []string{`no column "heat_kwh"`, `the grade "sure" is not known`}},
		{"heat of a table", rows, Columns{}, []string{`f has no column "heat_kwh": did you mean "heat_mwh"? f has id, heat_mwh, lon, lat`}},
		{"several of a table", rows, Columns{ID: "nr", Heat: "WB", Longitude: "x"}, []string{`no column "nr"`, `no column "WB"`, `no column "x"`}},
		{"beside what is wrong with rows", rows + "d,4,8.63,nord\n", Columns{}, []string{`no column "heat_kwh"`, "lat: "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			areas, faults := Read("f", []byte(tt.src), Options{Columns: tt.columns, Partial: true})
			if len(areas) != 0 || len(faults) != len(tt.want) {
				t.Fatalf("%d areas, and %d faults:\n%v", len(areas), len(faults), faults)
			}
			for i, want := range tt.want {
				if !strings.Contains(faults[i].Error(), want) {
					t.Errorf("not said: %s\nsaid: %v", want, faults[i])
				}
			}
		})
	}
	place := func(field, problem, remedy string) energy.Fault {
		return energy.Fault{File: "scenario.yaml", Line: 7, Problem: field + ": " + problem, Remedy: remedy}
	}
	_, faults := Read("f", []byte(blocks), Options{Columns: Columns{Heat: "WB"}, Place: place})
	if len(faults) != 1 || !strings.HasPrefix(faults[0].Error(), `scenario.yaml:7: heat: f has no column "WB"`) {
		t.Errorf("the fault does not stand where the column was named: %v", faults)
	}
}
