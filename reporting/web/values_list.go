package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/reporting/cell"
)

// factHeader carries the fact number an answer rests on.
const factHeader = "Heatledger-Fact"

// listValues answers GET /api/v1/sites/{site}/points/{point}/values.
func (s *Server) listValues(w http.ResponseWriter, r *http.Request, who caller) error {
	site, err := s.site(r, who)
	if err != nil {
		return err
	}
	question, count, err := s.question(r, site)
	if err != nil {
		return err
	}
	asColumns := r.URL.Query().Get("format") == "columns"
	var answer ledger.Series
	var columns ledger.Columns
	if asColumns {
		columns, err = s.options.Ledger.Columns(r.Context(), question)
	} else {
		answer, err = s.options.Ledger.Values(r.Context(), question)
	}
	if errors.Is(err, ledger.ErrNoSite) && question.At.IsZero() {
		return refuse(http.StatusNotFound, "no_site", "there is no site %q; /api/v1/sites lists them", string(site))
	}
	if (errors.Is(err, ledger.ErrNoPoint) || errors.Is(err, ledger.ErrNoSite)) && !question.At.IsZero() {
		return refuse(http.StatusNotFound, "not_known_then", "%s was not known at %s", question.Point, question.At.Format(time.RFC3339))
	}
	if errors.Is(err, ledger.ErrNoPoint) {
		return refuse(http.StatusNotFound, "no_point", "site %s has no point %q; /api/v1/sites/%s lists them", site, r.PathValue("point"), site)
	}
	if err != nil {
		return err
	}
	if asColumns {
		return writeColumns(w, r, question.Step, columns, count)
	}
	w.Header().Set(factHeader, strconv.FormatInt(answer.Fact, 10))
	if len(answer.Values) > count {
		linkNext(w, r, "from", answer.Values[count].Period.From.Format(time.RFC3339))
		answer.Values = answer.Values[:count]
	}
	if len(answer.Readings) > count {
		linkNext(w, r, "from", answer.Readings[count].At.Format(time.RFC3339Nano))
		answer.Readings = answer.Readings[:count]
	}
	switch {
	case wantsCSV(r) && question.Step == ledger.Raw:
		return writeReadingsCSV(w, question.Point, answer)
	case wantsCSV(r):
		return writeValuesCSV(w, question.Point, answer)
	case question.Step == ledger.Raw:
		return writeJSON(w, readingsJSON(answer))
	}
	return writeValues(w, answer)
}

// question reads the parameters of a request for values.
func (s *Server) question(r *http.Request, site energy.SiteID) (ledger.Question, int, error) {
	query := r.URL.Query()
	form, err := format(query, "json", "csv", "columns")
	if err != nil {
		return ledger.Question{}, 0, err
	}
	q := ledger.Question{Point: pointOf(r, site), Step: ledger.Step(query.Get("step"))}
	if q.Step == "" {
		q.Step = ledger.QuarterHour
	}
	if !q.Step.Known() {
		return q, 0, refuse(http.StatusBadRequest, "bad_step", "step=%.40q is no step: raw, 15m, 1h, 1d or 1mo is expected", string(q.Step))
	}
	if form == "columns" && q.Step == ledger.Raw {
		return q, 0, refuse(http.StatusBadRequest, "bad_format", "readings have no equal steps and so no columns: ask for json or csv")
	}
	registry, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return q, 0, err
	}
	calendar, err := s.options.Ledger.Calendar(registry, site)
	if err != nil {
		return q, 0, err
	}
	if q.Period, err = period(query, calendar); err != nil {
		return q, 0, err
	}
	if q.At, _, err = instant(query, "as_known_at", calendar); err != nil {
		return q, 0, err
	}
	count, err := limit(query)
	if err != nil {
		return q, 0, err
	}
	q.Period.To, q.Limit = pageEnd(q, count), count+1
	return q, count, nil
}

// pageEnd keeps a question for centuries from being computed for one page: a
// period is answered up to one step beyond its first page.
func pageEnd(q ledger.Question, count int) time.Time {
	step := map[ledger.Step]time.Duration{ledger.QuarterHour: energy.QuarterHour, ledger.Hour: time.Hour, ledger.Day: 26 * time.Hour, ledger.Month: 32 * 24 * time.Hour}[q.Step]
	if step == 0 || q.Period.Length() <= time.Duration(count+1)*step || time.Duration(count+1) > (1<<62)/step {
		return q.Period.To
	}
	return q.Period.From.Add(time.Duration(count+1) * step)
}

// writeValues writes [{from,to,value,unit,quality,energy_coverage,interval_coverage}].
// It is written by hand because a year has 35,040 of them.
func writeValues(w http.ResponseWriter, answer ledger.Series) error {
	w.Header().Set("Content-Type", "application/json")
	unit, err := json.Marshal(answer.Unit)
	if err != nil {
		return err
	}
	buf := make([]byte, 0, 160*len(answer.Values)+2)
	buf = append(buf, '[')
	for i, v := range answer.Values {
		if i > 0 {
			buf = append(buf, ',', '\n')
		}
		buf = append(buf, `{"from":"`...)
		buf = v.Period.From.AppendFormat(buf, time.RFC3339)
		buf = append(buf, `","to":"`...)
		buf = v.Period.To.AppendFormat(buf, time.RFC3339)
		buf = append(buf, `","value":`...)
		buf = append(buf, number(v.Value, v.OK, "null")...)
		buf = append(buf, `,"unit":`...)
		buf = append(buf, unit...)
		buf = append(buf, `,"quality":"`...)
		buf = append(buf, v.Quality.String()...)
		buf = append(buf, `","energy_coverage":`...)
		buf = strconv.AppendFloat(buf, v.EnergyCoverage, 'g', 6, 64)
		buf = append(buf, `,"interval_coverage":`...)
		buf = strconv.AppendFloat(buf, v.IntervalCoverage, 'g', 6, 64)
		buf = append(buf, '}')
	}
	_, err = w.Write(append(buf, ']', '\n'))
	return err
}

