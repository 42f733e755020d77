package opcua

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
)

// look browses a server with room for a slow machine.
func look(t *testing.T, endpoint string, s Search) ([]Variable, bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	o := hasty(t)
	o.Timeout = 20 * time.Second
	found, complete, err := Browse(ctx, Config{ID: "bms", Endpoint: endpoint}, o, s)
	if err != nil {
		t.Fatal(err)
	}
	return found, complete
}

// named is the variable at a path.
func named(t *testing.T, found []Variable, path string) Variable {
	t.Helper()
	for _, v := range found {
		if v.Path == path {
			return v
		}
	}
	t.Fatalf("there is no %s among %d variables", path, len(found))
	return Variable{}
}

func TestBrowsingTellsWhatAPointNeeds(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir(), "--browse-at-once", "7", "--ecm", "--born", born(time.Minute))
	decimal := func(m int64, exp int8) *energy.Value { v := energy.Decimal(m, exp); return &v }
	binary := func(f float64) *energy.Value { v := energy.Float(f); return &v }
	found, _ := look(t, p.endpoint(), Search{Depth: 4})
	for _, want := range []Variable{
		{Path: "DataCentre/Int64", Node: namespace + "s=Int64", DataType: "Int64", Value: decimal(1<<53+1, 0), Status: "Good"},
		{Path: "DataCentre/Heat.Energy", Node: namespace + "s=Heat.Energy", DataType: "Double", Value: binary(815.25), Status: "Good"},
		{Path: "DataCentre/Numeric", Node: namespace + "i=1001", DataType: "UInt32", Value: decimal(1001, 0), Status: "Good"},
		{Path: "DataCentre/Opaque", Node: namespace + "b=M/RbKBsRVkePCePcx24oRA==", DataType: "UInt32", Value: decimal(73, 0), Status: "Good"},
		{Path: "DataCentre/Bad", Node: namespace + "s=Bad", DataType: "Double", Problem: "status BadDeviceFailure", Status: "BadDeviceFailure"},
		{Path: "DataCentre/Uncertain", Node: namespace + "s=Uncertain", DataType: "Double", Value: binary(21.5), Status: "UncertainSensorNotAccurate"},
		{Path: "DataCentre/NaN", Node: namespace + "s=NaN", DataType: "Double", Problem: "value is NaN, which means absent", Status: "Good"},
		{Path: "DataCentre/Text", Node: namespace + "s=Text", DataType: "String", Problem: "value is of type string, a single number is expected", Status: "Good"},
		{Path: "DataCentre/Energy/Main/AcActivePowerTotal", Node: namespace + "s=Energy.Main.AcActivePowerTotal", DataType: "Float", Unit: "W", UnitText: "W", Value: binary(4200.5), Status: "Good"},
		{Path: "DataCentre/Energy/Main/Temperature", Node: namespace + "s=Energy.Main.Temperature", DataType: "Float", UnitText: "K", Value: binary(295), Status: "Good"},
		{Path: "DataCentre/Energy/Heat/VolumeFlowRate", Node: namespace + "s=Energy.Heat.VolumeFlowRate", DataType: "Float", Unit: "m³/h", Scale: energy.Decimal(3600, 0), UnitText: "m³/s", Value: binary(0.5), Status: "Good"},
	} {
		got := named(t, found, want.Path)
		value, expected := "none", "none"
		if got.Value != nil {
			value = got.Value.String()
		}
		if want.Value != nil {
			expected = want.Value.String()
		}
		if value != expected {
			t.Errorf("%s stands at %s, want %s", want.Path, value, expected)
		}
		got.Value, want.Value, got.At = nil, nil, time.Time{}
		if got != want {
			t.Errorf("%s is\n%+v, want\n%+v", want.Path, got, want)
		}
	}
	analog := named(t, found, "DataCentre/Analog")
	if analog.Unit != "kWh" || analog.Range == nil || *analog.Range != (Range{Low: 0, High: 100}) {
		t.Errorf("the analog item is %+v, want kWh from 0 to 100", analog)
	}
	if past, stale := named(t, found, "DataCentre/Past.Energy"), named(t, found, "DataCentre/Past.Stale"); !past.History || stale.History || past.At.IsZero() {
		t.Errorf("history of Past.Energy is %t, of Past.Stale %t, of %s; want that of the first", past.History, stale.History, past.At)
	}
	for _, v := range found {
		if strings.HasPrefix(v.Path, "Server/") || strings.HasSuffix(v.Path, "EngineeringUnits") || strings.HasSuffix(v.Path, "MeasurementID") {
			t.Errorf("%s is listed, which is no point", v.Path)
		}
	}
}

