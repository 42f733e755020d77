package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heatledger/energy/store/storetest"
)

// logged serves until what the site knows is covered by the log, and stops.
func logged(t *testing.T, url, config string) {
	t.Helper()
	c := serve(t, url, config, "", "--no-collect")
	eventually(t, "the data of the site are logged", func() bool {
		rows := csvOf(t, command(t, url, "--config", config, "report", "--site", "hafen", "--year", "2025", "--format", "csv").stdout)
		return len(rows) > 0 && rows[len(rows)-1][1] == "checkpoint"
	})
	c.stop().want(t, exitFine)
}

func csvOf(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestAReportShowsTheCheckpointThatCoversIt(t *testing.T) {
	t.Parallel()
	url, dir := reported(t, 2025), t.TempDir()
	config := write(t, dir, "config.yaml", "data_dir: ./var\n")
	with := func(args ...string) outcome {
		return command(t, url, append([]string{"--config", config}, args...)...)
	}
	report := []string{"report", "--site", "hafen", "--year", "2025"}
	if rows := csvOf(t, with(append(report, "--format", "csv")...).want(t, exitFine).stdout); rows[len(rows)-1][1] == "checkpoint" {
		t.Fatal("nothing is logged, and there is a checkpoint")
	}
	logged(t, url, config)
	rows := csvOf(t, with(append(report, "--format", "csv")...).want(t, exitFine).stdout)
	note := rows[len(rows)-1][2]
	with("verify", "--checkpoint", write(t, dir, "checkpoint", note)).want(t, exitFine)

	pdf := filepath.Join(dir, "report.pdf")
	with(append(report, "--lang", "en", "--publish", "-o", pdf)...).want(t, exitFine)
	text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", pdf, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	said := string(text)
	name, _, _ := strings.Cut(note, "\n")
	from, to := strings.Index(said, "\n"+name+"\n"), strings.LastIndex(said, "— "+name)
	if from < 0 || to < from {
		t.Fatalf("the report shows no checkpoint: %q", said)
	}
	end := to + strings.Index(said[to:], "\n")
	with("verify", "--checkpoint", write(t, dir, "pasted", said[from:end])).want(t, exitFine)
	forged := strings.Replace(note, "\n"+strings.Split(note, "\n")[1]+"\n", "\n999\n", 1)
	with("verify", "--checkpoint", write(t, dir, "forged", forged)).want(t, exitUsage)

	// What was announced is found once it is signed, and nothing else.
	with("verify", "--published", pdf).want(t, exitFinish)
	c := serve(t, url, config, "", "--no-collect")
	eventually(t, "the publication is signed", func() bool { return with("verify", "--published", pdf).code == exitFine })
	c.stop().want(t, exitFine)
	if said := with("verify", "--published", pdf).want(t, exitFine).stdout; !strings.Contains(said, "report hafen 2025 pdf en") {
		t.Errorf("it is found as %q", said)
	}
	content, err := os.ReadFile(pdf)
	if err != nil {
		t.Fatal(err)
	}
	with("verify", "--published", write(t, dir, "other.pdf", string(content)+" ")).want(t, exitFinish)
	if said := with("verify").want(t, exitFine).stdout; !strings.HasPrefix(said, "proven: ") {
		t.Errorf("with a publication verify says %q", said)
	}
}

func TestTheLogGoesOnWithAnotherKey(t *testing.T) {
	t.Parallel()
	url, dir, away := reported(t, 2025), t.TempDir(), t.TempDir()
	config := write(t, dir, "config.yaml", "data_dir: ./var\n")
	with := func(args ...string) outcome {
		return command(t, url, append([]string{"--config", config}, args...)...)
	}
	with("log", "rotate-key").want(t, exitUsage) // there is none yet
	c := serve(t, url, config, "", "--no-collect")
	c.token = strings.TrimSpace(with("token", "create", "--role", "office").want(t, exitFine).stdout)
	const content = "point,at,value\nhafen/grid,2025-02-01T00:00:00Z,2000\n"
	receipt := write(t, away, "receipt.json", string(c.handIn(content, "wait=20")))
	var before struct{ Checkpoint, Key string }
	if text, err := os.ReadFile(receipt); err != nil || json.Unmarshal(text, &before) != nil || before.Key == "" {
		t.Fatalf("the receipt is %s, %v", text, err)
	}
	c.stop().want(t, exitFine)

	_, said, _ := strings.Cut(with("log", "rotate-key").want(t, exitFine).stdout, "key: ")
	key, handover, _ := strings.Cut(said, "\nhandover:\n")
	if key == before.Key || strings.Count(handover, "— ") != 2 {
		t.Fatalf("after the rotation: key %s, handover %s", key, handover)
	}
	after := serve(t, url, config, "", "--no-collect")
	after.token = c.token
	var later struct{ Checkpoint, Key string }
	if err := json.Unmarshal(after.handIn("point,at,value\nhafen/grid,2025-02-02T00:00:00Z,2100\n", "wait=20"), &later); err != nil {
		t.Fatal(err)
	}
	after.stop().want(t, exitFine)

	old, held := write(t, away, "old", before.Checkpoint), write(t, away, "handover", handover)
	with("verify", "--checkpoint", old, "--checkpoint", held, "--checkpoint", write(t, away, "new", later.Checkpoint)).want(t, exitFine)
	for _, trusted := range []string{before.Key, key} {
		if said := with("verify", "--key", trusted, "--checkpoint", old).want(t, exitFine).stdout; !strings.HasPrefix(said, "proven: ") {
			t.Errorf("trusting %s: %q", trusted, said)
		}
	}
	// Far from the database only a handover leads from the new key to an old receipt.
	offline := func(more ...string) outcome {
		return command(t, "postgres://127.0.0.1:1/nobody-is-asked", append([]string{"--data-dir", filepath.Join(away, "none"), "verify", "--receipt", receipt}, more...)...)
	}
	offline("--key", before.Key).want(t, exitFine)
	offline("--key", key).want(t, exitFinish)
	offline("--key", key, "--handover", held).want(t, exitFine)

	// Who signs on with the old key is found out.
	stolen := write(t, away, "config.yaml", "data_dir: ./var\n")
	if err := os.MkdirAll(filepath.Join(away, "var", "log"), 0o755); err != nil {
		t.Fatal(err)
	}
	with("log", "rotate-key").want(t, exitFine) // a second time
	with("verify", "--checkpoint", old).want(t, exitFine)
	command(t, url, "--config", stolen, "verify", "--key", before.Key).want(t, exitFine)
	forge(t, url, "update checkpoint set note = replace(note, '"+key+"', '"+before.Key+"') where note like '%key from here on "+key+"%'")
	with("verify").want(t, exitFinish)
}

func TestExpiredReadingsLeaveTheirDigests(t *testing.T) {
	t.Parallel()
	url, dir := storetest.URL(t), t.TempDir()
	config := write(t, dir, "config.yaml", "data_dir: ./var\n")
	with := func(args ...string) outcome {
		return command(t, url, append([]string{"--config", config}, args...)...)
	}
	with("apply", "-f", write(t, dir, "registry.yaml", reportRegistry)).want(t, exitFine)
	var rows strings.Builder
	rows.WriteString("point,at,value,unit\n")
	for at := time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC); at.Before(time.Date(2025, 5, 1, 0, 0, 0, 0, time.UTC)); at = at.Add(15 * time.Minute) {
		n := at.Unix() / 900
		fmt.Fprintf(&rows, "hafen/grid,%s,%d,kWh\nhafen/it,%s,%d,kWh\n", at.Format(time.RFC3339), 15*n, at.Format(time.RFC3339), 10*n)
	}
	with("import", write(t, dir, "readings.csv", rows.String())).want(t, exitFine)
	logged(t, url, config)
	year := func() string {
		all := csvOf(t, with("report", "--site", "hafen", "--year", "2025", "--format", "csv").want(t, exitFine).stdout)
		return fmt.Sprint(all[:len(all)-1])
	}
	known := year()
	expire := []string{"expire", "--site", "hafen", "--before", "2025-03-15"}
	if said := with(expire...).want(t, exitFine).stdout; !strings.Contains(said, "would go: run it again with --yes") || !strings.Contains(said, "hafen/it") {
		t.Errorf("a dry run says %q", said)
	}
	with("verify").want(t, exitFine)
	if said := with("verify").want(t, exitFine).stdout; strings.Contains(said, "Löschregel") {
		t.Errorf("after a dry run verify says %q", said)
	}
	with(append(expire, "--yes")...).want(t, exitUsage)
	with("expire", "--site", "hafen", "--before", "2999-01-01").want(t, exitUsage)
	if out := with("expire", "--site", "hafen", "--before", "2025-03-15", "--documents").want(t, exitFine); !strings.Contains(out.stdout, "0 documents would go") {
		t.Errorf("of documents expire says %s", out.stdout)
	}
	with("expire", "--site", "hafen", "--before", "2025-03-15", "--documents", "--point", "hafen/it").want(t, exitUsage)
	with("expire", "--site", "hafen", "--before", "2025-03-15", "--point", "hafen/none").want(t, exitUsage)
	with(append(expire, "--yes", "--policy", "three years, decision 2026-04")...).want(t, exitFine)
	for _, when := range []string{"before it is logged", "after it is logged"} {
		said := with("verify", "--lang", "en").want(t, exitFine).stdout
		if strings.Count(said, "Deleted under a retention policy") < 2 || !strings.Contains(said, "proven: ") {
			t.Errorf("%s verify says %q", when, said)
		}
		c := serve(t, url, config, "", "--no-collect")
		eventually(t, "nothing waits to be logged", func() bool { return !strings.Contains(with("verify", "--facts-only").stdout, "wait to be logged") })
		c.stop().want(t, exitFine)
	}
	if year() != known {
		t.Error("the days of the year are not what they were before their readings expired")
	}
	if said := with(expire...).want(t, exitFine).stdout; !strings.Contains(said, "0 readings in 0 chunks") {
		t.Errorf("once more it says %q", said)
	}
}
