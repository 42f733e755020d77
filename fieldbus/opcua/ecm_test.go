package opcua

import (
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// modelled is a meter of OPC 34100 below an object of the counterpart.
func modelled(root string, points map[energy.Quantity]energy.PointID) Meter {
	return Meter{ID: "ecm", Sampling: 100 * time.Millisecond, Model: ECM, Root: namespace + "s=" + root, Points: points}
}

func TestAMeterOfOPC34100SaysItselfWhatItMeasures(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir(), "--ecm", "--browse-at-once", "5")

	t.Run("quantities are found by identifier and by name, in the units the server says", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct {
			root   string
			points map[energy.Quantity]energy.PointID
			want   map[energy.PointID]energy.Value
		}{
			{"Energy.Main", map[energy.Quantity]energy.PointID{
				energy.ActivePower: "dc/power", energy.ActiveEnergyImport: "dc/import", energy.ActiveEnergyExport: "dc/export", energy.Frequency: "dc/frequency",
			}, map[energy.PointID]energy.Value{
				"dc/power": energy.Float(4.2005), "dc/import": energy.Float(5000.25), // the double, not the float
				"dc/export": energy.Float(12), "dc/frequency": energy.Float(float64(float32(49.98))),
			}},
			{"Energy.Heat", map[energy.Quantity]energy.PointID{energy.HeatEnergy: "dc/heat", energy.VolumeFlow: "dc/flow"},
				map[energy.PointID]energy.Value{"dc/heat": energy.Float(815.25), "dc/flow": energy.Float(1800)}},
			{"Energy", map[energy.Quantity]energy.PointID{energy.HeatEnergy: "dc/heat", energy.CoolingEnergy: "dc/cold"},
				map[energy.PointID]energy.Value{"dc/heat": energy.Float(815.25), "dc/cold": energy.Float(99)}},
		} {
			sink := &basket{}
			d, stop := start(t, Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{modelled(c.root, c.points)}}, hasty(t), sink)
			for point, want := range c.want {
				wait(t, 30*time.Second, string(point)+" below "+c.root+" was read", func() bool { return len(sink.of(point)) > 0 })
				if got := sink.of(point)[0]; !near(got.Value, want) || got.Quality != energy.Measured {
					t.Errorf("%s below %s is %s, %s, want %s", point, c.root, got.Value, got.Quality, want)
				}
			}
			if h := health(d); h.State != fieldbus.Healthy {
				t.Errorf("below %s health is %+v, want healthy", c.root, h)
			}
			stop()
		}
	})

	t.Run("what is not there, or could be two things, is a point in trouble and no guess", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct {
			root     string
			quantity energy.Quantity
			want     []string
		}{
			{"Energy.Main", energy.HeatEnergy, []string{"no measurement of heat_energy (there are: AcActivePowerTotal (1412, W, resource 1); AcActiveEnergyTotalImportLp (1001, W·h, resource 1); ", "below " + namespace + "s=Energy.Main"}},
			{"Energy.Cold", energy.HeatEnergy, []string{"no measurement of heat_energy (there are: NeEnergyImportHp (2002, W·h, resource 6))"}},
			{"Twins", energy.ActivePower, []string{"both TwinA/AcActivePowerTotal and TwinB/AcActivePowerTotal measure active_power: give the root of one of them"}},
			{"Wide", energy.ActivePower, []string{"no measurement of active_power (there are: none of OPC 34100)"}},
			{"Nowhere", energy.ActivePower, []string{"no measurement of active_power (there are: none of OPC 34100)"}},
		} {
			sink := &basket{}
			m := modelled(c.root, map[energy.Quantity]energy.PointID{c.quantity: "dc/x"})
			d, stop := start(t, Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{m, {ID: "ups", Nodes: []Node{node("Double")}}}}, hasty(t), sink)
			wait(t, 30*time.Second, "the other meter is read", func() bool { return len(sink.of(node("Double").Point)) > 0 })
			for _, want := range c.want {
				if got := reasons(d)["dc/x"]; !strings.Contains(got, want) {
					t.Errorf("below %s health says %q, want %q", c.root, got, want)
				}
			}
			stop()
			if got := sink.of("dc/x"); len(got) > 0 {
				t.Errorf("below %s %s gave %v, want nothing", c.root, c.quantity, got[0])
			}
		}
	})
}

func TestAModelIsResolvedAnewAtEachConnect(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir()) // the meter is not there yet
	c := lay(t, p.Address)
	sink := &basket{}
	m := modelled("Energy.Main", map[energy.Quantity]energy.PointID{energy.ActivePower: "dc/power"})
	d, stop := start(t, Config{ID: "bms", Endpoint: c.endpoint(), Meters: []Meter{m}}, hasty(t), sink)
	wait(t, 30*time.Second, "the point is in trouble", func() bool { return strings.Contains(reasons(d)["dc/power"], "none of OPC 34100") })
	p.Kill()
	p = startPlant(t, t.TempDir(), "--ecm")
	c.to.Store(p.Address)
	wait(t, 60*time.Second, "the point is read after the next connect", func() bool { return len(sink.of("dc/power")) > 0 })
	wait(t, 10*time.Second, "it is in trouble no more", func() bool { return len(reasons(d)) == 0 })
	stop()
}

