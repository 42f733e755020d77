package intake

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
)

// Label says which border of its interval a row's instant is.
type Label string

// The labels. Network operators write either; without one a row that has an
// instant is no interval.
const (
	LabelStart Label = "start"
	LabelEnd   Label = "end"
)

// Profile says how the rows of a load profile are meant where they do not say it
// themselves. The zero Profile is a file that needs no explanation.
type Profile struct {
	// Label makes the column at one border of an interval.
	Label Label
	// Step is the length of the intervals; 0: the least distance between two
	// rows of a point, which all others must be multiples of.
	Step time.Duration
	// Zone is the calendar of local times, which have no offset. In the hour that
	// is run twice they are told apart by A or B behind them, else by their order
	// in the file; those in the hour that is skipped do not exist. Without a
	// Location every time needs its offset.
	Zone energy.Calendar
	// Most is the greatest number of rows that is held at once; 0: any number. A
	// file with more is refused as a whole, with [ErrRows].
	Most int
}

// ErrRows says that a load profile has more rows than are held at once.
var ErrRows = errors.New("too many rows for one load profile")

// plain tells whether rows are as they say themselves.
func (p Profile) plain() bool { return p.Label == "" && p.Step == 0 && p.Zone.Location == nil }

// Check errs for a profile that means nothing.
func (p Profile) Check() error {
	switch {
	case p.Label != "" && p.Label != LabelStart && p.Label != LabelEnd:
		return fmt.Errorf("label %q: start or end is expected", string(p.Label))
	case p.Step != 0 && p.Label == "":
		return fmt.Errorf("a step of %s without a label: start or end is expected too", p.Step)
	case p.Step < 0 || p.Step%time.Second != 0:
		return fmt.Errorf("step %s: whole seconds are expected", p.Step)
	}
	return nil
}

// ReadProfile is [Read] for load profiles. Their rows are handed over when all
// have been read: what one means may depend on those around it.
func ReadProfile(r io.Reader, file string, format Format, p Profile, take func(Row), reject func(Rejection)) error {
	if p.plain() {
		return Read(r, file, format, take, reject)
	}
	if err := p.Check(); err != nil {
		return energy.Faults{{File: file, Problem: err.Error(), Remedy: "mend how the file is to be read"}}
	}
	reading := &profileReading{profile: p}
	parse := func(number int, cells map[string]string) *Rejection {
		row, rejection := reading.parse(number, cells)
		if rejection != nil {
			return rejection
		}
		if reading.count++; p.Most == 0 || reading.count <= p.Most {
			reading.rows = append(reading.rows, row)
		}
		return nil
	}
	if err := read(r, file, format, parse, reject); err != nil {
		return err
	}
	if reading.count > len(reading.rows) {
		return fmt.Errorf("read %s with %d rows: %w", file, reading.count, ErrRows)
	}
	reading.settle()
	return reading.hand(file, take, reject)
}

// profileReading is a file on its way.
type profileReading struct {
	profile Profile
	rows    []profileRow
	count   int // of readable rows, held or not
}

// profileRow is a row whose instants may not be settled yet.
type profileRow struct {
	Row
	column       string // of the instant or beginning
	text, toText string
	begin        moment
	to           moment
	interval     bool // the file gives from and to
}

func (p *profileReading) parse(number int, cells map[string]string) (row profileRow, rejection *Rejection) {
	row.column = "at"
	if _, row.interval = cells["from"]; row.interval {
		row.column = "from"
	}
	row.Row, rejection = parseRow(number, cells, func(*Row, map[string]string) *Rejection {
		var hint string
		row.text, row.toText = cells[row.column], cells["to"]
		if row.begin, hint = parseMoment(row.text, p.profile.Zone); hint != "" {
			return badTime(number, row.column, row.text, hint)
		}
		if !row.interval {
			return nil
		}
		if row.to, hint = parseMoment(row.toText, p.profile.Zone); hint != "" {
			return badTime(number, "to", row.toText, hint)
		}
		return nil
	})
	return row, rejection
}

// settle settles the times that the order of the rows of a point tells apart.
func (p *profileReading) settle() {
	moments := map[energy.PointID][]*moment{}
	for i := range p.rows {
		row := &p.rows[i]
		moments[row.Point] = append(moments[row.Point], &row.begin)
	}
	for _, list := range moments {
		inTurn(list)
	}
}

// hand hands over the rows in the order of the file.
func (p *profileReading) hand(file string, take func(Row), reject func(Rejection)) error {
	steps, err := p.steps(file)
	if err != nil {
		return err
	}
	for _, row := range p.rows {
		if row.begin.ambiguous() {
			reject(*badTime(row.Number, row.column, row.text, "the clock shows it twice on this day: add A or B, or the offset, or give both passes in their order"))
			continue
		}
		row.At = row.begin.instants[0]
		switch {
		case row.interval:
			to, ok := row.to.end(row.At, row.begin)
			if !ok {
				reject(Rejection{Row: row.Number, Column: "to", Code: CodeInterval, Reason: "the interval ends before it begins", Hint: "to must be later than from"})
				continue
			}
			row.Length = to.Sub(row.At)
		case p.profile.Label != "":
			row.Length = steps[row.Point]
			if p.profile.Label == LabelEnd {
				row.At = row.At.Add(-row.Length)
			}
		}
		take(row.Row)
	}
	return nil
}

// steps are the lengths of the intervals of points: stated, or found.
func (p *profileReading) steps(file string) (map[energy.PointID]time.Duration, error) {
	steps := map[energy.PointID]time.Duration{}
	instants := map[energy.PointID][]time.Time{}
	for _, row := range p.rows {
		if p.profile.Step != 0 {
			steps[row.Point] = p.profile.Step
		} else if !row.begin.ambiguous() && !row.interval && p.profile.Label != "" {
			instants[row.Point] = append(instants[row.Point], row.begin.instants[0])
		}
	}
	var faults energy.Faults
	for point, list := range instants {
		slices.SortFunc(list, time.Time.Compare)
		step := time.Duration(0)
		for i := 1; i < len(list); i++ {
			if apart := list[i].Sub(list[i-1]); apart > 0 && (step == 0 || apart < step) {
				step = apart
			}
		}
		even := step > 0
		for _, t := range list {
			even = even && t.Sub(list[0])%step == 0
		}
		if !even {
			faults = append(faults, energy.Fault{File: file, Problem: fmt.Sprintf("the rows of %s have no common distance", point),
				Remedy: "state the step, or give the columns from and to"})
			continue
		}
		steps[point] = step
	}
	if len(faults) > 0 {
		slices.SortFunc(faults, func(a, b energy.Fault) int { return strings.Compare(a.Problem, b.Problem) })
		return nil, faults
	}
	return steps, nil
}
