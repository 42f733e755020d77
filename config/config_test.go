package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/config"
	"heatledger/energy"
)

func TestTheExampleLoadsAsItStands(t *testing.T) {
	t.Parallel()
	c, faults := config.Load("testdata/example.yaml")
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	if c.DataDir != filepath.Join(dir, "var") || !slices.Equal(c.Registry, []string{filepath.Join(dir, "registry.yaml")}) || c.Spool.Dir != filepath.Join(dir, "var/spool") {
		t.Errorf("paths are %s, %s, %s", c.DataDir, c.Registry, c.Spool.Dir)
	}
	gateway, bms := c.Connections[0], c.Connections[1]
	if m := *gateway.Modbus; m.URL != "tcp://127.0.0.1:1502" || m.Scheme() != "tcp" || m.Timeout != time.Second || m.Pause != 0 || m.MaxRegisters != 125 {
		t.Errorf("modbus is %+v", m)
	}
	if main := gateway.Meters[0]; main.Unit != 1 || main.Model != "janitza/umg96rm" || main.Every != 10*time.Second || !main.Points.Present() || main.Registers.Present() {
		t.Errorf("meter is %+v", main)
	}
	if o := *bms.OPCUA; o.Security != (config.Security{Policy: "Basic256Sha256", Mode: "SignAndEncrypt"}) || o.PasswordFile != filepath.Join(dir, "secrets/bms.password") || o.User != "heatledger" {
		t.Errorf("opcua is %+v", o)
	}
	if c.Push.URL != "" || c.Schedule.MonthlyReport.String() != "0 6 2 * *" || bms.Meters[0].Sampling != time.Second || !bms.Meters[0].Nodes.Present() {
		t.Errorf("config is %+v", c)
	}
}

func TestRegistersAreKeptForThoseWhoKnowThem(t *testing.T) {
	t.Parallel()
	c, faults := config.Load("testdata/example.yaml")
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var rows []struct {
		Point   energy.PointID `yaml:"point,required"`
		Address uint16         `yaml:"address"`
		Scale   energy.Value   `yaml:"scale"`
		Absent  []uint16       `yaml:"absent"`
	}
	doc, faults := c.Connections[0].Meters[1].Registers.Decode(&rows)
	if len(rows) != 2 || rows[0].Scale != energy.Decimal(1, -1) || rows[1].Absent[0] != 0x8000 {
		t.Errorf("rows are %+v", rows)
	}
	if len(faults) != 7 { // table, type, order, unit; table, type, unit
		t.Errorf("%d faults for fields not asked for:\n%v", len(faults), faults)
	}
	if got := doc.Fault("p", "", 1, "address").Error(); got != "testdata/example.yaml:29:77: p" {
		t.Errorf("fault stands at %s", got)
	}
	if got := c.Fault("p", "", "connections", 0, "meters", 0, "points", "active_power").Error(); got != "testdata/example.yaml:23:25: p" {
		t.Errorf("fault stands at %s", got)
	}
}

