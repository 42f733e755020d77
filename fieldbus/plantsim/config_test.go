package plantsim

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/goccy/go-yaml"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// configFile is config.yaml as the contract's example has it.
type configFile struct {
	Database struct {
		URL string `yaml:"url"`
	} `yaml:"database"`
	DataDir     string   `yaml:"data_dir"`
	Listen      string   `yaml:"listen"`
	PublicURL   string   `yaml:"public_url"`
	Timezone    string   `yaml:"timezone"`
	Registry    []string `yaml:"registry"`
	Connections []struct {
		ID     string `yaml:"id"`
		Modbus *struct {
			URL     string `yaml:"url"`
			Timeout string `yaml:"timeout"`
		} `yaml:"modbus"`
		OPCUA *struct {
			Endpoint string `yaml:"endpoint"`
			Security string `yaml:"security"`
		} `yaml:"opcua"`
		Meters []struct {
			ID        energy.MeterID                     `yaml:"id"`
			Unit      uint8                              `yaml:"unit"`
			Model     string                             `yaml:"model"`
			Every     string                             `yaml:"every"`
			Sampling  string                             `yaml:"sampling"`
			Points    map[energy.Quantity]energy.PointID `yaml:"points"`
			Registers []struct {
				Point    energy.PointID  `yaml:"point"`
				Quantity energy.Quantity `yaml:"quantity"`
				Table    string          `yaml:"table"`
				Address  uint16          `yaml:"address"`
				Type     string          `yaml:"type"`
				Order    string          `yaml:"order"`
				Scale    float64         `yaml:"scale"`
				Unit     energy.Unit     `yaml:"unit"`
				Absent   []int64         `yaml:"absent"`
			} `yaml:"registers"`
			Nodes []struct {
				Point    energy.PointID  `yaml:"point"`
				Quantity energy.Quantity `yaml:"quantity"`
				Node     string          `yaml:"node"`
				Unit     energy.Unit     `yaml:"unit"`
			} `yaml:"nodes"`
		} `yaml:"meters"`
	} `yaml:"connections"`
}

func TestConfigNamesEveryPointOnItsPort(t *testing.T) {
	t.Parallel()
	s := serveAt(t, "2026-11-22T10:00:00Z")
	dir := filepath.Join(t.TempDir(), "made", "for", "it")
	if err := s.WriteConfig(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "config.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var c configFile
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&c); err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.DataDir != "./var" || len(c.Registry) != 1 || c.Registry[0] != "registry.yaml" {
		t.Errorf("head of the config: %+v", c)
	}
	units := map[energy.PointID]energy.Unit{}
	for _, line := range c.Connections {
		if line.Modbus != nil && line.Modbus.URL != url(t, s, line.ID) || line.OPCUA != nil && (line.OPCUA.Endpoint != url(t, s, line.ID) || line.OPCUA.Security != "None") {
			t.Errorf("connection %s is not where the plant answers: %+v", line.ID, line)
		}
		for _, m := range line.Meters {
			for q, p := range m.Points {
				units[p] = q.Unit()
			}
			for _, r := range m.Registers {
				units[r.Point] = r.Unit
			}
			for _, n := range m.Nodes {
				units[n.Point] = n.Unit
			}
		}
	}
	for _, p := range s.Plant().Points() {
		if unit, ok := units[p.ID]; !ok || !unit.Convertible(p.Quantity.Unit()) {
			t.Errorf("%s is read in %q", p.ID, unit)
		}
	}
	if want := len(s.Plant().Points()); len(units) != want {
		t.Errorf("the config reads %d points, the plant has %d", len(units), want)
	}
}

// writtenRegistry is the registry that the plant writes, read again.
func writtenRegistry(t *testing.T, s *Server) *registry.Registry {
	t.Helper()
	dir := t.TempDir()
	if err := s.WriteConfig(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "registry.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	r, faults := registry.Load("registry.yaml", text)
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRegistryLoadsWithoutAFault(t *testing.T) {
	t.Parallel()
	s := serveAt(t, "2026-11-22T10:00:00Z")
	r := writtenRegistry(t, s)
	for _, p := range s.Plant().Points() {
		site, meter, point, ok := r.Point(p.ID)
		if !ok || meter.ID != p.Meter || point.Quantity != p.Quantity || point.Role == "" || site.Operator == "" {
			t.Errorf("%s in the registry: %+v of meter %s", p.ID, point, meter.ID)
		}
	}
	_, _, it, _ := r.Point("hafen/it-energy")
	if it.Role != energy.ITLoad || it.Category != 1 || it.Parent != "hafen/grid-energy" {
		t.Errorf("the IT load: %+v", it)
	}
	_, _, grid, _ := r.Point("hafen/grid-energy")
	if step, err := grid.Resolution.In("Wh"); err != nil || step.Float64() != 512 {
		t.Errorf("at 5 GWh a float32 counts in steps of %v Wh, %v; want 512", step, err)
	}
}
