package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/heatmap/plan"
)

const smallPlan = "../../heatmap/plan/testdata/small/scenario.yaml"

func TestAPlanOfFilesNeedsNoDatabase(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "out")
	out := command(t, "postgres://nobody@127.0.0.1:1/none", "plan", "run", smallPlan, "--out", dir, "--lang", "en").want(t, exitFine)
	for _, want := range []string{"1 of 1 areas are served", "1,001 m of trench", "167 € without value-added tax", "works: 8,760 of 8,760 hours rest on what was declared"} {
		if !strings.Contains(strings.ReplaceAll(strings.Join(strings.Fields(out.stdout), " "), "\u00a0", " "), want) {
			t.Errorf("not said: %s\n%s", want, out.stdout)
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := plan.ReadResult(b)
	if err != nil || !strings.Contains(out.stdout, r.Digest) {
		t.Errorf("the digest %s of the file is not the one that is shown: %v", r.Digest, err)
	}
	for name, want := range map[string]string{"areas.csv": "1,hall", "hours.csv": "2022-12-31T23:00:00Z,76.0", "network.geojson": `"dn":32`, "dhnx/pipes.csv": "forks-0", "pandapipes/pipe.csv": "flow 0"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s has no %q: %v", name, want, err)
		}
	}
}

// A file of a scenario that is none, or larger than a plan may hold, is named at its
// place, and nothing is run.
func TestFilesOfAPlanThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, want string
		spoil      func(file string) error
	}{
		{"a folder in place of a file", "street.geojson is no plain file", func(file string) error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o755)) }},
		{"a file beyond all measure", "street.geojson has 65 MB", func(file string) error { return os.Truncate(file, 65<<20) }},
	} {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(filepath.Dir(smallPlan))); err != nil {
			t.Fatal(err)
		}
		if err := tt.spoil(filepath.Join(dir, "street.geojson")); err != nil {
			t.Fatal(err)
		}
		out := command(t, "postgres://nobody@127.0.0.1:1/none", "plan", "run", filepath.Join(dir, filepath.Base(smallPlan))).want(t, exitUsage)
		if !strings.Contains(out.stderr, tt.want) || !strings.Contains(out.stderr, "scenario.yaml:") {
			t.Errorf("%s: %s", tt.name, out.stderr)
		}
	}
}

// TestFaultsOfAScenarioAndItsFilesAreSaidAtOnce spoils both: whoever mends them runs the
// scenario once more, not twice.
func TestFaultsOfAScenarioAndItsFilesAreSaidAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Dir(smallPlan))); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(smallPlan)
	if err != nil {
		t.Fatal(err)
	}
	scenario := write(t, dir, "scenario.yaml", string(text)+"\nsecured: 98\n")
	write(t, dir, "works.csv", "month,power_kw\n13,1\n")
	if err := errors.Join(os.Remove(filepath.Join(dir, "street.geojson")), os.Remove(filepath.Join(dir, "area.geojson")), os.Mkdir(filepath.Join(dir, "area.geojson"), 0o755)); err != nil {
		t.Fatal(err)
	}
	out := command(t, "postgres://nobody@127.0.0.1:1/none", "plan", "run", scenario).want(t, exitUsage)
	for _, want := range []string{"secured is 98", "area.geojson is no plain file", "the file street.geojson is not there", `works.csv:2:1: month is "13"`} {
		if strings.Count(out.stderr, want) != 1 {
			t.Errorf("said %d times: %s\n%s", strings.Count(out.stderr, want), want, out.stderr)
		}
	}
}

// planned is a database with a year of the IT load of hafen.
func planned(t *testing.T, year int) (url string) {
	t.Helper()
	url, dir := storetest.URL(t), t.TempDir()
	command(t, url, "apply", "-f", write(t, dir, "registry.yaml", reportRegistry)).want(t, exitFine)
	var rows strings.Builder
	rows.WriteString("point,at,value,unit\n")
	begin := time.Date(year-1, 12, 31, 23, 0, 0, 0, time.UTC)
	for hour := range 366*24 + 1 {
		fmt.Fprintf(&rows, "hafen/it,%s,%d,kWh\n", begin.Add(time.Duration(hour)*time.Hour).Format(time.RFC3339), 180*hour)
	}
	command(t, url, "import", write(t, dir, "readings.csv", rows.String())).want(t, exitFine)
	return url
}

