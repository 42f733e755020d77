// Package config knows the file that says how this process runs: database,
// addresses, connections to meters, schedules. It reads it strictly, with every
// fault at once, and opens nothing that the file names: no secret, no registry,
// no connection. What stands under registers: and nodes: is kept as it is, for
// the packages that know registers and nodes.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// Config is the process's file with its defaults filled in. Every path in it is
// absolute: the file's own are relative to the folder it lies in.
type Config struct {
	Database    Database     `yaml:"database"`
	DataDir     string       `yaml:"data_dir"`   // private database, spool, keys
	Listen      string       `yaml:"listen"`     // host:port of the web server
	PublicURL   string       `yaml:"public_url"` // where people find it, without a slash at the end
	Timezone    string       `yaml:"timezone"`   // IANA name, for sites and municipalities that name none
	Registry    []string     `yaml:"registry"`   // files applied at start
	Collector   Collector    `yaml:"collector"`
	Connections []Connection `yaml:"connections"`
	Spool       Spool        `yaml:"spool"`
	TLS         TLS          `yaml:"tls"`
	Push        Push         `yaml:"push"`
	API         API          `yaml:"api"`
	Schedule    Schedule     `yaml:"schedule"`
	Mail        Mail         `yaml:"mail"`
	OIDC        OIDC         `yaml:"oidc"`
	SignIn      SignIn       `yaml:"signin"`
	Heatmap     Heatmap      `yaml:"heatmap"`

	doc *strictyaml.Document
}

// Database is where facts are kept.
type Database struct {
	URL     string `yaml:"url"`     // postgres://…; "" is a private PostgreSQL below data_dir
	Account string `yaml:"account"` // of the operating system, which runs the private one when started as root
}

// Collector is this process as a source of readings.
type Collector struct {
	Name string `yaml:"name"` // default: the name of the host
}

// Heatmap is what the maps of heat show beside sources.
type Heatmap struct {
	// Outlines is a GeoJSON file of the municipality and its districts, in place of
	// those that come with the program.
	Outlines string `yaml:"outlines"`
	// Tiles is a PMTiles file with the municipality's base map, served to whoever asks;
	// "" serves none. Our own maps need none.
	Tiles string `yaml:"tiles"`
}

// Spool is the queue on disk between meters and database.
type Spool struct {
	Dir      string        `yaml:"dir"`       // default: spool below data_dir
	Batch    time.Duration `yaml:"batch"`     // readings of so long are delivered together
	KeepDays int           `yaml:"keep_days"` // delivered readings are kept, at least 14 days
	MaxBytes int64         `yaml:"max_bytes"` // beyond, the oldest delivered readings go first
}

// TLS is how the web server shows itself; without files it speaks plain HTTP, for
// this host or a proxy in front.
type TLS struct {
	Certificate string `yaml:"certificate"` // PEM, with its chain; read anew when it changes
	Key         string `yaml:"key"`         // PEM
}

// Push forwards to a central Heatledger in place of a database.
type Push struct {
	URL         string `yaml:"url"` // "": do not push
	TokenFile   string `yaml:"token_file"`
	Certificate string `yaml:"certificate"` // PEM, of this client
	Key         string `yaml:"key"`         // PEM
	CA          string `yaml:"ca"`          // PEM, in place of the system's
}

// Schedule is when recurring work is done, in the time zone of the process.
type Schedule struct {
	MonthlyReport Cron `yaml:"monthly_report"`
	CouncilReport Cron `yaml:"council_report"` // both editions, of the year before and the running one
	OpenData      Cron `yaml:"opendata"`
	MailDigest    Cron `yaml:"mail_digest"` // what is new goes to those who subscribed; at most daily
}

// Connection is one physical connection with the meters behind it. Exactly one
// of Modbus and OPCUA is set.
type Connection struct {
	ID     string  `yaml:"id,required"`
	Modbus *Modbus `yaml:"modbus"`
	OPCUA  *OPCUA  `yaml:"opcua"`
	Meters []Meter `yaml:"meters,required"`
}

