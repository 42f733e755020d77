package intake_test

import (
	"bytes"
	"testing"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/registry"
)

// FuzzFile reads anything as a table by what is proposed for it: every row that
// is handed over has a point, a time and a finite value.
func FuzzFile(f *testing.F) {
	r, faults := registry.Load("registry.yaml", []byte(registryYAML))
	if len(faults) > 0 {
		f.Fatal(faults)
	}
	f.Add([]byte("Datum;Uhrzeit;Wert kWh\n03.06.2025;00:15;10,5\n26.10.2025;02:30A;20,5\n"))
	f.Add([]byte("point,at,value\nhafen/grid,2025-06-03T00:00:00Z,1e5\n"))
	f.Add([]byte("von;bis;hafen/grid\n03.06.2025 00:00;03.06.2025 00:15;1.234\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := intake.Propose(bytes.NewReader(file), int64(len(file)), "", r.Sites, "Europe/Berlin", nil)
		if err != nil {
			return
		}
		_ = intake.ReadFile(bytes.NewReader(file), int64(len(file)), p.Mapping, // what cannot be read errs; it must not panic
			func(energy.PointID) (energy.SeriesKind, bool) { return energy.Counter, true },
			func(row intake.Row) {
				if row.Point == "" || row.At.IsZero() || !row.Absent && !row.Value.Finite() {
					t.Fatalf("row %+v", row)
				}
			}, func(intake.Rejection) {})
	})
}
