package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"heatledger/energy"
	"heatledger/fieldbus/push"
	"heatledger/fieldbus/spool"
)

// errSpoolFull is why a station is not ready. It says what a person can do.
var errSpoolFull = errors.New("the spool is full, readings are being refused: make room on the disk, raise spool.max_bytes, or see why batches are not delivered")

// ready errs when the spool takes no more readings.
func (s *station) ready(context.Context) error {
	if s.spool.Stats().Full {
		return errSpoolFull
	}
	return nil
}

// writeMetrics writes the spool's account: collected = delivered + queued +
// refused + lost, at every instant and over kill -9.
func (s *station) writeMetrics(w io.Writer) { writeSpoolMetrics(w, s.spool.Stats(), time.Now()) }

func writeSpoolMetrics(w io.Writer, stats spool.Stats, now time.Time) {
	metrics.WriteCounterUint64(w, "heatledger_spool_collected_total", uint64(stats.Collected))
	metrics.WriteCounterUint64(w, "heatledger_spool_delivered_total", uint64(stats.Delivered))
	metrics.WriteGaugeUint64(w, "heatledger_spool_queued", uint64(stats.Queued))
	metrics.WriteCounterUint64(w, "heatledger_spool_refused_total", uint64(stats.Refused))
	metrics.WriteCounterUint64(w, "heatledger_spool_lost_total", uint64(stats.Lost))
	metrics.WriteCounterUint64(w, "heatledger_spool_set_aside_total", uint64(stats.SetAside))
	metrics.WriteCounterUint64(w, "heatledger_spool_files_released_early_total", uint64(stats.ReleasedEarly))
	metrics.WriteGaugeUint64(w, "heatledger_spool_bytes", uint64(stats.Bytes))
	metrics.WriteGaugeUint64(w, "heatledger_spool_max_bytes", uint64(stats.MaxBytes))
	full := uint64(0)
	if stats.Full {
		full = 1
	}
	metrics.WriteGaugeUint64(w, "heatledger_spool_full", full)
	waits := 0.0
	if !stats.OldestQueued.IsZero() {
		waits = now.Sub(stats.OldestQueued).Seconds()
	}
	metrics.WriteGaugeFloat64(w, "heatledger_spool_oldest_queued_seconds", waits)
	if !stats.KeptFrom.IsZero() {
		metrics.WriteGaugeUint64(w, "heatledger_spool_kept_from_timestamp_seconds", uint64(stats.KeptFrom.Unix()))
	}
	queued := map[energy.Lane]int64{}
	refused := uint64(0)
	for _, l := range stats.Lanes {
		queued[l.Lane] += l.Queued
		if l.Refusal != "" {
			refused++
		}
	}
	for lane, name := range map[energy.Lane]string{energy.Live: "live", energy.Backlog: "backlog"} {
		metrics.WriteGaugeUint64(w, fmt.Sprintf("heatledger_spool_lane_queued{lane=%q}", name), uint64(queued[lane]))
	}
	metrics.WriteGaugeUint64(w, "heatledger_spool_lanes_refused", refused)
}

// writeClockMetrics writes how the centre's clock differs, once it answered.
func writeClockMetrics(w io.Writer, clock push.ClockDifference) {
	if clock.Seen.IsZero() {
		return
	}
	metrics.WriteGaugeFloat64(w, "heatledger_push_clock_ahead_seconds", clock.Ahead.Seconds())
	metrics.WriteGaugeFloat64(w, "heatledger_push_clock_within_seconds", clock.Within.Seconds())
	metrics.WriteGaugeFloat64(w, "heatledger_push_last_answer_timestamp_seconds", float64(clock.Seen.UnixMilli())/1000)
}
