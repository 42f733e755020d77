package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"heatledger/energy/store/storetest"
)

// badConfig has a fault of each reader in it: of the process, of a model, of an
// own register map, of nodes.
const badConfig = `timezoen: Europe/Berlin
listen: here
connections:
  - id: line
    modbus: {url: 'tpc://127.0.0.1:1502'}
    meters:
      - {id: a, unit: 1, model: janitza/umg97, points: {active_power: hall/p}}
      - id: b
        unit: 2
        registers:
          - {point: hall/q, table: holdng, address: 70000, type: float32, unit: kWh}
          - {point: hall/r, table: input, address: 4, type: float23, unit: kWh}
  - id: bms
    opcua: {endpoint: 'opc.tcp://127.0.0.1:4840'}
    meters:
      - {id: c, nodes: [{point: hall/s, node: "x=1", unit: kWh}, {point: hall/t, node: "i=1", unit: furlong}]}
`

func TestABadConfigurationIsRefusedWithEveryFault(t *testing.T) {
	t.Parallel()
	file := write(t, t.TempDir(), "config.yaml", badConfig)
	url := "postgres://127.0.0.1:1/nobody-is-asked"
	want := []string{
		`1:1: unknown field "timezoen": did you mean "timezone"?`,
		`2:9: listen is "here": HOST:PORT such as 127.0.0.1:8080 is expected`,
		`5:19: unknown scheme "tpc": did you mean "tcp"?`,
		`7:33: there is no model "janitza/umg97": did you mean "janitza/umg`,
		`11:36: table: "holdng" is no table: `,
		`11:53: address is "70000": a whole number from 0 to 65535 is expected`,
		`12:61: type: "float23" is no type: `,
		`16:47: "x=1" names no node: `,
		`16:101: unknown unit "furlong": `,
	}
	for _, args := range [][]string{
		{"config", "check", file}, {"--config", file, "serve"}, {"--config", file, "collect"}, {"--config", file, "migrate"},
		{"--config", file, "token", "create", "--role", "admin"},
	} {
		got := command(t, url, args...).want(t, exitUsage)
		lines := strings.Split(strings.TrimPrefix(strings.TrimSpace(got.stderr), "heatledger: "), "\n")
		if len(lines) != len(want) || got.stdout != "" {
			t.Fatalf("%s says\n%s\nwant %d faults, one a line", args, got.stderr, len(want))
		}
		for i, line := range lines {
			if !strings.HasPrefix(line, file+":"+want[i]) {
				t.Errorf("%s, line %d: %s\nwant %s:%s", args, i, line, file, want[i])
			}
		}
	}
}

// TestABadRegistryIsRefusedWhole has two faults beside a good site, of which
// nothing may be applied.
func TestABadRegistryIsRefusedWhole(t *testing.T) {
	t.Parallel()
	url, dir := storetest.URL(t), t.TempDir()
	bad := strings.Replace(powerRegistry, "quantity: active_power, role: it_load", "quantity: active_powr, role: it_laod", 1)
	file := write(t, dir, "registry.yaml", bad)
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	line := 1 + strings.Count(bad[:strings.Index(bad, "active_powr")], "\n")
	for _, args := range [][]string{{"apply", "-f", file}, {"config", "check", config}, {"--config", config, "serve", "--listen", "127.0.0.1:0"}} {
		got := command(t, url, args...).want(t, exitUsage)
		for _, problem := range []string{`unknown quantity "active_powr": did you mean "active_power"?`, `unknown role "it_laod": did you mean "it_load"?`} {
			if place := regexp.MustCompile(fmt.Sprintf(`(?m)%s:%d:\d+: %s`, regexp.QuoteMeta(file), line, regexp.QuoteMeta(problem))); !place.MatchString(got.stderr) {
				t.Errorf("%s says %q, want %s on line %d", args, got.stderr, problem, line)
			}
		}
	}
	command(t, url, "migrate").want(t, exitFine)
	if sites := sql(t, url, "select id from site where id <> ''"); len(sites) != 0 {
		t.Errorf("sites %v are there, want none: the registry was refused", sites)
	}
}

// readingsOf is a CSV file with the header and rows that the import takes.
func readingsOf(rows ...string) string {
	return "point,at,value,unit\n" + strings.Join(rows, "\n") + "\n"
}

