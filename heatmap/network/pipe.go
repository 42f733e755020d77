package network

import (
	_ "embed"
	"fmt"
	"math"
	"slices"

	"heatledger/energy"
)

// Pipe is a size of pipe.
type Pipe struct {
	DN       int     // nominal diameter
	Outer    float64 // of the steel pipe, in metres
	Wall     float64 // in metres
	Casing   float64 // outer diameter of the casing, in metres
	Velocity float64 // the highest it is laid out for, in m/s
	// U is the heat loss of flow and return together in W for each metre of trench
	// and kelvin between their mean temperature and the ground; 0: computed ([Pipe.Loss]).
	U      float64
	Source string
}

// Inner is the inner diameter in metres.
func (p Pipe) Inner() float64 { return p.Outer - 2*p.Wall }

// Pipes are sizes, the smallest first.
type Pipes []Pipe

//go:embed pipes.csv
var pipesCSV string

// DefaultPipes are the sizes of pipes.csv: bonded steel pipes, EN 253, insulation
// series 1, with the source of each.
func DefaultPipes() Pipes {
	pipes, faults := ReadPipes("pipes.csv", []byte(pipesCSV))
	if len(faults) > 0 {
		panic(faults.Error())
	}
	return pipes
}

// ReadPipes reads a table of pipes; it has the columns of pipes.csv.
func ReadPipes(file string, src []byte) (Pipes, energy.Faults) {
	var pipes Pipes
	t := &table{file: file}
	t.read(src, []string{"dn", "outer_mm", "wall_mm", "casing_mm", "velocity_m_s", "u_w_per_m_k", "source"}, func(r row) {
		before := len(t.faults)
		p := Pipe{
			DN: int(r.number("dn", 6, 2000)), Outer: r.number("outer_mm", 5, 2500) / 1000, Wall: r.number("wall_mm", 0.1, 100) / 1000,
			Casing: r.number("casing_mm", 10, 4000) / 1000, Velocity: r.number("velocity_m_s", 0.05, 10), Source: r.text("source"),
		}
		if r.text("u_w_per_m_k") != "" {
			p.U = r.number("u_w_per_m_k", 0.01, 20)
		}
		switch {
		case len(t.faults) > before:
			return
		case p.Inner() <= 0:
			r.fault("wall_mm", "the wall is thicker than the pipe", "outer_mm is more than twice wall_mm")
		case p.Casing <= p.Outer:
			r.fault("casing_mm", "the casing is smaller than the pipe", "casing_mm is greater than outer_mm")
		case p.Source == "":
			r.fault("source", "the source is missing", "say where the size comes from, or write that it is an assumption")
		case len(pipes) > 0 && (p.DN <= pipes[len(pipes)-1].DN || p.Inner() <= pipes[len(pipes)-1].Inner()):
			r.fault("dn", fmt.Sprintf("DN %d comes after DN %d", p.DN, pipes[len(pipes)-1].DN), "put the sizes in order, each once, and each wider than the one before")
		default:
			pipes = append(pipes, p)
		}
	})
	if len(pipes) == 0 && len(t.faults) == 0 {
		t.fault(1, 1, "the table has no sizes", "one row at least is expected")
	}
	if len(t.faults) > 0 {
		return nil, t.faults
	}
	return pipes, nil
}

// Loss is the heat loss of flow and return together in W for each metre of trench
// and kelvin between their mean temperature and the ground. If the table does not
// state it, it is that of two equal pipes side by side in the ground (EN 13941-1,
// two single pipes; Wallentén 1991, Steady-state heat loss from insulated pipes):
// 2 / (R insulation + R ground + R between the pipes).
func (p Pipe) Loss(a Assumptions) float64 {
	if p.U > 0 {
		return p.U
	}
	const surface = 0.0685 // m² K/W, resistance at the surface of the ground
	soil := a.SoilConductivity.Value
	depth := a.Cover.Value + p.Casing/2 + surface*soil // of the axis, corrected
	insulation := math.Log(p.Casing/p.Outer) / (2 * math.Pi * a.InsulationConductivity.Value)
	ground := math.Log(4*depth/p.Casing) / (2 * math.Pi * soil)
	between := math.Log(1+math.Pow(2*depth/(p.Casing+a.PipeSpacing.Value), 2)) / (4 * math.Pi * soil)
	return 2 / (insulation + ground + between)
}

// Prices are what a metre of trench costs, by nominal diameter.
type Prices map[int]Price

// Price is that of a metre of trench with flow and return, in euros.
type Price struct {
	Paved, Unpaved float64
	Source         string
}

//go:embed prices.csv
var pricesCSV string

// DefaultPrices are those of prices.csv: assumptions, to be replaced.
func DefaultPrices() Prices {
	prices, faults := ReadPrices("prices.csv", []byte(pricesCSV))
	if len(faults) > 0 {
		panic(faults.Error())
	}
	return prices
}

// ReadPrices reads a table of prices; it has the columns of prices.csv.
func ReadPrices(file string, src []byte) (Prices, energy.Faults) {
	prices := make(Prices)
	t := &table{file: file}
	t.read(src, []string{"dn", "paved_eur_per_m", "unpaved_eur_per_m", "source"}, func(r row) {
		before := len(t.faults)
		dn := int(r.number("dn", 6, 2000))
		p := Price{Paved: r.number("paved_eur_per_m", 1, 1e5), Unpaved: r.number("unpaved_eur_per_m", 1, 1e5), Source: r.text("source")}
		if p.Source == "" {
			r.fault("source", "the source is missing", "say where the price comes from, or write that it is an assumption")
		}
		if _, twice := prices[dn]; twice {
			r.fault("dn", fmt.Sprintf("DN %d stands twice", dn), "keep one")
		}
		if len(t.faults) == before {
			prices[dn] = p
		}
	})
	if len(prices) == 0 && len(t.faults) == 0 {
		t.fault(1, 1, "the table has no prices", "one row at least is expected")
	}
	if len(t.faults) > 0 {
		return nil, t.faults
	}
	return prices, nil
}

// Missing are the nominal diameters of pipes that have no price, sorted.
func (p Prices) Missing(pipes Pipes) []int {
	var missing []int
	for _, pipe := range pipes {
		if _, ok := p[pipe.DN]; !ok {
			missing = append(missing, pipe.DN)
		}
	}
	slices.Sort(missing)
	return missing
}
