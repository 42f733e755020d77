package plan

import (
	"cmp"
	"slices"

	"heatledger/heatmap/geo"
	"heatledger/heatmap/network"
)

// Laid is the network of the chosen areas.
type Laid struct {
	Metres     float64 `json:"trench_m"`
	Connectors float64 `json:"connectors_m"`
	Bound      float64 `json:"bound_m"` // no network of the same places is shorter
	Density    float64 `json:"density_mwh_per_m"`

	Delivered float64 `json:"delivered_kwh"`
	Lost      float64 `json:"lost_kwh"`
	LostShare float64 `json:"lost_share"` // of what is fed in
	Peak      float64 `json:"peak_kw"`    // taken at the same time
	Connected float64 `json:"connected_kw"`

	PumpBar         float64 `json:"pump_bar"`
	PumpPower       float64 `json:"pump_kw"`
	PumpElectricity float64 `json:"pump_electricity_kwh"`
	Sizes           []Size  `json:"sizes"` // by nominal diameter
	Pieces          []Piece `json:"pieces"`
	// Feeds and Takes are the sources and areas that the network was laid for, by id.
	Feeds      []Joined `json:"feeds"`
	Takes      []Joined `json:"takes"`
	Overloaded int      `json:"overloaded_pieces,omitempty"`
	Unreached  []string `json:"unreached,omitempty"` // areas that no street joins with a source
}

// Joined is a source or an area with its node of the network and the power that it was
// laid for.
type Joined struct {
	ID          string  `json:"id"`
	Node        int     `json:"node"`
	Power       float64 `json:"kw"`
	Connections int     `json:"connections,omitempty"`
}

// Size is how much of a nominal diameter is laid. Diameters are those of the steel
// pipe; U is the heat loss of flow and return together for each metre and kelvin.
type Size struct {
	DN         int     `json:"dn"`
	Inner      float64 `json:"inner_mm"`
	Outer      float64 `json:"outer_mm"`
	U          float64 `json:"u_w_per_m_k"`
	Metres     float64 `json:"m"`
	Investment float64 `json:"eur"`
}

// Piece is a piece of trench with flow and return.
type Piece struct {
	Street    string       `json:"street"` // of a connector, the id of its area or source
	Connector bool         `json:"connector,omitempty"`
	From      int          `json:"from"` // nodes: heat runs from From to To, and so does the line
	To        int          `json:"to"`
	Line      [][2]float64 `json:"line"` // lon, lat, to seven decimals
	Metres    float64      `json:"m"`
	DN        int          `json:"dn"`
	Power     float64      `json:"kw"`
	Velocity  float64      `json:"m_per_s"`
	Gradient  float64      `json:"pa_per_m"`
	Loss      float64      `json:"loss_w_per_m"`
}

// Cost is what heat costs; see network.Cost.
type Cost struct {
	PerMWh     *float64    `json:"eur_per_mwh,omitempty"` // delivered
	Investment Investment  `json:"investment_eur"`
	Annual     Annual      `json:"annual_eur"`
	Plants     []PlantCost `json:"plants,omitempty"`
}

// Investment is what is paid in the beginning.
type Investment struct {
	Pipes    float64 `json:"pipes"`
	Stations float64 `json:"stations"`
	Pumps    float64 `json:"pumps"`
	Plants   float64 `json:"plants"`
	Planning float64 `json:"planning"`
	Grant    float64 `json:"grant"`
	Total    float64 `json:"total"`
}

// Annual is the equal yearly payment (VDI 2067 Part 1).
type Annual struct {
	Capital   float64 `json:"capital"`
	Energy    float64 `json:"energy"`
	Operation float64 `json:"operation"`
	Other     float64 `json:"other"`
	Total     float64 `json:"total"`
}

// PlantCost is a plant as the cost counts it.
type PlantCost struct {
	ID          string  `json:"id"`
	Investment  float64 `json:"investment_eur"`
	Electricity float64 `json:"electricity_kwh"`
	Fuel        float64 `json:"fuel_eur"` // in the first year
	Source      string  `json:"source,omitempty"`
}