func TestBadReadingsAreNamedRowByRowAndNothingIsTaken(t *testing.T) {
	t.Parallel()
	url, dir := storetest.URL(t), t.TempDir()
	command(t, url, "apply", "-f", write(t, dir, "registry.yaml", powerRegistry)).want(t, exitFine)
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	rows := []struct{ row, column, reason string }{
		{"hall/it-power,2025-01-01T00:00:00Z,10,kW", "", ""},
		{"hall/it-powr,2025-01-01T00:01:00Z,10,kW", "point", "the registry knows no point hall/it-powr"},
		{"it-power,2025-01-01T00:02:00Z,10,kW", "point", `"it-power"`},
		{"hall/it-power,2025-01-01T00:03:00,10,kW", "at", `"2025-01-01T00:03:00" is no instant: add the offset`},
		{"hall/it-power,2999-01-01T00:04:00Z,10,kW", "at", "2999-01-01T00:04:00Z has not come yet"},
		{`hall/it-power,2025-01-01T00:05:00Z,"10,5",kW`, "value", `"10,5" is no number`},
		{"hall/it-power,2025-01-01T00:06:00Z,NaN,kW", "value", `"NaN" is no number`},
		{"hall/it-power,2025-01-01T00:07:00Z,,kW", "value", "there is no value"},
		{"hall/it-power,2025-01-01T00:08:00Z,10,kWh", "unit", "kWh"},
		{"hall/it-power,2025-01-01T00:09:00Z,10", "", "3 columns instead of 4"},
		{"hall/it-power,2025-01-01T00:10:00Z,11,kW", "", ""},
		{"hall/it-power,2025-01-01T00:10:00Z,12,kW", "value", "row 12 gives hall/it-power another value"},
		{"hall/it-power,2025-01-01T00:12:00Z,1e300,kW", "value", "beyond what can be counted"},
		{"hall/it-power,2025-01-01T01:13:00+01:00,12000,W", "", ""},
	}
	var lines []string
	for _, r := range rows {
		lines = append(lines, r.row)
	}
	file := write(t, dir, "readings.csv", readingsOf(lines...))
	good, bad := 0, 0
	got := command(t, url, "--config", config, "import", file).want(t, exitFinish)
	for i, r := range rows {
		place := fmt.Sprintf("%s:%d: %s: ", file, i+2, r.column)
		if r.reason == "" {
			good++
			if strings.Contains(got.stderr, fmt.Sprintf("%s:%d:", file, i+2)) {
				t.Errorf("row %q is named, want it to be good", r.row)
			}
			continue
		}
		bad++
		if _, after, ok := strings.Cut(got.stderr, place); !ok || !strings.Contains(strings.SplitN(after, "\n", 2)[0], r.reason) {
			t.Errorf("row %q is not named as %s … %s", r.row, place, r.reason)
		}
	}
	if t.Failed() {
		t.Logf("import says\n%s", got.stderr)
	}
	if want := fmt.Sprintf("%s: 0 accepted, 0 known already, 0 without a value, 0 withdrawn, %d rejected", file, bad); !strings.HasPrefix(got.stdout, want) {
		t.Errorf("import says %q, want %q", got.stdout, want)
	}
	if facts := sql(t, url, "select (select count(*) from segment), (select count(*) from chunk)"); facts[0] != "0|0" {
		t.Errorf("after a rejected import there are %s segments and chunks, want none", facts[0])
	}

	partial := command(t, url, "--config", config, "import", "--partial", file).want(t, exitFinish)
	if want := fmt.Sprintf("%s: %d accepted, 0 known already, 0 without a value, 0 withdrawn, %d rejected", file, good, bad); !strings.HasPrefix(partial.stdout, want) {
		t.Errorf("import --partial says %q, want %q", partial.stdout, want)
	}
	c := serve(t, url, config, "", "--no-collect")
	var taken []string
	for _, r := range c.readings("hall/it-power") {
		taken = append(taken, r.At.Format("15:04 ")+r.Value.String())
	}
	if got, want := strings.Join(taken, ", "), "00:00 10, 00:10 11, 00:13 12.000"; got != want {
		t.Errorf("%s was taken, want %s", got, want)
	}
}

