package web

import (
	"math"
	"net/http"
	"strconv"

	"heatledger/fieldbus"
)

// metersPage shows how the meters read here are doing.
type metersPage struct {
	Sentence   string
	Meters     []fieldbus.MeterHealth
	Collectors []collectorRow // that push their readings here
	Found      []meterRow     // meters about which something was found
	Without    int            // meters about which nothing was
}

// collectorRow is a collector in words.
type collectorRow struct {
	Collector
	Clock, Waiting string
}

// collectorRows puts collectors into words.
func (p *page) collectorRows(all []Collector) (rows []collectorRow) {
	for _, c := range all {
		row := collectorRow{Collector: c, Clock: "–", Waiting: "–"}
		if c.ClockAhead != nil {
			key := "clock.ahead"
			if *c.ClockAhead < 0 {
				key = "clock.behind"
			}
			row.Clock = p.T(key, p.Number(math.Abs(*c.ClockAhead), 1))
			if c.Apart() {
				row.Clock += " (" + p.T("clock.apart") + ")"
			}
		}
		if c.Queued != nil {
			row.Waiting = p.Number(float64(*c.Queued), 0)
		}
		rows = append(rows, row)
	}
	return rows
}

// Account says how many readings of a meter are kept and, where there are any,
// how many were lost and how many slots were left out.
func (p *page) Account(m fieldbus.MeterHealth) string {
	count := func(n int64) string { return p.Number(float64(n), 0) }
	account := p.T("account.kept", count(m.Readings))
	if m.Lost > 0 {
		account += ", " + p.T("account.lost", count(m.Lost))
	}
	if m.Skipped > 0 {
		account += ", " + p.T("account.skipped", count(m.Skipped))
	}
	return account
}

// showMetersPage answers GET /meters. As in the API, who may see single sites
// only sees no meters: a connection may serve several sites.
func (s *Server) showMetersPage(_ http.ResponseWriter, r *http.Request, p *page) (err error) {
	body := metersPage{Sentence: p.T("health.none")}
	if s.options.Meters != nil && p.who.everywhere() {
		body.Meters = s.options.Meters()
		healthy := 0
		for _, m := range body.Meters {
			if m.State == fieldbus.Healthy {
				healthy++
			}
		}
		body.Sentence = p.T("health.sum", strconv.Itoa(healthy), strconv.Itoa(len(body.Meters)))
	}
	if p.who.everywhere() {
		body.Collectors = p.collectorRows(s.collectors.list())
	}
	if body.Found, body.Without, err = s.meterFindings(r, p); err != nil {
		return err
	}
	p.Title = p.T("meters")
	p.Body = body
	return nil
}