// newLaid is a sketch in the form of a result.
func newLaid(s network.Sketch, in network.Input) *Laid {
	l := &Laid{
		Metres: s.Trench.Metres, Connectors: s.Trench.Connectors, Bound: s.Trench.Bound, Density: s.Trench.Density,
		Delivered: float64(s.Heat.Delivered), Lost: float64(s.Heat.Lost), LostShare: s.Heat.LostShare, Peak: float64(s.Heat.Peak), Connected: float64(s.Heat.Connected),
		PumpBar: s.Pressure.Bar, PumpPower: float64(s.Pressure.Pump), PumpElectricity: float64(s.Pressure.Electricity),
		Sizes: []Size{}, Pieces: []Piece{}, Feeds: []Joined{}, Takes: []Joined{}, Unreached: s.Unreached,
	}
	sizes := map[int]*Size{}
	for _, seg := range s.Segments {
		p := Piece{Street: seg.Street, Connector: seg.Connector, From: seg.From, To: seg.To, Metres: seg.Metres, DN: seg.DN, Power: float64(seg.Power), Velocity: seg.Velocity, Gradient: seg.Gradient, Loss: seg.Loss}
		for _, at := range seg.Line {
			p.Line = append(p.Line, position(at))
		}
		if seg.Reversed {
			p.From, p.To = p.To, p.From
			slices.Reverse(p.Line)
		}
		l.Pieces = append(l.Pieces, p)
		if sizes[seg.DN] == nil {
			sizes[seg.DN] = &Size{DN: seg.DN}
		}
		sizes[seg.DN].Metres += seg.Metres
		sizes[seg.DN].Investment += seg.Investment
		if seg.Overloaded {
			l.Overloaded++
		}
	}
	for _, dn := range sortedKeys(sizes) {
		l.Sizes = append(l.Sizes, *sizes[dn])
	}
	l.join(s, in)
	return l
}

// join names what the network was laid for, and the pipes it was laid with.
func (l *Laid) join(s network.Sketch, in network.Input) {
	for _, source := range in.Sources {
		if !slices.Contains(s.Idle, source.ID) {
			l.Feeds = append(l.Feeds, Joined{ID: source.ID, Node: source.Node, Power: float64(source.Power)})
		}
	}
	for _, c := range in.Consumers {
		if !slices.Contains(s.Unreached, c.ID) {
			l.Takes = append(l.Takes, Joined{c.ID, c.Node, float64(c.Power), max(1, c.Connections)})
		}
	}
	byID := func(a, b Joined) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(l.Feeds, byID)
	slices.SortFunc(l.Takes, byID)
	pipes := in.Pipes
	if len(pipes) == 0 {
		pipes = network.DefaultPipes()
	}
	for _, p := range pipes {
		for i := range l.Sizes {
			if size := &l.Sizes[i]; size.DN == p.DN {
				size.Inner, size.Outer, size.U = p.Inner()*1000, p.Outer*1000, p.Loss(s.Assumptions)
			}
		}
	}
}

// newCost is the cost of a sketch with its plants.
func newCost(c network.Cost, plants []network.Plant) *Cost {
	v, y := c.Investment, c.Annual
	out := &Cost{
		Investment: Investment{v.Pipes, v.Stations, v.Pumps, v.Plants, v.Planning, v.Grant, v.Total},
		Annual:     Annual{y.Capital, y.Energy, y.Operation, y.Other, y.Total},
	}
	if c.Known {
		out.PerMWh = &c.PerMWh
	}
	for _, p := range plants {
		out.Plants = append(out.Plants, PlantCost{p.ID, p.Investment, float64(p.Electricity), p.Fuel, p.Source})
	}
	return out
}

// position is a place to seven decimals, a centimetre.
func position(p geo.Point) [2]float64 { return [2]float64{sevenDecimals(p.X), sevenDecimals(p.Y)} }