func TestAMeasurementIsTakenByWhatItSaysOfItself(t *testing.T) {
	t.Parallel()
	of := func(parent, name string, id uint16, unit energy.Unit, resource uint32) candidate {
		return candidate{leaf: &leaf{child: child{name: name, namespace: ecmNamespace}, path: parent + "/" + name, parent: parent}, id: id, unit: countIn{unit: unit}, unitText: string(unit), known: unit.Known(), resource: resource, told: true}
	}
	for _, c := range []struct {
		is         string
		candidates []candidate
		quantity   energy.Quantity
		want       string // path
		reason     string
	}{
		{"an identifier counts more than a name", []candidate{of("A", "AcActivePowerTotal", 1032, "W", 1)}, energy.ActivePower, "", "no measurement of active_power"},
		{"an identifier under a maker's name", []candidate{of("A", "P", 1412, "kW", 1)}, energy.ActivePower, "A/P", ""},
		{"single precision where there is no double", []candidate{of("A", "AcActiveEnergyTotalImportLp", 0, "Wh", 1)}, energy.ActiveEnergyImport, "A/AcActiveEnergyTotalImportLp", ""},
		{"a double at another metering point is not preferred", []candidate{of("A", "AcActiveEnergyTotalImportLp", 1001, "Wh", 1), of("B", "AcActiveEnergyTotalImportHp", 1002, "Wh", 1)}, energy.ActiveEnergyImport, "", "both A/AcActiveEnergyTotalImportLp and B/AcActiveEnergyTotalImportHp measure active_energy_import"},
		{"an identifier implies its unit", []candidate{of("A", "E", 1002, "", 1)}, energy.ActiveEnergyImport, "A/E", ""},
		{"a name alone does not", []candidate{of("A", "AcActiveEnergyTotalImportHp", 0, "", 1)}, energy.ActiveEnergyImport, "", "A/AcActiveEnergyTotalImportHp says neither MeasurementID nor EngineeringUnits"},
		{"a unit that does not fit is refused", []candidate{of("A", "E", 1002, "W", 1)}, energy.ActiveEnergyImport, "", "A/E is in W, which is no unit of active_energy_import"},
		{"a unit that we do not read is refused", []candidate{of("A", "E", 1002, "parsec", 1)}, energy.ActiveEnergyImport, "", "A/E is in parsec, which is no unit of active_energy_import"},
		{"heat of nothing that is told is no heat", []candidate{of("A", "NeEnergyImportHp", 2002, "Wh", 0)}, energy.HeatEnergy, "", "no measurement of heat_energy"},
		{"an odometer in parts is not read", []candidate{of("A", "AcActiveEnergyTotalImport5", 1000, "Wh", 1)}, energy.ActiveEnergyImport, "", "no measurement of active_energy_import"},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			got, reason := choose(c.candidates, c.quantity)
			if c.reason != "" {
				if !strings.HasPrefix(reason, c.reason) {
					t.Errorf("the reason is %q, want %q", reason, c.reason)
				}
				return
			}
			if reason != "" || got.path != c.want {
				t.Errorf("chosen is %+v, %q, want %s", got, reason, c.want)
			}
		})
	}
}

func TestAModelThatCannotWorkIsToldAtOnce(t *testing.T) {
	t.Parallel()
	power := map[energy.Quantity]energy.PointID{energy.ActivePower: "dc/power"}
	_, err := New(Config{ID: "bms", Endpoint: "opc.tcp://127.0.0.1:1", Meters: []Meter{
		{ID: "a", Model: "opc/1", Root: "i=85", Points: power},
		{ID: "b", Model: ECM, Root: "Energy", Points: map[energy.Quantity]energy.PointID{energy.ReturnTemperature: "dc/t"}},
		{ID: "c", Model: ECM, Root: "i=85"},
		{ID: "d", Root: "i=85", Points: power},
		{ID: "e", Model: ECM, Root: "i=85", Points: power, Nodes: []Node{node("Double")}},
		{ID: "f", Model: ECM, Root: "i=85", Points: power},
	}}, Options{})
	if err == nil {
		t.Fatal("New takes it")
	}
	for _, want := range []string{
		`meter a: unknown model "opc/1": opc/34100 is expected`, `meter b: root: "Energy" names no node`,
		"meter b: point dc/t: return_temperature is no measurement of opc/34100", "meter c: a model without points",
		"meter d: root and points without a model", "meter e: a model and nodes", "meter f: point dc/power is read from two nodes",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("New says %q, want %q among it", err, want)
		}
	}
}

// near is equality but for the last digits of a float.
func near(a, b energy.Value) bool {
	x, y := a.Float64(), b.Float64()
	return x == y || (x-y)*(x-y) < 1e-12*y*y
}
