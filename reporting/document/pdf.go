package document

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/template"
	"time"

	"heatledger/energy/kpi"
)

// producer is who wrote the file.
const producer = "Heatledger"

// WritePDF writes a report as a PDF tagged by the rules of PDF/UA-1 (ISO
// 14289-1:2014). The dates in it are AsKnown, so that the same report gives
// the same bytes.
func WritePDF(w io.Writer, y Yearly, lang Lang) error {
	words, err := in(lang)
	if err != nil {
		return err
	}
	s := newSheet()
	if err := s.describe(words, y); err != nil {
		return err
	}
	s.fill(words, y)
	s.footers(words, y)
	var written bytes.Buffer
	if err := s.Output(&written); err != nil {
		return fmt.Errorf("write the pages of %s %d: %w", y.Site, y.Year, err)
	}
	whole, err := s.assemble(written.Bytes())
	if err != nil {
		return fmt.Errorf("tag the report of %s %d: %w", y.Site, y.Year, err)
	}
	_, err = w.Write(whole)
	return err
}

// xmp is the metadata stream: the standard the file follows, and its title.
var xmp = template.Must(template.New("xmp").Parse(`<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{{html .Title}}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{{.Lang}}</rdf:li></rdf:Bag></dc:language>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{{html .Subject}}</rdf:li></rdf:Alt></dc:description>
<xmp:CreateDate>{{.Date}}</xmp:CreateDate><xmp:ModifyDate>{{.Date}}</xmp:ModifyDate>
<pdf:Producer>{{.Producer}}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`))

// describe sets title, language and dates.
func (s *sheet) describe(w words, y Yearly) error {
	at := y.AsKnown.UTC()
	title, subject := fmt.Sprintf(w.title, y.Name, y.Year), fmt.Sprintf(w.subject, y.Name, y.Year)
	s.SetTitle(title, true)
	s.SetSubject(subject, true)
	s.SetProducer(producer, true)
	s.SetLang(string(w.lang))
	s.SetCreationDate(at)
	s.SetModificationDate(at)
	var meta bytes.Buffer
	if err := xmp.Execute(&meta, map[string]string{"Title": title, "Subject": subject, "Lang": string(w.lang), "Date": at.Format(time.RFC3339), "Producer": producer}); err != nil {
		return fmt.Errorf("describe the report of %s %d: %w", y.Site, y.Year, err)
	}
	s.SetXmpMetadata(meta.Bytes())
	return nil
}

// fill writes the report.
func (s *sheet) fill(w words, y Yearly) {
	s.heading("H1", fmt.Sprintf(w.title, y.Name, y.Year))
	s.table([]column{{width: 40}, {width: 134}}, w.head(y), false)
	s.paragraph(w.intro)
	s.heading("H2", w.figures)
	if len(y.Figures) == 0 {
		s.paragraph(w.noFigure)
	} else {
		s.table([]column{{w.figure, 30, false}, {w.value, 22, true}, {w.numerator + " / " + w.denominator, 30, true}, {w.coverage + ": " + w.energyKnown + " / " + w.ownTime, 25, true},
			{w.substitute, 20.5, true}, {w.uncertainty, 21.5, true}, {w.standard, 25, false}}, w.figureRows(y.Figures), false)
		for _, f := range y.Figures {
			if notes := w.notesOf(f); len(notes) > 0 {
				s.paragraph(w.name(f) + ": " + strings.Join(notes, "; ") + ".")
			}
		}
	}
	s.heading("H2", w.chart)
	bars := w.bars(y)
	if says, ok := w.chartText(y, bars); ok {
		s.paragraph(says)
		s.chart(w, bars, says)
	} else {
		s.paragraph(w.noFigure)
	}
	s.heading("H2", w.monthly)
	s.table([]column{{w.month, 26, false}, {w.gridImport, 30, true}, {w.totalEnergy, 34, true}, {w.itEnergy, 32, true}, {"PUE / iPUE", 20, true}, {w.energyKnown, 32, true}}, w.monthRows(y), true)
	s.heading("H2", w.points)
	s.table([]column{{w.point, 41, false}, {w.quantity + ", " + w.role, 36, false}, {w.meter, 36, false}, {w.accuracy, 35, false}, {w.amount, 26, true}}, w.pointRows(y), false)
	s.missing(w, y)
	s.heading("H2", w.verify)
	s.paragraph(fmt.Sprintf(w.digest, y.Fact, y.Site, y.Year))
	s.paragraph(y.Digest())
	s.paragraph(w.checkpointState(y))
	if y.Checkpoint != "" {
		s.verbatim(y.Checkpoint)
	}
}

