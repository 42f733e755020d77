package main

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"heatledger/energy/store/storetest"
)

func TestWhatWasIssuedIsVerifiedLater(t *testing.T) {
	t.Parallel()
	dir, database := t.TempDir(), storetest.URL(t)
	command(t, database, "apply", "-f", write(t, dir, "registry.yaml", promised)).want(t, exitFine)
	command(t, database, "import", write(t, dir, "readings.csv", readYear)).want(t, exitFine)
	type line struct {
		Site, ID, Rule, Period, Verdict, Digest, Outcome, By, Why string
		Changes                                                   []string
	}
	lines := func(code int, args ...string) (list []line) {
		t.Helper()
		said := command(t, database, append([]string{"--output", "json", "assess", "--lang", "en"}, args...)...).want(t, code)
		if err := json.Unmarshal([]byte(said.stdout), &list); err != nil {
			t.Fatalf("%v in %s", err, said.stdout)
		}
		return list
	}
	issued := lines(exitFine, "--issue", "--on", "2026-11-22", "--by", "climate office", "--why", "report to the council")
	green := 0
	for _, i := range issued {
		if i.Rule == "green" && i.Period == "2025" && i.Verdict == "missed" && i.Site == "hafen" && len(i.Digest) == 64 && i.By == "climate office" && i.Why == "report to the council" {
			green++
		}
		if i.Verdict == "not_applicable" {
			t.Errorf("issued that a rule does not apply: %+v", i)
		}
	}
	if green != 1 {
		t.Fatalf("the share of 2025 is not issued once: %+v", issued)
	}
	if again := lines(exitFine, "--issue", "--on", "2026-11-22"); len(again) != 0 {
		t.Errorf("issued twice: %+v", again)
	}
	outcomes := func(list []line) map[string]int {
		found := map[string]int{}
		for _, l := range list {
			found[l.Outcome]++
		}
		return found
	}
	if got := outcomes(lines(exitFine, "--verify-issued")); !maps.Equal(got, map[string]int{"stands": len(issued)}) {
		t.Errorf("verified at once: %v, want that all %d stand", got, len(issued))
	}

	// The papers are withdrawn: what rests on them is another judgement now, and
	// nothing is wrong.
	without, _, _ := strings.Cut(promised, "evidence:")
	command(t, database, "apply", "--prune", "-f", write(t, dir, "without.yaml", without)).want(t, exitFine)
	superseded := 0
	for _, l := range lines(exitFine, "--verify-issued") {
		switch {
		case l.Outcome == "superseded":
			superseded++
			if len(l.Changes) != 1 || !strings.Contains(l.Changes[0], "evidence hkn") {
				t.Errorf("%s of %s changed by %q, want the evidence hkn", l.Rule, l.Period, l.Changes)
			}
		case l.Outcome != "stands":
			t.Errorf("%s of %s is %s", l.Rule, l.Period, l.Outcome)
		}
	}
	if superseded == 0 || superseded == len(issued) {
		t.Errorf("%d of %d are superseded, want those that rest on papers", superseded, len(issued))
	}

	table := command(t, database, "--output", "csv", "assess", "--verify-issued", "--site", "hafen").want(t, exitFine)
	if rows, err := csv.NewReader(strings.NewReader(table.stdout)).ReadAll(); err != nil || len(rows) < 2 || rows[0][7] != "outcome" {
		t.Errorf("as CSV: %q, %v", rows, err)
	}
	command(t, database, "assess", "--issue", "--verify-issued").want(t, exitUsage)
}
