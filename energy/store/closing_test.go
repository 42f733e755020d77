package store_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// dayOf is a day of the calendar whose quarter-hours carry all qualities and coverages.
func dayOf(t testing.TB, zone, date string, plain bool) series.Day {
	t.Helper()
	calendar, err := energy.LoadCalendar(zone)
	if err != nil {
		t.Fatal(err)
	}
	d, err := energy.ParseDate(date)
	if err != nil {
		t.Fatal(err)
	}
	day := series.Day{Date: d, Period: calendar.Day(d), Total: 17, Weighted: -4, CoveredS: 3, Substitute: 2, Lo: -1 << 62, Hi: 1 << 62}
	for i := range int(day.Period.Length() / energy.QuarterHour) {
		quality, covered := energy.Measured, int16(900)
		if !plain {
			quality, covered = energy.Quality(i%7), int16(i%4*300)
		}
		day.Values = append(day.Values, energy.Amount(i-40)*1e12)
		day.Quality, day.Covered = append(day.Quality, quality), append(day.Covered, covered)
	}
	return day
}

// known is a store whose site hafen has the point grid.
func known(t testing.TB) (*store.Store, string) {
	t.Helper()
	address := storetest.URL(t)
	s := storetest.Open(t, address, store.Options{})
	if err := s.EnsureSite(t.Context(), hafen); err != nil {
		t.Fatal(err)
	}
	delivered(t, s, grid, at(0, 1))
	return s, address
}

func run(t testing.TB, s *store.Store, do func(ctx context.Context, c *store.Closing) error) {
	t.Helper()
	if busy, err := s.Closing(t.Context(), hafen, store.JobClosing, do); busy || err != nil {
		t.Fatalf("closing: busy %v, %v", busy, err)
	}
}

func TestDaysComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	s, _ := known(t)
	want := []series.Day{
		dayOf(t, "Europe/Berlin", "2023-03-26", false), // 92 quarter-hours
		dayOf(t, "Europe/Berlin", "2023-10-29", false), // 100
		dayOf(t, "Europe/Berlin", "2024-12-31", true),
		dayOf(t, "Europe/Berlin", "2025-01-01", false),
	}
	for i, n := range []int{92, 100, 96, 96} {
		if len(want[i].Values) != n {
			t.Fatalf("day %s has %d quarter-hours, want %d", want[i].Date, len(want[i].Values), n)
		}
	}
	none := series.Day{Date: want[2].Date.AddDays(-1), Period: want[2].Period, Values: make([]energy.Amount, 96),
		Quality: make([]energy.Quality, 96), Covered: make([]int16, 96)}
	want = []series.Day{want[0], want[1], none, want[2], want[3]}
	run(t, s, func(ctx context.Context, c *store.Closing) error {
		if err := c.PutDays(ctx, map[energy.PointID][]series.Day{grid: want}, 1); err != nil {
			return err
		}
		if days, err := c.Days(ctx, []energy.PointID{grid}, want[0].Date, want[4].Date); err != nil || len(days[grid]) != 4 {
			t.Errorf("within the closing: %d days (%v), want 4", len(days[grid]), err)
		}
		return c.Advance(ctx, c.Upto)
	})
	got, upto, err := s.Days(t.Context(), hafen, []energy.PointID{grid, "hafen/unknown"}, want[0].Date, want[4].Date.AddDays(1))
	if err != nil || upto != 1 || !reflect.DeepEqual(got, map[energy.PointID][]series.Day{grid: want}) {
		t.Errorf("days as of fact %d (%v):\n%+v\nwant\n%+v", upto, err, got, want)
	}
	run(t, s, func(ctx context.Context, c *store.Closing) error {
		return c.DeleteDays(ctx, grid, []energy.Date{none.Date, want[1].Date})
	})
	if got, _, err := s.Days(t.Context(), hafen, []energy.PointID{grid}, want[0].Date, want[4].Date.AddDays(1)); err != nil || len(got[grid]) != 3 {
		t.Errorf("%d days after two were deleted (%v), want 3", len(got[grid]), err)
	}
}