func TestFilesThatAreNoReadingsAreRefused(t *testing.T) {
	t.Parallel()
	url, dir := storetest.URL(t), t.TempDir()
	config := write(t, dir, "config.yaml", "data_dir: ./var\n")
	const good = "hall/it-power,2025-01-01T00:00:00Z,10,kW\n"
	for _, row := range []struct{ name, text, problem string }{
		{"misspelt.csv", "point,at,vlaue,unit\n" + good, `:1:3: unknown column "vlaue": the first line must be point,at,value`},
		{"misspelt.csv", "point,at,vlaue,unit\n" + good, `column "value" is missing`},
		{"semicolons.csv", "point;at;value\nhall/it-power;2025-01-01T00:00:00Z;10\n", `:1:1: columns are separated by semicolons`},
		{"both.csv", "point,at,from,to,value\n", `either the column at or the columns from and to`},
		{"twice.csv", "point,at,at,value\n", `:1:3: column "at" stands twice`},
		{"headless.csv", good, `unknown column "hall/it-power"`},
		{"empty.csv", "", `:1: the file is empty`},
		{"quotes.csv", "point,at,value,unit\n\"hall/it-power,2025-01-01T00:00:00Z,10,kW\n", `quotes.csv:`},
		{"object.json", `{"point": "hall/it-power"}`, `:1: the body is no JSON list`},
		{"half.json", `[{"point": "hall/it-power", `, `the list ends early, within element 1`},
		{"endless.ndjson", strings.Repeat(" ", 1<<20), `the line is longer than 65536 bytes`},
	} {
		file := write(t, dir, row.name, row.text)
		got := command(t, url, "--config", config, "import", file).want(t, exitUsage)
		if !strings.Contains(got.stderr, file+":") || !strings.Contains(got.stderr, row.problem) || got.stdout != "" {
			t.Errorf("import of %s says %q, want %q", row.name, got.stderr, row.problem)
		}
	}
	missing := filepath.Join(dir, "nowhere.csv")
	if got := command(t, url, "--config", config, "import", missing).want(t, exitUsage); !strings.Contains(got.stderr, missing+": no such file") {
		t.Errorf("import of a file that is not there says %q", got.stderr)
	}
}

func TestWrongUsageIsToldOnStandardErrorWithExitTwo(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		args    []string
		problem string
	}{
		{nil, "expected one of"},
		{[]string{"frobnicate"}, "unexpected argument frobnicate"},
		{[]string{"serve", "--no-colect"}, "unknown flag --no-colect"},
		{[]string{"--output", "yaml", "version"}, "--output must be one of"},
		{[]string{"--log-level", "loud", "version"}, "--log-level must be one of"},
		{[]string{"import"}, "expected"},
		{[]string{"apply"}, "missing flags: --file"},
		{[]string{"apply", "-f", "/nowhere/registry.yaml"}, "/nowhere/registry.yaml: the registry is not readable (no such file"},
		{[]string{"config", "check"}, "heatledger config check FILE"},
		{[]string{"config", "check", "/nowhere/config.yaml"}, "/nowhere/config.yaml: the file is not readable"},
		{[]string{"--config", "/nowhere/config.yaml", "migrate"}, "/nowhere/config.yaml: the file is not readable"},
		{[]string{"collect"}, "there is nothing to collect"},
		{[]string{"simulate", "--speed", "0"}, "--speed 0"},
		{[]string{"demo", "--sites=1000"}, "--sites 1000"},
		{[]string{"token", "create"}, "missing flags: --role"},
		{[]string{"token", "create", "--role", "king"}, `--role "king" is no role: admin, `},
		{[]string{"token", "create", "--role", "admin", "--site", "The Hall"}, `--site "The Hall" is no site id`},
		{[]string{"token", "create", "--role", "admin", "--expires", "soon"}, `--expires: "soon" is no duration`},
		{[]string{"token", "create", "--role", "admin", "--expires", "-1h"}, `--expires`},
	} {
		got := command(t, "postgres://127.0.0.1:1/nobody-is-asked", row.args...).want(t, exitUsage)
		if !strings.HasPrefix(got.stderr, "heatledger: ") || !strings.Contains(got.stderr, row.problem) || got.stdout != "" {
			t.Errorf("heatledger %s says %q on standard error and %q on standard output, want %q", strings.Join(row.args, " "), got.stderr, got.stdout, row.problem)
		}
	}
}

// TestASecondServeSaysWhoHoldsTheDataDirectory lets the first have a private
// PostgreSQL, which other commands join and the second must leave alone.
func TestASecondServeSaysWhoHoldsTheDataDirectory(t *testing.T) {
	t.Parallel()
	dir := enterable(t)
	config := write(t, dir, "config.yaml", "data_dir: ./var\n")
	first := serve(t, "", config, "")
	got := command(t, "", "--config", config, "serve", "--listen", freeAddress(t)).want(t, exitWrong)
	holder := fmt.Sprintf("data_dir %s is held by process %d, which listens on %s", filepath.Join(dir, "var"), os.Getpid(), first.address)
	if !strings.Contains(got.stderr, holder) {
		t.Errorf("the second serve says %q, want %q", got.stderr, holder)
	}
	token := strings.TrimSpace(command(t, "", "--config", config, "token", "create", "--role", "auditor").want(t, exitFine).stdout)
	if status, body, _ := first.get("/api/v1/sites", token); status != http.StatusOK {
		t.Errorf("the first serve answers %d %s to a token made beside it", status, body)
	}
	first.stop().want(t, exitFine)
	pid := filepath.Join(dir, "var", "postgresql", "data", "postmaster.pid")
	if _, err := os.Stat(pid); !os.IsNotExist(err) {
		t.Errorf("%s is still there (%v): PostgreSQL outlives its last user", pid, err)
	}
}

