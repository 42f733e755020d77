package plan_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/plan"
)

// faulty spoils every file of the sample.
func faulty(in *plan.Inputs) {
	in.Files["bakery.csv"] = []byte("month,power_kw\n1,46\n1,40\n")
	in.Files["areas.geojson"] = bytes.Replace(in.Files["areas.geojson"], []byte(`"heat_mwh":310`), []byte(`"heat_mwh":-310`), 1)
	in.Files["weather.csv"] = []byte("day,temperature_c\n2025-01-01,-80\n")
	in.Files["streets.geojson"] = bytes.Replace(in.Files["streets.geojson"], []byte(`"LineString"`), []byte(`"LineSting"`), 1)
}

// whatFilesSay are the faults of files that faulty made, each once.
func whatFilesSay() []string {
	return []string{"bakery.csv:3:1: month 1 stands twice", "areas.geojson:2", "weather.csv:2:12: temperature_c is \"-80\"", "streets.geojson:"}
}

// once asks that each text is said in exactly one fault, and that nothing else is.
func once(t *testing.T, faults energy.Faults, want []string) {
	t.Helper()
	for _, text := range want {
		n := 0
		for _, f := range faults {
			if strings.Contains(f.Error(), text) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("said %d times: %s", n, text)
		}
	}
	if len(faults) != len(want) {
		t.Errorf("%d faults are expected, said are %d:\n%v", len(want), len(faults), faults)
	}
}

// TestAllFaultsAreFoundAtOnce spoils scenario, files and site together: whoever mends
// them runs the scenario once more, not once for each file.
func TestAllFaultsAreFoundAtOnce(t *testing.T) {
	t.Parallel()
	t.Run("files and sites of a scenario that is sound", func(t *testing.T) {
		t.Parallel()
		s, in := harbour(t)
		faulty(&in)
		delete(in.Sites, "hafen")
		in.Unread = map[string]energy.Fault{"areas.geojson": {File: "scenario.yaml", Line: 37, Problem: "areas.geojson is no plain file"}}
		delete(in.Files, "areas.geojson")
		_, _, err := plan.Run(t.Context(), s, in)
		var faults energy.Faults
		if !errors.As(err, &faults) {
			t.Fatalf("no faults: %v", err)
		}
		want := whatFilesSay()
		want[1] = "scenario.yaml:37: areas.geojson is no plain file"
		once(t, faults, append(want, `scenario.yaml:13:11: there is no site "hafen"`))
		if faults[0].File != "scenario.yaml" || faults[1].File != "scenario.yaml" {
			t.Errorf("the scenario's own do not come first: %v", faults)
		}
	})
	t.Run("files of a scenario that is not", func(t *testing.T) {
		t.Parallel()
		s, in := harbour(t)
		faulty(&in)
		text := string(s.Text())
		for _, edit := range [][2]string{{"spread_k: 8", "spread_k: 800"}, {"grade: declared", "grade: sure"}, {"connector_m: 150", "conector_m: 150"}, {"best: 5", "best: -5"}} {
			if !strings.Contains(text, edit[0]) {
				t.Fatalf("the sample has no %s", edit[0])
			}
			text = strings.Replace(text, edit[0], edit[1], 1)
		}
		broken, faults := plan.Parse("scenario.yaml", []byte(text))
		if len(faults) != 4 {
			t.Fatalf("the scenario has the faults %v", faults)
		}
		once(t, plan.Examine(broken, in), append(whatFilesSay(), "spread_k is 800", `grade is "sure"`, `unknown field "conector_m"`, "best is -5"))
	})
	t.Run("what only follows is not said", func(t *testing.T) {
		t.Parallel()
		s, in := harbour(t)
		for before, after := range map[string]string{"heat_unit: MWh": "heat_unit: mwh", "year: 2025": "year: 25", "state: DE-HE": "state: HE", "columns: {heat: heat_mwh}": "columns: {heet: heat_mwh}"} {
			broken, faults := plan.Parse("scenario.yaml", []byte(strings.Replace(string(s.Text()), before, after, 1)))
			if got := plan.Examine(broken, in); len(faults) != 1 || len(got) != 1 || got[0] != faults[0] {
				t.Errorf("%s: the scenario has %v, with its files %v", after, faults, got)
			}
		}
	})
}

// TestAWrongColumnIsOneFault asks for the heat of ten areas by a name that none has.
func TestAWrongColumnIsOneFault(t *testing.T) {
	t.Parallel()
	s, in := harbour(t)
	for _, tt := range []struct{ name, columns, want string }{
		{"named in the scenario", "columns: {heat: WB}", `scenario.yaml:40:21: areas.geojson has no column "WB": areas.geojson has name, heat_mwh`},
		{"by its usual name", "columns: {heat: }", `scenario.yaml:38:11: areas.geojson has no column "heat_kwh": did you mean "heat_mwh"? areas.geojson has name, heat_mwh`},
		{"that need not be there", "columns: {heat: heat_mwh, profile: typ}", `scenario.yaml:40:40: areas.geojson has no column "typ": areas.geojson has name, heat_mwh`},
	} {
		for _, partial := range []string{"", "partial: true\n    "} {
			changed := edited(t, s, "columns: {heat: heat_mwh}", tt.columns+"\n    "+partial)
			_, _, err := plan.Run(t.Context(), changed, in)
			var faults energy.Faults
			if !errors.As(err, &faults) || len(faults) != 1 || !strings.HasPrefix(faults[0].Error(), tt.want) {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	}
}

// FuzzExamine lets scenarios and a file of theirs be anything: what is wrong is named,
// and nothing falls over.
func FuzzExamine(f *testing.F) {
	f.Add("name: a\nyear: 2025\nsources: [{id: a, file: a.csv}]\ndemand: [{file: a.csv}]\nstreets: {file: a.csv}", "month,power_kw\n1,2\n")
	f.Add("name: a\nyear: 25\nweather: {file: a.csv}\nheat_pumps: [{table: a.csv}]\nnetwork: {pipes: a.csv, prices: a.csv}", "day,temperature_c\n2025-01-01,2\n")
	f.Fuzz(func(t *testing.T, text, file string) {
		s, faults := plan.Parse("scenario.yaml", []byte(text))
		in := plan.Inputs{Files: map[string][]byte{}, Sites: map[energy.SiteID]heatmap.Stored{}}
		for _, one := range s.Files() {
			in.Files[one.Path] = []byte(file)
		}
		if all := plan.Examine(s, in); len(all) < len(faults) {
			t.Errorf("%d faults of %q, and %d with its files", len(faults), text, len(all))
		}
	})
}
