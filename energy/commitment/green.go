package commitment

import (
	"fmt"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// Green share by annual balance (EnEfG § 11 Abs. 5; FIGURES.md, "Green share is
// not REF"): what guarantees of origin cancelled for the year prove, at most
// the grid import, and the own use of own generation, over the electricity
// consumed. Surplus does not carry over; the EEG-funded share does not count.

// flows are the electricity of a site in a period, in kWh.
type flows struct {
	grid, own, foreign float64
	coverage, interval float64
	substitute         float64
}

// load is the electricity consumed by the data centre.
func (f flows) load() float64 { return f.grid + f.own - f.foreign }

// share is the green share that mwh of guarantees prove.
func (f flows) share(mwh int64) float64 {
	return min(min(float64(mwh)*1000, f.grid)+f.own, f.load()) / f.load()
}

// green is the annual green share in [from, to), a supply year or a part of it.
func (q Question) green(from, to energy.Date) (value, error) {
	m, _ := metricOf(greenAnnual)
	if last := to.AddDays(-1); last.Year != from.Year {
		return value{reason: PeriodNotJudged, args: Args{"metric": Text(m.name)}}, nil
	}
	f, ok, err := q.flows(q.period(from, to))
	if err != nil {
		return value{}, err
	}
	proof := q.proof(from.Year)
	if !ok || f.load() <= 0 {
		return value{reason: NoData, args: Args{"metric": Text("electricity")}, steps: proof.steps, refused: proof.refused, proven: true}, nil
	}
	v := value{
		ok: true, proven: true, refused: proof.refused, evidence: proof.evidence, basis: Mixed,
		figure: kpi.Figure{
			Name: m.name, Value: f.share(proof.guarantees.MWh), OK: true, Unit: energy.One,
			Numerator: energy.Float(min(min(float64(proof.guarantees.MWh)*1000, f.grid)+f.own, f.load())), Denominator: energy.Float(f.load()),
			EnergyCoverage: f.coverage, IntervalCoverage: f.interval, SubstituteShare: f.substitute,
		},
	}
	if len(proof.evidence) == 0 {
		v.basis = basisOf(v.figure)
	}
	v.steps = append(proof.steps, Step{GuaranteesSummed, Args{
		"counted": Amount(float64(proof.guarantees.MWh), "MWh"), "grid": Amount(f.grid, energy.KilowattHour),
		"own": Amount(f.own, energy.KilowattHour), "load": Amount(f.load(), energy.KilowattHour),
	}}, valueTaken(m, v.figure, from, to))
	return v, nil
}

// flows reads the electricity of a period. Own use is own generation less what
// was fed in. Without a metered import there are none.
func (q Question) flows(p energy.Period) (flows, bool, error) {
	var f flows
	read := func(role energy.Role) (kpi.Figure, bool, error) {
		figure, ok, err := q.Figures.Metric(string(role), p)
		if err != nil {
			return kpi.Figure{}, false, fmt.Errorf("read %s: %w", role, err)
		}
		return figure, ok && figure.OK, nil
	}
	grid, ok, err := read(energy.GridImport)
	if err != nil || !ok {
		return flows{}, false, err
	}
	f.grid, f.coverage, f.interval, f.substitute = grid.Value, grid.EnergyCoverage, grid.IntervalCoverage, grid.SubstituteShare
	own := 0.0
	for _, part := range []struct {
		role energy.Role
		add  func(float64)
	}{
		{energy.OnsiteRenewable, func(x float64) { own += x }},
		{energy.GridExport, func(x float64) { own -= x }},
		{energy.ForeignLoad, func(x float64) { f.foreign += x }},
	} {
		figure, ok, err := read(part.role)
		if err != nil {
			return flows{}, false, err
		}
		if ok {
			part.add(figure.Value)
			f.coverage, f.interval = math.Min(f.coverage, figure.EnergyCoverage), math.Min(f.interval, figure.IntervalCoverage)
		}
	}
	f.own = max(0, own)
	return f, true, nil
}

// days is the number of days in [from, to).
func days(from, to energy.Date) float64 {
	return float64(to.UTC().Sub(from.UTC()) / (24 * time.Hour))
}
