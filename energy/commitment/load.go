package commitment

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// embedded holds the rulebooks that come with the program, one a file.
//
//go:embed rulebooks/*.yaml
var embedded embed.FS

// Rulebooks are the ids of those that come with the program, in their order.
func Rulebooks() []string {
	files, _ := fs.Glob(embedded, "rulebooks/*.yaml") // errs for a bad pattern only
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	return files
}

// library are the rulebooks that came along, read once: a judgement of hundreds
// of sites asks for them again and again. They must not be changed.
var library = sync.OnceValues(func() (map[string]*Rulebook, error) {
	books := map[string]*Rulebook{}
	for _, id := range Rulebooks() {
		book, err := read(id)
		if err != nil {
			return nil, err
		}
		books[id] = book
	}
	return books, nil
})

// Find is the rulebook with that id; ok is false when nobody brought it along.
// It belongs to all who ask and must not be changed.
func Find(id string) (book *Rulebook, ok bool, err error) {
	books, err := library()
	if err != nil {
		return nil, false, err
	}
	book, ok = books[id]
	return book, ok, nil
}

// read reads one that came along.
func read(id string) (*Rulebook, error) {
	src, err := Written(id)
	if err != nil {
		return nil, err
	}
	book, faults := Load("rulebooks/"+id+".yaml", src)
	if err := faults.Err(); err != nil {
		return nil, fmt.Errorf("read rulebook %s: %w", id, err)
	}
	return book, nil
}

// Load reads src, the content of file, and checks it as a whole: every fault
// with its place. With faults the rulebook must not be used. One that amends
// another has the rules of that one too, as they would read.
func Load(file string, src []byte) (*Rulebook, energy.Faults) {
	return load(src, checker{file: file, known: Rulebooks(), base: read})
}

// LoadOn is Load where base gives the rulebook that src amends, such as the law
// as it was read when a bill was; nil for one nobody knows.
func LoadOn(file string, src []byte, base func(id string) (*Rulebook, error)) (*Rulebook, energy.Faults) {
	return load(src, checker{file: file, base: base})
}

// Written is the text of a rulebook that came along, as Load reads it.
func Written(id string) ([]byte, error) {
	src, err := embedded.ReadFile("rulebooks/" + id + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("read rulebook %s: %w", id, err)
	}
	return src, nil
}

func load(src []byte, c checker) (*Rulebook, energy.Faults) {
	b := new(Rulebook)
	doc, faults := strictyaml.Decode(c.file, src, b)
	for i := range b.Rules {
		r := &b.Rules[i]
		if r.Status == "" {
			r.Status = b.Status
		}
		r.From, r.To = later(r.From, b.From), earlier(r.To, b.To)
	}
	c.doc = doc
	c.rulebook(b)
	if len(faults)+len(c.faults) == 0 && b.Amends != "" {
		c.amend(b)
	}
	return b, strictyaml.InOrder(append(faults, c.faults...))
}

// later is the later of two days.
func later(a, b energy.Date) energy.Date {
	if a.Before(b) {
		return b
	}
	return a
}