// head is what the report is about, as rows.
func (w words) head(y Yearly) [][]string {
	rows := [][]string{{w.site, y.Name + " (" + string(y.Site) + ")"}}
	if y.Operator != "" {
		rows = append(rows, []string{w.operator, y.Operator})
	}
	if y.Address != "" {
		rows = append(rows, []string{w.address, y.Address})
	}
	first := y.Dates[0]
	return append(rows,
		[]string{w.period, w.lang.date(first) + " – " + w.lang.date(lastDay(y.Period, y.Location)) + " (" + y.Location.String() + ")"},
		[]string{w.asKnown, w.knownAt(y)},
		[]string{w.dataVersion, strconv.FormatInt(y.Fact, 10)},
		[]string{w.status, w.statusOf(y)})
}

func (w words) figureRows(figures []kpi.Figure) [][]string {
	rows := make([][]string, len(figures))
	for i, f := range figures {
		uncertainty := w.unknown
		if f.HasUncertainty {
			uncertainty = "±" + noBreak + w.lang.percent(f.Uncertainty)
		}
		rows[i] = []string{w.name(f), w.lang.figure(f), w.lang.sides(f),
			w.lang.percent(f.EnergyCoverage) + " / " + w.lang.percent(f.IntervalCoverage), w.lang.percent(f.SubstituteShare), uncertainty, strings.TrimSuffix(f.Standard+": "+f.Edition, ": ")}
	}
	return rows
}

// monthRows are the months and, last, the year.
func (w words) monthRows(y Yearly) [][]string {
	const kWh = "kWh"
	row := func(name string, m Month) []string {
		known := "–"
		if m.HasPUE {
			known = w.lang.percent(m.Figure.EnergyCoverage)
		}
		ok := m.HasPUE && m.Figure.EnergyCoverage > 0
		return []string{name, w.lang.amount(m.Grid, m.GridOK, kWh), w.lang.amount(m.Figure.Numerator, ok, kWh), w.lang.amount(m.Figure.Denominator, ok, kWh),
			w.lang.ratio(m.Figure.Value, m.HasPUE && m.Figure.OK), known}
	}
	var rows [][]string
	for i, m := range y.Months {
		rows = append(rows, row(w.months[i], m))
	}
	return append(rows, row(w.year+" "+strconv.Itoa(y.Year), y.whole()))
}

// whole is the year as if it were a month.
func (y Yearly) whole() Month {
	var m Month
	m.Figure, m.HasPUE = y.pue()
	m.Grid, m.GridOK = y.grid()
	return m
}

func (w words) pointRows(y Yearly) [][]string {
	rows := make([][]string, len(y.Points))
	for i, p := range y.Points {
		what := or(w.quantities, p.Quantity)
		if p.Role != "" {
			what += ", " + or(w.roles, p.Role)
		}
		if p.Category > 0 {
			what += ", " + fmt.Sprintf(w.category, p.Category)
		}
		meter := string(p.Meter)
		for _, more := range []string{p.Model, p.Serial} {
			if more != "" {
				meter += ", " + more
			}
		}
		rows[i] = []string{p.ID.Name(), what, meter, w.accuracyOf(p), w.lang.amount(p.Total, p.HasTotal, p.Quantity.Unit())}
	}
	return rows
}

// mostGaps is how many gaps are printed; the workbook has all of them.
const mostGaps = 30

// missing says what is not known.
func (s *sheet) missing(w words, y Yearly) {
	s.heading("H2", w.missing)
	if len(y.Gaps) == 0 {
		s.paragraph(w.nothingMissing)
	} else {
		s.paragraph(w.gapsSay)
		var rows [][]string
		for _, g := range y.Gaps[:min(len(y.Gaps), mostGaps)] {
			rows = append(rows, []string{string(g.Point), w.lang.date(g.From), w.lang.date(g.To), w.lang.percent(g.Share)})
		}
		s.table([]column{{w.point, 74, false}, {w.from, 34, true}, {w.to, 34, true}, {w.energyKnown, 32, true}}, rows, false)
		if more := len(y.Gaps) - mostGaps; more > 0 {
			s.paragraph(fmt.Sprintf(w.moreGaps, more))
		}
	}
	if len(y.Unstated) > 0 {
		names := make([]string, len(y.Unstated))
		for i, id := range y.Unstated {
			names[i] = string(id)
		}
		s.paragraph(fmt.Sprintf(w.unstated, strings.Join(names, ", ")))
	}
}

// footers number the pages once their count is known.
func (s *sheet) footers(w words, y Yearly) {
	count := s.PageCount()
	for n := 1; n <= count; n++ {
		s.SetPage(n)
		s.style("", 1) // so that the next one is written into this page
		s.style("", tableSize)
		s.artifact("Pagination", func() {
			s.write(left, 284, s.drawable(fmt.Sprintf(w.title, y.Name, y.Year)), false)
			s.write(right, 284, fmt.Sprintf(w.page, n, count), true)
		})
	}
}
