package source_test

import (
	"slices"
	"testing"
	"time"

	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

func TestMonthsHaveTheMeanOfTheirKnownHours(t *testing.T) {
	t.Parallel()
	// The last hour of June, July without a known hour, and the first three of August.
	power := each(1+31*24+3, func(int) float64 { return gone })
	power[0], power[1+31*24], power[1+31*24+2] = 7, 4, 6
	s := made(t, "made", berlin.Month(2025, time.July).From.Add(-time.Hour), time.Hour, heatmap.SupplyLimited, power)
	want := []source.Month{
		{Year: 2025, Month: time.June, Mean: 7, Hours: 1, Of: 720},
		{Year: 2025, Month: time.July, Of: 744},
		{Year: 2025, Month: time.August, Mean: 5, Hours: 2, Of: 744},
	}
	got := source.Monthly(s, berlin)
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	for _, m := range got {
		if m.OK() {
			t.Errorf("%d hours stand for %d", m.Hours, m.Of)
		}
	}
	if !(source.Month{Hours: 372, Of: 744}).OK() || (source.Month{Hours: 371, Of: 744}).OK() {
		t.Error("half of the hours stand for a month, and no fewer")
	}
}
