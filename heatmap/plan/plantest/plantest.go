// Package plantest reads scenarios for tests, with the files they name.
package plantest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/plan"
)

// Load reads a scenario and the files it names from its folder. edits are pairs of what
// stands in its text and what is to stand there; what does not stand there fails the
// test, as faults of the scenario do. Its sites are for the test to add.
func Load(t testing.TB, file string, edits ...string) (plan.Scenario, plan.Inputs) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := Parse(t, filepath.Base(file), string(text), edits...)
	in := plan.Inputs{Files: map[string][]byte{}, Sites: map[energy.SiteID]heatmap.Stored{}}
	for _, f := range s.Files() {
		if in.Files[f.Path], err = os.ReadFile(filepath.Join(filepath.Dir(file), f.Path)); err != nil {
			t.Fatal(err)
		}
	}
	return s, in
}

// Parse reads the text of a scenario with the same edits.
func Parse(t testing.TB, name, text string, edits ...string) plan.Scenario {
	t.Helper()
	for i := 0; i+1 < len(edits); i += 2 {
		if !strings.Contains(text, edits[i]) {
			t.Fatalf("the scenario has no %q", edits[i])
		}
		text = strings.Replace(text, edits[i], edits[i+1], 1)
	}
	s, faults := plan.Parse(name, []byte(text))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return s
}
