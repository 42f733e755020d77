package closing

import (
	"context"
	"maps"
	"slices"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// daysAtOnce bounds how many days' quarter-hours are held in memory together.
const daysAtOnce = 62

// balance writes the balances of the days that were derived, and of their months.
func (r *round) balance(ctx context.Context) error {
	dates := slices.SortedFunc(maps.Keys(r.dirty), energy.Date.Compare)
	if len(dates) == 0 {
		return nil
	}
	for part := range slices.Chunk(dates, daysAtOnce) {
		if err := r.balanceDays(ctx, part); err != nil {
			return err
		}
	}
	first, last := dates[0], dates[len(dates)-1]
	return r.tx.SumMonths(ctx, first, last)
}

func (r *round) balanceDays(ctx context.Context, dates []energy.Date) error {
	site, _ := r.registry.Site(r.site)
	points := kpi.Points(site)
	from, to := dates[0], dates[len(dates)-1].AddDays(1)
	byDate, err := r.daysByDate(ctx, points, dates)
	if err != nil {
		return err
	}
	whole := energy.Period{From: r.calendar.Day(from).From, To: r.calendar.Day(to).From}
	spans, err := r.tx.Spans(ctx, points, whole)
	if err != nil {
		return err
	}
	books := kpi.NewBooks(site)
	var rows []store.Balance
	for _, date := range dates {
		if len(byDate[date]) == 0 {
			continue // a day of which nothing is known has no balance
		}
		for _, b := range books.Balance(date, r.calendar.Day(date), byDate[date], spans) {
			rows = append(rows, store.Balance{
				Site: r.site, Grain: store.GrainDay, Period: date, Role: b.Role, Category: b.Category,
				Amount: int64(b.Amount), Substitute: int64(b.Substitute),
				CoveredS: b.IntervalS, EnergyS: b.EnergyS, ExpectedS: b.PeriodS, Seq: r.tx.Upto,
			})
		}
	}
	return r.tx.PutBalances(ctx, dates, rows)
}

// daysByDate are the days of points on ascending dates: those that are held, and
// the others as they are read.
func (r *round) daysByDate(ctx context.Context, points []energy.PointID, dates []energy.Date) (map[energy.Date]map[energy.PointID]series.Day, error) {
	byDate := make(map[energy.Date]map[energy.PointID]series.Day, len(dates))
	for _, date := range dates {
		byDate[date] = map[energy.PointID]series.Day{}
	}
	var lacking []energy.PointID
	for _, point := range points {
		for _, date := range dates {
			day, held := r.held[dayKey{point, date}]
			if !held {
				lacking = append(lacking, point)
				break
			}
			byDate[date][point] = day
		}
	}
	if len(lacking) == 0 {
		return byDate, nil
	}
	days, err := r.tx.Days(ctx, lacking, dates[0], dates[len(dates)-1].AddDays(1))
	if err != nil {
		return nil, err
	}
	for point, list := range days {
		for _, day := range list {
			if on, asked := byDate[day.Date]; asked {
				on[point] = day
			}
		}
	}
	return byDate, nil
}
