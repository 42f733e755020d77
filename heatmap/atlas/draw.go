package atlas

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/source"
)

// UsualAvailability is that of the classes, whatever is asked for: by asking for many
// one could feel the way to the power itself.
const UsualAvailability = 0.98

// drawing makes a sheet of what is known, as far as a view lets it be seen.
type drawing struct {
	known Known
	view  View
	q     Question
	kinds map[heatmap.Kind]heatmap.Series // made so far; one without steps where there is none
	fault error                           // of an availability or a derivation that says too little
}

// Draw is the sheet of what is known of a site, as somebody with a view sees it. It
// errs where the question's derivation, availability or machine says too little.
func Draw(known Known, v View, q Question) (Sheet, error) {
	e, err := draw(known, v, q).entry()
	return e.sheet, err
}

func draw(known Known, v View, q Question) *drawing {
	if q.Derivation.Factor == 0 {
		temperature := q.Derivation
		q.Derivation = AllOfITLoad()
		q.Derivation.Flow, q.Derivation.Return = temperature.Flow, temperature.Return
	}
	if !q.Derivation.Flow.OK {
		q.Derivation.Flow = declaredTemperature(known.Site, q)
	}
	if q.Availability == 0 {
		q.Availability = UsualAvailability
	}
	d := &drawing{known: known, view: v, q: q, kinds: map[heatmap.Kind]heatmap.Series{}}
	if !(q.Availability > 0 && q.Availability <= 1) {
		d.fault = fmt.Errorf("draw %s: an availability of %v: more than 0 and at most 1 is expected", known.Site.ID, q.Availability)
	}
	return d
}

// declaredTemperature is that of the fluid that cools the IT, as the operator declares
// it (Delegated Regulation (EU) 2024/1364, Annex II, T_WH).
func declaredTemperature(site registry.Site, q Question) (t heatmap.Temperature) {
	if fact, ok := site.FactAt("waste_heat_temperature_c", q.To.AddDays(-1).Year); ok {
		if _, number := fact.Value.Number(); number {
			return heatmap.At(energy.Celsius(fact.Value.Float64()))
		}
	}
	return t
}

// series is all of a kind of heat, seen or not.
func (d *drawing) series(kind heatmap.Kind) heatmap.Series {
	s, made := d.kinds[kind]
	if made {
		return s
	}
	if kind == heatmap.Derived {
		var err error
		if s, _, err = d.known.Derive(d.q.Derivation); err != nil {
			d.fault = err
		}
	} else {
		s, _ = d.known.Series(kind)
	}
	d.kinds[kind] = s
	return s
}

// seen is what the view shows of a kind by a resolution or finer. It has no steps where
// that is nothing.
func (d *drawing) seen(kind heatmap.Kind, by publication.Resolution) heatmap.Series {
	days := d.view.Days(kind, by, d.q.From, d.q.To)
	if len(days) == 0 {
		return heatmap.Series{}
	}
	return cut(d.series(kind), days, d.known.Calendar)
}

// cut leaves of a series the steps of some days, in order; between them it is absent.
func cut(s heatmap.Series, days []Stretch, c energy.Calendar) heatmap.Series {
	if len(days) == 0 || s.Len() == 0 {
		return heatmap.Series{}
	}
	of := func(from, to energy.Date) energy.Period {
		return energy.Period{From: c.Day(from).From, To: c.Day(to).From}
	}
	s = s.Within(of(days[0].From, days[len(days)-1].To))
	if len(days) == 1 || s.Len() == 0 {
		return s
	}
	old := s.Columns()
	n := heatmap.Columns{Power: slices.Clone(old.Power), Flow: slices.Clone(old.Flow), Return: slices.Clone(old.Return),
		Grade: slices.Clone(old.Grade), Limit: slices.Clone(old.Limit), Unshaped: slices.Clone(old.Unshaped)}
	for i := 1; i < len(days); i++ {
		first, _ := s.Index(c.Day(days[i-1].To).From)
		last, _ := s.Index(c.Day(days[i].From).From)
		for k := first; k < last; k++ {
			n.Power[k], n.Grade[k], n.Limit[k] = heatmap.Kilowatts(math.NaN()), heatmap.NoGrade, heatmap.NoLimit
			blank(n.Flow, k)
			blank(n.Return, k)
			blank(n.Unshaped, k)
		}
	}
	made, err := heatmap.New(s.Header, n)
	if err != nil { // what was cut out of a series is one
		return heatmap.Series{}
	}
	return made
}

func blank[T ~float64](column []T, i int) {
	if column != nil {
		column[i] = T(math.NaN())
	}
}

// supply is the kind by which the source is described: the best that may be seen by the
// hour, else the best of which anything may be seen.
func (d *drawing) supply() (kind heatmap.Kind, ok bool) {
	for _, by := range []publication.Resolution{publication.Hour, publication.Year} {
		for _, kind := range Supplies() {
			if s := d.seen(kind, by); s.Account().EnergyKnown > 0 {
				return kind, true
			}
		}
	}
	return "", false
}

