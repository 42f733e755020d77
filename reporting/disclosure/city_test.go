package disclosure_test

import (
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
	"heatledger/fieldbus/plantsim"
	"heatledger/reporting/disclosure"
)

const cityYear = 2025

// newCity is a ledger with the past year of a data centre of the virtual city,
// and a server room of which nothing is known.
func newCity(t testing.TB) *ledger.Ledger {
	t.Helper()
	text, err := os.ReadFile("testdata/city.yaml")
	if err != nil {
		t.Fatal(err)
	}
	l := ledger.New(storetest.New(t), "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("city.yaml", text)
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
	plant, err := plantsim.NewPlant(1, plantsim.City())
	if err != nil {
		t.Fatalf("build the plant: %v", err)
	}
	year := energy.Period{From: time.Date(2024, 12, 31, 22, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 1, 2, 0, 0, 0, time.UTC)}
	past, err := plant.Past("hafen", year, time.Hour)
	if err != nil {
		t.Fatalf("ask the plant: %v", err)
	}
	for point, readings := range past {
		submission := intake.Submission{Source: "plant", Key: string(point)}
		for reading := range readings {
			submission.Rows = append(submission.Rows, intake.Row{Number: len(submission.Rows) + 1, Point: point, At: reading.At, Value: reading.Value, Quality: reading.Quality})
		}
		if receipt, err := in.Submit(t.Context(), submission); err != nil || len(receipt.Rejected) > 0 {
			t.Fatalf("hand in the year of %s: %v, %d rejected", point, err, len(receipt.Rejected))
		}
	}
	if err := closing.New(l, slog.New(slog.DiscardHandler)).All(t.Context()); err != nil {
		t.Fatalf("close: %v", err)
	}
	return l
}

// one is the city that tests share which only read it.
var one = struct {
	sync.Mutex
	hafen, leer *disclosure.Sources
	figures     map[string]float64
}{}

// gathered are the sources of both sites, and what the ledger says of hafen's
// figures.
func gathered(t testing.TB) (hafen, leer *disclosure.Sources) {
	t.Helper()
	one.Lock()
	defer one.Unlock()
	if one.hafen == nil {
		l := newCity(t)
		var err error
		if one.hafen, err = disclosure.Gather(t.Context(), l, "hafen", cityYear, time.Time{}); err != nil {
			t.Fatalf("gather hafen: %v", err)
		}
		if one.leer, err = disclosure.Gather(t.Context(), l, "leer", cityYear, time.Time{}); err != nil {
			t.Fatalf("gather leer: %v", err)
		}
	}
	return one.hafen, one.leer
}

func fill(t testing.TB, s *disclosure.Sources, id disclosure.FormID) disclosure.Form {
	t.Helper()
	form, err := disclosure.Fill(s, disclosure.Question{Form: id})
	if err != nil {
		t.Fatalf("fill in %s: %v", id, err)
	}
	return form
}
