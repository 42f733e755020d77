package registry_test

import (
	"encoding"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/registry"
)

func TestWhatFilesWriteReadsBackAsItself(t *testing.T) {
	t.Parallel()
	type value interface {
		encoding.TextUnmarshaler
		String() string
	}
	tests := []struct {
		name, in, want string // want "" means refused
		value          value
	}{
		{"an amount", "4.5 GWh", "4.5 GWh", new(registry.Measure)},
		{"an amount keeps its digits", "41250000.0 kWh", "41250000.0 kWh", new(registry.Measure)},
		{"an amount without blank", "100%", "100 %", new(registry.Measure)},
		{"an amount without unit", "1.30", "1.30", new(registry.Measure)},
		{"an amount with exponent", "1.5e3 kWh", "1500 kWh", new(registry.Measure)},
		{"a unit that begins with e", "5 elephants", "5 elephants", new(registry.Measure)},
		{"an amount with decimal comma", "4,5 GWh", "", new(registry.Measure)},
		{"a unit alone", "GWh", "", new(registry.Measure)},
		{"nothing", "", "", new(registry.Measure)},
		{"a number", "0.50", "0.50", new(registry.Number)},
		{"18 digits", "123456789012345678", "123456789012345678", new(registry.Number)},
		{"19 digits", "1234567890123456789", "", new(registry.Number)},
		{"a number beyond them", "1e18", "", new(registry.Number)},
		{"a number too small", "1e-19", "", new(registry.Number)},
		{"no number", "1.2.3", "", new(registry.Number)},
		{"a formula", "a/b+0", "", new(registry.Formula)},
		{"a formula of one point", "a/b", "a/b", new(registry.Formula)},
		{"a formula with signs and factors", "- a/b + 0.5 * a/c - 2 * b/d", "- a/b + 0.5 * a/c - 2 * b/d", new(registry.Formula)},
		{"a formula with a negative factor", "a/b + -2 * a/c", "a/b - 2 * a/c", new(registry.Formula)},
		{"a formula without operator", "a/b a/c", "", new(registry.Formula)},
		{"a formula that ends with an operator", "a/b +", "", new(registry.Formula)},
		{"a formula of a factor alone", "2 *", "", new(registry.Formula)},
		{"a month", "2025-03", "2025-03", new(registry.Month)},
		{"a month that does not exist", "2025-00", "", new(registry.Month)},
		{"a range", "DE-1..DE-9", "DE-1..DE-9", new(registry.IDRange)},
		{"a single guarantee", "DE-1X", "DE-1X", new(registry.IDRange)},
		{"a range across countries", "DE-1..FR-9", "", new(registry.IDRange)},
		{"a range of unequal digits", "DE-1..DE-10", "", new(registry.IDRange)},
		{"a range of thirty digits", "643002406800000000000000000001..643002406800000000000000000100", "643002406800000000000000000001..643002406800000000000000000100", new(registry.IDRange)},
		{"a fact that is a number", "1.50", "1.50", new(registry.FactValue)},
		{"a fact that is a text", "N+1", "N+1", new(registry.FactValue)},
	}
	for _, tt := range tests {
		err := tt.value.UnmarshalText([]byte(tt.in))
		switch {
		case tt.want == "" && err == nil:
			t.Errorf("%s: %q was read as %q", tt.name, tt.in, tt.value.String())
		case tt.want == "" && !strings.Contains(err.Error(), ": "):
			t.Errorf("%s: %q has no remedy", tt.name, err)
		case tt.want != "" && (err != nil || tt.value.String() != tt.want):
			t.Errorf("%s: %q (%v), want %q", tt.name, tt.value.String(), err, tt.want)
		}
	}
}

func TestAmountsAreInTheFixedUnitOfTheirQuantity(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in       string
		quantity energy.Quantity
		want     energy.Amount // -1: refused
	}{
		{"0.1 MWh", energy.HeatEnergy, 100_000_000},
		{"3.6 GJ", energy.HeatEnergy, 1_000_000_000},
		{"41250000.0 kWh", energy.ActiveEnergyImport, 41_250_000_000_000},
		{"5 kW", energy.HeatEnergy, -1},
		{"5", energy.HeatEnergy, -1},
		{"99999999999999999 GWh", energy.HeatEnergy, -1},
	}
	for _, tt := range tests {
		var m registry.Measure
		if err := m.UnmarshalText([]byte(tt.in)); err != nil {
			t.Fatal(err)
		}
		if got, err := m.Amount(tt.quantity); (err != nil) != (tt.want == -1) || err == nil && got != tt.want {
			t.Errorf("%s of %s: %d (%v), want %d", tt.in, tt.quantity, got, err, tt.want)
		}
	}
}

func TestRangesOfGuaranteesCountAndMeet(t *testing.T) {
	t.Parallel()
	parse := func(s string) (r registry.IDRange) {
		if err := r.UnmarshalText([]byte(s)); err != nil {
			t.Fatal(err)
		}
		return r
	}
	tests := []struct {
		a, b  string
		count int64
		meet  bool
	}{
		{"A1..A5", "A5..A9", 5, true},
		{"A1..A5", "A6..A9", 5, false},
		{"A1..A5", "B1..B5", 5, false},
		{"A1..A5", "A01..A05", 5, false},
		{"A3", "A1..A5", 1, true},
		{"643002406800000000000000000001..643002406800000000000000000100", "643002406800000000000000000100", 100, true},
	}
	for _, tt := range tests {
		a, b := parse(tt.a), parse(tt.b)
		if a.Count() != tt.count || a.Overlaps(b) != tt.meet || b.Overlaps(a) != tt.meet {
			t.Errorf("%s has %d guarantees and meets %s: %t", tt.a, a.Count(), tt.b, a.Overlaps(b))
		}
	}
}
