package closing_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/kpi"
	"heatledger/energy/store"
)

// TestAClosedSiteIsWrittenAnewWhenMethodOrBooksChange makes a site look as an
// older program left it: without a new fact, its balances, or all that is
// derived, are written anew.
func TestAClosedSiteIsWrittenAnewWhenMethodOrBooksChange(t *testing.T) {
	t.Parallel()
	from, to := energy.Date{Year: 2025, Month: 6, Day: 1}, energy.Date{Year: 2025, Month: 7, Day: 1}
	const now = closing.Method*1000 + kpi.Method
	for _, tt := range []struct {
		name    string
		version int
		spoil   func(context.Context, *store.Closing, []energy.Date) error
		derives bool // days, not balances alone
	}{
		{"other books", now - 1, func(ctx context.Context, c *store.Closing, dates []energy.Date) error {
			return c.PutBalances(ctx, dates, nil)
		}, false},
		{"another method", now - 1000, func(ctx context.Context, c *store.Closing, dates []energy.Date) error {
			return c.DeleteDays(ctx, "hafen/it", dates)
		}, true},
		{"no version was kept", 0, func(ctx context.Context, c *store.Closing, dates []energy.Date) error {
			return c.DeleteDays(ctx, "hafen/it", dates)
		}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, registryYAML)
			w.deliver(t, plant(time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC)))
			w.close(t)
			want := w.derived(t, from, to)
			if again := w.close(t); again.Days != 0 || len(want.Balances) == 0 {
				t.Fatalf("closing again derives %d days, and there are %d balances", again.Days, len(want.Balances))
			}
			var dates []energy.Date
			for date := from; date.Before(to); date = date.AddDays(1) {
				dates = append(dates, date)
			}
			_, err := w.store.Closing(t.Context(), hafen, store.JobClosing, func(ctx context.Context, c *store.Closing) error {
				if err := tt.spoil(ctx, c, dates); err != nil {
					return err
				}
				return c.SetVersion(ctx, tt.version)
			})
			if err != nil {
				t.Fatal(err)
			}
			if reflect.DeepEqual(w.derived(t, from, to), want) {
				t.Fatal("nothing was spoilt")
			}
			if closed := w.close(t); closed.Days > 0 != tt.derives {
				t.Errorf("%d days were derived, want some: %v", closed.Days, tt.derives)
			}
			if got := w.derived(t, from, to); !reflect.DeepEqual(got, want) {
				t.Errorf("written anew: %+v\nwant %+v", got, want)
			}
			if again := w.close(t); again.Days != 0 {
				t.Errorf("a third closing derives %d days, want none", again.Days)
			}
		})
	}
}
