package mscons_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/intake/mscons"
)

func sample(t testing.TB) []byte {
	t.Helper()
	file, err := os.ReadFile("testdata/profile.edi")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAnInterchangeThatIsNotWholeIsRefusedAtItsSegment(t *testing.T) {
	t.Parallel()
	file := string(sample(t))
	for _, c := range []struct {
		name, file string
		line       int
		says       string
	}{
		{"cut off", file[:len(file)-20], 28, "has no end"},
		{"a segment was taken out", strings.Replace(file, "LIN+2'\n", "", 1), 27, "26 segments"},
		{"another message", strings.Replace(file, "MSCONS:D", "UTILMD:D", 1), 2, "UTILMD"},
		{"no interchange", "UNB'", 1, "ends early"},
		{"signs that contradict each other", "UNA++.? 'UNB+1'", 1, "contradict"},
		{"a segment without end", "UNB+" + strings.Repeat("x", 20000), 1, "longer"},
	} {
		err := mscons.Read(strings.NewReader(c.file), func(mscons.Value) error { return nil }, func(mscons.Fault) error { return nil })
		var faults energy.Faults
		if !errors.As(err, &faults) || faults[0].Line != c.line || !strings.Contains(faults[0].Problem, c.says) {
			t.Errorf("%s: %v; want segment %d to be named and %q", c.name, err, c.line, c.says)
		}
	}
}

func TestACountersReadingAndOtherSigns(t *testing.T) {
	t.Parallel()
	file := "UNA|*,\\ ~UNB*UNOC|3~UNH*1*MSCONS|D|04B|UN|2.4c~LOC*172*DE1~LIN*1~PIA*5*1-1\\|1.8.0~QTY*220|12345,6|KWH~DTM*9|202506010000|203~UNT*7*1~UNZ*1*R~"
	var got []mscons.Value
	err := mscons.Read(strings.NewReader(file), func(v mscons.Value) error { got = append(got, v); return nil }, func(f mscons.Fault) error { t.Errorf("refused: %+v", f); return nil })
	if err != nil || len(got) != 1 || !got[0].Counter() || !got[0].Local || got[0].Number.String() != "12345.6" || got[0].Register != "1-1|1.8.0" || got[0].Place != "DE1" {
		t.Errorf("read %+v, %v", got, err)
	}
}

func FuzzInterchange(f *testing.F) {
	f.Add(sample(f))
	f.Add([]byte("UNA:+.? 'UNB+1'UNH+1+MSCONS'LOC+172+?'?'?'QTY+220:1,'UNT+3+1'UNZ+1'"))
	f.Fuzz(func(t *testing.T, file []byte) {
		last := 0
		_ = mscons.Read(bytes.NewReader(file), func(v mscons.Value) error { // what is none errs; it must not panic
			if v.Segment <= last || v.Place == "" || !v.Counter() && !v.From.Before(v.To) {
				t.Fatalf("segment %d after %d: %+v", v.Segment, last, v)
			}
			last = v.Segment
			return nil
		}, func(mscons.Fault) error { return nil })
	})
}
