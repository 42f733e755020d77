package planning

import (
	"io"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/heatpump"
	"heatledger/heatmap/source"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

// FactSheet is a source of heat on paper: what it can give, how warm, how reliably,
// and what that rests on. What the sheet hides is named with the reason.
type FactSheet struct {
	Sheet    atlas.Sheet
	Calendar energy.Calendar // of the site
	At       time.Time       // the date of the paper
	// Simulated says that the source is a model and no real data centre.
	Simulated bool
	// Effects are those of the heat pump that was asked about on PUE and ERF, of an
	// exclusive one; none where the figures of the data centre may not be seen.
	Effects []heatpump.Effect
}

// WritePDF writes it as a PDF tagged by the rules of PDF/UA-1.
func (f FactSheet) WritePDF(w io.Writer, lang words.Lang) error {
	return document.WritePaper(w, f.paper(lang))
}

// paper puts the blocks in order; those of which nothing is known or shown are left
// out.
func (f FactSheet) paper(lang words.Lang) document.Paper {
	p, span := f.begin(lang)
	s := f.Sheet
	paper := document.Paper{Lang: document.Lang(p.lang), Title: p.say("sheet_title", span), Subject: p.say("sheet_subject", span), At: f.At}
	p.about("sheet_about", span)
	p.key()
	p.months()
	if s.Statistics != nil {
		p.curve(s.Statistics.Curve)
		p.bands(s.Statistics.Bands)
		p.temperatures(s.Statistics.AtPower)
		p.outages(s.Statistics.Outages)
		p.levels(*s.Statistics)
	}
	p.upgrade()
	p.outlook()
	for _, c := range s.Contracts {
		p.contract(c)
	}
	p.hidden()
	p.cite(span)
	paper.Blocks = p.blocks
	return paper
}

// begin makes a printer, and what the sheet's sentences have in common.
func (f FactSheet) begin(lang words.Lang) (p printer, span map[string]string) {
	p = printer{FactSheet: f, lang: words.Spoken(lang)}
	last := f.Sheet.To.AddDays(-1)
	if today := f.Calendar.Date(f.At); today.Before(last) && !today.Before(f.Sheet.From) { // a running year says how far it is
		last = today
	}
	for _, a := range f.Sheet.Heat { // or no further than it is seen
		if a.Kind == f.Sheet.Supply && a.Why == atlas.StillRunning && a.Part != nil {
			last = a.Part.To.AddDays(-1)
		}
	}
	return p, map[string]string{"name": f.Sheet.Name, "from": words.Date(p.lang, f.Sheet.From), "to": words.Date(p.lang, last)}
}

// Around are the blocks that stand around the pictures of the source on a page: before
// them what is described and the figures that matter most, behind them what no picture
// shows. The paper has the same words.
func (f FactSheet) Around(lang words.Lang) (before, after []document.Block) {
	p, span := f.begin(lang)
	p.about("sheet_about_short", span) // the page says at its top how good the numbers are
	p.key()
	before, p.blocks = p.blocks, nil
	if s := f.Sheet.Statistics; s != nil {
		p.outages(s.Outages)
		p.levels(*s)
	}
	p.upgrade()
	p.outlook()
	for _, c := range f.Sheet.Contracts {
		p.contract(c)
	}
	p.hidden()
	p.cite(span)
	return before, p.blocks
}

// printer gathers the blocks of a paper.
type printer struct {
	FactSheet
	lang   words.Lang
	blocks []document.Block
}

func (p *printer) say(name string, values map[string]string) string {
	return words.Heat(p.lang, name, values)
}

func (p *printer) add(b document.Block) { p.blocks = append(p.blocks, b) }

// columns are the titles of a table; all but the first are numbers, unless numbers
// says otherwise.
func (p *printer) columns(numbers bool, names ...string) []document.Column {
	list := make([]document.Column, len(names))
	for i, name := range names {
		list[i] = document.Column{Title: p.say(name, nil), Width: 1, Right: numbers && i > 0}
	}
	return list
}

func (p *printer) kilowatts(v heatmap.Kilowatts) string {
	return words.Amount(p.lang, float64(v), energy.Kilowatt)
}

func (p *printer) number(v float64, decimals int) string { return words.Number(p.lang, v, decimals) }

func (p *printer) degrees(t energy.Celsius) string { return p.number(float64(t), 1) + " °C" }

func (p *printer) instant(t time.Time) string {
	return words.Date(p.lang, p.Calendar.Date(t)) + " " + p.Calendar.Local(t).Format("15:04")
}

func (p *printer) duration(d time.Duration) string {
	return words.Duration(p.lang, d.Seconds())
}

func (p *printer) month(year int, month time.Month) string { return words.Month(p.lang, year, month) }

// about says what is described and, in its longer form, how good the numbers are and
// what limited them.
func (p *printer) about(form string, span map[string]string) {
	s := p.Sheet
	if p.Simulated {
		p.add(document.Block{Paragraph: p.say("sheet_simulated", nil)})
	}
	b := document.Block{Paragraph: p.say("sheet_subject", span) + "."}
	switch {
	case s.Supply == "":
		b.Paragraph += " " + p.say("sheet_nothing", nil)
	default:
		b.Paragraph += " " + p.say(form, map[string]string{
			"kind": p.say("kind_"+string(s.Supply), nil), "method": p.say("method_"+string(s.Method.Code), nil),
			"grade": p.say("grade_"+s.Grade.String(), nil), "limits": p.say("limits_"+s.Limit.String(), nil)})
		if s.Method.Source != "" {
			b.Paragraph += " " + p.say("derivation", map[string]string{"source": p.assumption(s.Method.Source)}) + "."
		}
	}
	p.add(b)
}

// assumption is the source of an assumption: one that the program makes has words.
func (p *printer) assumption(text string) string {
	code, ours := strings.CutPrefix(text, "assumption:")
	if ours && words.KnownHeat(p.lang, "assumption_"+code) {
		return p.say("assumption_"+code, nil)
	}
	return text
}

// key is the table of the figures that matter most.
func (p *printer) key() {
	s := p.Sheet
	b := document.Block{Heading: p.say("sheet_key", nil), Columns: []document.Column{
		{Title: p.say("sheet_figure", nil), Width: 3}, {Title: p.say("sheet_value", nil), Width: 2}, {Title: p.say("sheet_basis", nil), Width: 4}}}
	row := func(name, value, basis string) {
		b.Rows = append(b.Rows, []string{name, value, basis})
	}
	if a := s.Place.Address; a.Town != "" {
		row(p.say("sheet_address", nil), strings.TrimPrefix(a.Street+", ", ", ")+strings.TrimSpace(a.Postcode+" "+a.Town), "")
	}
	if s.Place.Located {
		row(p.say("sheet_position", nil), p.number(s.Place.Point.Y, 5)+" / "+p.number(s.Place.Point.X, 5), "")
	}
	for _, a := range s.Heat {
		p.heat(a, row)
	}
	p.powers(row)
	p.warmth(row)
	b.Rows = append(b.Rows, p.reliability()...)
	if len(b.Rows) > 0 {
		p.add(b)
	}
}

// heat is the row of a kind of heat: of the whole period, or of what may be seen of it
// so far, with the reason.
func (p *printer) heat(a atlas.Amounts, row func(name, value, basis string)) {
	kind, name, shown := p.say("kind_"+string(a.Kind), nil), p.say("sheet_heat", nil), a.Whole
	if a.Part != nil {
		shown = a.Part
		name = p.say("sheet_so_far", map[string]string{"from": words.Date(p.lang, shown.From), "to": words.Date(p.lang, shown.To.AddDays(-1))})
	}
	value, basis := "–", ""
	if shown != nil {
		value = p.amount(shown.Energy) + " MWh"
		basis = p.say("sheet_heat_basis", map[string]string{"grade": p.say("grade_"+shown.Grade.String(), nil), "coverage": words.Share(p.lang, shown.Coverage)})
	}
	if a.Why != "" {
		basis = strings.TrimPrefix(basis+"; "+words.HeatWhy(p.lang, string(a.Why), a.Due), "; ")
	}
	row(name+": "+kind, value, basis)
}

// amount is an energy in MWh.
func (p *printer) amount(e heatmap.KilowattHours) string { return p.number(float64(e)/1000, 1) }

// powers are the rows of secured, declared and reference power.
func (p *printer) powers(row func(name, value, basis string)) {
	s := p.Sheet
	if v := s.Secured; v != nil {
		row(p.say("sheet_secured", map[string]string{"availability": words.Share(p.lang, v.Availability)}), p.kilowatts(v.Power),
			p.say("sheet_secured_basis", map[string]string{"hours": p.number(float64(v.Hours), 0), "of": p.number(float64(v.Of), 0), "worst": p.kilowatts(v.AtWorst)}))
	}
	if s.PowerClass.Code != "" {
		row(p.say("sheet_power_class", nil), p.class(s.PowerClass, "kW"), p.say("sheet_proposed", nil))
	}
	if v := s.FullLoad; v != nil {
		row(p.say("sheet_full_load", nil), p.say("hours", map[string]string{"hours": p.number(v.Hours, 0)}),
			p.say("sheet_full_load_basis", map[string]string{"reference": p.say("reference_"+string(v.ReferenceIs), nil), "power": p.kilowatts(v.Reference)}))
	}
	if v := s.Capacity; v != nil {
		written := ""
		if v.Document != "" {
			written = ": " + v.Document
		}
		row(p.say("sheet_capacity", nil), p.kilowatts(v.Power), p.say("sheet_capacity_basis", map[string]string{"document": written}))
	}
}

func (p *printer) class(c atlas.Class, unit string) string {
	least, most := p.number(c.Least, 0)+" "+unit, p.number(c.Most, 0)+" "+unit
	switch {
	case c.Most == 0:
		return p.say("sheet_class_top", map[string]string{"least": least})
	case c.Least == 0:
		return p.say("sheet_class_bottom", map[string]string{"most": most})
	}
	return p.say("sheet_class", map[string]string{"least": least, "most": most})
}

// warmth are the rows of temperatures.
func (p *printer) warmth(row func(name, value, basis string)) {
	s := p.Sheet
	if v := s.Temperatures; v != nil {
		basis := p.say("sheet_weighted", map[string]string{"grade": p.say("grade_"+v.Grade.String(), nil)})
		if v.Flow.OK {
			row(p.say("sheet_flow", nil), p.degrees(v.Flow.Celsius), basis)
		}
		if v.Return.OK {
			row(p.say("sheet_return", nil), p.degrees(v.Return.Celsius), basis)
		}
	}
	if s.TemperatureClass.Code != "" {
		row(p.say("sheet_temperature_class", nil), p.class(s.TemperatureClass, "°C"), p.say("sheet_proposed", nil))
	}
}

// reliability is the row of the longest outage.
func (p *printer) reliability() [][]string {
	s := p.Sheet
	name := p.say("sheet_longest", nil)
	switch {
	case s.LongestOutage != nil:
		o := *s.LongestOutage
		return [][]string{{name, p.lasted(o), p.say("sheet_longest_basis", map[string]string{"at": p.instant(o.Period.From), "cause": p.cause(o)})}}
	case s.Statistics != nil && s.Statistics.Outages.Known > 0:
		return [][]string{{name, "–", p.say("sheet_no_outage", nil)}}
	}
	return nil
}

// lasted is how long an outage was.
func (p *printer) lasted(o source.Outage) string {
	length := p.duration(o.Period.Length())
	if o.OpenFrom || o.OpenTo {
		return p.say("sheet_at_least", map[string]string{"length": length})
	}
	return length
}

func (p *printer) cause(o source.Outage) string {
	text := p.say("cause_"+string(o.Cause), nil)
	if o.Cause == source.StatedCause && o.Event.Reason != "" {
		text += ": " + o.Event.Reason
	}
	return text
}

// hidden are the parts that are absent, with the reason of each.
func (p *printer) hidden() {
	b := document.Block{Heading: p.say("sheet_hidden", nil), Columns: p.columns(false, "sheet_part", "sheet_reason")}
	for _, h := range p.Sheet.Hidden {
		if h.Why != atlas.NotAsked {
			b.Rows = append(b.Rows, []string{p.say("part_"+string(h.Part), nil), words.HeatWhy(p.lang, string(h.Why), h.Due)})
		}
	}
	if len(b.Rows) > 0 {
		p.add(b)
	}
}

func (p *printer) cite(span map[string]string) {
	s := p.Sheet
	p.add(document.Block{Heading: p.say("sheet_cite", nil), Paragraph: p.say("sheet_cite_text", map[string]string{
		"site": string(s.Site), "from": span["from"], "to": span["to"], "fact": strconv.FormatInt(s.Fact, 10), "method": strconv.Itoa(source.Method),
		"view": p.say("view_"+s.View.Extent.String(), nil)})})
}
