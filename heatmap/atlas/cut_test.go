package atlas

import (
	"math"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// TestNothingIsLeftInAHole: neither power nor temperature nor energy without hours.
func TestNothingIsLeftInAHole(t *testing.T) {
	t.Parallel()
	c := energy.Calendar{Location: time.UTC}
	on := func(d int) energy.Date { return energy.Date{Year: 2025, Month: 1, Day: d} }
	var columns heatmap.Columns
	for i := range 4 * 24 {
		columns.Power, columns.Flow, columns.Return = append(columns.Power, 10), append(columns.Flow, 40), append(columns.Return, 20)
		columns.Grade, columns.Limit, columns.Unshaped = append(columns.Grade, heatmap.Measured), append(columns.Limit, heatmap.SupplyLimited), append(columns.Unshaped, heatmap.KilowattHours(math.NaN()))
		if i%24 == 5 { // an hour of each day whose energy is known in a sum alone
			columns.Power[i], columns.Flow[i], columns.Return[i] = heatmap.Kilowatts(math.NaN()), energy.Celsius(math.NaN()), energy.Celsius(math.NaN())
			columns.Grade[i], columns.Limit[i], columns.Unshaped[i] = heatmap.NoGrade, heatmap.NoLimit, 7
		}
	}
	s, err := heatmap.New(heatmap.Header{Source: "x", From: c.Day(on(1)).From, Step: time.Hour}, columns)
	if err != nil {
		t.Fatal(err)
	}
	got := cut(s, []Stretch{{on(1), on(2)}, {on(3), on(4)}}, c)
	if got.Len() != 3*24 {
		t.Fatalf("%d hours are left", got.Len())
	}
	left := got.Columns()
	for i := range got.Len() {
		hole := i/24 == 1
		if known := left.Power[i] == left.Power[i] || left.Flow[i] == left.Flow[i] || left.Return[i] == left.Return[i] || left.Unshaped[i] == left.Unshaped[i]; known == hole {
			t.Errorf("hour %d: %v, %v, %v, %v", i, left.Power[i], left.Flow[i], left.Return[i], left.Unshaped[i])
		}
	}
	if whole := s.Columns(); whole.Power[30] != 10 || whole.Unshaped[29] != 7 {
		t.Error("the series that was cut lost something itself")
	}
}
