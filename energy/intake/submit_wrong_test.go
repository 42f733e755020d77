package intake_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
)

// TestRowsThatCannotBeTrueAreNamedAndTheOthersTaken hands in one row of each kind
// between two good ones.
func TestRowsThatCannotBeTrueAreNamedAndTheOthersTaken(t *testing.T) {
	t.Parallel()
	row := func(at time.Time, v energy.Value) intake.Row {
		return intake.Row{Point: "hafen/grid", At: at, Value: v, Quality: energy.Measured}
	}
	one := energy.Decimal(1, 0)
	later := begin.Add(time.Hour)
	for _, tt := range []struct {
		sentence string
		rows     []intake.Row
		code     intake.Code // "": nothing is rejected
		accepted int
	}{
		{"of a clock that was never set", []intake.Row{row(time.Date(1970, 1, 1, 0, 0, 7, 0, time.UTC), one)}, intake.CodePast, 2},
		{"of the day before the first that counts", []intake.Row{row(time.Date(1989, 12, 31, 23, 59, 59, 0, time.UTC), one)}, intake.CodePast, 2},
		{"of 2099", []intake.Row{row(time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC), one)}, intake.CodeFuture, 2},
		{"of year 9999", []intake.Row{row(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), one)}, intake.CodeFuture, 2},
		{"no number", []intake.Row{row(later, energy.Float(math.NaN()))}, intake.CodeRange, 2},
		{"without an end", []intake.Row{row(later, energy.Float(math.Inf(1)))}, intake.CodeRange, 2},
		{"too large to count", []intake.Row{row(later, energy.Float(1e300))}, intake.CodeRange, 2},
		{"of a meter of nobody", []intake.Row{{Point: "hafen/gird", At: later, Value: one, Quality: energy.Measured}}, intake.CodePoint, 2},
		{"of a meter of somebody else", []intake.Row{{Point: "kaiserlei/grid", At: later, Value: one, Quality: energy.Measured}}, intake.CodeScope, 2},
		{"twice with two values", []intake.Row{row(later, one), row(later, energy.Decimal(2, 0))}, intake.CodeContradicted, 3},
		{"twice alike", []intake.Row{row(later, one), row(later, one)}, "", 3},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			d := newDoor(t)
			list := append([]intake.Row{row(begin, one)}, tt.rows...)
			list = append(list, row(begin.Add(2*time.Hour), energy.Decimal(3, 0)))
			for i := range list {
				list[i].Number = i + 2
			}
			receipt, err := d.Submit(t.Context(), intake.Submission{Source: "office", Key: "a", Partial: true, Rows: list,
				AllowedPoint: func(id energy.PointID) bool { return id.Site() == "hafen" }})
			if err != nil {
				t.Fatal(err)
			}
			rejected := fmt.Sprint(receipt.Rejected)
			if receipt.Accepted != tt.accepted || len(receipt.Rejected) != min(len(tt.code), 1) {
				t.Fatalf("%d accepted, rejected %s; want %d and one of %q", receipt.Accepted, rejected, tt.accepted, tt.code)
			}
			for _, r := range receipt.Rejected {
				if r.Code != tt.code || r.Row != len(tt.rows)+2 || r.Reason == "" || r.Hint == "" {
					t.Errorf("rejected %+v, want row %d with %s, a reason and a hint", r, len(tt.rows)+2, tt.code)
				}
			}
			if got := d.values(t, 3); got[0] != 1 || got[2] != 3 {
				t.Errorf("known is %v, want the good rows", got)
			}
		})
	}
}
