package disclosure

import (
	"fmt"
	"io"
	"strings"

	"heatledger/reporting/document"
)

// WritePDF writes the form as a tagged PDF: what it is, what is missing, the
// fields, the three columns, and where the values come from.
func (p Paper) WritePDF(w io.Writer) error {
	words := p.Words
	title := fmt.Sprintf("%s: %s, %d", words.Title(p.ID), p.Name, p.Year)
	var head [][]string
	for _, line := range p.about() {
		head = append(head, []string{line.label, strings.ReplaceAll(strings.TrimSpace(line.value), "\n", " ")})
	}
	blocks := []document.Block{{Columns: []document.Column{{Width: 40}, {Width: 134}}, Rows: head}, p.missingBlock()}
	if incomplete := p.incompleteBlock(); len(incomplete.Rows) > 0 {
		blocks = append(blocks, incomplete)
	}
	blocks = append(blocks, p.fieldsBlock())
	if columns := p.columnsBlock(); len(columns.Rows) > 0 {
		blocks = append(blocks, columns)
	}
	blocks = append(blocks, p.sourcesBlock())
	return document.WritePaper(w, document.Paper{Lang: words.lang, Title: title, Subject: words.T("to:" + string(p.ID)), At: p.AsKnown, Blocks: blocks})
}

// missingBlock lists the fields without a value and what would give it.
func (p Paper) missingBlock() document.Block {
	w := p.Words
	block := document.Block{Heading: w.T("missing"), Columns: []document.Column{{Title: w.T("number"), Width: 18}, {Title: w.T("field"), Width: 56}, {Title: w.T("remedy"), Width: 100}}}
	for _, f := range p.Fields {
		if !f.Value.OK() {
			block.Rows = append(block.Rows, []string{f.Number, w.Label(f), w.Remedies(f)})
		}
	}
	if len(block.Rows) == 0 {
		block.Paragraph = w.T("missing.no")
	}
	return block
}

func (p Paper) incompleteBlock() document.Block {
	w := p.Words
	block := document.Block{Heading: w.T("incomplete"), Columns: []document.Column{{Title: w.T("number"), Width: 18}, {Title: w.T("field"), Width: 90}, {Title: w.T("coverage"), Width: 66, Right: true}}}
	for _, f := range p.Fields {
		if f.Value.OK() && f.EnergyCoverage != nil && *f.EnergyCoverage < 1 {
			block.Rows = append(block.Rows, []string{f.Number, w.Label(f), w.lang.Share(*f.EnergyCoverage)})
		}
	}
	return block
}

func (p Paper) fieldsBlock() document.Block {
	w := p.Words
	block := document.Block{Heading: w.T("fields"), Columns: []document.Column{{Title: w.T("number"), Width: 17}, {Title: w.T("field"), Width: 52}, {Title: w.T("value"), Width: 34, Right: true}, {Title: w.T("basis"), Width: 24},
		{Title: w.T("coverage"), Width: 20, Right: true}, {Title: w.T("uncertainty"), Width: 22, Right: true}, {Title: w.T("standard"), Width: 25}}}
	for _, f := range p.Fields {
		coverage, uncertainty, basis := "–", "–", "–"
		if f.EnergyCoverage != nil {
			coverage = w.lang.Share(*f.EnergyCoverage)
		}
		if f.Uncertainty != nil {
			uncertainty = "± " + w.lang.Share(*f.Uncertainty)
		}
		if f.Basis != "" {
			basis = w.Basis(f.Basis) + ", " + w.T("status:"+string(f.Status))
		}
		block.Rows = append(block.Rows, []string{f.Number, w.FullLabel(f), w.Value(f.Value, unitShown(f.Unit)), basis, coverage, uncertainty, standardOf(f)})
	}
	return block
}

// FullLabel is what a field is called, with the authority's symbol and a mark
// where the column is not confirmed.
func (w Words) FullLabel(f Field) string {
	label := w.Label(f)
	if f.Symbol != "" && !strings.Contains(label, f.Symbol) {
		label += " (" + f.Symbol + ")"
	}
	if f.Unconfirmed {
		label += " [" + w.T("unconfirmed") + "]"
	}
	return label
}

func (p Paper) columnsBlock() document.Block {
	w := p.Words
	block := document.Block{Heading: w.T("columns"), Columns: []document.Column{{Title: w.T("number"), Width: 16}, {Title: w.T("field"), Width: 47}, {Title: w.T("metered"), Width: 37}, {Title: w.T("declared"), Width: 37}, {Title: w.T("published"), Width: 37}}}
	for _, f := range p.Fields {
		if f.Declared != nil || f.Published != nil {
			block.Rows = append(block.Rows, []string{f.Number, w.Label(f), w.Stated(f.Metered), w.Stated(f.Declared), w.Stated(f.Published)})
		}
	}
	if len(block.Rows) > 0 {
		block.Paragraph = w.T("columns.lead")
	}
	return block
}

func (p Paper) sourcesBlock() document.Block {
	w := p.Words
	block := document.Block{Heading: w.T("sources"), Columns: []document.Column{{Title: w.T("code"), Width: 40}, {Title: w.T("source"), Width: 84}, {Title: w.T("note"), Width: 50}}}
	for _, f := range p.Fields {
		var sources []string
		for _, s := range f.Sources {
			sources = append(sources, w.Source(s))
		}
		notes := w.Notes(f.Notes)
		if len(sources) > 0 || len(notes) > 0 {
			block.Rows = append(block.Rows, []string{f.Code, strings.Join(sources, ", "), strings.Join(notes, "; ")})
		}
	}
	return block
}
