package portfolio_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/portfolio"
	"heatledger/energy/registry"
)

func row(t *rapid.T) portfolio.Row {
	var r portfolio.Row
	r.Name = rapid.StringMatching(`[a-c]`).Draw(t, "name")
	r.Metric = rapid.SampledFrom([]string{"erf", "pue"}).Draw(t, "metric")
	r.Basis = rapid.SampledFrom([]commitment.Basis{"", commitment.Measured, commitment.Declared, commitment.Mixed}).Draw(t, "basis")
	r.Verdict = rapid.SampledFrom(commitment.Verdicts()[:7]).Draw(t, "verdict")
	if r.Basis != "" {
		r.Value, r.Margin = commitment.Some(rapid.Float64Range(0, 2).Draw(t, "value")), commitment.Some(rapid.Float64Range(-1, 1).Draw(t, "margin"))
	}
	return r
}

// Values of different basis, or of different figures, never stand in one order.
func TestNothingIsRankedAcrossBasesOrFigures(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(row), 0, 40).Draw(t, "rows")
		by, down := rapid.SampledFrom(portfolio.Orders()).Draw(t, "order"), rapid.Bool().Draw(t, "down")
		sorted := slices.Clone(rows)
		portfolio.Sort(sorted, by, down)
		if len(sorted) != len(rows) {
			t.Fatalf("%d of %d rows", len(sorted), len(rows))
		}
		over := map[portfolio.Group]bool{}
		for i := 1; i < len(sorted); i++ {
			before, now := by.Of(sorted[i-1]), by.Of(sorted[i])
			if before != now {
				over[before] = true
			}
			if over[now] {
				t.Fatalf("group %v begins a second time", now)
			}
			if by != portfolio.ByValue || before != now || !sorted[i].Value.OK {
				continue
			}
			if a, b := sorted[i-1].Value.Number, sorted[i].Value.Number; !down && a > b || down && a < b {
				t.Fatalf("%v before %v, downwards %v", a, b, down)
			}
		}
	})
}

func TestRowsAreChosenByEachColumn(t *testing.T) {
	t.Parallel()
	r := &registry.Registry{Operators: []registry.Operator{{ID: "a", Name: "A"}}, Commitments: []registry.Commitment{{ID: "town", Title: "Beschluss"}},
		Sites: []registry.Site{{ID: "hafen", Name: "Hafen", Operator: "a", Kind: energy.DataCentre, Commitments: []registry.Commitment{{ID: "own", Title: "Vertrag"}}}, {ID: "west", Name: "West", Kind: energy.ServerRoom}}}
	judged := map[energy.SiteID][]commitment.Assessment{
		"hafen": {{Site: "hafen", Commitment: "own", Metric: "erf", Verdict: commitment.Missed, Basis: commitment.Measured}, {Site: "hafen", Commitment: "town", Metric: "pue", Verdict: commitment.AtRisk, Basis: commitment.Declared}, {Site: "hafen", Verdict: commitment.NotApplicable}},
		"west":  {{Site: "west", Commitment: "town", Metric: "pue", Verdict: commitment.NotDue, Margin: commitment.Some(-0.1), Basis: commitment.Measured}, {Site: "west", Commitment: "town", Metric: "erf", Verdict: commitment.NotDue, Margin: commitment.Some(0.1)}},
	}
	rows := portfolio.Rows(r, judged, map[energy.SiteID]portfolio.Presence{"west": {Complete: commitment.Some(0.5)}})
	if len(rows) != 4 || rows[0].Title != "Vertrag" || rows[1].Title != "Beschluss" || rows[0].Operator.Name != "A" || !rows[2].Complete.OK || rows[0].Complete.OK {
		t.Fatalf("rows are %+v", rows)
	}
	for _, tt := range []struct {
		says   string
		choice portfolio.Choice
		want   []int
	}{
		{"all", portfolio.Choice{}, []int{0, 1, 2, 3}},
		{"a figure", portfolio.Choice{Metric: "pue"}, []int{1, 2}},
		{"a verdict", portfolio.Choice{Verdict: commitment.Missed}, []int{0}},
		{"an operator", portfolio.Choice{Operator: "a"}, []int{0, 1}},
		{"a basis", portfolio.Choice{Basis: commitment.Measured}, []int{0, 2}},
		{"a kind", portfolio.Choice{Kind: energy.ServerRoom}, []int{2, 3}},
		{"what will be missed", portfolio.Choice{Forecast: true}, []int{1, 2}},
		{"two at once", portfolio.Choice{Kind: energy.ServerRoom, Forecast: true}, []int{2}},
	} {
		var want []portfolio.Row
		for _, n := range tt.want {
			want = append(want, rows[n])
		}
		got := portfolio.Select(rows, tt.choice)
		if !slices.EqualFunc(got, want, func(a, b portfolio.Row) bool { return a.Site == b.Site && a.Metric == b.Metric }) {
			t.Errorf("%s: %+v, want %v", tt.says, got, tt.want)
		}
	}
	if counts := portfolio.Counts(rows); len(counts) != 3 || counts[0] != (portfolio.Count{Verdict: commitment.Missed, Rows: 1}) {
		t.Errorf("counted %v", counts)
	}
	if from, to := portfolio.Months(energy.Date{Year: 2026, Month: 3, Day: 20}); from.String() != "2025-03-01" || to.String() != "2026-03-01" {
		t.Errorf("the months before are %s to %s", from, to)
	}
}
