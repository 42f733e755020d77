package intake

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
)

// waitingMost is how many rows of an hour that is run twice wait for those that
// tell which pass they are of.
const waitingMost = 20_000

// hold hands a row over, or keeps it until the rows after it tell which pass of
// an hour it is of.
func (t *table) hold(point energy.PointID, r *tableRow) {
	if !r.begin.ambiguous() {
		if len(t.waiting[point]) > 0 {
			t.settle(point)
		}
		t.hand(r)
		return
	}
	kept := *r
	t.waiting[point] = append(t.waiting[point], &kept)
	if t.count++; t.count > waitingMost {
		t.settleAll()
	}
}

func (t *table) settleAll() {
	for point := range t.waiting {
		t.settle(point)
	}
	t.count = 0
}

// settle settles the rows that wait for one point.
func (t *table) settle(point energy.PointID) {
	rows := t.waiting[point]
	delete(t.waiting, point)
	moments := make([]*moment, len(rows))
	for i, r := range rows {
		moments[i] = &r.begin
	}
	inTurn(moments)
	t.count -= len(rows)
	for _, r := range rows {
		t.hand(r)
	}
}

// hand hands over the values of a row.
func (t *table) hand(r *tableRow) {
	refuse := func(column int, name string, code Code, reason, hint string) {
		t.reject(Rejection{Row: r.number, Column: name, Cell: sheet.At(column+1, r.number), Code: code, Reason: short(reason), Hint: hint})
	}
	if r.begin.ambiguous() {
		refuse(t.time, t.timeName(), CodeTwice, "the clock shows "+quote(r.text)+" twice on this day", "add A or B behind it, or the offset, or give both passes in their order")
		return
	}
	for _, row := range r.rows {
		row.At = r.begin.instants[0]
		kind, _ := t.kindOf(row.Point)
		interval := kind == energy.Interval || kind == energy.Mean
		switch {
		case kind == energy.Counter && t.profile:
			refuse(t.time, t.timeName(), CodeForm, "the mapping says that each value is of an interval, and "+string(row.Point)+" takes the standings of a counter", "choose a point of amounts, or leave label and step empty if the column holds standings")
			continue
		case t.to >= 0 && len(r.to.instants) == 0 && !interval: // the stand of a counter
		case t.to >= 0 && len(r.to.instants) == 0:
			refuse(t.to, "to", CodeForm, "the values of "+string(row.Point)+" are of intervals, and no end is given", "fill in the end")
			continue
		case t.to >= 0:
			to, ok := r.to.end(row.At, r.begin)
			if !ok {
				refuse(t.to, "to", CodeInterval, "the interval ends before it begins", "to must be later than from")
				return
			}
			row.Length = to.Sub(row.At)
		case interval && t.mapping.Label == "":
			refuse(t.time, t.timeName(), CodeForm, "the values of "+string(row.Point)+" are of intervals, and one time is given", "state by label whether it is their start or their end")
			continue
		case interval && t.length == 0:
			refuse(t.time, t.timeName(), CodeForm, "the length of the intervals of "+string(row.Point)+" is not stated", "state the step, such as 15m")
			continue
		case interval:
			row.Length = t.length
			if t.mapping.Label == LabelEnd {
				row.At = row.At.Add(-t.length)
			}
		}
		t.take(row)
	}
}

// kindOf is the kind of a point's series, looked up once.
func (t *table) kindOf(id energy.PointID) (kind energy.SeriesKind, ok bool) {
	kind, seen := t.kinds[id]
	if !seen && t.series != nil {
		kind, _ = t.series(id)
		t.kinds[id] = kind
	}
	return kind, kind != ""
}

// headerOf are the texts of a header row.
func headerOf(row sheet.Row) []string {
	texts := make([]string, len(row.Cells))
	for i, c := range row.Cells {
		texts[i] = c.Text
	}
	return slices.Clip(texts)
}
