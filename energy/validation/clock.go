package validation

import (
	"time"

	"heatledger/energy"
)

// live is the longest time between two facts of a steady stream, samples how
// many of them make one.
const (
	live    = 20 * time.Minute
	samples = 12
)

// behind are steady streams whose youngest reading is always old: the clock
// there is slow, or the way is long. A backlog that is being delivered runs
// faster than time and is no steady stream.
func (d Delivery) behind() []Finding {
	var all []Finding
	streams := map[int32]*stream{}
	var sources []int32
	end := func(s *stream) {
		if s.n >= samples && s.least > d.Limits.ClockBehind && s.steady() {
			all = append(all, d.finding(ClockBehind, energy.Period{From: s.first, To: s.youngest}, Args{"duration": length(s.least)}))
		}
		*s = stream{}
	}
	for _, run := range d.Runs {
		if len(run.Readings) == 0 || run.Corrects() {
			continue
		}
		s := streams[run.Source]
		if s == nil {
			s = &stream{}
			streams[run.Source] = s
			sources = append(sources, run.Source)
		}
		youngest := run.Readings[len(run.Readings)-1].End()
		if s.n > 0 && (run.RecordedAt.Sub(s.recorded) > live || !youngest.After(s.youngest)) {
			end(s)
		}
		s.take(youngest, run.RecordedAt)
	}
	for _, source := range sources {
		end(streams[source])
	}
	return all
}

// stream is a row of facts of a source that follow each other closely.
type stream struct {
	n                       int
	first, youngest         time.Time // readings
	firstRecorded, recorded time.Time
	least                   time.Duration
}

func (s *stream) take(youngest, recorded time.Time) {
	late := recorded.Sub(youngest)
	if s.n == 0 {
		s.first, s.firstRecorded, s.least = youngest, recorded, late
	}
	s.n++
	s.youngest, s.recorded, s.least = youngest, recorded, min(s.least, late)
}

// steady tells whether readings and time went on at about the same pace.
func (s *stream) steady() bool {
	readings, passed := s.youngest.Sub(s.first), s.recorded.Sub(s.firstRecorded)
	return passed > 0 && readings <= 2*passed && passed <= 2*readings
}
