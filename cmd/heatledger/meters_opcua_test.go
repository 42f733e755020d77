package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/fieldbus/counterpart"
)

// opcuaStranger is a server written by others, its address and the fingerprint
// of its certificate.
func opcuaStranger(t *testing.T, dir string, args ...string) (address, fingerprint string) {
	t.Helper()
	told := filepath.Join(dir, "told")
	bms := counterpart.Node(t, "opcua_server.js", append([]string{"--facts", told, "--pki", filepath.Join(dir, "pki")}, args...)...)
	text, err := os.ReadFile(told)
	if err != nil {
		t.Fatalf("read what the OPC UA server tells of itself: %v", err)
	}
	var ready struct{ Fingerprint string }
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&ready); err != nil {
		t.Fatalf("read what the OPC UA server tells of itself: %v", err)
	}
	return bms.Address, ready.Fingerprint
}

// secureConfig reads a server that nothing says to trust.
const secureConfig = `
data_dir: ./var
connections:
  - id: bms
    opcua: {endpoint: 'opc.tcp://%s', security: Basic256Sha256/SignAndEncrypt, history: false}
    meters:
      - id: hall-ups
        sampling: 50ms
        nodes:
          - {point: hall/exact, node: "nsu=http://example.org/dc;s=Int64", unit: Wh}
          - {point: hall/bad, node: "nsu=http://example.org/dc;s=Bad", unit: kW}
          - {point: hall/nothing, node: "nsu=http://example.org/dc;s=Nothing", unit: kW}
`

// TestAServerIsTrustedWhenSomebodySaysSo goes the way of a person at a new
// server: refused, shown, trusted by fingerprint, read.
func TestAServerIsTrustedWhenSomebodySaysSo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	address, fingerprint := opcuaStranger(t, dir)
	config := write(t, dir, "config.yaml", fmt.Sprintf(secureConfig, address))
	trusted := filepath.Join(dir, "var", "opcua", "trusted")
	stored := func() int {
		files, err := os.ReadDir(trusted)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return len(files)
	}

	if got := command(t, "", "--config", config, "meters", "probe", "hall-ups").want(t, exitWrong); !strings.Contains(got.stderr, fingerprint+" is refused") {
		t.Errorf("before it is trusted, a probe says %q", got.stderr)
	}
	silent := command(t, "", "--config", config, "meters", "trust", "bms").want(t, exitUsage)
	if !strings.Contains(silent.stderr, "nothing is trusted without a word") || !strings.Contains(silent.stderr, "--fingerprint "+fingerprint) || stored() != 0 {
		t.Errorf("without a word trust says %q, and %d certificates are stored", silent.stderr, stored())
	}
	for _, want := range []string{"fingerprint  " + fingerprint, "\nsubject      ", "\nvalid        20", "\napplication  urn:", "\nhosts        "} {
		if !strings.Contains(silent.stdout, want) {
			t.Errorf("trust shows\n%s\nwant %q", silent.stdout, want)
		}
	}
	wrong := "sha256:" + strings.Repeat("ab", 32)
	if got := command(t, "", "--config", config, "meters", "trust", "bms", "--fingerprint", wrong).want(t, exitWrong); !strings.Contains(got.stderr, fingerprint) || stored() != 0 {
		t.Errorf("with another fingerprint trust says %q, and %d certificates are stored", got.stderr, stored())
	}
	pasted := strings.ToUpper(strings.TrimPrefix(fingerprint, "sha256:"))
	if got := command(t, "", "--config", config, "meters", "trust", "bms", "--fingerprint", pasted[:2]+":"+pasted[2:]).want(t, exitFine); !strings.Contains(got.stdout, "It is trusted from now on.") || stored() != 1 {
		t.Errorf("with its fingerprint trust says %q, and %d certificates are stored", got.stdout, stored())
	}
	if got := command(t, "", "--config", config, "meters", "trust", "bms").want(t, exitFine); !strings.Contains(got.stdout, "It is trusted already.") {
		t.Errorf("the second time trust says %q", got.stdout)
	}

	pinned := write(t, dir, "pinned.yaml", strings.Replace(fmt.Sprintf(secureConfig, address), "history: false", "server_certificate: '"+wrong+"'", 1))
	if got := command(t, "", "--config", pinned, "meters", "trust", "bms", "--yes").want(t, exitWrong); !strings.Contains(got.stderr, "pins another certificate (server_certificate: "+wrong+")") || stored() != 1 {
		t.Errorf("beside a pin trust says %q, and %d certificates are stored", got.stderr, stored())
	}
	rows := strings.Split(command(t, "", "--config", config, "--output", "csv", "meters", "probe", "hall-ups").want(t, exitFine).stdout, "\n")
	if len(rows) != 5 || !strings.HasPrefix(rows[1], "hall/exact,nsu=http://example.org/dc;s=Int64,9007199254740.993,kWh,measured,20") || !strings.HasPrefix(rows[2], "hall/bad,nsu=http://example.org/dc;s=Bad,,kW,,,status BadDeviceFailure,") {
		t.Errorf("CSV says %q", rows)
	}
	if times := strings.Split(rows[1], ","); len(times) != 9 || !strings.HasPrefix(times[7], "20") || !strings.HasPrefix(times[8], "20") {
		t.Errorf("CSV says %q, want source time and server time at the end", rows[1])
	}

	got := command(t, "", "--config", config, "meters", "probe", "hall-ups").want(t, exitFine).stdout
	for _, want := range []string{
		"hall-ups: opc.tcp://" + address + ", security Basic256Sha256/SignAndEncrypt",
		"s=Int64 9007199254740.993 kWh, measured, at 20", "s=Bad status BadDeviceFailure", "s=Nothing status BadNodeIdUnknown",
	} {
		if !strings.Contains(strings.Join(strings.Fields(got), " "), want) {
			t.Errorf("the probe says\n%s\nwant %q", got, want)
		}
	}
}

