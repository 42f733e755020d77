package web

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"heatledger/fieldbus/push"
)

const (
	// mostCollectors bounds what is remembered: a source is a name that whoever
	// has a token may choose.
	mostCollectors = 10_000
	// clocksApart is from when on a collector's clock is shown as wrong: the same
	// difference of which the collector warns.
	clocksApart = 2 * time.Second
)

// Collector is what the centre saw of a collector that pushes, since it started.
type Collector struct {
	Source   string    `json:"source"`
	Token    string    `json:"token"` // by whose name it came
	LastSeen time.Time `json:"last_seen"`
	// ClockAhead is the collector's clock before the centre's, with the time its
	// request took to come; nil: it did not tell.
	ClockAhead *float64 `json:"clock_ahead_s"`
	Queued     *int64   `json:"queued"`            // readings that wait there; nil: it did not tell
	Refused    string   `json:"refused,omitempty"` // why its last batch was not taken
}

// Apart tells that readings of this collector bear a time that the centre
// doubts.
func (c Collector) Apart() bool {
	return c.ClockAhead != nil && (*c.ClockAhead > clocksApart.Seconds() || *c.ClockAhead < -clocksApart.Seconds())
}

// collectors are those that pushed; the zero value is none.
type collectors struct {
	mu  sync.Mutex
	all map[[2]string]Collector // by source and token
}

// note takes down what a request at an instant says of its sender.
func (c *collectors) note(source, token string, r *http.Request, at time.Time, refused error) {
	seen := Collector{Source: source, Token: token, LastSeen: at.UTC()}
	if sent, err := time.Parse(time.RFC3339Nano, r.Header.Get(push.HeaderSent)); err == nil {
		ahead := sent.Sub(at.Round(0)).Seconds()
		seen.ClockAhead = &ahead
	}
	if queued, err := strconv.ParseInt(r.Header.Get(push.HeaderQueued), 10, 64); err == nil && queued >= 0 {
		seen.Queued = &queued
	}
	if refused != nil {
		seen.Refused = refused.Error()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = make(map[[2]string]Collector)
	}
	key := [2]string{source, token}
	if _, known := c.all[key]; known || len(c.all) < mostCollectors {
		c.all[key] = seen
	}
}

// list is all of them by name.
func (c *collectors) list() []Collector {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]Collector, 0, len(c.all))
	for _, one := range c.all {
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b Collector) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Token, b.Token))
	})
	return list
}

// listCollectors answers GET /api/v1/collectors. As with meters, who may see
// single sites only sees none: a collector may serve several.
func (s *Server) listCollectors(w http.ResponseWriter, _ *http.Request, who caller) error {
	list := []Collector{}
	if who.everywhere() {
		list = s.collectors.list()
	}
	return writeJSON(w, list)
}

// writeMetrics writes what is known of collectors in Prometheus text.
func (c *collectors) writeMetrics(w io.Writer) {
	for _, one := range c.list() {
		labels := fmt.Sprintf("{source=%q,token=%q}", one.Source, one.Token)
		metrics.WriteGaugeFloat64(w, "heatledger_collector_last_seen_timestamp_seconds"+labels, float64(one.LastSeen.UnixMilli())/1000)
		if one.ClockAhead != nil {
			metrics.WriteGaugeFloat64(w, "heatledger_collector_clock_ahead_seconds"+labels, *one.ClockAhead)
		}
		if one.Queued != nil {
			metrics.WriteGaugeUint64(w, "heatledger_collector_queued"+labels, uint64(*one.Queued))
		}
	}
}
