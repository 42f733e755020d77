package intake

import (
	"slices"
	"sort"

	"heatledger/energy"
	"heatledger/energy/validation"
)

// asked tells whether what a rule finds is a question to who hands in. The
// others speak of what is lacking, of when it came, or of the instrument: no
// row is wrong by them.
func asked(r validation.Rule) bool {
	switch r {
	case validation.Gap, validation.Coverage, validation.VerificationExpired, validation.ClockSkew, validation.OutOfOrder,
		validation.FutureTime, validation.Duplicate, validation.NodeBalance, validation.CheckMeter:
		return false
	}
	return true
}

// ask makes questions of what is found now and was not before.
func (v *review) ask(found, before []validation.Finding, changed map[energy.PointID]derived) {
	for i, f := range found {
		if !asked(f.Rule) || f.Severity == validation.Info || len(v.questions) >= questionsMost {
			continue
		}
		same := func(o validation.Finding) bool {
			return o.Code == f.Code && o.Point == f.Point && o.Meter == f.Meter && o.Period == f.Period
		}
		if slices.ContainsFunc(before, same) || slices.ContainsFunc(found[:i], same) {
			continue
		}
		q := Question{Code: string(f.Code), Rule: f.Rule, Severity: f.Severity, Point: f.Point, From: f.Period.From, To: f.Period.To, Args: f.Args}
		if f.Point != "" {
			if _, ok := changed[f.Point]; !ok {
				continue
			}
			if !v.place(&q, f.Period) {
				continue // it is about what was there before
			}
		}
		v.questions = append(v.questions, q)
	}
}

// place finds the rows that a question is about.
func (v *review) place(q *Question, p energy.Period) bool {
	rows := v.rows[q.Point]
	from := sort.Search(rows.n, func(i int) bool { return rows.at(i).at+rows.at(i).length >= p.From.UnixMicro() })
	to := sort.Search(rows.n, func(i int) bool { return rows.at(i).at > p.To.UnixMicro() })
	if from >= to {
		return rows.n == 0 // a withdrawal has no rows
	}
	for i := from; i < to; i++ {
		row := rows.at(i)
		if n := int(row.row); q.Row == 0 || n < q.Row {
			q.Row, q.column = n, int(row.column)
		}
		q.ToRow = max(q.ToRow, int(row.row))
	}
	q.Rows = to - from
	return true
}

// negatives asks about amounts and counters below zero.
func (v *review) negatives() {
	for id, rows := range v.rows {
		if _, _, point, _ := v.registry.Point(id); !point.Quantity.Cumulative() {
			continue
		}
		var q *Question
		for i := range rows.n {
			row := rows.at(i)
			if row.value.Float64() >= 0 {
				continue
			}
			r := row.reading()
			if q == nil {
				q = &Question{Code: QuestionNegative, Severity: validation.Warning, Point: id, From: r.At, Row: int(row.row), column: int(row.column)}
			}
			q.Row, q.ToRow = min(q.Row, int(row.row)), max(q.ToRow, int(row.row))
			q.To = r.End()
			q.Rows++
		}
		if q != nil {
			v.questions = append(v.questions, *q)
		}
	}
}

// profiles asks about standings that rise and fall: somebody may have handed in the
// amounts of a load profile as the standings of a counter.
func (v *review) profiles() {
	for id, rows := range v.rows {
		_, _, point, _ := v.registry.Point(id)
		if point.Series != energy.Counter || rows.n < courseLeast {
			continue
		}
		falls := 0
		for i := 1; i < rows.n; i++ {
			if rows.at(i).value.Float64() < rows.at(i-1).value.Float64() {
				falls++
			}
		}
		if courseBy(rows.n, 0, falls) != amounts {
			continue
		}
		v.questions = slices.DeleteFunc(v.questions, func(q Question) bool { return q.Point == id && q.Rule == validation.CounterCase }) // all of that is asked at once
		first, last := rows.at(0), rows.at(rows.n-1)
		v.questions = append(v.questions, Question{Code: QuestionProfile, Severity: validation.Warning, Point: id, From: first.reading().At, To: last.reading().At,
			Row: int(first.row), ToRow: int(last.row), Rows: rows.n, column: int(first.column)})
	}
}
