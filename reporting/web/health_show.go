package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"heatledger/fieldbus"
)

// showAlive answers GET /healthz: the process runs.
func (s *Server) showAlive(w http.ResponseWriter, _ *http.Request) error {
	return writeJSON(w, map[string]string{"status": "alive", "version": s.options.Version})
}

// showReady answers GET /readyz: database and spool do what they are for.
func (s *Server) showReady(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	var errs []error
	if err := s.options.Store.Ping(ctx); err != nil {
		s.log.Warn("not ready", "err", err)
		errs = append(errs, errors.New("the database does not answer"))
	}
	if s.options.Ready != nil {
		if err := s.options.Ready(ctx); err != nil {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return refuse(http.StatusServiceUnavailable, "not_ready", "%v", err)
	}
	return writeJSON(w, map[string]string{"status": "ready"})
}

// showMetrics answers GET /metrics in Prometheus text.
func (s *Server) showMetrics(w http.ResponseWriter, _ *http.Request, who caller) error {
	if !who.everywhere() {
		return refuse(http.StatusForbidden, "not_allowed", "metrics tell of all sites: a token for all sites is needed")
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	metrics.WriteProcessMetrics(w)
	if s.options.Metrics != nil {
		s.options.Metrics(w)
	}
	s.collectors.writeMetrics(w)
	if s.options.Meters != nil {
		WriteMeterMetrics(w, s.options.Meters())
	}
	return nil
}

// WriteMeterMetrics writes the health of meters in Prometheus text.
func WriteMeterMetrics(w io.Writer, meters []fieldbus.MeterHealth) {
	for _, m := range meters {
		labels := fmt.Sprintf("connection=%q,meter=%q", m.Connection, m.Meter)
		healthy := 0
		if m.State == fieldbus.Healthy {
			healthy = 1
		}
		metrics.WriteGaugeUint64(w, "heatledger_meter_healthy{"+labels+"}", uint64(healthy))
		metrics.WriteCounterUint64(w, "heatledger_meter_polls_total{"+labels+"}", uint64(m.Polls))
		metrics.WriteCounterUint64(w, "heatledger_meter_errors_total{"+labels+"}", uint64(m.Errors))
		metrics.WriteCounterUint64(w, "heatledger_meter_readings_total{"+labels+"}", uint64(m.Readings))
		metrics.WriteCounterUint64(w, "heatledger_meter_lost_total{"+labels+"}", uint64(m.Lost))
		metrics.WriteCounterUint64(w, "heatledger_meter_skipped_total{"+labels+"}", uint64(m.Skipped))
		metrics.WriteGaugeUint64(w, "heatledger_meter_points_not_read{"+labels+"}", uint64(len(m.Points)))
	}
}
