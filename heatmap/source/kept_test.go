package source_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

// cases are contracts with readings, whose judgement package ledger has tests of.
const cases = "../../energy/ledger/testdata/take-or-pay"

// stored takes the registry and the readings of a folder the whole way into the
// database, and what planning needs out of it.
func stored(t *testing.T, folder string, from, to energy.Date) heatmap.Stored {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	src, err := os.ReadFile(filepath.Join(folder, "registry.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	r, faults := registry.Load("registry.yaml", src)
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join(folder, "readings.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var rows []intake.Row
	if err := intake.Read(file, "readings.csv", intake.CSV, func(row intake.Row) { rows = append(rows, row) }, func(r intake.Rejection) { t.Fatal(r) }); err != nil {
		t.Fatal(err)
	}
	if receipt, err := in.Submit(t.Context(), intake.Submission{Source: "test", Key: folder, Rows: rows}); err != nil || len(receipt.Rejected) > 0 {
		t.Fatal(err, receipt.Rejected)
	}
	if err := closing.New(l, slog.New(slog.DiscardHandler)).All(t.Context()); err != nil {
		t.Fatal(err)
	}
	known, err := l.Registry(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	site, _ := known.Site("hafen")
	made := heatmap.Stored{Site: site, Calendar: berlin, From: from, To: to}
	var days map[energy.PointID][]series.Day
	err = s.Snapshot(t.Context(), func(ctx context.Context, r store.Reader) (err error) {
		days, made.Fact, err = r.Days(ctx, "hafen", kpi.Points(site), from, to)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	made.Days = days
	return made
}

// What is laid beside a promise here, and what a judgement says of the same readings,
// is the same.
func TestAPromiseIsKeptAsItIsJudged(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob(cases + "/*")
	if err != nil || len(folders) < 5 {
		t.Fatalf("%d cases: %v", len(folders), err)
	}
	want := map[string]source.Kept{"asked_for_no_more": source.NotAsked, "held_ready": source.HeldReady}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			var judged struct {
				Verdict   string
				Reason    string                   `json:"reason_code"`
				Available struct{ Value *float64 } `json:"heat_available"`
				Requested struct{ Value *float64 } `json:"heat_requested"`
			}
			text, err := os.ReadFile(filepath.Join(folder, "want.json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &judged); err != nil {
				t.Fatal(err)
			}
			plant := stored(t, folder, day(2025, 2, 1), day(2025, 3, 1))
			var flows source.Flows
			flows.Delivered, _ = plant.Series(heatmap.Delivered)
			flows.Available, _ = plant.Series(heatmap.Available)
			flows.Requested, _ = plant.Series(heatmap.Requested)
			contract := source.Contract{ID: "contract", From: day(2025, 2, 1), To: day(2025, 3, 1), TakeOrPay: true}
			contract.Months[time.February-1] = 60_000
			list, err := source.Fulfil(contract, flows, berlin)
			if err != nil || len(list) != 1 {
				t.Fatalf("%d months (%v)", len(list), err)
			}
			m := list[0]
			kept, ok := want[judged.Reason]
			switch {
			case ok:
			case judged.Verdict == "undetermined":
				kept = source.KeptUnknown
			case judged.Verdict == "missed":
				kept = source.FellShort
			default:
				t.Fatalf("the case says %s, %s", judged.Verdict, judged.Reason)
			}
			if m.Kept != kept || !near(float64(m.Delivered.Energy), 50_000) || m.Delivered.Coverage != 1 || !near(float64(m.Short), 10_000) {
				t.Errorf("%+v, judged %s for %s", m, judged.Verdict, judged.Reason)
			}
			if v := judged.Available.Value; v != nil && !near(float64(m.Available.Energy), *v) {
				t.Errorf("ready were %v kWh, the figure says %v", m.Available.Energy, *v)
			}
			if v := judged.Requested.Value; v != nil && !near(float64(m.Requested.Energy), *v) {
				t.Errorf("asked for were %v kWh, the figure says %v", m.Requested.Energy, *v)
			}
		})
	}
}
