package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/proof"
	"heatledger/energy/store/storetest"
)

// TestAnOperatorProvesHisSubmissionAndAnAuditorFindsTampering goes the whole
// way: a submission with its proof, the proof without a database, the audit of
// the database, and an audit after somebody changed a value in it.
func TestAnOperatorProvesHisSubmissionAndAnAuditorFindsTampering(t *testing.T) {
	t.Parallel()
	url, dir, away := storetest.URL(t), t.TempDir(), t.TempDir()
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	write(t, dir, "registry.yaml", twoHalls())
	c := serve(t, url, config, "", "--no-collect")
	c.token = strings.TrimSpace(command(t, url, "--config", config, "token", "create", "--role", "office").want(t, exitFine).stdout)
	const content = "point,at,value\nhall/it-power,2025-01-01T00:00:00Z,10\ntower/it-power,2025-01-01T00:00:00Z,20\n"
	receipt := c.handIn(content, "wait=20")
	var answer struct {
		Facts      map[string]int64
		Proofs     []proof.Inclusion
		Checkpoint string
		Key        string
	}
	if err := json.Unmarshal(receipt, &answer); err != nil || len(answer.Proofs) != 2 || len(answer.Facts) != 2 || answer.Checkpoint == "" {
		t.Fatalf("receipt %s (%v), want two proofs and a checkpoint", receipt, err)
	}

	// Far from the database, with the public key from elsewhere.
	file, handedIn := write(t, away, "receipt.json", string(receipt)), write(t, away, "readings.csv", content)
	offline := func(more ...string) outcome {
		return command(t, "postgres://127.0.0.1:1/nobody-is-asked", append([]string{"--data-dir", filepath.Join(away, "none"), "verify", "--receipt", file}, more...)...)
	}
	if said := offline("--key", answer.Key, "--content", handedIn).want(t, exitFine).stdout; strings.Count(said, "proven: fact") != 2 || !strings.Contains(said, "what was handed in") {
		t.Errorf("the receipt is proved as %q", said)
	}
	if said := offline().want(t, exitFine).stderr; !strings.Contains(said, "the receipt's own is used") {
		t.Errorf("without a key it says %q", said)
	}
	offline("--key", answer.Key, "--content", write(t, away, "other.csv", content+"\n")).want(t, exitFinish)
	stranger, err := proof.EnsureKey(filepath.Join(away, "key"), "log.example")
	if err != nil {
		t.Fatal(err)
	}
	offline("--key", stranger.Public).want(t, exitFinish)
	write(t, away, "receipt.json", strings.Replace(string(receipt), `"digest":"`, `"digest":"00`, 1))
	offline("--key", answer.Key).want(t, exitFinish)

	// The same proof later, and against the checkpoint of the receipt.
	first := answer.Proofs[0]
	again, _ := c.ask("/api/v1/sites/" + string(first.Site) + "/facts/" + strconv.FormatInt(first.Fact, 10) + "/proof?size=" + strconv.FormatInt(first.Size, 10))
	file = write(t, away, "proof.json", string(again))
	offline("--key", answer.Key, "--checkpoint", write(t, away, "checkpoint", first.Checkpoint)).want(t, exitFine)
	grown := c.handIn("point,at,value\nhall/it-power,2025-01-01T00:15:00Z,11\n", "wait=20")
	var later struct{ Checkpoint string }
	if err := json.Unmarshal(grown, &later); err != nil {
		t.Fatal(err)
	}
	offline("--key", answer.Key, "--checkpoint", write(t, away, "later", later.Checkpoint)).want(t, exitFinish)
	body, _ := c.ask("/api/v1/log/consistency?from=" + strconv.FormatInt(first.Size, 10))
	var consistency proof.Consistency
	if err := json.Unmarshal(body, &consistency); err != nil {
		t.Fatal(err)
	}
	status, body, _ := c.get("/api/v1/log/checkpoint?size="+strconv.FormatInt(consistency.To, 10), "") // for everybody
	var shown struct{ Checkpoint string }
	if err := json.Unmarshal(body, &shown); err != nil || status != http.StatusOK {
		t.Fatalf("the checkpoint is answered with %d %s", status, body)
	}
	from, err := proof.OpenCheckpoint(first.Checkpoint, answer.Key)
	if err != nil {
		t.Fatal(err)
	}
	to, err := proof.OpenCheckpoint(shown.Checkpoint, answer.Key)
	if err != nil {
		t.Fatal(err)
	}
	if err := consistency.Check(from, to); err != nil || to.Size <= from.Size {
		t.Errorf("from %d to %d records: %v", from.Size, to.Size, err)
	}
	for path, want := range map[string]int{
		"/api/v1/sites/hall/facts/999/proof": http.StatusNotFound, "/api/v1/sites/hall/facts/x/proof": http.StatusBadRequest,
		"/api/v1/log/checkpoint?size=-1": http.StatusBadRequest, "/api/v1/log/checkpoint?size=9999999": http.StatusNotFound,
		"/api/v1/log/consistency?from=9999999": http.StatusNotFound, "/api/v1/log/consistency?form=1": http.StatusBadRequest,
	} {
		if status, body, _ := c.get(path, c.token); status != want {
			t.Errorf("GET %s: %d %s, want %d", path, status, body, want)
		}
	}

	// The auditor beside the running server, with the operator's checkpoint.
	checkpoint := filepath.Join(away, "checkpoint")
	verify := func(more ...string) outcome {
		return command(t, url, append([]string{"--config", config}, more...)...)
	}
	if said := verify("verify", "--checkpoint", checkpoint).want(t, exitFine).stdout; !strings.HasPrefix(said, "proven: ") || !strings.Contains(said, "key: "+answer.Key) {
		t.Errorf("nothing was touched, and verify says %q", said)
	}
	info, err := os.Stat(filepath.Join(dir, "var", "log", "key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key lies there with mode %v (%v), want 0600", info.Mode(), err)
	}
	verify("verify", "--site", "nowhere").want(t, exitUsage)
	verify("--output", "csv", "verify").want(t, exitUsage)
	forge(t, url, "update entry set body = jsonb_set(body, '{name}', '\"Another\"') where kind = 'site' and id = 'tower'")
	said := verify("verify", "--lang", "en").want(t, exitFinish).stdout
	if !strings.Contains(said, "Changed after it was logged: entry of the registry or event, site tower, fact 1") || !strings.Contains(said, "not proven: ") {
		t.Errorf("a changed entry is told as %q", said)
	}
	if said := verify("verify").want(t, exitFinish).stdout; !strings.Contains(said, "Nach der Aufnahme ins Protokoll verändert: Registereintrag oder Ereignis, Standort tower, Tatsache 1") {
		t.Errorf("in German it is told as %q", said)
	}
	verify("verify", "--site", "hall").want(t, exitFine)
	var report struct {
		Verdict  string
		Grave    int64
		Findings []struct{ Verdict, Table, Site, Text string }
	}
	if err := json.Unmarshal([]byte(verify("--output", "json", "verify").want(t, exitFinish).stdout), &report); err != nil {
		t.Fatal(err)
	}
	if report.Verdict != "not proven" || report.Grave != 1 || len(report.Findings) != 1 || report.Findings[0].Site != "tower" || report.Findings[0].Table != "entry" {
		t.Errorf("as JSON: %+v", report)
	}
}

