package heatmap

import (
	"fmt"
	"time"

	"heatledger/energy"
)

// Profile is what an operator states of a source: the mean power of each month of a
// year, January first, as the federal heat platform asks for it (EnEfG § 17 Abs. 2
// Nr. 4).
type Profile struct {
	Source       SourceID
	Year         int
	Months       [12]Kilowatts
	Flow, Return Temperature
	Document     string // where it is stated
}

// Hours is the profile as a series in hours of the local year: each hour of a month
// has its mean power, all are Declared. It shows no outage and no night, for nothing
// is known of them. It errs where the document is not named or a power cannot be.
func (p Profile) Hours(calendar energy.Calendar) (Series, error) {
	if p.Document == "" {
		return Series{}, fmt.Errorf("take the profile of %s in %d: no document is named", p.Source, p.Year)
	}
	year := calendar.Year(p.Year)
	h := Header{Source: p.Source, Kind: Stated, Method: Method{Code: DeclaredMonths, Source: p.Document}, From: year.From, Step: time.Hour}
	n := int(year.Length() / time.Hour)
	c := Columns{Power: make([]Kilowatts, n), Grade: make([]Grade, n), Limit: make([]Limit, n)}
	for m := time.January; m <= time.December; m++ {
		month := calendar.Month(p.Year, m)
		for i := int(month.From.Sub(year.From) / time.Hour); i < int(month.To.Sub(year.From)/time.Hour); i++ {
			c.Power[i], c.Grade[i], c.Limit[i] = p.Months[m-1], Declared, SupplyLimited
		}
	}
	c.Flow, c.Return = c.stand(nil, p.Flow), c.stand(nil, p.Return)
	s, err := New(h, c)
	if err != nil {
		return Series{}, fmt.Errorf("take the profile of %s in %d: %w", p.Source, p.Year, err)
	}
	return s, nil
}