func TestWhatDoesNotChangeIsNotRewritten(t *testing.T) {
	t.Parallel()
	s, address := known(t)
	days := []series.Day{dayOf(t, "Europe/Berlin", "2024-06-01", false), dayOf(t, "Europe/Berlin", "2024-06-02", false)}
	spans := []series.Span{{Period: around(1), Amount: 7, Cause: series.CauseGap, Quality: energy.Distributed}}
	balances := []store.Balance{{Site: hafen, Grain: store.GrainDay, Period: days[0].Date, Role: 1, Amount: 5, CoveredS: 900}}
	put := func() {
		t.Helper()
		run(t, s, func(ctx context.Context, c *store.Closing) error {
			return errors.Join(c.PutDays(ctx, map[energy.PointID][]series.Day{grid: days}, 1),
				c.PutSpans(ctx, store.PointSpans{Point: grid, Period: around(2), Spans: spans}), c.PutBalances(ctx, []energy.Date{days[0].Date}, balances), c.SumMonths(ctx, days[0].Date, days[0].Date))
		})
	}
	put()
	before := places(t, address)
	put()
	if after := places(t, address); !reflect.DeepEqual(before, after) || len(after) != 5 {
		t.Errorf("rows moved though nothing changed:\n%v\n%v", before, after)
	}
	days[1].Covered[5]++
	spans[0].Amount++
	balances[0].Substitute++
	put()
	after, moved := places(t, address), 0
	for row, place := range after {
		if before[row] != place {
			moved++
		}
	}
	if moved != 4 { // a day, the span, the balances of day and month
		t.Errorf("%d rows were rewritten, want 4:\n%v\n%v", moved, before, after)
	}
}

// places tells where each derived row lies: a row that is written moves.
func places(t testing.TB, address string) map[string]string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // only read
	rows, err := conn.Query(t.Context(), `
		select 'day ' || day, ctid || ' ' || xmin from day union all select 'span ' || from_at, ctid || ' ' || xmin from span
		union all select 'balance ' || grain::text || period, ctid || ' ' || xmin from balance`)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	var row, place string
	if _, err := pgx.ForEachRow(rows, []any{&row, &place}, func() error { found[row] = place; return nil }); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAClosingIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s, _ := known(t)
	day := dayOf(t, "Europe/Berlin", "2024-06-01", true)
	stop := errors.New("stop")
	_, err := s.Closing(t.Context(), hafen, store.JobClosing, func(ctx context.Context, c *store.Closing) error {
		if err := c.PutDays(ctx, map[energy.PointID][]series.Day{grid: {day}}, 1); err != nil {
			return err
		}
		return errors.Join(c.Advance(ctx, c.Upto), stop)
	})
	if !errors.Is(err, stop) {
		t.Fatalf("closing: %v, want %v", err, stop)
	}
	days, upto, err := s.Days(t.Context(), hafen, []energy.PointID{grid}, day.Date, day.Date.AddDays(1))
	if err != nil || len(days) != 0 || upto != 0 {
		t.Errorf("%d days as of fact %d (%v), want none", len(days), upto, err)
	}
	err = nil
	_, _ = s.Closing(t.Context(), hafen, store.JobClosing, func(ctx context.Context, c *store.Closing) error {
		err = c.PutDays(ctx, map[energy.PointID][]series.Day{"hafen/unknown": {day}}, 1)
		return err
	})
	if !errors.Is(err, store.ErrNoPoint) {
		t.Errorf("days of an unknown point: %v, want ErrNoPoint", err)
	}
}

func TestOneProcessAtATimeClosesASite(t *testing.T) {
	t.Parallel()
	s, _ := known(t)
	for range 2 { // the first time the cursor is not there yet
		run(t, s, func(ctx context.Context, c *store.Closing) error {
			busy, err := s.Closing(ctx, hafen, store.JobClosing, func(context.Context, *store.Closing) error {
				t.Error("two close at once")
				return nil
			})
			if !busy || err != nil {
				t.Errorf("second closing: busy %v, %v, want busy", busy, err)
			}
			if busy, err := s.Closing(ctx, hafen, "another job", func(context.Context, *store.Closing) error { return nil }); busy || err != nil {
				t.Errorf("another job: busy %v, %v, want done", busy, err)
			}
			return c.Advance(ctx, c.Upto)
		})
	}
	if got, err := s.Cursor(t.Context(), hafen, store.JobClosing); err != nil || got != 1 {
		t.Errorf("cursor at %d (%v), want 1", got, err)
	}
	_, err := s.Closing(t.Context(), hafen, store.JobClosing, func(ctx context.Context, c *store.Closing) error { return c.Advance(ctx, 0) })
	if err == nil {
		t.Error("the cursor went back")
	}
}