// Meter is an instrument behind a connection.
type Meter struct {
	ID energy.MeterID `yaml:"id,required"`

	// Of Modbus: the unit on the bus, and which of its registers are read how
	// often: those of a model, by quantity, or those of Registers. A model is one
	// that ships with the program, or a file (see [Meter.ModelFile]).
	Unit      int             `yaml:"unit"` // 0…255, default 1
	Model     string          `yaml:"model"`
	Points    strictyaml.Node `yaml:"points"` // quantity of the model → point of the registry, or {point, unit, every}
	Registers strictyaml.Node `yaml:"registers"`
	Every     time.Duration   `yaml:"every"` // default 10s, or the model's refresh if that is longer
	// What one request may ask for, in place of what the model says.
	MaxRegisters int  `yaml:"max_registers"` // 1…125; 0: as the model says
	MaxGap       *int `yaml:"max_gap"`       // registers read along in a hole, 0…124; nil: as the model says

	// Of OPC UA: the nodes, or a model of the server's own (opc/34100), with the
	// node below which its meter lies and Points; and how often the server samples.
	Nodes    strictyaml.Node `yaml:"nodes"`
	Root     string          `yaml:"root"`
	Sampling time.Duration   `yaml:"sampling"`
}

// ModelFile is the whole path of the model where it is a file; ok is false for
// the id of a shipped one. A file begins with a dot or a slash, or ends with .yaml
// or .yml.
func (m Meter) ModelFile() (file string, ok bool) {
	ok = strings.HasPrefix(m.Model, ".") || strings.HasPrefix(m.Model, "/") ||
		strings.HasSuffix(m.Model, ".yaml") || strings.HasSuffix(m.Model, ".yml")
	return m.Model, ok
}

// Load reads a file. A file that is not there is a fault like any other.
func Load(file string) (*Config, energy.Faults) {
	src, err := os.ReadFile(file)
	if err != nil {
		var reason *os.PathError
		if errors.As(err, &reason) {
			err = reason.Err
		}
		return Default(), energy.Faults{{File: file, Problem: fmt.Sprintf("the file is not readable (%v)", err), Remedy: "name a file by --config, or write one by: heatledger config example"}}
	}
	return Parse(file, src)
}

// Parse reads src, the content of file. All faults are returned, in the order
// of the file; with faults the config holds what could be read.
func Parse(file string, src []byte) (*Config, energy.Faults) {
	c := preset()
	var faults energy.Faults
	c.doc, faults = strictyaml.Decode(file, src, c)
	check := checker{config: c}
	check.all()
	faults = strictyaml.InOrder(append(faults, check.faults...))
	for i := range faults { // an address in the wrong place is quoted, but never its password
		faults[i].Problem = redactWithin(faults[i].Problem)
	}
	c.fill()
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return c, append(faults, energy.Fault{File: file, Problem: err.Error(), Remedy: "name the file by its whole path"})
	}
	c.resolve(dir)
	return c, faults
}

// SetDataDir moves everything kept on disk to dir; the spool and
// the trusted certificates too, unless the file gives them a place of their own.
func (c *Config) SetDataDir(dir string) error {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("find the data directory: %w", err)
	}
	if c.Spool.Dir == filepath.Join(c.DataDir, "spool") {
		c.Spool.Dir = filepath.Join(whole, "spool")
	}
	for i := range c.Connections {
		if o := c.Connections[i].OPCUA; o != nil && o.Trust == c.TrustFolder() {
			o.Trust = filepath.Join(whole, trustFolder)
		}
	}
	c.DataDir = whole
	return nil
}

// TrustFolder is where certificates of trusted OPC UA servers lie unless a
// connection says otherwise.
func (c *Config) TrustFolder() string { return filepath.Join(c.DataDir, trustFolder) }

// Says tells whether the file itself says something at a path: what a default
// says instead may give way.
func (c *Config) Says(path ...any) bool { return c.present(path...) }

// Fault is a fault at a place of the file, for what only other packages can
// check: c.Fault(problem, remedy, "connections", 0, "meters", 1, "model").
func (c *Config) Fault(problem, remedy string, path ...any) energy.Fault {
	if c.doc == nil {
		return energy.Fault{Problem: problem, Remedy: remedy}
	}
	return c.doc.Fault(problem, remedy, path...)
}
