package main

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"heatledger/energy/store/storetest"
)

const promised = goldenRegistry + `
    connected_load_kw: 4800
    in_operation_since: 2019-03-01
    commitments:
      - {id: law, rulebook: enefg-2023}
  - id: rathaus
    name: Rathaus
    kind: server_room
    connected_load_kw: 60
    commitments:
      - {id: room, rulebook: enefg-2023}
evidence:
  - {id: hkn, kind: guarantee_of_origin, ids: "DE-1..DE-4", produced: 2025-03, supplier: Supplier, cancellation: {reference: C-1, on: 2026-02-11}, supply_year: 2025, volume_mwh: 4, allocations: [{site: hafen, mwh: 4}]}
`

// A year of 10 MWh from the grid, of which 4 are proven to be green.
const readYear = `point,at,value,unit
hafen/grid,2025-01-01T00:00:00+01:00,0,kWh
hafen/grid,2025-07-01T00:00:00+02:00,5000,kWh
hafen/grid,2026-01-01T00:00:00+01:00,10000,kWh
`

func TestAssessTellsWhatCameOfThePromises(t *testing.T) {
	t.Parallel()
	dir, database := t.TempDir(), storetest.URL(t)
	command(t, database, "apply", "-f", write(t, dir, "registry.yaml", promised)).want(t, exitFine)
	command(t, database, "import", write(t, dir, "readings.csv", readYear)).want(t, exitFine)

	german := command(t, database, "assess", "--on", "2026-11-22").want(t, exitFinish)
	for _, want := range []string{"Wert unter dem Mindestwert des §\u00a011", "40\u00a0%", "Dieser Standort hat 60\u00a0kW", "noch nicht fällig"} {
		if !strings.Contains(german.stdout, want) {
			t.Errorf("the table lacks %q:\n%s", want, german.stdout)
		}
	}
	english := command(t, database, "--output", "json", "assess", "--site", "hafen", "--on", "2026-11-22", "--lang", "en").want(t, exitFinish)
	var list []struct {
		Rule, Verdict, Because string
		Period                 struct{ Label string }
		Value                  *float64
	}
	if err := json.Unmarshal([]byte(english.stdout), &list); err != nil {
		t.Fatalf("%v in %s", err, english.stdout)
	}
	missed := 0
	for _, a := range list {
		if a.Rule == "green" && a.Period.Label == "2025" && a.Verdict == "missed" && a.Value != nil && *a.Value == 0.4 && strings.Contains(a.Because, "At least 50% is required") {
			missed++
		}
	}
	if missed != 1 {
		t.Errorf("the share of 2025 is not missed once: %+v", list)
	}
	room := command(t, database, "--output", "csv", "assess", "--site", "rathaus", "--rulebook", "enefg-2023", "--on", "2026-11-22").want(t, exitFine)
	rows, err := csv.NewReader(strings.NewReader(room.stdout)).ReadAll()
	if err != nil || len(rows) < 5 {
		t.Fatalf("the room of 60 kW: %q, %v", rows, err)
	}
	for _, row := range rows[1:] { // bound by the law already, and none of its rules holds for a room
		if row[0] != "rathaus" || row[3] != "not_applicable" || row[4] != "not_applicable" || row[5] != "Nichts würde sich ändern." {
			t.Errorf("the room of 60 kW: %q", row)
		}
	}
	for _, args := range [][]string{{"--site", "nowhere"}, {"--on", "22.11.2026"}, {"--rulebook", "enefg-1999"}, {"--lang", "fr"}} {
		command(t, database, append([]string{"assess"}, args...)...).want(t, exitUsage)
	}
}

func TestAssessTellsWhatABillWouldChange(t *testing.T) {
	t.Parallel()
	dir, database := t.TempDir(), storetest.URL(t)
	command(t, database, "apply", "-f", write(t, dir, "registry.yaml", promised)).want(t, exitFine)
	command(t, database, "import", write(t, dir, "readings.csv", readYear)).want(t, exitFine)

	english := command(t, database, "--output", "json", "assess", "--rulebook", "enefg-2026-bill", "--site", "hafen", "--on", "2026-11-22", "--lang", "en").want(t, exitFine)
	var list []struct {
		Rule, Period, Now, Verdict, Sentence, Confirmed string
		Status                                          string `json:"rule_status"`
	}
	if err := json.Unmarshal([]byte(english.stdout), &list); err != nil {
		t.Fatalf("%v in %s", err, english.stdout)
	}
	found := map[string]string{}
	for _, c := range list {
		found[c.Rule+" "+c.Period] = strings.Join([]string{c.Now, c.Verdict, c.Status, c.Confirmed, c.Sentence}, "|")
	}
	for rule, want := range map[string]string{
		"pue-existing 2026":      "not_due|not_due|proposed|unconfirmed|The limit would be 1.60 instead of 1.50.",
		"certification 2026":     "undetermined|undetermined|in_force|primary_text|Nothing would change.",
		"waste-heat-use 2026":    "undetermined||||The rule would be dropped. Now: not determinable.",
		"heat-cost-benefit 2026": "|undetermined|proposed|unconfirmed|The rule would be added: not determinable.",
		"green 2025":             "missed|missed|proposed|secondary_text|Nothing would change.",
	} {
		if found[rule] != want {
			t.Errorf("%s: %q, want %q", rule, found[rule], want)
		}
	}
	german := command(t, database, "assess", "--rulebook", "offenbach-demands", "--site", "rathaus", "--on", "2026-11-22").want(t, exitFine)
	if !strings.Contains(german.stdout, "Die Regel käme hinzu: nicht feststellbar") {
		t.Errorf("the demands for a room of 60 kW:\n%s", german.stdout)
	}
}