// entry draws everything.
func (d *drawing) entry() (entry, error) {
	site := d.known.Site
	s := Sheet{Site: site.ID, Name: site.Name, Operator: site.Operator, Place: Place{Address: site.Address}, View: d.view, From: d.q.From, To: d.q.To, Fact: d.known.Fact}
	if l := site.Location; l != nil {
		s.Place.Point, s.Place.Located = geo.Point{X: l.Lon, Y: l.Lat}, true
	}
	d.amounts(&s)
	e := entry{}
	if kind, ok := d.supply(); ok {
		s.Supply = kind
		all := d.seen(kind, publication.Year)
		account := all.Account()
		s.Method, s.Grade, s.Limit = all.Method, account.Grade(), account.Limit()
		if err := d.classes(&s, all); err != nil {
			return entry{}, err
		}
		e.hours = d.statistics(&s)
	}
	d.declared(&s)
	if err := d.contracts(&s); err != nil {
		return entry{}, err
	}
	if err := d.upgrade(&s); err != nil {
		return entry{}, err
	}
	d.hide(&s)
	e.sheet = s
	return e, d.fault
}

// classes are what everybody sees of a source.
func (d *drawing) classes(s *Sheet, supply heatmap.Series) error {
	secured, err := source.SecuredPower(supply, UsualAvailability)
	if err != nil {
		return err
	}
	if secured.Hours > 0 {
		s.PowerClass = PowerClass(secured.Power)
	}
	if t := d.temperatures(publication.Year); t.Flow.OK {
		s.TemperatureClass = TemperatureClass(t.Flow.Celsius)
	}
	return nil
}

// temperatures are the means of the delivered heat where that may be seen, else of the
// supply; of what no meter gives the declared one.
func (d *drawing) temperatures(by publication.Resolution) (t Temperatures) {
	for _, kind := range append([]heatmap.Kind{heatmap.Delivered}, Supplies()...) {
		s := d.seen(kind, by)
		if t.Flow, t.Return = meanTemperature(s.Columns(), s.Columns().Flow), meanTemperature(s.Columns(), s.Columns().Return); t.Flow.OK {
			t.Grade = heatmap.Measured
			if kind == heatmap.Derived && !d.series(heatmap.Delivered).HasTemperatures() {
				t.Grade = heatmap.Declared
			}
			return t
		}
	}
	if d.q.Derivation.Flow.OK {
		return Temperatures{Flow: d.q.Derivation.Flow, Return: d.q.Derivation.Return, Grade: heatmap.Declared}
	}
	return Temperatures{}
}

// meanTemperature is weighted with the heat.
func meanTemperature(c heatmap.Columns, column []energy.Celsius) (t heatmap.Temperature) {
	var heat, sum float64
	for i, celsius := range column {
		if p := c.Power[i]; p > 0 && celsius == celsius {
			heat, sum = heat+float64(p), sum+float64(p)*float64(celsius)
		}
	}
	if heat == 0 {
		return t
	}
	return heatmap.At(energy.Celsius(sum / heat))
}

// statistics are those of hours, and the supply by the hour for whoever may see the
// series. The public sees the secured power and what else is one number, over whole
// months.
func (d *drawing) statistics(s *Sheet) (hours heatmap.Series) {
	supply := d.seen(s.Supply, publication.Hour)
	if supply.Account().Known == 0 {
		return heatmap.Series{}
	}
	var group sync.WaitGroup
	if delivered := d.seen(heatmap.Delivered, publication.Hour); d.view.fine() && s.Supply != heatmap.Delivered && delivered.Len() > 0 {
		o := d.options(delivered)
		group.Go(func() { s.Delivered = new(source.Describe(delivered, o)) })
	}
	statistics := source.Describe(supply, d.options(supply))
	group.Wait()
	s.Secured = &statistics.Secured
	if t := d.temperatures(publication.Hour); t.Flow.OK {
		s.Temperatures = &t
	}
	if c := statistics.Curve; c.Reference > 0 {
		s.FullLoad = &FullLoad{c.FullLoad, c.Reference, c.ReferenceIs}
	}
	if o, ok := statistics.Outages.Longest(); ok {
		s.LongestOutage = &o
	}
	if !d.view.fine() {
		return heatmap.Series{}
	}
	s.Statistics = &statistics
	s.Outlook = new(source.Foresee(supply, d.known.Calendar, monthsAhead, growth(d.known.Site)))
	return supply.Hourly()
}

// monthsAhead is how far an outlook goes.
const monthsAhead = 12

// options are what is asked of statistics beside the series. What the view does not show
// tells nothing by a detour either.
func (d *drawing) options(of heatmap.Series) source.Options {
	o := source.Options{Local: heatmap.Local{Calendar: d.known.Calendar, State: d.known.State}, Availability: d.q.Availability,
		Wanted: d.q.Wanted, WantedTemperature: d.q.WantedTemperature, Events: source.EventsOf(d.known.Site)}
	if c, ok := d.capacity(); ok {
		o.Capacity = c.Power
	}
	if d.view.Extent != Everything { // that something befell the site, not what its people wrote of it
		for i := range o.Events {
			o.Events[i].ID, o.Events[i].Reason = "", ""
		}
	}
	o.Requested = d.seen(heatmap.Requested, publication.Hour).Within(of.Period())
	o.Load = d.seen(heatmap.Derived, publication.Hour).Within(of.Period())
	return o
}

// capacity is the thermal power that the operator declares on the last day.
func (d *drawing) capacity() (c Capacity, ok bool) {
	power, ok := kpi.Capacity(d.known.Site, kpi.Days{From: d.q.From, To: d.q.To})
	if !ok {
		return c, false
	}
	c.Power = heatmap.Kilowatts(float64(power) / math.Pow10(energy.HeatPower.Digits()))
	if fact, known := d.known.Site.FactAt(kpi.HeatCapacity, d.q.To.AddDays(-1).Year); known {
		c.Document = fact.Document
	}
	return c, true
}