func TestADemonstrationKeepsTheSamplePlanOnce(t *testing.T) {
	t.Parallel()
	const year = 2024
	url, sample := planned(t, year), samplePlan{filepath.Join(t.TempDir(), "scenario"), year}
	for range 2 {
		if err := sample.write(); err != nil {
			t.Fatal(err)
		}
		s := storetest.Open(t, url, store.Options{})
		p := &process{ctx: t.Context(), line: &commandLine{}, log: slog.New(slog.DiscardHandler)}
		if err := sample.keep(t.Context(), p, ledger.New(s, "Europe/Berlin")); err != nil {
			t.Fatal(err)
		}
	}
	out := command(t, url, "--output", "csv", "plan", "list").want(t, exitFine)
	if lines := strings.Split(strings.TrimSpace(out.stdout), "\n"); len(lines) != 2 || !strings.Contains(lines[1], ",harbour,") || !strings.Contains(lines[1], ",2024,") {
		t.Errorf("kept is %s", out.stdout)
	}
	again := command(t, url, "plan", "run", filepath.Join(sample.dir, "scenario.yaml"), "--save", "--lang", "en").want(t, exitFine)
	if !strings.Contains(again.stdout, "Known already") {
		t.Errorf("run by hand it says %s", again.stdout)
	}
}

func TestAPlanOfASiteIsKeptShownAndRunAgain(t *testing.T) {
	t.Parallel()
	url := planned(t, 2025)
	scenario := "../../heatmap/plan/harbour/scenario.yaml"
	var first, second struct {
		Saved struct {
			Fact int64 `json:"fact"`
		} `json:"saved"`
		Digest string `json:"digest"`
	}
	for _, into := range []any{&first, &second} {
		out := command(t, url, "--output", "json", "plan", "run", scenario, "--save", "--by", "planner").want(t, exitFine)
		if err := json.Unmarshal([]byte(out.stdout), into); err != nil {
			t.Fatal(err)
		}
	}
	if first.Saved.Fact == 0 || first != second {
		t.Errorf("kept as %+v, and once more as %+v", first, second)
	}
	if out := command(t, url, "plan", "again", "harbour", "--lang", "en").want(t, exitFine); !strings.Contains(out.stdout, "has the same result: sha256:"+first.Digest) {
		t.Errorf("run again it says %s", out.stdout)
	}
	if out := command(t, url, "--output", "csv", "plan", "list").want(t, exitFine); !strings.Contains(out.stdout, first.Digest+",planner") {
		t.Errorf("the list is %s", out.stdout)
	}
	out := command(t, url, "--output", "csv", "plan", "show", fmt.Sprint(first.Saved.Fact)).want(t, exitFine)
	if lines := strings.Count(out.stdout, "\n"); lines != 11 || !strings.HasPrefix(out.stdout, "rank,area") {
		t.Errorf("%d lines: %s", lines, out.stdout)
	}
	if out := command(t, url, "plan", "show", "other").want(t, exitUsage); !strings.Contains(out.stderr, "there is no plan") {
		t.Errorf("an unknown plan: %s", out.stderr)
	}
}

func TestWhatAPlanLeavesOutIsRejected(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"scenario.yaml", "works.csv", "street.geojson", "area.geojson"} {
		b, err := os.ReadFile(filepath.Join(filepath.Dir(smallPlan), name))
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		switch name {
		case "scenario.yaml":
			text = strings.Replace(text, "file: area.geojson,", "file: area.geojson, partial: true,", 1)
		case "area.geojson":
			text = strings.Replace(text, `"features":[`, `"features":[{"type":"Feature","id":"cold","properties":{"heat_kwh":-5},"geometry":{"type":"Point","coordinates":[9.0,50.008]}},`, 1)
		}
		write(t, dir, name, text)
	}
	out := command(t, "postgres://nobody@127.0.0.1:1/none", "plan", "run", filepath.Join(dir, "scenario.yaml"), "--lang", "en").want(t, exitFinish)
	if !strings.Contains(out.stdout, "Features left out for their faults: 1.") || !strings.Contains(out.stderr, "area.geojson:1:") || !strings.Contains(out.stderr, "cold") {
		t.Errorf("said:\n%s\n%s", out.stdout, out.stderr)
	}
}
