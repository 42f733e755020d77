package modbus

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

func TestConnectionsOfOneAddressGetOneOwner(t *testing.T) {
	t.Parallel()
	meter := func(id string, unit uint8) Meter {
		return Meter{ID: id, Unit: unit, Every: time.Second, Registers: registers(id, 1)}
	}
	configs := []Config{
		{ID: "hall", URL: "tcp://Gateway.example:502", Timeout: 300 * time.Millisecond, Pause: 10 * time.Millisecond, MaxRegisters: 60, Simultaneous: 4, Meters: []Meter{meter("m", 1)}},
		{ID: "roof", URL: "tcp://10.0.0.9:502", Meters: []Meter{meter("r", 1)}},
		{ID: "yard", URL: "tcp://gateway.EXAMPLE:502", Pause: 50 * time.Millisecond, Simultaneous: 2, Meters: []Meter{meter("m", 2), meter("n", 1)}},
		{ID: "udp", URL: "udp://gateway.example:502", Meters: []Meter{meter("u", 1)}},
		{ID: "other port", URL: "tcp://gateway.example:503", Meters: []Meter{meter("o", 1)}},
	}
	merged, err := Merge(configs)
	if err != nil {
		t.Fatal(err)
	}
	if len(merged) != 4 || merged[0].ID != "hall" || merged[1].ID != "roof" || merged[2].ID != "udp" || merged[3].ID != "other port" {
		t.Fatalf("merged into %+v", merged)
	}
	hall := merged[0]
	if len(hall.Meters) != 3 || hall.Timeout != time.Second || hall.Pause != 50*time.Millisecond || hall.MaxRegisters != 60 || hall.Simultaneous != 2 {
		t.Errorf("merged into %+v", hall)
	}
	if len(configs[0].Meters) != 1 || configs[0].Meters[0].Connection != "" {
		t.Errorf("what was given is changed: %+v", configs[0])
	}
	hall.Meters[1].Registers = registers("m of yard", 1) // points are unique in a configuration
	d, err := New(hall)
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, h := range d.Health() {
		shown = append(shown, h.Connection+" "+h.Meter)
	}
	if got := strings.Join(shown, ", "); got != "hall m, yard m, yard n" {
		t.Errorf("health shows %s", got)
	}
}

func TestDriversThatWereMergedTogetherShareTheirMaps(t *testing.T) {
	t.Parallel()
	unlike := register("b", 1)
	unlike.Absent = []uint64{7}
	var configs []Config
	for i, r := range []registermap.PointRegister{register("a", 1), register("b", 1), unlike} {
		r.Point = energy.PointID(fmt.Sprintf("s/%d", i))
		configs = append(configs, Config{ID: fmt.Sprint(i), URL: fmt.Sprintf("tcp://h:%d", 500+i), Meters: []Meter{{ID: "m", Every: time.Second, Registers: []registermap.PointRegister{r}}}})
	}
	merged, err := Merge(configs)
	if err != nil {
		t.Fatal(err)
	}
	var kept []*registermap.Decoder
	for _, c := range merged {
		d, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, d.meters[0].values[0].register)
	}
	if len(kept) != 3 || kept[0] != kept[1] || kept[1] == kept[2] || len(kept[2].Absent) != 1 || kept[0].Address != 1 {
		t.Errorf("drivers keep %v", kept)
	}
}

func TestADriverDoesNotKeepTheConfigurationOfItsMeters(t *testing.T) {
	t.Parallel()
	list := registers("s", 1, 2, 3)
	given := weak.Make(&list[0])
	d, err := New(Config{ID: "line", URL: "tcp://127.0.0.1:502", Meters: []Meter{{ID: "m", Every: time.Second, Registers: list}}})
	if err != nil {
		t.Fatal(err)
	}
	list = nil
	runtime.GC()
	if given.Value() != nil {
		t.Error("the registers of the configuration are kept beside the driver's own")
	}
	if h := d.Health(); len(h) != 1 || h[0].Meter != "m" {
		t.Errorf("health %+v", h)
	}
}

func TestNamesOfOneSerialDeviceAreOneLine(t *testing.T) {
	t.Parallel()
	device := filepath.Join(t.TempDir(), "ttyUSB0")
	if err := os.WriteFile(device, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := device + "-by-id"
	if err := os.Symlink(device, link); err != nil {
		t.Fatal(err)
	}
	merged, err := Merge([]Config{{ID: "a", URL: "rtu://" + device}, {ID: "b", URL: "rtu://" + link}, {ID: "c", URL: "rtu:///dev/none/../none"}, {ID: "d", URL: "rtu:///dev/none"}})
	if err != nil || len(merged) != 2 {
		t.Errorf("merged into %+v (%v)", merged, err)
	}
}

func TestConnectionsThatContradictEachOtherAreNotMerged(t *testing.T) {
	t.Parallel()
	ours, theirs := newIdentity(t), newIdentity(t)
	copied := ours.certificate
	for name, test := range map[string]struct {
		a, b Config
		want string // empty: they merge
	}{
		"another protocol at the same port": {Config{URL: "tcp://h:502"}, Config{URL: "rtuovertcp://h:502"}, "one speaks tcp and the other rtuovertcp"},
		"TLS and none":                      {Config{URL: "tcp+tls://h:802"}, Config{URL: "tcp://h:802"}, "one speaks tcp+tls"},
		"another speed":                     {Config{URL: "rtu:///dev/x", Serial: Serial{Speed: 9600}}, Config{URL: "rtu:///dev/x"}, "speed"},
		"the same keys":                     {Config{URL: "tcp+tls://h:802", TLS: TLS{&ours.certificate, theirs.pool}}, Config{URL: "tcp+tls://h:802", TLS: TLS{&ours.certificate, theirs.pool}}, ""},
		"the same keys read twice":          {Config{URL: "tcp+tls://h:802", TLS: TLS{&ours.certificate, theirs.pool}}, Config{URL: "tcp+tls://h:802", TLS: TLS{&copied, theirs.pool.Clone()}}, ""},
		"other keys":                        {Config{URL: "tcp+tls://h:802", TLS: TLS{&ours.certificate, theirs.pool}}, Config{URL: "tcp+tls://h:802", TLS: TLS{&theirs.certificate, theirs.pool}}, "certificates"},
		"another trust":                     {Config{URL: "tcp+tls://h:802", TLS: TLS{&ours.certificate, theirs.pool}}, Config{URL: "tcp+tls://h:802", TLS: TLS{&ours.certificate, ours.pool}}, "certificates"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.a.ID, test.b.ID = "hall", "yard"
			merged, err := Merge([]Config{test.a, test.b})
			if test.want == "" {
				if err != nil || len(merged) != 1 {
					t.Errorf("merged into %+v (%v)", merged, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "hall and yard") {
				t.Errorf("error %v, want one about %q", err, test.want)
			}
		})
	}
}
