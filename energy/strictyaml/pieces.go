package strictyaml

import (
	"slices"
	"strings"

	"heatledger/energy"
)

// A file of some megabytes, the configuration of thousands of meters, is parsed
// in pieces: the library's tokens and tree take a hundred times the text, and of
// a piece they are dropped before the next. A piece is some items of a list that
// stands directly below a name in the first column:
//
//	connections:
//	  - …        a piece
//	  - …
//	  - …        the next
//
// What is cut is decided by the looks of lines alone. Hence only a result
// without any fault counts; else the file is parsed as a whole, and the faults
// are those of the whole.
const (
	wholeSize = 256 << 10 // bytes of text up to which a file is parsed as a whole
	pieceSize = 64 << 10
)

// list is a list that can be cut: its lines are those from first to before end.
type list struct {
	name       string
	first, end int
	items      []int // the lines that begin an item
	indent     int   // blanks before their dashes
}

// parseInPieces parses text if it can be cut. ok is false when it cannot, or
// when there is any fault.
func parseInPieces(file, text string) (root *node, ok bool) {
	lines := strings.SplitAfter(text, "\n")
	lists := listsOf(lines)
	if len(lists) == 0 {
		return nil, false
	}
	// The file without the items: where the first begins stands one of no
	// meaning, and empty lines keep every place as it is.
	skeleton := slices.Clone(lines)
	for _, l := range lists {
		for i := l.items[0]; i < l.end; i++ {
			skeleton[i] = "\n"
		}
		skeleton[l.items[0]] = strings.Repeat(" ", l.indent) + "- 0\n"
	}
	kept := &texts{}
	root, faults := parseText(file, strings.Join(skeleton, ""), kept)
	if len(faults) > 0 || root == nil || root.kind != mapping {
		return nil, false
	}
	for _, l := range lists {
		p := root.pair(l.name)
		if p == nil || p.value.kind != sequence || len(p.value.items) != 1 {
			return nil, false
		}
		p.value.items = nil
		for from := 0; from < len(l.items); {
			to, size := from, 0
			for ; to < len(l.items) && size < pieceSize; to++ {
				size += lengthOf(lines[l.items[to]:l.itemEnd(to)])
			}
			text := strings.Repeat("\n", l.items[from]) + strings.Join(lines[l.items[from]:l.itemEnd(to-1)], "")
			piece, faults := parseText(file, text, kept)
			if len(faults) > 0 || piece == nil || piece.kind != sequence || len(piece.items) != to-from {
				return nil, false
			}
			p.value.items = append(p.value.items, piece.items...)
			from = to
		}
	}
	return root, true
}

// itemEnd is the line behind an item.
func (l list) itemEnd(item int) int {
	if item+1 < len(l.items) {
		return l.items[item+1]
	}
	return l.end
}

// saysNothing tells whether the rest of a line is blank or a remark.
func saysNothing(rest string) bool {
	rest = strings.TrimSpace(rest)
	return rest == "" || rest[0] == '#'
}

func lengthOf(lines []string) (bytes int) {
	for _, line := range lines {
		bytes += len(line)
	}
	return bytes
}

// listsOf finds the lists of several items; none in a text that begins a
// document of its own somewhere, or is no text of names in the first column.
func listsOf(lines []string) (lists []list) {
	open := list{first: -1} // the list that goes on, if its first line is known
	finish := func(end int) {
		if open.end = end; len(open.items) > 1 {
			lists = append(lists, open) // a name that stands twice is refused, as always
		}
		open = list{first: -1}
	}
	for i, line := range lines {
		bare := strings.TrimLeft(line, " ")
		switch depth := len(line) - len(bare); {
		case strings.TrimSpace(line) == "" || bare[0] == '#':
		case bare[0] == '-' && saysNothing(bare[1:]):
			return nil // the parser looks for the item on the lines that follow, whatever their depth
		case strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...") || line[0] == '%' || line[0] == '\t':
			return nil
		case depth == 0 && bare[0] != '-':
			finish(i)
			name, rest, found := strings.Cut(line, ":")
			if !found || !energy.IsID(name) {
				return nil // it may belong to what stands above
			}
			if strings.TrimSpace(rest) == "" {
				open = list{name: name, first: i + 1}
			}
		case open.first < 0:
		case len(open.items) == 0 && !strings.HasPrefix(bare, "- "):
			open.first = -1 // no list, or one that begins in a way of its own
		case strings.HasPrefix(bare, "- ") && (len(open.items) == 0 || depth == open.indent):
			open.items, open.indent = append(open.items, i), depth
		case depth <= open.indent:
			return nil // not as deep as its item: whatever it is, it is no list to cut
		}
	}
	finish(len(lines))
	return lists
}
