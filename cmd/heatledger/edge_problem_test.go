package main

import (
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/push"
	"heatledger/fieldbus/spool"
)

func TestProblemsNameWhatAPersonCanMend(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 6, 3, 12, 0, 0, 0, time.UTC)
	long, short := now.Add(-2*time.Minute), now.Add(-30*time.Second)
	contact := func(kind push.Failure, since time.Time, why string) edgeState {
		return edgeState{centre: "https://heat.example.city", contact: push.Contact{Failure: kind, Since: since, LastError: why, LastErrorAt: now, LastSuccess: long.Add(-time.Hour)}}
	}
	meter := func(m fieldbus.MeterHealth) edgeState {
		m.Connection, m.Meter = "line", "ups"
		return edgeState{meters: []fieldbus.MeterHealth{m}}
	}
	point := func(p energy.PointID, why string) fieldbus.PointHealth {
		return fieldbus.PointHealth{Point: p, Reason: why, Since: short}
	}
	for _, tt := range []struct {
		sentence string
		state    edgeState
		want     []string // of subject, problem and remedy, one problem each, in order; parts divided by |
	}{
		{"nothing is wrong", edgeState{centre: "https://heat.example.city", meters: []fieldbus.MeterHealth{{State: fieldbus.Healthy}}}, nil},
		{"the centre is away for half a minute", contact(push.Unreached, short, "connection refused"), nil},
		{"the centre is away for two minutes", contact(push.Unreached, long, "connection refused"), []string{"centre|is not reached: connection refused|whether the centre runs"}},
		{"a stranger answers", contact(push.Foreign, short, "it answered 501"), []string{"centre|it answered 501|push.url"}},
		{"the token is not there", contact(push.NoSecret, short, "no such file"), []string{"token|no such file|push.token_file"}},
		{"the centre's database is away for two minutes", contact(push.Refused, long, "503"), []string{"centre|takes no batches: 503|log of the centre"}},
		{"a token is refused, of two sites", edgeState{stats: spool.Stats{Lanes: []spool.LaneStats{
			{Site: "hafen", Refusal: "401 unknown token", Since: long}, {Site: "west", Refusal: "401 unknown token", Since: short}, {Site: "east"}}}},
			[]string{"site hafen, west|401 unknown token|token create"}},
		{"the spool is full", edgeState{stats: spool.Stats{Full: true}}, []string{"spool|is full|spool.max_bytes"}},
		{"the clocks are apart", edgeState{centre: "x", clock: push.ClockDifference{Ahead: time.Minute, Seen: now}}, []string{"clock|1m0s|time service"}},
		{"a meter is silent for half a minute", meter(fieldbus.MeterHealth{State: fieldbus.Silent, Since: short, LastError: "no answer in time"}), nil},
		{"a meter is silent for two minutes", meter(fieldbus.MeterHealth{State: fieldbus.Silent, Since: long, LastError: "no answer in time"}),
			[]string{"line/ups|no answer in time|meters probe"}},
		{"a certificate is not trusted", meter(fieldbus.MeterHealth{State: fieldbus.Silent, Since: short, LastError: "certificate is refused", Remedy: "heatledger meters trust line"}),
			[]string{"line/ups|certificate is refused|meters trust line"}},
		{"two registers and a node are not read", meter(fieldbus.MeterHealth{State: fieldbus.Degraded, Since: short, Points: []fieldbus.PointHealth{
			point("hafen/a", "exception 2"), point("hafen/b", "BadNodeIdUnknown"), point("hafen/c", "exception 2")}}),
			[]string{"line/ups|hafen/a and 1 more: exception 2|probe", "line/ups|hafen/b: BadNodeIdUnknown|browse"}},
	} {
		tt.state.now = now
		got := tt.state.problems()
		if len(got) != len(tt.want) {
			t.Errorf("%s: %+v, want %d problems", tt.sentence, got, len(tt.want))
			continue
		}
		for i, want := range tt.want {
			parts := strings.Split(want, "|")
			p := got[i]
			if p.Subject != parts[0] || !strings.Contains(p.Problem, parts[1]) || !strings.Contains(p.Remedy, parts[2]) {
				t.Errorf("%s: %+v, want %s", tt.sentence, p, want)
			}
			if p.Subject != "spool" && p.Subject != "clock" && p.Since.IsZero() {
				t.Errorf("%s: %+v has no beginning", tt.sentence, p)
			}
		}
	}
}
