package commitment

import (
	"fmt"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// Green share by annual balance (EnEfG § 11 Abs. 5; FIGURES.md, "Green share is
// not REF"): the figure of package kpi, with the guarantees of origin that were
// cancelled by the day of the judgement. Surplus does not carry over; the
// EEG-funded share does not count.

// green is the annual green share in [from, to), a supply year or a part of it.
func (q Question) green(from, to energy.Date) (value, error) {
	m, _ := metricOf(greenAnnual)
	if last := to.AddDays(-1); last.Year != from.Year {
		return value{reason: PeriodNotJudged, args: Args{"metric": Text(m.name)}}, nil
	}
	f, sum, ok, err := q.electricity(from, to)
	if err != nil {
		return value{}, err
	}
	proof := q.proof(from.Year)
	if !ok {
		return value{reason: NoData, args: Args{"metric": Text("electricity")}, steps: proof.steps, refused: proof.refused, proven: true}, nil
	}
	proven, used := sum.With(proof.guarantees)
	f.Name, f.Unit, f.Value = m.name, m.unit, share(proven)
	f.Numerator, f.Denominator = energy.ActiveEnergyImport.Value(proven.Numerator), energy.ActiveEnergyImport.Value(proven.Denominator)
	v := value{ok: true, proven: true, refused: proof.refused, evidence: proof.evidence, basis: Mixed, figure: f}
	if len(proof.evidence) == 0 {
		v.basis = basisOf(f)
	}
	v.steps = append(proof.steps, Step{GuaranteesSummed, Args{
		"counted": Amount(float64(proof.guarantees.MWh)+float64(proof.guarantees.Wh)/1e6, "MWh"), "grid": energyArg(sum.Limit),
		"own": energyArg(proven.Numerator - used), "load": energyArg(sum.Denominator),
	}}, valueTaken(m, f, from, to))
	return v, nil
}

// electricity reads the green share without guarantees; ok is false where no
// consumption is known.
func (q Question) electricity(from, to energy.Date) (f kpi.Figure, sum kpi.Sum, ok bool, err error) {
	f, sum, ok, err = q.Figures.Electricity(q.period(from, to))
	if err != nil {
		return f, sum, false, fmt.Errorf("read the electricity: %w", err)
	}
	return f, sum, ok && f.OK && sum.Denominator > 0, nil
}

// greenForecast is the share that the guarantees counted so far will prove of
// the whole year's electricity.
// The rest of the year is expected to be like what was; that is never tried on
// past years, whose papers came in after the same day.
func (q Question) greenForecast(w window) (forecast, error) {
	from, to := q.known(w)
	_, sum, ok, err := q.electricity(from, to)
	if err != nil || !ok {
		return forecast{}, err
	}
	times := days(from, w.To) / days(from, to)
	for _, part := range []*energy.Amount{&sum.Numerator, &sum.Denominator, &sum.Limit} {
		*part = energy.Amount(math.Round(float64(*part) * times))
	}
	proven, _ := sum.With(q.proof(from.Year).guarantees)
	return forecast{value: share(proven), method: ForecastLinear}, nil
}

func share(s kpi.Sum) float64 { return float64(s.Numerator) / float64(s.Denominator) }

func energyArg(a energy.Amount) Arg {
	return Amount(energy.ActiveEnergyImport.Value(max(0, a)).Float64(), energy.KilowattHour)
}

// days is the number of days in [from, to).
func days(from, to energy.Date) float64 {
	return float64(to.UTC().Sub(from.UTC()) / (24 * time.Hour))
}