func TestSpansOfAPeriodAreReplacedTogether(t *testing.T) {
	t.Parallel()
	s, _ := known(t)
	span := func(from, to int, amount energy.Amount) series.Span {
		return series.Span{Period: energy.Period{From: noon.Add(time.Duration(from) * time.Hour), To: noon.Add(time.Duration(to) * time.Hour)},
			Amount: amount, Cause: series.CauseGap, Quality: energy.Distributed}
	}
	put := func(from, to int, spans ...series.Span) {
		t.Helper()
		run(t, s, func(ctx context.Context, c *store.Closing) error {
			return c.PutSpans(ctx, store.PointSpans{Point: grid, Period: span(from, to, 0).Period, Spans: spans})
		})
	}
	put(0, 100, span(0, 10, 1), span(10, 20, 2), span(90, 110, 3))
	put(9, 15, span(0, 12, 4))       // both of the first touch it
	put(110, 200, span(115, 120, 5)) // the third only adjoins
	put(40, 50, span(40, 50, 6))     // none touches it
	got, err := s.Spans(t.Context(), hafen, []energy.PointID{grid, "hafen/unknown"}, span(11, 115, 0).Period)
	want := map[energy.PointID][]series.Span{grid: {span(0, 12, 4), span(40, 50, 6), span(90, 110, 3)}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("spans %v (%v), want %v", got, err, want)
	}
}

func TestBalancesOfMonthsAreTheSumsOfTheirDays(t *testing.T) {
	t.Parallel()
	s, _ := known(t)
	date := func(month time.Month, day int) energy.Date { return energy.Date{Year: 2024, Month: month, Day: day} }
	balance := func(d energy.Date, role int16, n int64) store.Balance {
		return store.Balance{Site: hafen, Grain: store.GrainDay, Period: d, Role: role, Category: 1, Amount: n, Substitute: n + 1, CoveredS: n + 2, EnergyS: n + 3, ExpectedS: n + 4, Seq: 1}
	}
	put := func(days []energy.Date, balances ...store.Balance) {
		t.Helper()
		run(t, s, func(ctx context.Context, c *store.Closing) error {
			if err := c.PutBalances(ctx, days, balances); err != nil {
				return err
			}
			return c.SumMonths(ctx, days[0], days[len(days)-1])
		})
	}
	put([]energy.Date{date(1, 31), date(2, 1), date(2, 2)},
		balance(date(1, 31), 1, 1<<60), balance(date(2, 1), 1, 10), balance(date(2, 2), 1, 20), balance(date(2, 1), 9, 5))
	put([]energy.Date{date(2, 1)}, balance(date(2, 1), 1, 30)) // role 9 is no more
	got, err := s.Balances(t.Context(), []energy.SiteID{hafen, "unknown"}, store.GrainMonth, date(1, 1), date(12, 1))
	want := []store.Balance{
		{Site: hafen, Grain: store.GrainMonth, Period: date(1, 1), Role: 1, Category: 1, Amount: 1 << 60, Substitute: 1<<60 + 1, CoveredS: 1<<60 + 2, EnergyS: 1<<60 + 3, ExpectedS: 1<<60 + 4, Seq: 1},
		{Site: hafen, Grain: store.GrainMonth, Period: date(2, 1), Role: 1, Category: 1, Amount: 50, Substitute: 52, CoveredS: 54, EnergyS: 56, ExpectedS: 58, Seq: 1},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("months %+v (%v), want %+v", got, err, want)
	}
	days, err := s.Balances(t.Context(), []energy.SiteID{hafen}, store.GrainDay, date(2, 1), date(2, 2))
	if err != nil || !reflect.DeepEqual(days, []store.Balance{balance(date(2, 1), 1, 30)}) {
		t.Errorf("1 February %+v (%v), want the one of role 1", days, err)
	}
}
