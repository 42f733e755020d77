package modbus

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/fieldbus/counterpart"
	"heatledger/fieldbus/registermap"
)

// shippedModels are all models that ship with the program.
func shippedModels() (models []*registermap.Model) {
	for _, id := range registermap.Builtins() {
		m, _ := registermap.Builtin(id)
		models = append(models, m)
	}
	return models
}

func likely(f Found) (ids []string) {
	for _, l := range f.Likely {
		ids = append(ids, l.Model)
	}
	return ids
}

// janitzaUnit holds what an UMG 96RM does at the addresses of its model.
const janitzaUnit = `{"holding": [{"address": 19000, "words": [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}, {"address": 19026, "type": "float32", "value": 2500.5},
	{"address": 19050, "type": "float32", "value": 49.98}, {"address": 19068, "type": "float32", "value": 123456}, {"address": 19076, "type": "float32", "value": 0}]}`

// patient is how long a scan waits for a unit in a test: as long as a loaded
// machine may need to answer.
const patient = 3 * time.Second

func TestAScanFindsWhoAnswers(t *testing.T) {
	t.Parallel()
	server := counterpart.Python(t, "modbus_server.py", `{"1": `+janitzaUnit+`, "3": {"holding": [{"address": 0, "words": [1, 2, 3]}]}, "4": {"input": [{"address": 7, "words": [1]}]}}`)
	var asked []uint8
	got, err := Scan(t.Context(), Config{URL: "tcp://" + server.Address, Timeout: patient}, []uint8{1, 2, 3, 4, 5}, shippedModels(), func(unit uint8, _ *Found) { asked = append(asked, unit) })
	if err != nil || !slices.Equal(asked, []uint8{1, 2, 3, 4, 5}) || len(got) != 3 {
		t.Fatalf("units %v were asked, found %+v, %v; want 1, 3 and 4", asked, got, err)
	}
	for i, want := range []struct {
		unit   uint8
		answer string
	}{{1, "exception 2 (illegal data address)"}, {3, "answers"}, {4, "exception 2 (illegal data address)"}} {
		if got[i].Unit != want.unit || got[i].Answer != want.answer || got[i].Halted != "" {
			t.Errorf("found %+v, want unit %d: %s", got[i], want.unit, want.answer)
		}
	}
	if ids := likely(got[0]); !slices.Contains(ids, "janitza/umg96rm") || got[0].Likely[0].Grade != Plausible || got[0].Likely[0].Evidence[0] != "frequency 49.98 Hz at holding 19050" {
		t.Errorf("unit 1 may be %+v, want a UMG 96RM by its frequency", got[0].Likely)
	}
	if len(got[1].Likely)+len(got[2].Likely) > 0 {
		t.Errorf("units 3 and 4 fit no model, and may be %v and %v", likely(got[1]), likely(got[2]))
	}
}

func TestAScanKnowsAMeterThatNamesItself(t *testing.T) {
	t.Parallel()
	// SunSpec: marker, common block of two registers, float meter block 213 of 124 registers, end.
	server := counterpart.Python(t, "modbus_server.py", `{
		"1": {"holding": [{"address": 40000, "words": [21365, 28243, 1, 2, 0, 0, 213, 124`+strings.Repeat(", 0", 124)+`, 65535, 0]}]},
		"2": {"holding": [{"address": 600, "words": [20307, 16706]}, {"address": 700, "words": [4711]}]}}`) // "OSAB"
	models := shippedModels()
	for _, name := range []string{"OSA", "OSB"} {
		m, faults := registermap.Parse("named.yaml", []byte(fmt.Sprintf(`{id: test/%s, manufacturer: m, name: n, source: s,
			registers: [{quantity: frequency, table: holding, address: 10, type: float32, unit: Hz}],
			identity: [{what: product name, table: holding, address: 600, type: string, words: 2, expect: ["%s*"]}, {what: serial number, table: holding, address: 700, type: uint16}]}`,
			strings.ToLower(name), name)))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		models = append(models, m)
	}
	got, err := Scan(t.Context(), Config{URL: "tcp://" + server.Address, Timeout: 20 * time.Second}, []uint8{1, 2}, models, nil)
	if err != nil || len(got) != 2 {
		t.Fatalf("found %+v, %v", got, err)
	}
	if ids := likely(got[0]); !slices.Equal(ids, []string{"sunspec/meter-float"}) || got[0].Likely[0].Grade != Identified || got[0].Likely[0].Evidence[0] != "SunSpec block 213 at holding 40006" {
		t.Errorf("unit 1 may be %+v, want the SunSpec meter by its block", got[0].Likely)
	}
	want := []string{`product name "OSAB" at holding 600`, `serial number "4711" at holding 700`, "but 1 of 1 registers do not answer with a possible value"}
	if l := got[1].Likely; len(l) != 1 || l[0].Model != "test/osa" || l[0].Grade != Identified || l[0].Missing != 1 || !slices.Equal(l[0].Evidence, want) {
		t.Errorf("unit 2 may be %+v, want the model whose name it says", l)
	}
}

func TestAScanOfThePlantNamesItsMeters(t *testing.T) {
	t.Parallel()
	line := served(t, "rathaus")
	got, err := Scan(t.Context(), Config{URL: line.URL, Timeout: 20 * time.Second}, []uint8{1, 2, 3, 4, 5, 6}, shippedModels(), nil)
	if err != nil || len(got) != len(line.Meters) {
		t.Fatalf("found %+v, %v, want %d meters", got, err, len(line.Meters))
	}
	for _, f := range got {
		if !slices.Contains(likely(f), "schneider/iem3000") {
			t.Errorf("unit %d may be %v, want an iEM3000", f.Unit, f.Likely)
		}
	}
}

func TestAScanSaysThatNobodyListens(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	if got, err := Scan(t.Context(), Config{URL: "tcp://" + address}, []uint8{1, 2}, nil, nil); !errors.As(err, new(downError)) || got != nil {
		t.Errorf("a scan where nobody listens gives %v, %v", got, err)
	}
}

// TestAScanOfFramesOfRTUIsNotMisledByWhoIsAbsent has a silent unit before each
// that answers: an answer must not be taken for that of the next question.
func TestAScanOfFramesOfRTUIsNotMisledByWhoIsAbsent(t *testing.T) {
	t.Parallel()
	server := counterpart.Python(t, "modbus_server.py", "--framer", "rtu", `{"2": {"holding": [{"address": 0, "words": [2]}]}, "4": {"input": [{"address": 0, "words": [4]}]}}`)
	got, err := Scan(t.Context(), Config{URL: "rtuovertcp://" + server.Address, Timeout: patient}, []uint8{1, 2, 3, 4}, nil, nil)
	if err != nil || len(got) != 2 || got[0].Unit != 2 || got[0].Answer != "answers" || got[1].Unit != 4 || got[1].Answer != "exception 2 (illegal data address)" {
		t.Errorf("found %+v, %v, want units 2 and 4", got, err)
	}
}