// number writes a derived value without idle zeros: 12.5, not 12.500000.
func number(v energy.Value, ok bool, absent string) string {
	if !ok {
		return absent
	}
	text := v.String()
	if strings.Contains(text, ".") && !strings.ContainsAny(text, "eE") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// reading is a raw reading in JSON: the register as read, scaled.
type reading struct {
	At      time.Time      `json:"at"`
	To      *time.Time     `json:"to,omitempty"` // end of the interval the value stands for
	Value   energy.Value   `json:"value"`
	Unit    energy.Unit    `json:"unit"`
	Quality energy.Quality `json:"quality"`
}

func readingsJSON(answer ledger.Series) []reading {
	list := make([]reading, len(answer.Readings))
	for i, r := range answer.Readings {
		list[i] = reading{At: r.At, Value: r.Value, Unit: answer.Unit, Quality: r.Quality}
		if r.Length > 0 {
			end := r.End()
			list[i].To = &end
		}
	}
	return list
}

// writeColumns writes the first count of a series of equal steps as arrays: value
// i of v, of quality q[i], is that of [t0 + i·step, t0 + (i+1)·step). Like
// writeValues it is written by hand.
func writeColumns(w http.ResponseWriter, r *http.Request, step ledger.Step, c ledger.Columns, count int) error {
	w.Header().Set(factHeader, strconv.FormatInt(c.Fact, 10))
	w.Header().Set("Content-Type", "application/json")
	if len(c.Amounts) > count {
		linkNext(w, r, "from", c.Begin(count).Format(time.RFC3339))
		c = c.First(count)
	}
	head := struct {
		T0   time.Time   `json:"t0"`
		Step string      `json:"step"`
		Unit energy.Unit `json:"unit"`
	}{Step: string(step), Unit: c.Quantity.Unit()}
	if len(c.Amounts) > 0 {
		head.T0 = c.Begin(0)
	}
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	buf := make([]byte, 0, 24*len(c.Amounts)+len(text)+16)
	buf = append(append(buf, text[:len(text)-1]...), `,"v":[`...)
	digits := c.Quantity.Digits()
	for i, a := range c.Amounts {
		if i > 0 {
			buf = append(buf, ',')
		}
		if c.Quality[i] == energy.Missing {
			buf = append(buf, "null"...)
		} else {
			buf = appendFixed(buf, int64(a), digits)
		}
	}
	buf = append(buf, `],"q":[`...)
	var name []byte // of the quality before, which most share
	for i, q := range c.Quality {
		if i > 0 {
			buf = append(buf, ',')
		}
		if i == 0 || q != c.Quality[i-1] {
			name = strconv.AppendQuote(name[:0], q.String())
		}
		buf = append(buf, name...)
	}
	_, err = w.Write(append(buf, "]}\n"...))
	return err
}

// appendFixed appends mantissa·10^-places without idle zeros, as number does.
func appendFixed(buf []byte, mantissa int64, places int) []byte {
	for places >= 3 && mantissa%1000 == 0 {
		mantissa, places = mantissa/1000, places-3
	}
	for places > 0 && mantissa%10 == 0 {
		mantissa, places = mantissa/10, places-1
	}
	from := len(buf)
	buf = strconv.AppendInt(buf, mantissa, 10)
	if places == 0 {
		return buf
	}
	if mantissa < 0 {
		from++
	}
	for len(buf)-from <= places { // 5 with three places is 0.005
		buf = slices.Insert(buf, from, '0')
	}
	return slices.Insert(buf, len(buf)-places, '.')
}

// writeValuesCSV writes the intervals; import takes them again for points whose
// series is one of intervals or means.
func writeValuesCSV(w http.ResponseWriter, point energy.PointID, answer ledger.Series) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	_ = out.Write([]string{"point", "from", "to", "value", "unit", "quality", "energy_coverage", "interval_coverage"})
	for _, v := range answer.Values {
		_ = out.Write([]string{string(point), v.Period.From.Format(time.RFC3339), v.Period.To.Format(time.RFC3339), number(v.Value, v.OK, ""),
			string(answer.Unit), v.Quality.String(), strconv.FormatFloat(v.EnergyCoverage, 'g', 6, 64), strconv.FormatFloat(v.IntervalCoverage, 'g', 6, 64)})
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}

// writeReadingsCSV writes the readings in the form that import reads.
func writeReadingsCSV(w http.ResponseWriter, point energy.PointID, answer ledger.Series) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	interval := len(answer.Readings) > 0 && answer.Readings[0].Length > 0
	header := []string{"point", "at", "value", "unit", "quality"}
	if interval {
		header = []string{"point", "from", "to", "value", "unit", "quality"}
	}
	_ = out.Write(header)
	for _, r := range answer.Readings {
		cells := []string{string(point), r.At.Format(time.RFC3339Nano)}
		if interval {
			cells = append(cells, r.End().Format(time.RFC3339Nano))
		}
		_ = out.Write(append(cells, r.Value.String(), string(answer.Unit), r.Quality.String()))
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}
