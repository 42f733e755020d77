package registermap_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// row is a register as public sources print it (testdata/meters.csv).
type row struct {
	line                     int
	meter                    string // maker and model
	quantity                 string
	tables                   []registermap.Table
	address                  string
	kind, order, scale, unit string
	confirmed                bool
}

func (r row) String() string { return fmt.Sprintf("line %d, %s, %s", r.line, r.meter, r.quantity) }

func readRows(t *testing.T) []row {
	t.Helper()
	file, err := os.Open("testdata/meters.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	reader := csv.NewReader(file)
	reader.Comment = '#'
	var rows []row
	for {
		fields, err := reader.Read()
		if err != nil {
			break
		}
		line, _ := reader.FieldPos(0)
		r := row{line: line, meter: fields[0] + " " + fields[1], quantity: fields[2], address: fields[4],
			kind: fields[5], order: strings.TrimSuffix(fields[6], " (assumed)"), scale: fields[7], unit: fields[8], confirmed: fields[10] == "yes"}
		for _, table := range strings.Split(fields[3], " or ") {
			r.tables = append(r.tables, registermap.Table(table))
		}
		rows = append(rows, r)
	}
	if len(rows) < 160 {
		t.Fatalf("%d rows were read", len(rows))
	}
	return rows[1:]
}

// described is a meter of the list, by the beginning of its name, and the maps
// that describe it; base is where a relative block begins in the list's example.
type described struct {
	meter string
	ids   []string
	base  int
}

func describedMeters() []described {
	return []described{
		{"Janitza UMG 96RM", []string{"janitza/umg96rm"}, 0},
		{"Janitza B23", []string{"janitza/b23"}, 0},
		{"Janitza UMG 96-PA", []string{"janitza/umg96pa"}, 0},
		{"Janitza UMG 604", []string{"janitza/umg604"}, 0},
		{"Janitza UMG 104", []string{"janitza/umg604"}, 0},
		{"Janitza UMG 511", []string{"janitza/umg511"}, 0},
		{"Janitza UMG 801 group 1", []string{"janitza/umg801"}, 0},
		{"Janitza UMG 801 group n", []string{"janitza/umg801-group"}, 19200},
		{"Janitza UMG 806", []string{"janitza/umg806"}, 0},
		{"Schneider Electric PM5100", []string{"schneider/pm5000"}, 0},
		{"Schneider Electric PM2100/PM5500/PM8000", []string{"schneider/pm2100", "schneider/pm5000", "schneider/pm8000"}, 0},
		{"Schneider Electric PM2100", []string{"schneider/pm2100"}, 0},
		{"Schneider Electric iEM3000", []string{"schneider/iem3000"}, 0},
		{"Schneider Electric PM800", []string{"schneider/pm800"}, 0},
		{"Siemens SENTRON PAC2200", []string{"siemens/pac2200"}, 0},
		{"Siemens SENTRON PAC3100", []string{"siemens/pac3100"}, 0},
		{"Siemens SENTRON PAC3200", []string{"siemens/pac3200"}, 0},
		{"Siemens SENTRON PAC4200", []string{"siemens/pac4200"}, 0},
		{"ABB B21", []string{"abb/b23"}, 0},
		{"ABB A43", []string{"abb/b23"}, 0},
		{"Eastron SDM630", []string{"eastron/sdm630"}, 0},
		{"Eastron SDM72", []string{"eastron/sdm72"}, 0},
		{"Carlo Gavazzi EM330", []string{"carlogavazzi/em340"}, 0},
		{"Carlo Gavazzi EM24 (RS-485)", []string{"carlogavazzi/em24"}, 0},
		{"Carlo Gavazzi EM24 E1", []string{"carlogavazzi/em24-e1"}, 0},
		{"Socomec COUNTIS E", []string{"socomec/countis-e"}, 0},
		{"Socomec DIRIS A14", []string{"socomec/countis-e"}, 0},
		{"Socomec DIRIS A10", []string{"socomec/diris-a10"}, 0},
		{"Socomec DIRIS B30", []string{"socomec/diris-b30"}, 0},
		{"Socomec COUNTIS/DIRIS", []string{"socomec/countis-e", "socomec/diris-a10", "socomec/diris-b30"}, 0},
		{"Raritan/Legrand", []string{"raritan/xerus"}, 0},
		{"Bender PEM330", []string{"bender/pem330"}, 0},
		{"Kamstrup MULTICAL 403", []string{"kamstrup/multical-xx3"}, 0},
		{"Kamstrup MULTICAL 601", []string{"kamstrup/multical601"}, 0},
		{"Engelmann SensoStar S3", []string{"engelmann/sensostar-s3"}, 0},
		{"Diehl Metering SHARKY 775", []string{"diehl/sharky775"}, 0},
		{"Itron CF ECHO II", []string{"itron/cf-echo2"}, 0},
		{"Sontex Supercal 531", []string{"sontex/supercal531"}, 0},
		{"Sensus (Xylem) PolluTherm", []string{"sensus/pollutherm"}, 0},
		{"Aquametro CALEC ST", []string{"aquametro/calec-st"}, 0},
		{"Spirax Sarco TVA", []string{"spiraxsarco/tva"}, 0},
		{"Onicon System-10", []string{"onicon/system10"}, 0},
	}
}

// unshipped are rows of the list that are in no map, and why.
type unshipped struct{ meter, quantity, because string }

func unshippedRows() []unshipped {
	return []unshipped{
		{"Spirax Sarco TVA", "mass total", "mass is no quantity of this program; the heat of the steam stands beside it"},
		{"Spirax Sarco TVA", "mass flow", "mass is no quantity of this program; the heat of the steam stands beside it"},
		{"Raritan/Legrand", "inlet 1 voltage", "voltage is no quantity of this program"},
		{"Raritan/Legrand", "inlet 1 current", "current is no quantity of this program"},
		{"Raritan/Legrand", "inlet 1 active energy", "neither address nor type is known"},
		{"APC Rack PDU", "", "no register is known; the device is read by SNMP"},
		{"Rittal PDU", "", "no register is known; the device offers OPC UA"},
		{"Kamstrup MULTICAL 403", "heat energy E1", "the addresses are not known"},
		{"Kamstrup MULTICAL 601", "info code", "a status is no quantity of this program"},
		{"Diehl Metering SHARKY 775", "heat energy (int)", "where its factor stands is not known; the float beside it is shipped"},
		{"Diehl Metering SHARKY 775", "volume (int)", "where its factor stands is not known; the float beside it is shipped"},
		{"Diehl Metering SHARKY 775", "temperature difference", "it is the difference of two temperatures that are shipped"},
		{"Diehl Metering SHARKY 775", "error code", "a status is no quantity of this program"},
		{"Itron CF ECHO II", "temperature difference", "it is the difference of two temperatures that are shipped"},
		{"Sontex Supercal 531", "temperature difference", "it is the difference of two temperatures that are shipped"},
		{"Aquametro CALEC ST", "temperature difference", "it is the difference of two temperatures that are shipped"},
		{"Landis+Gyr", "", "no register is known; the meter is read by M-Bus, through hms/mbus-gateway"},
		{"Badger Meter ModMAG", "", "neither type, order nor the base of the addresses is known"},
	}
}

func TestEveryPubliclyKnownRegisterIsInAMapOrSaidWhyNot(t *testing.T) {
	t.Parallel()
	meters, notShipped := describedMeters(), unshippedRows()
	excused := make([]bool, len(notShipped))
	for _, r := range readRows(t) {
		i := slices.IndexFunc(notShipped, func(n unshipped) bool {
			return strings.HasPrefix(r.meter, n.meter) && strings.HasPrefix(r.quantity, n.quantity)
		})
		if i >= 0 {
			excused[i] = true
			if r.confirmed && !strings.HasPrefix(r.quantity, "mass") {
				t.Errorf("%s is confirmed and yet not shipped: %s", r, notShipped[i].because)
			}
			continue
		}
		j := slices.IndexFunc(meters, func(m described) bool { return strings.HasPrefix(r.meter, m.meter) })
		if j < 0 {
			t.Errorf("%s: no map is named for the meter", r)
			continue
		}
		for _, id := range meters[j].ids {
			m, ok := registermap.Builtin(id)
			if !ok {
				t.Fatalf("there is no map %s", id)
			}
			if problem := r.missingFrom(m, meters[j].base); problem != "" {
				t.Errorf("%s: %s %s", r, id, problem)
			}
		}
	}
	for i, n := range notShipped {
		if !excused[i] || n.because == "" {
			t.Errorf("%s %s is no row of the list, or there is no reason", n.meter, n.quantity)
		}
	}
}

// missingFrom is how m differs from the row; empty where it has it.
func (r row) missingFrom(m *registermap.Model, base int) string {
	address, err := strconv.Atoi(r.address)
	if err != nil {
		return "has no such address: " + err.Error()
	}
	address -= base
	for _, x := range m.Registers {
		if int(x.Address) == address && slices.Contains(r.tables, x.Table) {
			return r.differs(x)
		}
	}
	for _, x := range m.Registers {
		if u := x.UnitFrom; u != nil && int(u.Address) == address {
			return r.shape(u.Type, u.Length, u.Order)
		}
		if s := x.ScaleFrom; s != nil && int(s.Address) == address {
			return r.shape(s.Type, 0, s.Order)
		}
	}
	for _, x := range m.Identity {
		if int(x.Address) == address && slices.Contains(r.tables, x.Table) {
			return r.shape(x.Type, x.Length, x.Order)
		}
	}
	return "has nothing at the address " + r.address
}

// differs compares a value of a map with the row.
func (r row) differs(x registermap.Register) string {
	if problem := r.shape(x.Type, 0, x.Order); problem != "" {
		return problem
	}
	if scale, err := energy.ParseValue(r.scale); err != nil || !scale.Equal(x.Scale) {
		return fmt.Sprintf("scales by %s, not %q", x.Scale, r.scale)
	}
	unit := energy.Unit(strings.NewReplacer("degC", "°C", "m3", "m³").Replace(r.unit))
	told := strings.Contains(r.unit, "unit register")
	at, _ := strconv.Atoi(strings.TrimPrefix(r.unit, "unit register "))
	switch {
	case at != 0 && (x.UnitFrom == nil || int(x.UnitFrom.Address) != at):
		return fmt.Sprintf("does not read its unit from register %d", at)
	case told && x.UnitFrom == nil && !x.UnitAsked():
		return fmt.Sprintf("has the unit %s where the meter tells it", x.Unit)
	case !told && unit != "" && unit != x.Unit:
		return fmt.Sprintf("has the unit %q, not %q", x.Unit, unit)
	case x.Confirmed != r.confirmed:
		return fmt.Sprintf("says confirmed: %v", x.Confirmed)
	}
	return ""
}

// shape compares type and order.
func (r row) shape(kind registermap.Type, length int, order registermap.Order) string {
	name := string(kind)
	if kind == registermap.String {
		name += strconv.Itoa(length)
	}
	if name != r.kind && (r.confirmed || !strings.Contains(r.kind, "check")) {
		return fmt.Sprintf("has a %s, not a %s", name, r.kind)
	}
	var want registermap.Order
	if err := want.UnmarshalText([]byte(r.order)); err != nil || want != order {
		return fmt.Sprintf("has the order %s, not %s", order, r.order)
	}
	return ""
}

func TestTheCapabilitiesAreThoseOfTheModels(t *testing.T) {
	t.Parallel()
	all := registermap.Capabilities()
	if len(all) != len(registermap.Builtins()) {
		t.Fatalf("%d capabilities of %d models", len(all), len(registermap.Builtins()))
	}
	found := map[string]registermap.Capability{}
	for _, c := range all {
		found[c.Model] = c
		if c.Source == "" || c.Manufacturer == "" || len(c.Quantities) == 0 || c.Registers != len(c.Values) || c.Confirmed > c.Registers {
			t.Errorf("capability %+v", c)
		}
	}
	if c := found["janitza/umg801"]; c.Registers != 5 || c.Confirmed != 4 {
		t.Errorf("%s: %d of %d registers are confirmed", c.Model, c.Confirmed, c.Registers)
	}
	if c := found["itron/cf-echo2"]; c.Limits.MaxRegisters != 22 || c.Limits.GapStated || c.Refresh.Seconds() != 60 {
		t.Errorf("%s: %+v, refresh %s", c.Model, c.Limits, c.Refresh)
	}
	if c := found["kamstrup/multical-xx3"]; !slices.Equal(c.UnitAsked, []string{"volume_flow", "volume_flow/v2", "heat_power"}) ||
		!slices.Contains(c.Values, "temperature/t4") || len(c.Quantities) != 5 {
		t.Errorf("%s: units of %v are asked, values %v, quantities %v", c.Model, c.UnitAsked, c.Values, c.Quantities)
	}
	if c := found["sunspec/meter"]; !slices.Equal(c.SunSpec, []uint16{201, 202, 203, 204}) || !c.Identifies || c.Relative {
		t.Errorf("%+v", c)
	}
	if c := found["hms/mbus-gateway"]; !c.Relative || c.Refresh != 0 {
		t.Errorf("%+v", c)
	}
	if c := found["schneider/iem3000"]; !c.Identifies || c.Limits.GapStated {
		t.Errorf("%+v", c)
	}
}