// TestALogWithoutItsKeyIsNotGoneOnWith takes the data directory away and keeps
// the database: nobody else's key may sign on.
func TestALogWithoutItsKeyIsNotGoneOnWith(t *testing.T) {
	t.Parallel()
	url, dir := storetest.URL(t), t.TempDir()
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	write(t, dir, "registry.yaml", twoHalls())
	c := serve(t, url, config, "", "--no-collect")
	logged := filepath.Join(dir, "var", "log", "checkpoint")
	eventually(t, "something is logged", func() bool { _, err := os.Stat(logged); return err == nil })
	c.stop().want(t, exitFine)
	moved := write(t, t.TempDir(), "config.yaml", "data_dir: ./var\n")
	command(t, url, "--config", moved, "verify").want(t, exitUsage)
	other := serve(t, url, moved, "", "--no-collect")
	eventually(t, "the log says that it is signed by another key", func() bool {
		return strings.Contains(other.stderr.String(), "signed by another key")
	})
}

// handIn submits readings in CSV and gives the receipt.
func (c *centre) handIn(content, prefer string) []byte {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, "http://"+c.address+"/api/v1/readings", strings.NewReader(content))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {"text/csv"}, "Authorization": {"Bearer " + c.token}, "Prefer": {prefer}}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	var body json.RawMessage
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil || answer.StatusCode != http.StatusOK {
		c.t.Fatalf("hand in: %d %s (%v)", answer.StatusCode, body, err)
	}
	return body
}

// forge changes rows behind the program's back.
func forge(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // done
	if tag, err := conn.Exec(t.Context(), sql); err != nil || tag.RowsAffected() == 0 {
		t.Fatalf("%s: %v, %v", sql, tag, err)
	}
}