func TestASecondCollectorSaysWhoHoldsTheSpool(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := write(t, dir, "config.yaml", `
data_dir: ./var
connections:
  - id: line
    modbus: {url: 'tcp://127.0.0.1:1'}
    meters: [{id: hall-main, model: schneider/iem3000, points: {active_power: hall/power}}]
push: {url: 'http://127.0.0.1:1', token_file: push.token}
`)
	spool := filepath.Join(dir, "var", "spool")
	begin(t, "", "--config", config, "collect")
	eventually(t, "the first collector has its spool", func() bool {
		pid, err := os.ReadFile(filepath.Join(spool, "lock"))
		return err == nil && len(pid) > 0
	})
	got := command(t, "", "--config", config, "collect").want(t, exitWrong)
	if holder := fmt.Sprintf("spool %s is held by process %d", spool, os.Getpid()); !strings.Contains(got.stderr, holder) {
		t.Errorf("the second collector says %q, want %q", got.stderr, holder)
	}
}

// enterable is a folder that PostgreSQL's account can enter, other than t.TempDir.
func enterable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "heatledger-serve-")
	if err != nil {
		t.Fatalf("make a folder: %v", err)
	}
	t.Cleanup(func() { // the guard of a command that joined the server goes two seconds later
		eventually(t, "the folder is removed", func() bool { return os.RemoveAll(dir) == nil })
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatalf("open a folder to others: %v", err)
	}
	return dir
}

func TestServeRefusesToBeReachedByOthersWhileNoTokenExists(t *testing.T) {
	t.Parallel()
	url, dir := storetest.URL(t), t.TempDir()
	config := write(t, dir, "config.yaml", "data_dir: ./var\n")
	for _, listen := range []string{"0.0.0.0:0", ":0"} { // a port nobody knows, bound until the database was asked
		got := command(t, url, "--config", config, "serve", "--listen", listen).want(t, exitUsage)
		if want := "listen on " + listen + ": no account and no token exists yet"; !strings.Contains(got.stderr, want) || !strings.Contains(got.stderr, "heatledger token create") {
			t.Errorf("serve --listen %s says %q, want %q", listen, got.stderr, want)
		}
		if strings.Contains(got.stderr, "msg=serving") {
			t.Errorf("serve --listen %s served before it refused", listen)
		}
	}
}

func TestTheExamplesLoadAsTheyStand(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	config, registry := filepath.Join("testdata", "examples", "config.yaml"), filepath.Join("testdata", "examples", "registry.yaml")
	if got := command(t, url, "config", "check", config).want(t, exitFine); got.stdout != config+": no faults\n" {
		t.Errorf("config check says %q", got.stdout)
	}
	if first := command(t, url, "apply", "-f", registry).want(t, exitFine); strings.Count(first.stdout, "\n") < 10 {
		t.Errorf("apply says %q, want a line for each entry", first.stdout)
	}
	entries := sql(t, url, "select count(*), max(seq) from entry")
	if second := command(t, url, "apply", "-f", registry).want(t, exitFine); second.stdout != "nothing to change\n" {
		t.Errorf("apply says %q the second time, want nothing to change", second.stdout)
	}
	if again := sql(t, url, "select count(*), max(seq) from entry"); again[0] != entries[0] || strings.HasPrefix(again[0], "0|") {
		t.Errorf("%s entries and facts after the second apply, %s after the first", again, entries)
	}
}

// TestSecretFilesMatterOnlyWhenTheyAreUsed checks a configuration on a machine
// without its keys, on which it cannot be run.
func TestSecretFilesMatterOnlyWhenTheyAreUsed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "registry.yaml", powerRegistry)
	config := write(t, dir, "config.yaml", `
data_dir: ./var
registry: [registry.yaml]
connections:
  - id: line
    modbus: {url: 'tcp+tls://127.0.0.1:1', certificate: secrets/own.pem, key: secrets/own.key, ca: secrets/ca.pem}
    meters: [{id: hall-it, model: schneider/iem3000, points: {active_power: hall/it-power}}]
push: {url: 'http://127.0.0.1:1', token_file: secrets/push.token}
`)
	command(t, "", "config", "check", config).want(t, exitFine)
	got := command(t, "", "--config", config, "collect").want(t, exitUsage)
	if place := config + ":6:"; !strings.Contains(got.stderr, place) || !strings.Contains(got.stderr, filepath.Join(dir, "secrets", "own.pem")) {
		t.Errorf("collect without its keys says %q, want the place %s and the file", got.stderr, place)
	}
}
