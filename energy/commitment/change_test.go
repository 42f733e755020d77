package commitment_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"heatledger/energy"
	"heatledger/energy/commitment"
)

// wantChange is a change as a case shows it.
type wantChange struct {
	Site    energy.SiteID      `json:"site"`
	Rule    string             `json:"rule"`
	Metric  string             `json:"metric"`
	Period  string             `json:"period"`
	Now     commitment.Verdict `json:"now,omitempty"`
	Then    commitment.Verdict `json:"then,omitempty"`
	Changes []commitment.Step  `json:"changes"`
}

// TestWhatARulebookWouldChange holds what binds the sites of a case against the
// rulebook that figures.yaml names under instead.
func TestWhatARulebookWouldChange(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/compare/*/registry.yaml")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	seen := map[commitment.Code]bool{}
	for _, path := range cases {
		folder := filepath.Dir(path)
		instead := readFigures(t, folder).Instead
		book, ok, err := commitment.Find(instead)
		if err != nil || !ok {
			t.Fatalf("%s: find %q: %v, %v", folder, instead, ok, err)
		}
		shown := []wantChange{}
		for _, c := range commitment.Compare(book, assessBy(t, folder, ""), assessBy(t, folder, instead)) {
			one := wantChange{Site: c.Site, Rule: c.Rule, Metric: c.Metric, Period: c.Period.Label, Changes: c.Steps}
			if c.Now != nil {
				one.Now = c.Now.Verdict
			}
			if c.Then != nil {
				one.Then = c.Then.Verdict
			}
			for _, step := range c.Steps {
				seen[step.Code] = true
			}
			shown = append(shown, one)
		}
		var got bytes.Buffer
		encoder := json.NewEncoder(&got)
		encoder.SetIndent("", " ")
		if err := encoder.Encode(shown); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join(folder, "want.json")
		if *update {
			if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		wanted, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), wanted) {
			t.Errorf("%s: would change\n%s\nwant\n%s", folder, got.Bytes(), wanted)
		}
	}
	for _, code := range []commitment.Code{
		commitment.ChangeNone, commitment.ChangeVerdict, commitment.ChangeThreshold, commitment.ChangeDue, commitment.ChangeNew, commitment.ChangeDropped,
	} {
		if !seen[code] {
			t.Errorf("no case shows %s", code)
		}
	}
}