const draft = `id: by-law-2027
version: "1"
title: {de: Entwurf einer Satzung, en: Draft of a by-law}
source: Draft of 1 November 2026
status: proposed
from: 2025-01-01
rules:
  - id: green
    citation: Draft § 2
    metric: green_share_annual
    comparator: at_least
    threshold: [{value: 30 %}]
    per: calendar_year
    first_window: starts_on_or_after
    confirmed: primary_text
    interpretation: {de: Übers Jahr gezählt., en: Counted over the year.}
`

func TestAssessJudgesByADraftInAFile(t *testing.T) {
	t.Parallel()
	dir, database := t.TempDir(), storetest.URL(t)
	command(t, database, "apply", "-f", write(t, dir, "registry.yaml", promised)).want(t, exitFine)
	command(t, database, "import", write(t, dir, "readings.csv", readYear)).want(t, exitFine)
	english := command(t, database, "assess", "--rulebook", write(t, dir, "draft.yaml", draft), "--site", "hafen", "--on", "2026-11-22", "--lang", "en").want(t, exitFine)
	if !strings.Contains(english.stdout, "The limit would be 30% instead of 50%.") || !strings.Contains(english.stdout, "Then: kept.") {
		t.Errorf("the draft asks for less than the law:\n%s", english.stdout)
	}
	wrong := strings.Replace(strings.Replace(draft, "green_share_annual", "green_share", 1), "30 %", "thirty", 1)
	refused := command(t, database, "assess", "--rulebook", write(t, dir, "wrong.yaml", wrong)).want(t, exitUsage)
	for _, want := range []string{"wrong.yaml:10:13", `"green_share" is no metric`, "wrong.yaml:12:25", "is no amount"} {
		if !strings.Contains(refused.stderr, want) {
			t.Errorf("the refusal lacks %q:\n%s", want, refused.stderr)
		}
	}
	for _, args := range [][]string{{"--rulebook", dir + "/nowhere.yaml"}, {"--rulebook", write(t, dir, "again.yaml", strings.Replace(draft, "by-law-2027", "enefg-2023", 1))}} {
		if ended := command(t, database, append([]string{"assess"}, args...)...); ended.code == exitFine {
			t.Errorf("%v ended well:\n%s", args, ended.stdout)
		}
	}
}

// Two sites that are judged as one: 10 and 30 MWh from the grid, of which 4 and
// 16 are proven to be green.
const campus = goldenRegistry + `
  - id: kai
    name: Kai
    meters:
      - id: kai-main
        points:
          - {id: kai/grid, quantity: active_energy_import, role: grid_import}
commitments:
  - {id: green, source: Council, metric: green_share_annual, at_least: 50 %, per: calendar_year, from: 2024-01-01, sites: [hafen, kai], scope: campus}
evidence:
  - {id: hkn, kind: guarantee_of_origin, ids: "DE-01..DE-20", produced: 2025-03, supplier: Supplier, cancellation: {reference: C-1, on: 2026-02-11}, supply_year: 2025, volume_mwh: 20, allocations: [{site: hafen, mwh: 4}, {site: kai, mwh: 16}]}
`

func TestAssessJudgesACampusByItsSums(t *testing.T) {
	t.Parallel()
	dir, database := t.TempDir(), storetest.URL(t)
	command(t, database, "apply", "-f", write(t, dir, "registry.yaml", campus)).want(t, exitFine)
	command(t, database, "import", write(t, dir, "readings.csv", readYear+"kai/grid,2025-01-01T00:00:00+01:00,0,kWh\nkai/grid,2025-07-01T00:00:00+02:00,15000,kWh\nkai/grid,2026-01-01T00:00:00+01:00,30000,kWh\n")).want(t, exitFine)
	english := command(t, database, "--output", "json", "assess", "--on", "2026-11-22", "--lang", "en").want(t, exitFine)
	var list []struct {
		Site, Verdict, Because string
		Period                 struct{ Label string }
		Value                  *float64
	}
	if err := json.Unmarshal([]byte(english.stdout), &list); err != nil {
		t.Fatalf("%v in %s", err, english.stdout)
	}
	sites := map[string]bool{}
	for _, a := range list {
		if a.Period.Label == "2025" {
			sites[a.Site] = true
			if a.Verdict != "met" || a.Value == nil || *a.Value != 0.5 || !strings.Contains(a.Because, "Checked together: hafen, kai.") {
				t.Errorf("the campus, asked for %s: %+v", a.Site, a)
			}
		}
	}
	if len(sites) != 2 {
		t.Errorf("judged at %v, want hafen and kai", sites)
	}
}
