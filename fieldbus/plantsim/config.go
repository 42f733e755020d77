package plantsim

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"text/template"

	"heatledger/energy"
)

//go:embed templates/*.tmpl
var templates embed.FS

// WriteConfig writes config.yaml and registry.yaml into dir, which is made if
// need be: together they let `collect` and `serve` read every meter of the
// plant on the ports it has now.
func (s *Server) WriteConfig(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write the plant's configuration: %w", err)
	}
	kilo := func(p energy.Watts) string { return strconv.FormatFloat(float64(p)/1000, 'f', -1, 64) }
	all, err := template.New("").Funcs(template.FuncMap{"kilo": kilo}).ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return fmt.Errorf("read the plant's templates: %w", err)
	}
	page := s.page()
	for _, name := range []string{"config.yaml", "registry.yaml"} {
		var out bytes.Buffer
		if err := all.ExecuteTemplate(&out, name+".tmpl", page); err != nil {
			return fmt.Errorf("write %s of the plant: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o644); err != nil {
			return fmt.Errorf("write %s of the plant: %w", name, err)
		}
	}
	return nil
}

// page is what the templates show.
type page struct {
	Timezone  string
	Operators []Operator
	// Guarantees and Evidence stand at the registry's top level.
	Guarantees []guaranteePage
	Evidence   []evidencePage
	Sites      []sitePage
	Lines      []linePage
}

// sitePage is a site of the registry.
type sitePage struct {
	SiteSpec
	Operation energy.Date // first day of operation
	HeatPumps []heatPumpPage
	Outages   []outagePage
	Meters    []meterPage
}

// evidencePage is a document and the site it concerns.
type evidencePage struct {
	Evidence
	Site energy.SiteID
}

// linePage is a connection of the config.
type linePage struct {
	Connection
	Meters []meterPage
}

// meterPage is a meter of either file.
type meterPage struct {
	MeterSpec
	Map, Manufacturer, Type, Accuracy, Regime string
	Points                                    []pointPage
}

// pointPage is a point of either file: what it means, and how it is read.
type pointPage struct {
	ID, Parent                                    energy.PointID
	Quantity                                      energy.Quantity
	Role                                          energy.Role
	Series                                        energy.SeriesKind
	Category                                      int
	Resolution, Modulus                           string
	Table, Type, Order, Scale, Unit, Absent, Node string
	Address                                       uint16
}

// page gathers what the templates show, as of now.
func (s *Server) page() page {
	p := page{Timezone: zone}
	known := map[string]bool{}
	now := s.Now()
	for _, site := range s.plant.sites {
		if op := site.Spec.Operator; !known[op.ID] {
			known[op.ID] = true
			p.Operators = append(p.Operators, op)
		}
		state, sp := site.At(now), sitePage{SiteSpec: site.Spec, Operation: site.Spec.Commissioned, HeatPumps: site.heatPumps(), Outages: site.outages(now)}
		if sp.Operation == (energy.Date{}) {
			sp.Operation = site.Spec.Since
		}
		p.Guarantees = append(p.Guarantees, site.guarantees(s.plant.calendar, now)...)
		for _, e := range site.Spec.Evidence {
			p.Evidence = append(p.Evidence, evidencePage{e, site.Spec.ID})
		}
		for _, m := range site.meters {
			sp.Meters = append(sp.Meters, m.page(state))
		}
		p.Sites = append(p.Sites, sp)
	}
	for _, c := range s.Connections() {
		lp := linePage{Connection: c}
		for _, id := range c.Meters {
			m := s.meters[id]
			lp.Meters = append(lp.Meters, m.page(m.site.At(now)))
		}
		p.Lines = append(p.Lines, lp)
	}
	return p
}

// page describes a meter; state tells how coarse its float counters have become.
func (m *meter) page(state State) meterPage {
	p := meterPage{MeterSpec: m.MeterSpec, Map: m.Model.mapName(), Regime: "calibration"}
	p.Manufacturer, p.Type = m.Model.maker()
	p.Accuracy = fmt.Sprintf("{class: %q}", m.Class)
	if m.Stream == WaterIn {
		p.Regime = "mid"
	}
	if m.Stream == HeatDelivered {
		p.Regime = "mid"
		p.Accuracy = fmt.Sprintf("{class: %q, qp: 15, delta_theta_min: 3}", m.Class)
	}
	for _, f := range m.offered() {
		p.Points = append(p.Points, m.pointPage(f, state))
	}
	return p
}

// pointPage describes one quantity. The step of a float counter grows with the
// counter, so it is the step of now; a register that turns over says where.
func (m *meter) pointPage(f field, state State) pointPage {
	p := pointPage{
		ID: m.point(f.quantity), Quantity: f.quantity, Role: m.Role, Series: f.quantity.DefaultSeries(), Category: m.Category,
		Table: f.table.String(), Address: f.address, Type: f.kind.String(), Order: "ABCDEFGH"[:2*f.kind.words()],
		Scale: energy.Decimal(1, f.scale).String(), Unit: string(f.unit), Node: "nsu=" + Namespace + ";s=" + m.node(f.quantity),
	}
	if p.Series == energy.Counter {
		if m.Parent != "" {
			p.Parent = energy.PointID(string(m.site.Spec.ID) + "/" + m.Parent + "-energy")
		}
		p.Resolution = f.step(f.shown(m, state)).String() + " " + string(f.unit)
		if f.kind == uint32Words {
			p.Modulus = energy.Decimal(1<<32, f.scale).String() + " " + string(f.unit)
		}
	}
	switch f.kind {
	case int16Words:
		p.Absent = "0x8000"
	case uint32Words:
		p.Absent = "0xFFFFFFFF"
	}
	return p
}
