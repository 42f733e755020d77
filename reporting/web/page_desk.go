package web

// What templates of the desk hand to their parts.

// trail are steps to be shown, in the language of the page.
type trail struct {
	*page
	Steps []stepRow
}

// Trail are steps to be shown.
func (p *page) Trail(steps []stepRow) trail { return trail{p, steps} }

// shownDecision is a decision to be shown.
type shownDecision struct {
	*page
	Row decisionRow
}

// Decision is a decision to be shown.
func (p *page) Decision(row decisionRow) shownDecision { return shownDecision{p, row} }

// figureTable are published figures to be shown.
type figureTable struct {
	*page
	ID, Title string
	Rows      []publishedFigureRow
}

// Table are published figures to be shown.
func (p *page) Table(id, title string, rows []publishedFigureRow) figureTable {
	return figureTable{p, id, title, rows}
}

// moved is what a fact moved, to be shown.
type moved struct {
	*page
	Part effectPart
}

// Moved is what a fact moved, to be shown.
func (p *page) Moved(part effectPart) moved { return moved{p, part} }
