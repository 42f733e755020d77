package registry_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heatledger/energy/registry"
)

const limitsYAML = `municipality: {ags: "06413000", name: Offenbach am Main}
sites:
  - id: north
    name: North
    limits: %s
    meters:
      - id: north-main
        points:
          - {id: north/grid, quantity: active_energy_import, role: grid_import, limits: %s}
`

func TestLimitsOfASiteAndAPointAreRead(t *testing.T) {
	t.Parallel()
	r, faults := registry.Load("registry.yaml", fmt.Appendf(nil, limitsYAML,
		"{gap: 90 min, silence: 3 d, it_above_total: 10 %, verification_expired: 180 d, node_balance: 0.05}", "{node_balance: 12.5 %, flat_line: 36 h, coverage: 80 %}"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	again, err := registry.FromEntries(r.Entries()) // as a database gives it back
	if err != nil {
		t.Fatal(err)
	}
	site, _, point, _ := again.Point("north/grid")
	for _, tt := range []struct {
		m    registry.Measure
		want time.Duration
	}{{site.Limits.Gap, 90 * time.Minute}, {site.Limits.Silence, 72 * time.Hour}, {point.Limits.FlatLine, 36 * time.Hour}} {
		if d, ok := tt.m.Duration(); !ok || d != tt.want {
			t.Errorf("%s is %s, want %s", tt.m, d, tt.want)
		}
	}
	for _, tt := range []struct {
		m    registry.Measure
		want float64
	}{{site.Limits.NodeBalance, 0.05}, {point.Limits.NodeBalance, 0.125}, {point.Limits.Coverage, 0.8}} {
		if ratio, ok := tt.m.Share(); !ok || ratio != tt.want {
			t.Errorf("%s is %v, want %v", tt.m, ratio, tt.want)
		}
	}
	if point.Limits.Gap.Given() || site.Limits.Spike.Given() {
		t.Error("a limit that nobody stated is given")
	}
}

func TestEveryMistakeInALimitIsNamedWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ sentence, site, point, place, problem, remedy string }{
		{"a duration without a unit", "{gap: 2}", "{}", "2}", `gap is "2"`, "2 h, 90 min or 3 d"},
		{"a duration in another unit", "{silence: 2 weeks}", "{}", "2 weeks", `silence is "2 weeks"`, "2 h, 90 min or 3 d"},
		{"a share in hours", "{}", "{node_balance: 3 h}", "3 h", `node_balance is "3 h"`, "5 %"},
		{"a share of nothing", "{node_balance: 0 %}", "{}", "0 %", "node_balance is 0 %", "0.1 to 100 %"},
		{"a share beyond all", "{}", "{coverage: 101 %}", "101 %", "coverage is 101 %", "1 to 100 %"},
		{"a gap shorter than a quarter-hour", "{}", "{gap: 5 min}", "5 min", "gap is 5 min", "0.25 to 8784 h"},
		{"a limit of sites at a point", "{}", "{heat_above_input: 5 %}", "5 %", "heat_above_input is no limit of a point", "move it to the limits of the site"},
		{"a rule without a limit", "{duplicate: 5 %}", "{}", "duplicate", `unknown field "duplicate"`, ""},
		{"no amount", "{gap: long}", "{}", "long", "no amount", ""},
	} {
		text := fmt.Sprintf(limitsYAML, tt.site, tt.point)
		_, faults := registry.Load("registry.yaml", []byte(text))
		if len(faults) != 1 || !strings.Contains(faults[0].Problem, tt.problem) || !strings.Contains(faults[0].Remedy, tt.remedy) || faults[0].Remedy == "" && tt.remedy != "" {
			t.Errorf("%s: %v, want %q and %q", tt.sentence, faults, tt.problem, tt.remedy)
			continue
		}
		line := strings.Split(text, "\n")[faults[0].Line-1]
		if faults[0].Column < 1 || !strings.HasPrefix(line[faults[0].Column-1:], tt.place) {
			t.Errorf("%s: the fault stands at %d:%d, want it at %q", tt.sentence, faults[0].Line, faults[0].Column, tt.place)
		}
	}
}