func TestAnEmptyFileIsTheDefault(t *testing.T) {
	t.Parallel()
	parsed, faults := config.Parse("config.yaml", nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for name, c := range map[string]*config.Config{"parsed": parsed, "default": config.Default()} {
		if c.Listen != "127.0.0.1:8080" || c.PublicURL != "http://127.0.0.1:8080" || c.Timezone != "Europe/Berlin" || c.Database.URL != "" {
			t.Errorf("%s: addresses are %+v", name, c)
		}
		if !filepath.IsAbs(c.DataDir) || c.Spool.Dir != filepath.Join(c.DataDir, "spool") || c.Spool.KeepDays != 14 || c.Spool.Batch <= 0 || c.Spool.MaxBytes <= 0 {
			t.Errorf("%s: spool is %+v below %s", name, c.Spool, c.DataDir)
		}
		if !energy.IsID(c.Collector.Name) || c.Schedule.OpenData.Never() {
			t.Errorf("%s: collector %q, schedule %+v", name, c.Collector.Name, c.Schedule)
		}
	}
}

func TestDefaultsFollowWhatTheFileSays(t *testing.T) {
	t.Parallel()
	elsewhere := func(c *config.Config) any { c.SetListen("127.0.0.1:9001"); return c.Listen + " " + c.PublicURL }
	tests := []struct {
		name, src string
		got       func(c *config.Config) any
		want      any
	}{
		{"the public address follows a server that is moved", "listen: 127.0.0.1:9000", elsewhere, "127.0.0.1:9001 http://127.0.0.1:9001"},
		{"unless the file names one", "public_url: https://heat.example.city", elsewhere, "127.0.0.1:9001 https://heat.example.city"},
		{"the public address follows listen", "listen: 127.0.0.1:9000", func(c *config.Config) any { return c.PublicURL }, "http://127.0.0.1:9000"},
		{"listening everywhere is found at localhost", "listen: ':9000'", func(c *config.Config) any { return c.PublicURL }, "http://localhost:9000"},
		{"a server with a certificate is found over TLS", "listen: ':9443'\ntls: {certificate: c.pem, key: k.pem}", func(c *config.Config) any { return c.PublicURL }, "https://localhost:9443"},
		{"who administers needs a second factor", "", func(c *config.Config) any { return fmt.Sprint(c.SignIn.SecondFactor) }, "[admin]"},
		{"others as the file says", "signin: {second_factor: [admin, office]}", func(c *config.Config) any { return fmt.Sprint(c.SignIn.SecondFactor) }, "[admin office]"},
		{"or nobody", "signin: {second_factor: []}", func(c *config.Config) any { return fmt.Sprint(c.SignIn.SecondFactor) }, "[]"},
		{"a public address loses its slash", "public_url: https://heat.example.city/", func(c *config.Config) any { return c.PublicURL }, "https://heat.example.city"},
		{"the spool follows data_dir", "data_dir: /srv/heat", func(c *config.Config) any { return c.Spool.Dir }, "/srv/heat/spool"},
		{"an empty schedule is never", "schedule: {opendata: ''}", func(c *config.Config) any { return c.Schedule.OpenData.Never() }, true},
		{"a serial line has the speed of the specification", modbus("rtu:///dev/ttyUSB0"), func(c *config.Config) any { return c.Connections[0].Modbus.Speed }, 19200},
		{"and its parity", modbus("rtu:///dev/ttyUSB0"), func(c *config.Config) any { return c.Connections[0].Modbus.Parity }, "even"},
		{"without parity two stop bits", modbus("rtu:///dev/ttyUSB0', parity: 'none"), func(c *config.Config) any { return c.Connections[0].Modbus.StopBits }, 2},
		{"a gateway needs no serial pauses", modbus("rtuovertcp://127.0.0.1:1"), func(c *config.Config) any { return c.Connections[0].Modbus.Speed }, 115200},
		{"a meter is unit 1", modbus("tcp://127.0.0.1:1"), func(c *config.Config) any { return c.Connections[0].Meters[0].Unit }, 1},
		{"unless it is unit 0", modbus("tcp://127.0.0.1:1", "unit: 0"), func(c *config.Config) any { return c.Connections[0].Meters[0].Unit }, 0},
		{"an OPC UA connection is not protected", opcua("opc.tcp://127.0.0.1:1"), func(c *config.Config) any { return c.Connections[0].OPCUA.Security.None() }, true},
		{"an address has one socket", modbus("tcp://127.0.0.1:1"), func(c *config.Config) any { return c.Connections[0].Modbus.Simultaneous }, 1},
		{"gaps are filled from history", opcua("opc.tcp://127.0.0.1:1"), func(c *config.Config) any { return c.Connections[0].OPCUA.History }, true},
		{"unless the file says otherwise", opcua("opc.tcp://127.0.0.1:1', history: false, user: '"), func(c *config.Config) any { return c.Connections[0].OPCUA.History }, false},
		{"trusted certificates follow data_dir", "data_dir: /srv/heat\n" + opcua("opc.tcp://127.0.0.1:1"), func(c *config.Config) any { return c.Connections[0].OPCUA.Trust }, "/srv/heat/opcua/trusted"},
		{"or lie where the file says", opcua("opc.tcp://127.0.0.1:1', trust: 'known"), func(c *config.Config) any { return c.Connections[0].OPCUA.Trust }, "/etc/heat/known"},
		{"a model may be a file beside it", strings.Replace(modbus("tcp://127.0.0.1:1"), "a/b", "./models/own.yaml", 1), func(c *config.Config) any { return c.Connections[0].Meters[0].Model }, "/etc/heat/models/own.yaml"},
		{"a shipped model is no file", modbus("tcp://127.0.0.1:1"), func(c *config.Config) any { return c.Connections[0].Meters[0].Model }, "a/b"},
		{"a gap of nothing is not the same as none stated", modbus("tcp://127.0.0.1:1", "max_gap: 0"), func(c *config.Config) any { return *c.Connections[0].Meters[0].MaxGap }, 0},
		{"certificates lie beside the file", modbus("tcp+tls://127.0.0.1:1', certificate: c, key: /k, ca: '../ca"), func(c *config.Config) any {
			m := c.Connections[0].Modbus
			return strings.Join([]string{m.Certificate, m.Key, m.CA}, " ")
		}, "/etc/heat/c /k /etc/ca"},
	}
	for _, tt := range tests {
		c, faults := config.Parse("/etc/heat/config.yaml", []byte(tt.src))
		if got := tt.got(c); len(faults) > 0 || got != tt.want {
			t.Errorf("%s: got %v, want %v, faults %v", tt.name, got, tt.want, faults)
		}
	}
}

// modbus is a file with one Modbus connection and one meter.
func modbus(url string, meter ...string) string {
	fields := strings.Join(append([]string{"id: m, model: a/b, points: {active_power: s/p}"}, meter...), ", ")
	return "connections:\n  - id: c\n    modbus: {url: '" + url + "'}\n    meters:\n      - {" + fields + "}\n"
}

// opcua is a file with one OPC UA connection and one meter.
func opcua(endpoint string) string {
	return "connections:\n  - id: c\n    opcua: {endpoint: '" + endpoint + "'}\n    meters:\n      - {id: m, nodes: [{}]}\n"
}

func TestAFileThatIsNotThereIsAFault(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.yaml")
	_, faults := config.Load(file)
	if len(faults) != 1 || faults[0].File != file || !strings.Contains(faults[0].Problem, "no such file") || faults[0].Remedy == "" {
		t.Errorf("faults are %v", faults)
	}
}

func TestNothingThatTheFileNamesIsOpened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "token"), 0o000); err != nil {
		t.Fatal(err)
	}
	c, faults := config.Parse(filepath.Join(dir, "c.yaml"), []byte("registry: [none.yaml]\npush: {url: https://heat.example.city, token_file: token}\ndata_dir: nowhere\n"))
	if len(faults) > 0 || c.Push.TokenFile != filepath.Join(dir, "token") {
		t.Errorf("token %s, faults %v", c.Push.TokenFile, faults)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("folder holds %v (%v)", entries, err)
	}
}

func TestAnAddressInTheWrongPlaceKeepsItsPassword(t *testing.T) {
	t.Parallel()
	_, faults := config.Parse("f", []byte("database: postgres://heat:s3cret@db/heat\n"))
	if want := `f:1:11: database is "postgres://heat:xxxxx@db/heat": a mapping is expected`; faults.Error() != want {
		t.Errorf("got %v, want %s", faults, want)
	}
}
