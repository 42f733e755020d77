package hearing_test

import (
	"errors"
	"testing"

	"heatledger/energy"
	"heatledger/energy/hearing"
)

func TestInTheirPlaceComesOnlyWhatJudgesTheSame(t *testing.T) {
	t.Parallel()
	day := func(year int) energy.Date { return energy.Date{Year: year, Month: 1, Day: 1} }
	of := hearing.Subject{Commitment: "heat", Rule: "heat", From: day(2025), To: day(2026)}
	for _, tt := range []struct {
		says      string
		successor hearing.Subject
		state     hearing.State
		want      error
	}{
		{"the same, just issued", of, "", nil},
		{"the same, published", of, hearing.Published, nil},
		{"the same, withdrawn", of, hearing.Withdrawn, hearing.ErrEnded},
		{"the same, corrected", of, hearing.Corrected, hearing.ErrEnded},
		{"another commitment about the same figure", hearing.Subject{Commitment: "more-heat", Rule: "heat", From: day(2025), To: day(2026)}, "", hearing.ErrPromise},
		{"another rule of it", hearing.Subject{Commitment: "heat", Rule: "pue", From: day(2025), To: day(2026)}, "", hearing.ErrPromise},
		{"the year before", hearing.Subject{Commitment: "heat", Rule: "heat", From: day(2024), To: day(2025)}, "", hearing.ErrPromise},
	} {
		if err := hearing.Succeeds(of, tt.successor, hearing.Case{State: tt.state}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.says, err, tt.want)
		}
	}
}
