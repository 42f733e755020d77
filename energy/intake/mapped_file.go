package intake

import (
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake/mscons"
	"heatledger/energy/intake/sheet"
)

// ReadFile reads a file of readings of any form that people have: a table by a
// mapping, our own form and template without one, an MSCONS interchange by the
// names of a mapping. series tells how the points are to be understood.
func ReadFile(r io.ReaderAt, size int64, m Mapping, series Series, take func(Row), reject func(Rejection)) error {
	if sheet.FormOf(r) == sheet.MSCONS {
		return readMSCONS(io.NewSectionReader(r, 0, size), m, take, reject)
	}
	if len(m.Columns) == 0 {
		own, ok, err := ownForm(r, size, m)
		if err != nil {
			return err
		}
		if !ok {
			return energy.Faults{{Line: 1, Problem: "it is not said what the columns are", Remedy: "hand it in with a mapping, in our template, or with the header point,at,value"}}
		}
		m = own
	}
	return ReadTable(r, size, m, series, take, reject)
}

// ownMeaning is what a column of our own form and template holds; the template
// has further columns that are not read.
func ownMeaning(header string) (Meaning, bool) {
	switch strings.TrimSpace(strings.TrimSuffix(strings.ToLower(strings.TrimSpace(header)), "*")) {
	case "point", "messpunkt":
		return MeansPoint, true
	case "at", "zeitpunkt":
		return MeansTime, true
	case "from", "von", "zeitpunkt oder beginn", "time or start":
		return MeansFrom, true
	case "to", "bis", "ende (nur bei mengen)", "end (amounts only)":
		return MeansTo, true
	case "value", "wert":
		return MeansValue, true
	case "unit", "einheit":
		return MeansUnit, true
	case "quality", "qualität":
		return MeansQuality, true
	}
	return MeansNothing, false
}

// ownForm is the mapping of a table whose header is ours, within the first
// rows. ok is false for another's.
func ownForm(r io.ReaderAt, size int64, m Mapping) (own Mapping, ok bool, err error) {
	book, err := sheet.Open(r, size, sheet.Limits{})
	if err != nil {
		return m, false, err
	}
	number, err := sheetOf(book, m.Sheet)
	if err != nil {
		return m, false, err
	}
	seen := 0
	err = book.Rows(number, func(row sheet.Row) error {
		seen++
		own = m
		own.Header, own.Columns = row.Number, nil
		if own.Decimal == "" && book.Form == sheet.CSV && book.Separator == ',' {
			own.Decimal = "." // a decimal comma would separate cells
		}
		has := map[Meaning]bool{}
		for i, c := range row.Cells {
			if is, known := ownMeaning(c.Text); known && !has[is] {
				has[is] = true
				own.Columns = append(own.Columns, MappedColumn{Column: sheet.Column(i + 1), Header: c.Text, Is: is})
			}
		}
		ok = has[MeansPoint] && has[MeansValue] && (has[MeansTime] || has[MeansFrom] && has[MeansTo])
		if ok && has[MeansTime] && has[MeansFrom] && has[MeansTo] { // the template has both: either may be filled
			own.Columns = slices.DeleteFunc(own.Columns, func(c MappedColumn) bool { return c.Is == MeansFrom || c.Is == MeansTo })
		}
		if ok || seen >= headerBefore {
			return errSettled
		}
		return nil
	})
	if err != nil && !errors.Is(err, errSettled) {
		return m, false, err
	}
	return own, ok, nil
}

// OwnForm tells whether a table has the header of our own form or template, and
// needs no mapping: then own is what its columns are.
func OwnForm(r io.ReaderAt, size int64, m Mapping) (own Mapping, ok bool, err error) {
	return ownForm(r, size, m)
}

// Knows tells whether the mapping names the point of a place of an interchange,
// as [Places] gives it.
func (m Mapping) Knows(name string) bool {
	place, register, _ := strings.Cut(name, "/")
	_, ok := m.placed(place, register)
	return ok
}

// readMSCONS reads an interchange. Rows are the numbers of segments.
func readMSCONS(r io.Reader, m Mapping, take func(Row), reject func(Rejection)) error {
	if faults := m.Check(); len(faults) > 0 {
		return faults
	}
	zone, _ := m.zone() // it was checked
	return mscons.Read(r, func(v mscons.Value) error {
		refuse := func(column string, code Code, reason, hint string) error {
			reject(Rejection{Row: v.Segment, Column: column, Cell: v.Where, Code: code, Reason: short(reason), Hint: hint})
			return nil
		}
		row := Row{Number: v.Segment, Value: v.Number, Unit: v.Unit, Quality: v.Quality.Meaning()}
		var ok bool
		if row.Point, ok = m.placed(v.Place, v.Register); !ok {
			return refuse("point", CodeName, quote(placeName(v.Place, v.Register))+" is mapped to no point", "add it to the names of the mapping")
		}
		row.Absent = row.Quality == energy.Missing
		from, to := v.From, v.To
		if v.Counter() {
			from, to = v.Stood, v.Stood
		}
		if v.Local {
			var hint string
			if from, to, hint = localSpan(zone, from, to); hint != "" {
				return refuse("at", CodeTime, "the times have no offset", hint)
			}
		}
		row.At, row.Length = from, to.Sub(from)
		take(row)
		return nil
	}, func(f mscons.Fault) error {
		reject(Rejection{Row: f.Segment, Column: "value", Cell: f.Where, Code: Code(f.Code), Reason: short(f.Problem), Hint: f.Remedy})
		return nil
	})
}

// placeName is what a mapping calls a place and register.
func placeName(place, register string) string {
	if register == "" {
		return place
	}
	return place + "/" + register
}

// placed is the point of a place and register, else of the place.
func (m Mapping) placed(place, register string) (energy.PointID, bool) {
	id, ok := m.Names[placeName(place, register)]
	if !ok {
		id, ok = m.Names[place]
	}
	return id, ok
}

// Places are the places and registers of an interchange, each once, in its
// order; at most most of them.
func Places(r io.Reader, most int) (places []string, err error) {
	seen := map[string]bool{}
	err = mscons.Read(r, func(v mscons.Value) error {
		if name := placeName(v.Place, v.Register); !seen[name] && len(places) < most {
			seen[name] = true
			places = append(places, name)
		}
		return nil
	}, func(mscons.Fault) error { return nil })
	return places, err
}

// localSpan are the instants at which a clock shows from and to.
func localSpan(zone energy.Calendar, from, to time.Time) (a, b time.Time, hint string) {
	if zone.Location == nil {
		return a, b, "state the zone in the mapping, such as Europe/Berlin"
	}
	first, last := zone.Instants(energy.Wall(from)), zone.Instants(energy.Wall(to))
	switch {
	case len(first) == 0 || len(last) == 0:
		return a, b, "the clock is set forward over this time: it does not exist on this day"
	case len(first) > 1 || len(last) > 1:
		return a, b, "the clock shows the time twice on this day: ask for the times with their offset (form 303)"
	}
	return first[0], last[0], ""
}