func TestBrowsingEndsOnAnyServer(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir(), "--maze")

	t.Run("searches", func(t *testing.T) {
		t.Run("a way back to the beginning is not gone again", func(t *testing.T) {
			t.Parallel()
			found, complete := look(t, p.endpoint(), Search{Root: namespace + "s=Deep", Depth: 40})
			if len(found) != 1 || found[0].Node != namespace+"s=Bottom" || !complete || strings.Count(found[0].Path, "/") != 30 {
				t.Errorf("%d variables, complete: %t, the first is %+v; want the bottom of 30 levels alone", len(found), complete, found[0])
			}
		})
		t.Run("the depth is kept to", func(t *testing.T) {
			t.Parallel()
			if found, complete := look(t, p.endpoint(), Search{Root: namespace + "s=Deep", Depth: 30}); len(found) != 0 || complete {
				t.Errorf("%d variables, complete: %t; want none of an incomplete search", len(found), complete)
			}
		})
		t.Run("more children than one answer holds all come", func(t *testing.T) {
			t.Parallel()
			found, complete := look(t, p.endpoint(), Search{Root: namespace + "s=Wide"})
			seen := make(map[string]bool)
			for _, v := range found {
				seen[v.Node] = true
			}
			if len(found) != 2500 || len(seen) != 2500 || !complete {
				t.Errorf("%d variables, %d of them different, complete: %t; want 2,500", len(found), len(seen), complete)
			}
		})
		t.Run("the number is kept to", func(t *testing.T) {
			t.Parallel()
			if found, complete := look(t, p.endpoint(), Search{Root: namespace + "s=Wide", Most: 10}); len(found) != 10 || complete {
				t.Errorf("%d variables, complete: %t; want 10 of an incomplete search", len(found), complete)
			}
		})
		t.Run("a root that is not there has nothing below it", func(t *testing.T) {
			t.Parallel()
			_, _, err := Browse(t.Context(), Config{ID: "bms", Endpoint: p.endpoint()}, hasty(t), Search{Root: "nsu=http://example.org/elsewhere;s=X"})
			if err == nil || !strings.Contains(err.Error(), "namespace http://example.org/elsewhere is not on the server") {
				t.Errorf("Browse gives %v, want that there is no such namespace", err)
			}
		})
	})
	wait(t, 20*time.Second, "every session was closed", func() bool {
		return len(p.told(t, "session_closed")) == len(p.told(t, "session_created"))
	})
}

func TestANodeIsWrittenAsItIsRead(t *testing.T) {
	t.Parallel()
	x := &explorer{namespaces: []string{"http://opcfoundation.org/UA/", "urn:x", "http://example.org/dc;a%b"}}
	for _, text := range []string{"i=2258", "nsu=urn:x;s=a;b", "nsu=http://example.org/dc%3Ba%25b;i=70000", "nsu=urn:x;g=72962B91-FA75-4AE6-8D28-B404DC7DAF63", "ns=7;b=M/RbKBsRVkePCePcx24oRA=="} {
		a, err := parseAddress(text)
		if err != nil {
			t.Fatal(err)
		}
		n, err := a.resolve(x.namespaces)
		if err != nil {
			t.Fatal(err)
		}
		if got := x.written(n); got != text {
			t.Errorf("%q is written %q", text, got)
		}
		foreign := &ua.ExpandedNodeID{NodeID: n}
		if got, ok := x.local(foreign); !ok || got.String() != n.String() {
			t.Errorf("%q is %s, %t as a local node, want %s", text, got, ok, n)
		}
	}
	if n, ok := x.local(ua.NewExpandedNodeID(ua.NewNumericNodeID(0, 5), "urn:x", 0)); !ok || n.String() != "ns=1;i=5" {
		t.Errorf("nsu=urn:x;i=5 is %s, %t, want ns=1;i=5", n, ok)
	}
	if n, ok := x.local(ua.NewExpandedNodeID(ua.NewNumericNodeID(0, 5), "urn:y", 0)); ok {
		t.Errorf("a node of an unknown namespace is %s", n)
	}
}

func TestAUnitIsReadFromItsCode(t *testing.T) {
	t.Parallel()
	code := func(letters string) (id int32) {
		for _, c := range []byte(letters) {
			id = id<<8 | int32(c)
		}
		return id
	}
	for _, c := range []struct {
		is   string
		eu   *ua.EUInformation
		want countIn
		ok   bool
	}{
		{"watt hours, as OPC 34100 prints their number", &ua.EUInformation{NamespaceURI: uneceNamespace, UnitID: 5720146}, countIn{unit: "Wh"}, true},
		{"watts, likewise", &ua.EUInformation{NamespaceURI: uneceNamespace, UnitID: 5723220}, countIn{unit: "W"}, true},
		{"a code of two letters", &ua.EUInformation{NamespaceURI: uneceNamespace, UnitID: code("GV")}, countIn{unit: "GJ"}, true},
		{"cubic metres per second", &ua.EUInformation{NamespaceURI: uneceNamespace, UnitID: code("MQS")}, countIn{unit: "m³/h", scale: energy.Decimal(3600, 0)}, true},
		{"amperes are not read, whatever their name", &ua.EUInformation{NamespaceURI: uneceNamespace, UnitID: 4279632, DisplayName: ua.NewLocalizedText("kWh")}, countIn{}, false},
		{"a maker's own unit is read by its name", &ua.EUInformation{NamespaceURI: "urn:maker", UnitID: 7, DisplayName: ua.NewLocalizedText("kW·h")}, countIn{unit: "kWh"}, true},
		{"a maker's own unit that is none of ours", &ua.EUInformation{NamespaceURI: "urn:maker", UnitID: 7, DisplayName: ua.NewLocalizedText("furlongs")}, countIn{}, false},
		{"none", nil, countIn{}, false},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			got, _, ok := unitOf(c.eu)
			if ok != c.ok || ok && got != c.want {
				t.Errorf("the unit is %+v, %t; want %+v, %t", got, ok, c.want, c.ok)
			}
		})
	}
	for _, letters := range []string{"WHR", "KWH", "MWH", "GWH", "JOU", "KJO", "3B", "GV", "C31", "WTT", "KWT", "MAW", "MLT", "LTR", "DMQ", "MTQ", "E32", "G51", "MQH", "CEL", "P1", "C62", "HTZ", "MQS"} {
		got, ok := uneceUnit(uneceCode(code(letters)))
		if !ok || !got.unit.Known() {
			t.Errorf("code %s is %+v, want a unit of ours", letters, got)
		}
	}
}
