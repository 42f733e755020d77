package ledger

import (
	"context"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// sources give the figures of one site for its assessments. Each is read once:
// several rules ask for the same.
type sources struct {
	ledger   *Ledger
	registry *registry.Registry
	calendar energy.Calendar
	site     registry.Site
	at       time.Time
	upto     int64

	figures map[asked]answer
	flows   map[energy.Period]map[energy.Role]kpi.Line
}

type asked struct {
	metric string
	period energy.Period
}

type answer struct {
	figure kpi.Figure
	ok     bool
}

// within are the sources for the length of a question. Beside the figures they
// know what the roles of FIGURES.md that make up the green share come to, in kWh.
func (s *sources) within(ctx context.Context) commitment.FigureSource {
	return figureFunc(func(metric string, p energy.Period) (kpi.Figure, bool, error) {
		key := asked{metric, p}
		if known, ok := s.figures[key]; ok {
			return known.figure, known.ok, nil
		}
		figure, ok, err := s.find(ctx, metric, p)
		if err != nil {
			return kpi.Figure{}, false, err
		}
		if s.figures == nil {
			s.figures = map[asked]answer{}
		}
		s.figures[key] = answer{figure, ok}
		return figure, ok, nil
	})
}

func (s *sources) find(ctx context.Context, metric string, p energy.Period) (kpi.Figure, bool, error) {
	switch role := energy.Role(metric); role {
	case energy.GridImport, energy.GridExport, energy.OnsiteRenewable, energy.ForeignLoad:
		lines, err := s.lines(ctx, p)
		line, ok := lines[role]
		return roleFigure(role, line), ok && line.EnergyS > 0, err
	}
	return s.ledger.Metric(ctx, s.site.ID, metric, p, s.at)
}

// roleFigure is what the points of a role came to.
func roleFigure(role energy.Role, line kpi.Line) kpi.Figure {
	f := kpi.Figure{Name: string(role), Unit: energy.KilowattHour, Numerator: energy.ActiveEnergyImport.Value(line.Amount), OK: true}
	f.Value = f.Numerator.Float64()
	if line.PeriodS > 0 {
		f.EnergyCoverage = math.Min(1, float64(line.EnergyS)/float64(line.PeriodS))
		f.IntervalCoverage = math.Min(1, float64(line.IntervalS)/float64(line.PeriodS))
	}
	if line.Amount > 0 {
		f.SubstituteShare = float64(line.Substitute) / float64(line.Amount)
	}
	return f
}

// lines are the sums of the roles in a period of whole local days: from the
// balances for what is known now, from the facts for what was known earlier.
func (s *sources) lines(ctx context.Context, p energy.Period) (map[energy.Role]kpi.Line, error) {
	if known, ok := s.flows[p]; ok {
		return known, nil
	}
	balances, err := s.balances(ctx, p)
	if err != nil {
		return nil, err
	}
	lines, points := map[energy.Role]kpi.Line{}, map[energy.Role]float64{}
	for _, b := range balances {
		role := roleOf(b.line.Role)
		if role == "" {
			continue
		}
		sum := lines[role]
		sum.Add(b.line)
		lines[role] = sum
		points[role] = max(points[role], math.Ceil(float64(b.line.PeriodS)/b.length.Seconds()))
	}
	for role, line := range lines { // days without any reading have no balance
		line.PeriodS = int64(points[role] * p.Length().Seconds())
		lines[role] = line
	}
	if s.flows == nil {
		s.flows = map[energy.Period]map[energy.Role]kpi.Line{}
	}
	s.flows[p] = lines
	return lines, nil
}

// dated is a line of a day's or month's balance with the length of its period.
type dated struct {
	line   kpi.Line
	length time.Duration
}

func (s *sources) balances(ctx context.Context, p energy.Period) ([]dated, error) {
	dates := s.calendar.Days(p)
	if len(dates) == 0 {
		return nil, nil
	}
	if !s.at.IsZero() {
		return s.balancesAnew(ctx, dates, p)
	}
	from, to := dates[0], dates[len(dates)-1].AddDays(1)
	grain := store.GrainDay
	if from.Day == 1 && to.Day == 1 {
		grain = store.GrainMonth
	}
	var list []dated
	err := s.ledger.store.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		balances, err := r.Balances(ctx, []energy.SiteID{s.site.ID}, grain, from, to)
		for _, b := range balances {
			whole := s.calendar.Day(b.Period)
			if grain == store.GrainMonth {
				whole = s.calendar.Month(b.Period.Year, b.Period.Month)
			}
			list = append(list, dated{line(b), whole.Length()})
		}
		return err
	})
	return list, err
}

// balancesAnew derives the balances from the facts that were known.
func (s *sources) balancesAnew(ctx context.Context, dates []energy.Date, p energy.Period) ([]dated, error) {
	days := map[energy.Date]map[energy.PointID]series.Day{}
	spans := map[energy.PointID][]series.Span{}
	for _, meter := range s.site.Meters {
		for _, point := range meter.Points {
			if !point.Quantity.Cumulative() || !isFlow(point.Role) {
				continue
			}
			list, pointSpans, _, err := s.ledger.days(ctx, s.registry, s.calendar, point, p, s.at, s.upto)
			if err != nil {
				return nil, err
			}
			for _, day := range list {
				if days[day.Date] == nil {
					days[day.Date] = map[energy.PointID]series.Day{}
				}
				days[day.Date][point.ID] = day
			}
			spans[point.ID] = pointSpans
		}
	}
	var list []dated
	for _, date := range dates {
		whole := s.calendar.Day(date)
		for _, l := range kpi.Balance(s.site, date, whole, days[date], spans) {
			list = append(list, dated{l, whole.Length()})
		}
	}
	return list, nil
}

func isFlow(role energy.Role) bool {
	switch role {
	case energy.GridImport, energy.GridExport, energy.OnsiteRenewable, energy.ForeignLoad:
		return true
	}
	return false
}

// roleOf is the flow with that number; "" for every other line.
func roleOf(number int16) energy.Role {
	for _, role := range []energy.Role{energy.GridImport, energy.GridExport, energy.OnsiteRenewable, energy.ForeignLoad} {
		if role.Number() == number {
			return role
		}
	}
	return ""
}
