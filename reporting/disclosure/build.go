package disclosure

import (
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/evidence"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// builder fills in one form.
type builder struct {
	*Sources
	form     Form
	fields   []*Field
	customer string // of the customers' statement: only this one; "": all
}

// Question is which form is wanted.
type Question struct {
	Form     FormID
	Customer string // of [Customers]: only this one; "": all
}

// Fill fills in a form. Errors are [ErrNoForm].
func Fill(s *Sources, q Question) (Form, error) {
	d, ok := Of(q.Form)
	if !ok {
		return Form{}, ErrNoForm
	}
	b := &builder{Sources: s, customer: q.Customer, form: Form{ID: d.ID, Citation: d.Citation, State: d.State, Class: d.Class, Site: s.Site.ID, Name: s.Site.Name,
		Year: s.Year, AsKnown: s.AsKnown.UTC(), Fact: s.Fact, Status: Provisional, Missing: []string{}, Incomplete: []string{}, Fields: []Field{}}}
	if due, ok := d.Due(s.Year); ok {
		b.form.Due = &due
	}
	if s.over() {
		b.form.Status = Final
	}
	if since := s.Site.InOperationSince; since.Year == s.Year && (since.Month > 1 || since.Day > 1) {
		b.note("in_operation_since=" + since.String())
	}
	d.fill(b)
	for _, f := range b.fields {
		b.finish(f)
		b.form.Fields = append(b.form.Fields, *f)
	}
	return b.form, nil
}

func (b *builder) note(code string) { b.form.Notes = append(b.form.Notes, code) }

// field adds a line.
func (b *builder) field(code, number string) *Field {
	f := &Field{Code: code, Number: number, Label: code, Fact: b.Fact, Status: b.form.Status, Sources: []Source{}}
	b.fields = append(b.fields, f)
	return f
}

// filled is the line of that code as far as it is filled in; nil for none.
func (b *builder) filled(code string) *Field {
	for _, f := range b.fields {
		if f.Code == code {
			return f
		}
	}
	return nil
}

// finish puts the columns side by side and lists what is missing.
func (b *builder) finish(f *Field) {
	b.compare(f)
	switch {
	case !f.Value.OK():
		f.Basis, f.Status = "", ""
		b.form.Missing = append(b.form.Missing, f.Code)
	case f.EnergyCoverage != nil && *f.EnergyCoverage < 1:
		f.Missing = slices.DeleteFunc(f.Missing, func(l Lack) bool { return l.Kind != LackReadings })
		b.form.Incomplete = append(b.form.Incomplete, f.Code)
	default:
		f.Missing = nil
	}
}

// entry is a field of the registry.
func (b *builder) entry(code, number, text, name string) *Field {
	f := b.field(code, number)
	if text == "" {
		f.Missing = append(f.Missing, Lack{Kind: LackRegistry, Name: name})
		return f
	}
	f.Value, f.Basis, f.Sources = Text(text), Declared, []Source{{Kind: FromRegistry, ID: name}}
	return f
}

// load is an electrical load of the registry in kW.
func (b *builder) load(code, number string, n registry.Number, name string) *Field {
	text := ""
	if n.Sign() > 0 {
		text = n.String()
	}
	f := b.entry(code, number, text, name)
	if f.Value.OK() {
		f.Value, f.Unit = Number(n.Value), energy.Kilowatt
	}
	return f
}

// fact is a fact of the registry.
func (b *builder) fact(code, number, name string) *Field {
	f := b.field(code, number)
	b.stateFact(f, name)
	return f
}

// stateFact puts a fact into the column of what was declared, and where nothing
// is metered, into the field.
func (b *builder) stateFact(f *Field, name string) {
	fact, ok := b.Site.FactAt(name, b.Year)
	if !ok {
		f.Missing = append(f.Missing, Lack{Kind: LackFact, Name: name})
		return
	}
	code, _ := registry.CodeOf(name)
	value, unit := Text(fact.Value.String()), energy.Unit("")
	if number, isNumber := fact.Value.Number(); isNumber && code.Numeric() {
		value, unit = Number(number), code.Unit
	}
	f.Declared = &Stated{Value: value, Unit: unit, Basis: Declared, By: "facts", Document: fact.Document}
	if !f.Value.OK() {
		f.Value, f.Unit, f.Basis = value, unit, Declared
		f.Sources = append(f.Sources, Source{Kind: FromFact, ID: fact.ID(), Document: fact.Document})
	}
}

// nothing makes a field 0 where the operator declares that what it counts does
// not exist; else the fact joins what is missing.
func (b *builder) nothing(f *Field, name string, unit energy.Unit) {
	if f.Value.OK() {
		return
	}
	fact, ok := b.Site.FactAt(name, b.Year)
	switch {
	case ok && fact.Value.String() == "no":
		f.Value, f.Unit, f.Basis = Number(energy.Decimal(0, 0)), unit, Declared
		f.Sources = append(f.Sources, Source{Kind: FromFact, ID: fact.ID(), Document: fact.Document})
		f.Declared = &Stated{Value: f.Value, Unit: unit, Basis: Declared, By: "facts", Document: fact.Document}
	case !ok:
		f.Missing = append(f.Missing, Lack{Kind: LackFact, Name: name})
	}
}

// need is a point a value needs.
type need struct {
	role     energy.Role
	quantity energy.Quantity
}

// lacking are the needs that no point of the site serves in the year.
func (b *builder) lacking(needs []need) (lacks []Lack) {
	for _, n := range needs {
		found := false
		for _, meter := range b.Site.Meters {
			for _, p := range meter.Points {
				_, counts := b.within(p.From, p.To)
				found = found || counts && p.Use == energy.Primary && p.Role == n.role && p.Quantity.Unit() == n.quantity.Unit()
			}
		}
		if !found {
			lacks = append(lacks, Lack{Kind: LackMeter, Role: n.role, Quantity: n.quantity})
		}
	}
	return lacks
}

// amount is a sum of points over the year.
func (b *builder) amount(code, number string, terms []kpi.Term, unit energy.Unit, needs ...need) *Field {
	f := b.field(code, number)
	total := b.sum(terms)
	b.take(f, total, Number(total.value()), unit)
	if !total.ok {
		f.Missing = append(f.Missing, b.lacking(needs)...)
	}
	return f
}

// take takes a sum, or says whose readings are missing.
func (b *builder) take(f *Field, total sum, value Value, unit energy.Unit) {
	if len(total.silent) > 0 {
		f.Missing = append(f.Missing, Lack{Kind: LackReadings, Points: total.silent})
	}
	for _, p := range total.points {
		f.Sources = append(f.Sources, Source{Kind: FromPoint, ID: string(p)})
	}
	if !total.ok {
		return
	}
	f.Value, f.Unit, f.Basis = value, unit, total.basis
	f.EnergyCoverage, f.IntervalCoverage = &total.energy, &total.interval
	if total.hasUncertainty {
		f.Uncertainty = &total.uncertainty
	}
}

// figureOf is the first figure of the year with one of the names: of several
// categories the lowest.
func (b *builder) figureOf(names ...string) (kpi.Figure, bool) {
	for _, figure := range b.Figures {
		if slices.Contains(names, figure.Name) {
			return figure, true
		}
	}
	return kpi.Figure{}, false
}

// figure is a standard figure, as the API shows it.
func (b *builder) figure(code, number, name string, needs ...need) *Field {
	f := b.field(code, number)
	figure, ok := b.figureOf(name, "i"+name)
	if !ok {
		f.Missing = append(f.Missing, b.lacking(needs)...)
		if len(f.Missing) == 0 {
			f.Missing = append(f.Missing, Lack{Kind: LackReadings, Points: b.pointsOf(needs)})
		}
		return f
	}
	f.Standard, f.Edition, f.Category = figure.Standard, figure.Edition, figure.Category
	f.Sources = append(f.Sources, Source{Kind: FromFigure, ID: figure.Name})
	points := b.pairPoints(name, figure.Category)
	for _, p := range points {
		f.Sources = append(f.Sources, Source{Kind: FromPoint, ID: p})
	}
	if !figure.OK {
		f.Missing = append(f.Missing, Lack{Kind: LackReadings, Points: points})
		if strings.HasPrefix(name, "cue_market") {
			f.Missing = []Lack{{Kind: LackEvidence, Name: string(registry.SupplierMix)}}
		}
		return f
	}
	b.takeFigure(f, figure, Float(figure.Value), figure.Unit)
	if figure.EnergyCoverage < 1 {
		f.Missing = append(f.Missing, Lack{Kind: LackReadings, Points: points})
	}
	return f
}

// takeFigure takes a value of a figure with what the figure says of it.
func (b *builder) takeFigure(f *Field, figure kpi.Figure, value Value, unit energy.Unit) {
	f.Value, f.Unit, f.Basis = value, unit, Measured
	f.EnergyCoverage, f.IntervalCoverage, f.SubstituteShare = &figure.EnergyCoverage, &figure.IntervalCoverage, &figure.SubstituteShare
	if figure.HasUncertainty {
		f.Uncertainty = &figure.Uncertainty
	}
	f.Notes = append(f.Notes, figure.Notes...)
	for _, note := range figure.Notes {
		switch {
		case strings.HasPrefix(note, "evidence_provisional_until"):
			f.Status = Provisional
		case strings.HasPrefix(note, "guarantees_mwh="), strings.HasPrefix(note, "capacity=declared"):
			f.Basis = Mixed
		}
	}
	if strings.HasPrefix(figure.Name, "ipue") {
		f.Notes = append(f.Notes, "not_twelve_months")
	}
	if f.Basis == Measured && slices.ContainsFunc(f.Sources, func(s Source) bool {
		point, _ := b.point(energy.PointID(s.ID))
		return s.Kind == FromPoint && point.Virtual()
	}) {
		f.Basis = Calculated
	}
}

// pairPoints are the points a figure adds up at the site.
func (b *builder) pairPoints(name string, category int) (ids []string) {
	for _, d := range kpi.Definitions() {
		pair, ok := d.Of(b.Site, category, b.days())
		if d.Name != name || !ok {
			continue
		}
		for _, p := range pair.Points() {
			if !slices.Contains(ids, string(p)) {
				ids = append(ids, string(p))
			}
		}
		return ids
	}
	return nil
}

// pointsOf are the site's points that serve the needs.
func (b *builder) pointsOf(needs []need) (ids []string) {
	for _, meter := range b.Site.Meters {
		for _, p := range meter.Points {
			if slices.ContainsFunc(needs, func(n need) bool {
				return p.Role == n.role && p.Quantity.Unit() == n.quantity.Unit() && p.Use == energy.Primary
			}) {
				ids = append(ids, string(p.ID))
			}
		}
	}
	return ids
}

// quotient fills a field that no figure gives from two others of the form.
func (b *builder) quotient(f *Field, numerator, denominator string, factor float64, unit energy.Unit) {
	n, d := b.filled(numerator), b.filled(denominator)
	if f.Value.OK() || n == nil || d == nil {
		return
	}
	over, isN := n.Value.Float64()
	under, isD := d.Value.Float64()
	if !isN || !isD || under <= 0 {
		return
	}
	f.Value, f.Unit, f.Basis = Float(over/under*factor), unit, Mixed
	if n.Basis == d.Basis {
		f.Basis = n.Basis
	}
	f.Sources = append(slices.Clone(n.Sources), d.Sources...)
	f.EnergyCoverage, f.IntervalCoverage = d.EnergyCoverage, d.IntervalCoverage
	f.Notes = append(f.Notes, "quotient="+numerator+"/"+denominator)
}

// unproven tells whether nobody said anything of the year's renewable energy: no
// guarantee, no agreement, no own generation, and no word that there is none. Then
// a figure of 0 says that evidence is missing, not that the energy is not green.
func (b *builder) unproven() bool {
	fact, ok := b.Site.FactAt("has_green_purchase", b.Year)
	if ok && fact.Value.String() == "no" || len(b.Purchases) > 0 || len(kpi.OwnUseTerms(b.Site, b.days())) > 0 {
		return false
	}
	return !slices.ContainsFunc(b.Guarantees, func(g evidence.Guarantee) bool {
		return g.SupplyYear == b.Year || g.Produced.Year == b.Year || g.Profile != nil
	})
}

// unlessUnproven empties a field of renewable energy that nobody gave proof for.
func (b *builder) unlessUnproven(f *Field) {
	if !f.Value.OK() || !b.unproven() {
		return
	}
	f.Value, f.EnergyCoverage, f.IntervalCoverage, f.SubstituteShare, f.Uncertainty, f.Notes = Value{}, nil, nil, nil, nil, nil
	f.Missing = []Lack{{Kind: LackEvidence, Name: string(registry.GuaranteeOfOrigin)}, {Kind: LackFact, Name: "has_green_purchase"}}
}

// proofs adds the guarantees of the year to a field's sources.
func (b *builder) proofs(f *Field) {
	for _, g := range b.Guarantees {
		source := Source{Kind: FromEvidence, ID: g.ID, Document: g.Document}
		if g.SupplyYear == b.Year && g.Refusal == "" && f.Value.OK() && !slices.Contains(f.Sources, source) {
			f.Sources = append(f.Sources, source)
		}
	}
}
