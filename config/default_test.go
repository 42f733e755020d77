package config

import (
	"strings"
	"testing"

	"heatledger/energy"
)

func TestDataLiesWhereTheAccountMayWrite(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		root            bool
		stateHome, home string
		want            string
	}{
		{"root", true, "/root/state", "/root", "/var/lib/heatledger"},
		{"a user", false, "", "/home/u", "/home/u/.local/state/heatledger"},
		{"a user with a folder for state", false, "/data/state", "/home/u", "/data/state/heatledger"},
		{"a relative folder counts for nothing", false, "state", "/home/u", "/home/u/.local/state/heatledger"},
		{"a user without home", false, "", "", "/.local/state/heatledger"},
	}
	for _, tt := range tests {
		if got := dataDir(tt.root, tt.stateHome, tt.home); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestEveryHostGivesACollectorItsName(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"edge-1": "edge-1", "Edge1.Example.city": "edge1-example-city", "": "collector", "---": "collector", "größe": "gr--e",
		strings.Repeat("a", 62) + ".b": strings.Repeat("a", 62),
	} {
		if got := collectorName(host); got != want || !energy.IsID(got) {
			t.Errorf("%q gives %q, want %q", host, got, want)
		}
	}
}
