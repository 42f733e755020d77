package questionnaire

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// change is what an answer makes of one fact of a site.
type change struct {
	fact     registry.Fact
	withdraw bool
	question string // whose answer it is; "": what an answer ends
}

// changes are what answers make of the facts of a site. What holds until it
// changes begins with the year; what it follows ends the day before.
func changes(site registry.Site, questions []Question, said Answers, year int) (after []registry.Fact, list []change) {
	after = slices.Clone(site.Facts)
	for _, q := range questions {
		a, ok := said[q.Name]
		if !ok || q.holds(a) {
			continue
		}
		fact := registry.Fact{Name: q.Name, Document: a.Document}
		if a.Value != "" {
			_ = fact.Value.UnmarshalText([]byte(a.Value)) // it takes every text
		}
		if q.Numeric() {
			fact.Unit = string(q.Unit)
		}
		var made []change
		switch {
		case a.Value == "":
			made = []change{q.takenBack(year)}
		case q.Yearly:
			made = q.putYearly(after, fact, year)
		default:
			made = q.putLasting(after, fact, year)
		}
		for _, c := range made {
			after = slices.DeleteFunc(after, func(f registry.Fact) bool { return f.ID() == c.fact.ID() })
			if !c.withdraw {
				after = append(after, c.fact)
			}
		}
		list = append(list, made...)
	}
	return after, list
}

// holds tells whether an answer says what is a fact for the year already.
func (q Question) holds(a Answer) bool {
	if q.Before == nil {
		return a.Value == ""
	}
	return same(q.Before.Value.String(), a.Value) && a.Document == q.Before.Document && (q.SameYear && q.Before.Year != 0 || !q.Yearly)
}

// takenBack ends what held before the year with its beginning, and withdraws what
// was said of the year itself.
func (q Question) takenBack(year int) change {
	fact := *q.Before
	if from, _ := days(fact); !from.Before(firstDay(year)) {
		return change{fact: fact, withdraw: true, question: q.Name}
	}
	fact.To = firstDay(year)
	return change{fact: fact, question: q.Name}
}

// putYearly makes a fact the only one of its year.
func (q Question) putYearly(facts []registry.Fact, fact registry.Fact, year int) (list []change) {
	fact.Year = year
	for _, f := range q.within(facts, year) {
		from, _ := days(f)
		switch {
		case f.Year == year: // the same fact
		case from.Before(firstDay(year)): // it ends here
			f.To = firstDay(year)
			list = append(list, change{fact: f})
		default:
			list = append(list, change{fact: f, withdraw: true})
		}
	}
	return append(list, change{fact: fact, question: q.Name})
}

// putLasting makes a fact hold from the beginning of the year. One that began in
// the year and holds at its end is mended in its place.
func (q Question) putLasting(facts []registry.Fact, fact registry.Fact, year int) (list []change) {
	fact.From = firstDay(year)
	for _, f := range q.within(facts, year) {
		from, to := days(f)
		switch {
		case q.Before == nil || f.ID() != q.Before.ID(): // it was over before the year was
			if fact.From.Before(to) {
				fact.From = to
			}
		case from.Before(firstDay(year)):
			fact.To, f.To = to, firstDay(year)
			list = append(list, change{fact: f})
		default:
			fact.From, fact.To, fact.Year = f.From, f.To, f.Year
			return []change{{fact: fact, question: q.Name}}
		}
	}
	for _, f := range facts { // what follows bounds it
		from, _ := days(f)
		if f.Name == q.Name && !from.Before(firstDay(year+1)) && (fact.To == (energy.Date{}) || from.Before(fact.To)) {
			fact.To = from
		}
	}
	return append(list, change{fact: fact, question: q.Name})
}

// within are the facts of the question that hold on some day of a year.
func (q Question) within(facts []registry.Fact, year int) (list []registry.Fact) {
	for _, f := range facts {
		from, to := days(f)
		if f.Name == q.Name && from.Before(firstDay(year+1)) && (to == (energy.Date{}) || firstDay(year).Before(to)) {
			list = append(list, f)
		}
	}
	return list
}

func firstDay(year int) energy.Date { return energy.Date{Year: year, Month: 1, Day: 1} }

// days are the days [from, to) for which a fact holds; the zero Date is open.
func days(f registry.Fact) (from, to energy.Date) {
	if f.Year != 0 {
		return firstDay(f.Year), firstDay(f.Year + 1)
	}
	return f.From, f.To
}
