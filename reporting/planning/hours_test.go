package planning

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"heatledger/energy"
	"heatledger/fieldbus/counterpart"
	"heatledger/heatmap"
)

// gappy are three hours: a measured one, one of which only the energy is known, and
// an estimated one.
func gappy(t *testing.T) Hours {
	t.Helper()
	nan := math.NaN()
	s, err := heatmap.New(heatmap.Header{Source: "hafen", Kind: heatmap.Delivered, Method: heatmap.Method{Code: heatmap.Metered},
		From: time.Date(2025, 10, 26, 0, 0, 0, 0, time.UTC), Step: time.Hour, Fact: 77},
		heatmap.Columns{
			Power: []heatmap.Kilowatts{120.5, heatmap.Kilowatts(nan), 0}, Flow: []energy.Celsius{61.25, energy.Celsius(nan), energy.Celsius(nan)}, Return: nil,
			Grade: []heatmap.Grade{heatmap.Measured, heatmap.NoGrade, heatmap.Estimated}, Limit: []heatmap.Limit{heatmap.DemandLimited, heatmap.NoLimit, heatmap.DemandLimited},
			Unshaped: []heatmap.KilowattHours{heatmap.KilowattHours(nan), 80, heatmap.KilowattHours(nan)},
		})
	if err != nil {
		t.Fatal(err)
	}
	return Hours{Series: s, About: map[string]string{"licence": "dl-de/by-2-0"}}
}

func TestParquetKeepsWhatIsNotKnownApartFromNothing(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := gappy(t).WriteParquet(&b); err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"source": "hafen", "fact": "77", "licence": "dl-de/by-2-0", "kind": "delivered"} {
		if got, _ := file.Lookup(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	list, err := parquet.Read[hour](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, %d rows", err, len(list))
	}
	if one := list[0]; *one.Power != 120.5 || *one.Flow != 61.25 || one.Return != nil || one.Unshaped != nil || one.Grade != "measured" || one.Limit != "demand_limited" ||
		!one.From.Equal(gappy(t).Series.From) || one.To.Sub(one.From) != time.Hour {
		t.Errorf("%+v", one)
	}
	if one := list[1]; one.Power != nil || one.Flow != nil || *one.Unshaped != 80 {
		t.Errorf("%+v", one)
	}
	if one := list[2]; one.Power == nil || *one.Power != 0 || one.Grade != "estimated" {
		t.Errorf("%+v", one)
	}
}

func TestTheCSVOfHours(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := gappy(t).WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%v: %q", err, b.String())
	}
	if got := strings.Join(rows[1], "|"); got != "2025-10-26T00:00:00Z|2025-10-26T01:00:00Z|120.5|61.25|||measured|demand_limited" {
		t.Error(got)
	}
	if rows[2][2] != "" || rows[2][5] != "80" || rows[3][2] != "0" {
		t.Errorf("%v", rows[2:])
	}
}

// TestAnotherProgramReadsTheParquetFile has a reader that others wrote (hyparquet)
// read the file, nulls, times and metadata.
func TestAnotherProgramReadsTheParquetFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "hours.parquet")
	var b bytes.Buffer
	if err := gappy(t).WriteParquet(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, counterpart.NodeBinary(), filepath.Join(counterpart.Folder(), "parquet_reader.mjs"), file).CombinedOutput()
	if err != nil {
		t.Fatalf("read it with hyparquet (tools/setup installs it): %v\n%s", err, out)
	}
	var read struct {
		About []struct{ Key, Value string }
		Rows  []struct {
			From  time.Time
			Power *float64 `json:"power_kw"`
			Flow  *float64 `json:"flow_temperature_c"`
			Grade string
		}
	}
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if len(read.Rows) != 3 || *read.Rows[0].Power != 120.5 || *read.Rows[0].Flow != 61.25 || read.Rows[1].Power != nil || *read.Rows[2].Power != 0 ||
		!read.Rows[1].From.Equal(gappy(t).Series.At(1)) || read.Rows[2].Grade != "estimated" {
		t.Errorf("%s", out)
	}
	if !slices.ContainsFunc(read.About, func(a struct{ Key, Value string }) bool { return a.Key == "licence" && a.Value == "dl-de/by-2-0" }) {
		t.Errorf("about %v", read.About)
	}
}
