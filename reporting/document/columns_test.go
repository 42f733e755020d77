package document

import (
	"strings"
	"testing"
)

func TestNoWordOfATableIsCutWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	s := newSheet()
	rows := [][]string{{"RZ", "Energieverbrauchseffektivität, Rechenzentrumsbetreibergesellschaft", "1,23"}}
	columns := []column{{"Standort", 80, false}, {"Zusage", 20, false}, {"Wert", 74, true}}
	whole := func(columns []column) bool {
		s.style("", tableSize)
		lines := s.wrap(rows[0][1], columns[1].width-2*cellPad)
		return strings.Join(lines, " ") == rows[0][1]
	}
	if whole(columns) {
		t.Fatal("the column takes its words as it is")
	}
	fit := s.fitted(columns, rows)
	if total := fit[0].width + fit[1].width + fit[2].width; !whole(fit) || total < 173.99 || total > 174.01 {
		t.Errorf("fitted to %v mm, %q is cut", fit, rows[0][1])
	}
	if columns[1].width = 150; s.fitted(columns, rows)[1] != columns[1] {
		t.Error("columns that take their words are changed")
	}
	rows[0][0] = strings.Repeat("Langeswort", 20)
	if narrow := []column{{"Standort", 80, false}, {"Zusage", 20, false}, {"Wert", 74, true}}; s.fitted(narrow, rows)[0] != narrow[0] {
		t.Error("words wider than the page widen the page")
	}
}
