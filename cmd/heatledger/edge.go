package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"heatledger/fieldbus"
	"heatledger/fieldbus/push"
	"heatledger/reporting/web"
)

// edgeListen is where a collector shows how it does unless it is told: not where
// a server of the same machine listens.
const edgeListen = "127.0.0.1:8081"

// edge is what a collector shows of itself; it needs no database for it.
type edge struct {
	station *station
	client  *push.Client // nil: it writes to the database
	centre  string       // address of the centre
	version string
	local   bool // it listens on this host alone
}

// edgeHealth is the answer to GET /health.
type edgeHealth struct {
	Version  string                 `json:"version"`
	Ready    bool                   `json:"ready"`
	Problems []edgeProblem          `json:"problems"` // for a person to look into
	Spool    edgeSpool              `json:"spool"`
	Push     *edgePush              `json:"push,omitempty"` // nil: the database is written to
	Meters   []fieldbus.MeterHealth `json:"meters"`
}

// edgeSpool is the spool's account: collected = delivered + queued + refused + lost.
type edgeSpool struct {
	Collected    int64     `json:"collected"`
	Delivered    int64     `json:"delivered"`
	Queued       int64     `json:"queued"`
	Refused      int64     `json:"refused"`
	Lost         int64     `json:"lost"`
	OldestQueued time.Time `json:"oldest_queued,omitzero"`
	KeptFrom     time.Time `json:"kept_from,omitzero"` // absent: all that was ever cut is kept
	Bytes        int64     `json:"bytes"`
	MaxBytes     int64     `json:"max_bytes"`
}

// edgePush is how forwarding goes.
type edgePush struct {
	Centre           string       `json:"centre"`
	Failure          push.Failure `json:"failure,omitempty"` // absent: the last delivery worked, or there was none
	LastSuccess      time.Time    `json:"last_success,omitzero"`
	LastAnswer       time.Time    `json:"last_answer,omitzero"`
	LastError        string       `json:"last_error,omitempty"`
	LastErrorAt      time.Time    `json:"last_error_at,omitzero"`
	ClockAhead       *float64     `json:"centre_clock_ahead_s,omitempty"` // of the centre's clock before this one; absent: it never answered
	ClockUncertainty *float64     `json:"within_s,omitempty"`
}

func newEdgePush(s edgeState) *edgePush {
	c := s.contact
	p := &edgePush{Centre: s.centre, Failure: c.Failure, LastSuccess: c.LastSuccess, LastAnswer: c.LastAnswer, LastError: c.LastError, LastErrorAt: c.LastErrorAt}
	if !s.clock.Seen.IsZero() {
		ahead, within := s.clock.Ahead.Seconds(), s.clock.Within.Seconds()
		p.ClockAhead, p.ClockUncertainty = &ahead, &within
	}
	return p
}

// listenEdge opens the address; nil: nothing is shown. That the default address
// is taken keeps nobody from collecting.
func (p *process) listenEdge(listen *string) (net.Listener, error) {
	address := edgeListen
	if listen != nil {
		address = *listen
	}
	if address == "" {
		return nil, nil
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, misuse("listen on %q: HOST:PORT is expected", address)
	}
	listener, err := net.Listen("tcp", address)
	switch {
	case err == nil:
	case listen == nil:
		p.log.Warn("health and metrics are not shown: the address is taken; choose another by --listen", "address", address, "err", err)
		return nil, nil
	default:
		return nil, fmt.Errorf("listen: %w", err)
	}
	if !web.IsLoopback(address) {
		p.log.Warn("whoever reaches this address may read health and metrics", "address", address)
	}
	p.log.Info("showing health and metrics", "address", "http://"+listener.Addr().String())
	return listener, nil
}

// serve answers until ctx ends.
func (e *edge) serve(ctx context.Context, p *process, listener net.Listener) error {
	e.local = web.IsLoopback(listener.Addr().String())
	return web.Serve(ctx, listener, e.handler(), p.log)
}

func (e *edge) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		e.write(w, http.StatusOK, map[string]string{"program": "heatledger collect", "version": e.version,
			"/health":  "everything about meters, spool and centre, and the problems that need a person",
			"/healthz": "whether the program lives", "/readyz": "whether readings are taken", "/metrics": "figures in Prometheus text"})
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		e.write(w, http.StatusOK, map[string]string{"status": "alive", "version": e.version})
	})
	mux.HandleFunc("GET /readyz", e.showReady)
	mux.HandleFunc("GET /metrics", e.showMetrics)
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { e.write(w, http.StatusOK, e.health()) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		// A page of a stranger that resolves its name to 127.0.0.1 sends its own Host.
		if e.local && !isLocalHost(r.Host) {
			e.write(w, http.StatusForbidden, map[string]string{"detail": "ask by the name localhost or 127.0.0.1"})
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// isLocalHost tells whether a Host header names this machine's loopback.
func isLocalHost(host string) bool {
	if _, _, err := net.SplitHostPort(host); err != nil {
		host = net.JoinHostPort(host, "80")
	}
	return web.IsLoopback(host)
}

func (e *edge) write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // who asked has gone
}

// showReady answers GET /readyz: readings are taken.
func (e *edge) showReady(w http.ResponseWriter, r *http.Request) {
	if err := e.station.ready(r.Context()); err != nil {
		e.write(w, http.StatusServiceUnavailable, map[string]string{"status": "not_ready", "detail": err.Error()})
		return
	}
	e.write(w, http.StatusOK, map[string]string{"status": "ready"})
}

// showMetrics answers GET /metrics in Prometheus text, by the names that a
// server uses.
func (e *edge) showMetrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	metrics.WriteProcessMetrics(w)
	e.station.writeMetrics(w)
	if e.client != nil {
		writeClockMetrics(w, e.client.Clock())
	}
	web.WriteMeterMetrics(w, e.station.collector.Health())
}

// health is everything at once.
func (e *edge) health() edgeHealth {
	stats := e.station.spool.Stats()
	h := edgeHealth{Version: e.version, Ready: !stats.Full, Meters: e.station.collector.Health(),
		Spool: edgeSpool{Collected: stats.Collected, Delivered: stats.Delivered, Queued: stats.Queued, Refused: stats.Refused, Lost: stats.Lost,
			OldestQueued: stats.OldestQueued, KeptFrom: stats.KeptFrom, Bytes: stats.Bytes, MaxBytes: stats.MaxBytes}}
	state := edgeState{now: time.Now(), stats: stats, meters: h.Meters}
	if e.client != nil {
		state.centre, state.contact, state.clock = e.centre, e.client.Contact(), e.client.Clock()
		h.Push = newEdgePush(state)
	}
	h.Problems = state.problems()
	if h.Meters == nil {
		h.Meters = []fieldbus.MeterHealth{}
	}
	return h
}