// TestAPersonIsAskedOnATerminal answers first no, then yes, then not at all.
func TestAPersonIsAskedOnATerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	address, fingerprint := opcuaStranger(t, dir)
	for i, row := range []struct {
		answer string
		code   int
		stored int
	}{{"n\n", exitWrong, 0}, {"\n", exitWrong, 0}, {"yes\n", exitFine, 1}} {
		keyboard, device := counterpart.Terminal(t)
		stdin, err := os.OpenFile(device, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer stdin.Close()
		if _, err := keyboard.WriteString(row.answer); err != nil {
			t.Fatal(err)
		}
		data := filepath.Join(dir, fmt.Sprint("data", i))
		got := beginReading(t, "", stdin, "--data-dir", data, "meters", "trust", "--url", "opc.tcp://"+address, "--security", "Aes128_Sha256_RsaOaep/Sign").wait().want(t, row.code)
		if files, _ := os.ReadDir(filepath.Join(data, "opcua", "trusted")); len(files) != row.stored || !strings.Contains(got.stderr, "Trust it? [y/N]") || !strings.Contains(got.stdout, fingerprint) {
			t.Errorf("answered %q: it says %q and %q, and %d certificates are stored, want %d", row.answer, got.stdout, got.stderr, len(files), row.stored)
		}
	}
}

func TestABrowsedServerGivesNodesThatAConfigurationTakes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	address, fingerprint := opcuaStranger(t, dir)
	url := "opc.tcp://" + address
	got := command(t, "", "--data-dir", dir, "meters", "browse", "--url", url, "--site", "hall").want(t, exitFine).stdout
	for _, want := range []string{
		url + ": ", "  security Basic256Sha256/SignAndEncrypt, for ", "  certificate " + fingerprint + ", not trusted: heatledger meters trust shows it whole\n",
		"\nnodes:\n", `, node: "nsu=http://example.org/dc;s=Analog", unit: "kWh"}`, `s=Int64", unit: ""} # which unit?`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("browse says\n%s\nwant %q", got, want)
		}
	}
	_, block, _ := strings.Cut(got, "\nnodes:\n")
	if block == "" || strings.Contains(block, "s=Text") {
		t.Fatalf("the nodes are\n%s\nwant those that are numbers", block)
	}
	config := write(t, dir, "config.yaml", "connections:\n  - id: bms\n    opcua: {endpoint: '"+url+"'}\n    meters:\n      - id: m\n        nodes:\n"+strings.ReplaceAll("\n"+block, "\n  ", "\n          ")[1:])
	command(t, "", "config", "check", config).want(t, exitFine)
	probed := command(t, "", "--config", config, "meters", "probe", "m").want(t, exitFine).stdout
	if !strings.Contains(probed, " kWh, measured, at ") {
		t.Errorf("the node that was browsed reads\n%s", probed)
	}
	if scanned := command(t, "", "--data-dir", dir, "meters", "scan", "--url", url).want(t, exitFine).stdout; !strings.Contains(scanned, "\nnodes:\n") || !strings.Contains(scanned, "SITE/") {
		t.Errorf("a scan of a server says\n%s\nwant what browse says", scanned)
	}

	var page struct {
		Complete  bool
		Variables []struct {
			Node string
			Unit energy.Unit
		}
	}
	if err := json.Unmarshal([]byte(command(t, "", "--data-dir", dir, "--output", "json", "meters", "browse", "--url", url).want(t, exitFine).stdout), &page); err != nil || !page.Complete || len(page.Variables) < 15 {
		t.Errorf("JSON says %+v, %v", page, err)
	}
	rows := strings.Split(command(t, "", "--data-dir", dir, "--output", "csv", "meters", "browse", "--url", url, "--root", "nsu=http://example.org/dc;s=NoSuchNode").want(t, exitFine).stdout, "\n")
	if len(rows) != 2 || !strings.HasPrefix(rows[0], "path,node,data_type,") {
		t.Errorf("below a node that is not there CSV says %q", rows)
	}
}

func TestNamesOfPointsAreMadeOfPaths(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"Hafen/Grid/ActivePower": "grid-active-power", "UPS1.Energy": "ups1-energy", "a/b/c": "b-c", "Größe": "gr-e", "///": "point", "": "point", "__x": "x",
		strings.Repeat("A", 100) + "1": strings.Repeat("a", 47) + "1",
	} {
		if got := pointName(path); got != want || !energy.IsID(got) {
			t.Errorf("%q gives %q, want %q", path, got, want)
		}
	}
}
