package document

import (
	"fmt"

	"codeberg.org/go-pdf/fpdf"
)

// element is a node of the structure tree (ISO 32000-1, 14.7.2).
type element struct {
	tag        string // standard structure type: Document, H1, P, Table…
	attributes string // the inside of its attribute dictionary, "" for none
	alt        string // text in place of what is drawn
	parent     *element
	kids       []kid
	object     int // number in the file, once it is assembled
}

// kid is an element, or marked content if element is nil.
type kid struct {
	element  *element
	page, id int // page from 1, marked-content id
}

// tagged is an fpdf document that keeps a structure tree beside its pages:
// everything painted is either marked as belonging to an element or as an
// artifact (ISO 14289-1, 7.1).
type tagged struct {
	*fpdf.Fpdf
	root  *element
	at    *element
	marks map[int][]*element // page → the element of each marked-content id
}

func newTagged() *tagged {
	root := &element{tag: "Document"}
	return &tagged{Fpdf: fpdf.New("P", "mm", "A4", ""), root: root, at: root, marks: map[int][]*element{}}
}

// inside adds an element below the current one, which is current while fill runs.
func (t *tagged) inside(tag, attributes string, fill func()) *element {
	e := &element{tag: tag, attributes: attributes, parent: t.at}
	t.at.kids = append(t.at.kids, kid{element: e})
	t.at = e
	fill()
	t.at = e.parent
	return e
}

// mark draws content of the current element. A page must not end meanwhile.
func (t *tagged) mark(draw func()) {
	page := t.PageNo()
	id := len(t.marks[page])
	t.marks[page] = append(t.marks[page], t.at)
	t.at.kids = append(t.at.kids, kid{page: page, id: id})
	t.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", t.at.tag, id))
	draw()
	t.RawWriteStr("EMC")
}

// artifact draws what says nothing of its own: rules, repeated headings, page
// numbers. kind is Layout or Pagination.
func (t *tagged) artifact(kind string, draw func()) {
	t.RawWriteStr(fmt.Sprintf("/Artifact <</Type /%s>> BDC", kind))
	draw()
	t.RawWriteStr("EMC")
}
