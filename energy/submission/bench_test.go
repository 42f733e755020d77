package submission_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"heatledger/energy/intake"
	"heatledger/energy/submission"
)

// million writes a file of n rows: minutes of the counter hafen/grid, as a
// building's software exports them.
func million(t testing.TB, n int) (*os.File, [sha256.Size]byte) {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "million")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	sum := sha256.New()
	out := bufio.NewWriter(io.MultiWriter(file, sum))
	_, _ = out.WriteString("Zeit;Zähler;Wert;Bemerkung\n") // Flush tells of errors
	at, line := time.Date(2023, 11, 6, 0, 0, 0, 0, time.UTC), []byte{}
	for i := range n {
		line = append(at.Add(time.Duration(i)*time.Minute).AppendFormat(line[:0], time.RFC3339), ";HA-1;"...)
		line = strconv.AppendInt(line, int64(1_000_000+i), 10)
		line = append(line, ",5;keine\n"...)
		_, _ = out.Write(line)
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	return file, [sha256.Size]byte(sum.Sum(nil))
}

func millionRequest() submission.Request {
	return submission.Request{Mapping: intake.Mapping{Header: 1, Columns: []intake.MappedColumn{{Column: "A", Is: intake.MeansTime}, {Column: "C", Is: intake.MeansValue, Point: "hafen/grid"}}}}
}

// peak watches the memory of this process while do runs.
func peak(do func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	debug.FreeOSMemory() // what was used before is not what do takes
	var most atomic.Uint64
	done := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.Sys-m.HeapReleased))
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	do()
	close(done)
	<-watched
	return most.Load()
}

func TestAMillionRowsAreTakenInBoundedMemory(t *testing.T) {
	const rows, most = 1_000_000, 200 << 20
	d, who := newDesk(t), operator("anna")
	file, digest := million(t, rows)
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	used := peak(func() {
		handed, err := d.Take(t.Context(), who, submission.Upload{Name: "million.csv", File: file, Size: info.Size(), Digest: digest, Request: millionRequest()})
		if err != nil || handed.Number == 0 || handed.Report.Accepted != rows {
			t.Errorf("handed in: %d accepted, %+v, questions %+v, %v", handed.Report.Accepted, handed.Report.Rejected, handed.Report.Questions, err)
		}
	})
	t.Logf("%d MB, handed in after %s", used>>20, time.Since(began))
	if used > most {
		t.Errorf("%d MB were used, want at most %d", used>>20, most>>20)
	}
}

// BenchmarkRowsOfAFile looks at a file of 100,000 rows, beside a bare reading of
// the same by encoding/csv: the ratio tells what the rules and the database cost.
func BenchmarkRowsOfAFile(b *testing.B) {
	const rows = 100_000
	d, who := newDesk(b), operator("anna")
	file, digest := million(b, rows)
	text, err := os.ReadFile(file.Name())
	if err != nil {
		b.Fatal(err)
	}
	bare, looked := time.Duration(0), time.Duration(0)
	for b.Loop() {
		began := time.Now()
		in := csv.NewReader(bytes.NewReader(text))
		in.Comma, in.ReuseRecord = ';', true
		for {
			if _, err := in.Read(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
		bare += time.Since(began)
		began = time.Now()
		if _, err := d.Look(b.Context(), who, submission.Upload{Name: "f", File: file, Size: int64(len(text)), Digest: digest, Request: millionRequest()}); err != nil {
			b.Fatal(err)
		}
		looked += time.Since(began)
	}
	b.ReportMetric(looked.Seconds()/bare.Seconds(), "x-bare-csv")
	b.ReportMetric(rows*float64(b.N)/looked.Seconds()/1e6, "Mrows/s")
}
