package intake

import (
	"slices"
	"strings"
	"time"

	"heatledger/energy"
)

// moment is a text that says when: one instant, or the two in which a clock
// shows the same.
type moment struct {
	instants []time.Time
	wall     time.Time // what the clock shows, for local times
	local    bool
	twice    bool // the clock shows it twice
}

// wallLayouts are the forms of local times that are understood.
func wallLayouts() []string {
	return []string{
		"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05",
		"02.01.2006 15:04", "02.01.2006 15:04:05",
	}
}

// The marks of the two passes of the hour that is run twice: A and B (DIN
// notation of the hours 2A and 2B), or the names of the times.
func passes() [2][]string {
	return [2][]string{{"A", "CEST", "MESZ"}, {"B", "CET", "MEZ"}}
}

// parseMoment reads an instant with offset, or a local time of the calendar. A
// local time of 24:00 is the midnight that ends the day. hint is "" when the
// text is either.
func parseMoment(text string, zone energy.Calendar) (m moment, hint string) {
	t, hint := parseInstant(text)
	if hint == "" {
		return moment{instants: []time.Time{t}}, ""
	}
	if zone.Location == nil {
		return m, hint
	}
	bare, pass := withoutPass(text)
	wall, ok := parseWall(bare)
	if !ok {
		return m, "write local times such as 2025-10-26 02:15 or 26.10.2025 02:15, with A or B behind in the hour that is run twice; or RFC 3339 with offset"
	}
	return localMoment(zone, wall, pass)
}

// localMoment is what the clock of a zone shows at a local time, in a pass where one is
// said (0, 1; else -1). A hint says why there is none.
func localMoment(zone energy.Calendar, wall time.Time, pass int) (m moment, hint string) {
	m = moment{instants: zone.Instants(energy.Wall(wall)), wall: wall, local: true}
	m.twice = len(m.instants) == 2
	switch {
	case len(m.instants) == 0:
		return m, "the clock is set forward over this time: it does not exist on this day"
	case pass >= 0 && m.twice:
		m.instants = m.instants[pass : pass+1]
	}
	return m, ""
}

// withoutPass cuts off the mark of a pass; pass is -1 without one.
func withoutPass(text string) (bare string, pass int) {
	for pass, marks := range passes() {
		for _, mark := range marks {
			if bare, ok := strings.CutSuffix(text, mark); ok {
				return strings.TrimRight(bare, " "), pass
			}
		}
	}
	return text, -1
}

func parseWall(text string) (wall time.Time, ok bool) {
	day := 0
	for _, midnight := range []string{"24:00", "24:00:00"} {
		if before, ends := strings.CutSuffix(text, midnight); ends {
			text, day = before+"00:00", 1
			break
		}
	}
	for _, layout := range wallLayouts() {
		if t, err := time.Parse(layout, text); err == nil {
			return t.AddDate(0, 0, day), true
		}
	}
	return time.Time{}, false
}

// ambiguous tells whether it is open which of two instants is meant.
func (m moment) ambiguous() bool { return len(m.instants) > 1 }

// inTurn settles local times of one point, in the order of the file, in the hour
// that is run twice: where the times go on and then once back, the first pass
// is the one before. Others stay ambiguous.
func inTurn(moments []*moment) {
	for from, to := 0, 0; from < len(moments); from = to {
		if to = from + 1; !moments[from].ambiguous() {
			continue
		}
		var back []int // positions at which the clock goes back
		for ; to < len(moments) && moments[to].ambiguous(); to++ {
			apart := moments[to].wall.Sub(moments[to-1].wall)
			if apart > 12*time.Hour || apart < -12*time.Hour {
				break // another year's
			}
			if apart <= 0 {
				back = append(back, to)
			}
		}
		if len(back) != 1 {
			continue
		}
		for i, m := range moments[from:to] {
			pass := 0
			if from+i >= back[0] {
				pass = 1
			}
			m.instants = slices.Clone(m.instants[pass : pass+1])
		}
	}
}

// end settles the local end of an interval that begins at from, which begin
// shows: the nearest instant after it. Where the beginning lies in the hour that
// is run twice, what the clock says of the length counts too, so that 02:45 to
// 03:00 is a quarter-hour in either pass.
func (m moment) end(from time.Time, begin moment) (to time.Time, ok bool) {
	candidates := m.instants
	if m.local && begin.twice && m.wall.After(begin.wall) {
		candidates = append(slices.Clone(candidates), from.Add(m.wall.Sub(begin.wall)))
	}
	for _, t := range candidates {
		if t.After(from) && (!ok || t.Before(to)) {
			to, ok = t, true
		}
	}
	return to, ok
}
