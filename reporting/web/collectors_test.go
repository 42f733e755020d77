package web_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/fieldbus/push"
	"heatledger/reporting/web"
)

// TestTheCentreShowsEachCollectorWithItsClock lets two collectors deliver, one
// of them with a clock that is a minute ahead.
func TestTheCentreShowsEachCollectorWithItsClock(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	auditor, token := s.token(t, access.Auditor), s.token(t, access.Collector, "hafen")
	deliver := func(source string, site energy.SiteID) error {
		client := push.New(s.URL, func() (string, error) { return token, nil }, push.Options{Queued: func() int64 { return 4711 }})
		_, err := client.Deliver(t.Context(), energy.Batch{Site: site, Source: source, Epoch: energy.NewEpoch(), Lane: energy.Live, Sequence: 1,
			Readings: []energy.PointReading{{Point: energy.PointID(site) + "/grid", Reading: energy.Reading{
				At: time.Now().UTC().Truncate(time.Second), Value: energy.Decimal(1, 0), Quality: energy.Measured}}}})
		if clock := client.Clock(); err == nil && (clock.Seen.IsZero() || clock.Within > 20*time.Second || clock.Ahead.Abs() > clock.Within) {
			t.Errorf("the client says of the centre's clock, which is its own: %+v", clock)
		}
		return err
	}
	if err := deliver("cellar", "hafen"); err != nil {
		t.Fatal(err)
	}
	var refused *push.RefusedError
	if err := deliver("attic", "kaiserlei"); !errors.As(err, &refused) || !refused.Permanent() {
		t.Fatalf("a batch for a site that is not the token's: %v", err)
	}
	body, err := push.EncodeBatch(energy.Batch{Site: "hafen", Source: "tower", Epoch: energy.NewEpoch(), Lane: energy.Live, Sequence: 1})
	if err != nil {
		t.Fatal(err)
	}
	ahead := time.Now().Add(time.Minute).UTC().Format(time.RFC3339Nano)
	s.call(t, "POST", push.Path, token, bytes.NewReader(body), http.Header{push.HeaderSent: {ahead}}, nil)

	var list []web.Collector
	s.call(t, "GET", "/api/v1/collectors", auditor, nil, nil, &list)
	if len(list) != 3 || list[0].Source != "attic" || list[1].Source != "cellar" || list[2].Source != "tower" {
		t.Fatalf("collectors are %+v", list)
	}
	attic, cellar, tower := list[0], list[1], list[2]
	if !strings.Contains(attic.Refused, "kaiserlei") || cellar.Refused != "" || time.Since(cellar.LastSeen).Abs() > time.Minute {
		t.Errorf("collectors are %+v", list)
	}
	if cellar.Queued == nil || *cellar.Queued != 4711 || tower.Queued != nil {
		t.Errorf("waiting readings are %v and %v", cellar.Queued, tower.Queued)
	}
	if cellar.ClockAhead == nil || *cellar.ClockAhead > 0 || *cellar.ClockAhead < -20 || tower.ClockAhead == nil || math.Abs(*tower.ClockAhead-60) > 20 || !tower.Apart() {
		t.Errorf("clocks are ahead by %v and %v", cellar.ClockAhead, tower.ClockAhead)
	}
	page := textOf(t, s.call(t, "GET", "/meters", auditor, nil, http.Header{"Accept": {"text/html"}, "Accept-Language": {"en"}}, nil))
	for _, want := range []string{"cellar", "tower", "s ahead (wrong)", "4,711"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of meters does not say %q", want)
		}
	}
	metrics := textOf(t, s.call(t, "GET", "/metrics", auditor, nil, nil, nil))
	if !strings.Contains(metrics, `heatledger_collector_clock_ahead_seconds{source="tower",token="collector"}`) {
		t.Errorf("metrics tell no clock:\n%s", metrics)
	}
	var none []web.Collector
	s.call(t, "GET", "/api/v1/collectors", s.token(t, access.Operator, "hafen"), nil, nil, &none)
	if len(none) != 0 {
		t.Errorf("an operator of one site sees %+v", none)
	}
}

func textOf(t *testing.T, answer *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
