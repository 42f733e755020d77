package ledger_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/ledger"
)

// takeOrPay is want.json of a case: the figures from the powers that were read,
// and what the contract comes to. The head of its registry.yaml reckons them.
type takeOrPay struct {
	Available *wantFigure         `json:"heat_available"`
	Requested *wantFigure         `json:"heat_requested"`
	Verdict   string              `json:"verdict"`
	Reason    string              `json:"reason_code"`
	Margin    commitment.Optional `json:"margin"`
}

func TestTakeOrPayIsJudgedByTheHeatThatWasReadyAndAskedFor(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/take-or-pay/*")
	if err != nil || len(folders) < 5 {
		t.Fatalf("%d cases: %v", len(folders), err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			l := plantOf(t, folder, nil)
			got := takenOrPaid(t, l, time.Time{})
			if *update {
				if err := os.WriteFile(filepath.Join(folder, "want.json"), got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(filepath.Join(folder, "want.json"))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("it comes to\n%s\nwant\n%s", got, want)
			}
			if then := takenOrPaid(t, l, time.Now().Add(time.Second)); !bytes.Equal(then, want) {
				t.Errorf("derived anew from the facts it comes to\n%s\nwant\n%s", then, want)
			}
		})
	}
}

func takenOrPaid(t *testing.T, l *ledger.Ledger, at time.Time) []byte {
	t.Helper()
	var got takeOrPay
	figures, _, err := l.Figures(t.Context(), "hafen", "2025-02", at)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		one := shown(f)
		switch f.Name {
		case "heat_available":
			got.Available = &one
		case "heat_requested":
			got.Requested = &one
		}
	}
	list, _, err := l.AssessAt(t.Context(), "hafen", energy.Date{Year: 2025, Month: time.March, Day: 15}, "", at)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d judgements, %v", len(list), err)
	}
	got.Verdict, got.Reason = string(list[0].Verdict), string(list[0].Reason)
	got.Margin = list[0].Margin
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}
