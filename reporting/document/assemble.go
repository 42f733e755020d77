package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// errForm says that the library wrote a file of another form than it used to.
var errForm = errors.New("unexpected form of the written PDF")

// What the library writes otherwise than it is meant: dates of UTC without
// their zone, and the names of fonts, which as subsets have a tag of six
// letters (ISO 32000-1, 9.6.4).
var (
	infoDate       = regexp.MustCompile(`\((D:\d{14})\)`)
	fontDictionary = regexp.MustCompile(`^\d+ 0 obj\n<</Type /Font`)
	fontNames      = strings.NewReplacer("/utf8notosansB", "/AAAAAB+NotoSans-Bold", "/utf8notosans", "/AAAAAA+NotoSans-Regular")
)

// assemble adds what makes the pages that were written a tagged document: the
// structure tree, what leads from marked content back to it, and in the catalog
// that it is there. It numbers the file's objects as they were, with its own
// behind them, and writes a new cross-reference table.
func (t *tagged) assemble(written []byte) ([]byte, error) {
	objects, info, err := objectsOf(written)
	if err != nil {
		return nil, err
	}
	var pages []int // object numbers, in order
	for n, object := range objects {
		if bytes.Contains(object, []byte("<</Type /Page\n")) {
			pages = append(pages, n)
		}
	}
	if len(pages) != t.PageCount() || len(objects) < 2 {
		return nil, errForm
	}
	for i, n := range pages {
		objects[n] = bytes.Replace(objects[n], []byte("<</Type /Page\n"), fmt.Appendf(nil, "<</Type /Page\n/StructParents %d /Tabs /S\n", i), 1)
	}
	objects[info] = infoDate.ReplaceAll(objects[info], []byte("(${1}Z)"))
	for n, object := range objects {
		if fontDictionary.Match(object) {
			objects[n] = []byte(fontNames.Replace(string(object)))
		}
	}
	catalog := len(objects) - 1
	tree := len(objects)
	objects[catalog] = bytes.Replace(objects[catalog], []byte("/Type /Catalog"),
		fmt.Appendf(nil, "/Type /Catalog /StructTreeRoot %d 0 R /MarkInfo <</Marked true>> /ViewerPreferences <</DisplayDocTitle true>>", tree), 1)
	objects = append(objects, t.structure(tree, pages)...)
	return file(objects, catalog, info), nil
}

// objectsOf are the indirect objects of a file, by number ("N 0 obj…endobj"),
// and the number of the information dictionary.
func objectsOf(file []byte) (objects [][]byte, info int, err error) {
	_, tail, _ := bytes.Cut(file[max(0, bytes.LastIndex(file, []byte("startxref"))):], []byte("\n"))
	number, _, _ := bytes.Cut(tail, []byte("\n"))
	table, err := strconv.Atoi(string(number))
	if err != nil || table >= len(file) {
		return nil, 0, errForm
	}
	lines := strings.Split(string(file[table:]), "\n")
	count := 0
	if _, err := fmt.Sscanf(lines[1], "0 %d", &count); err != nil || len(lines) < count+2 {
		return nil, 0, errForm
	}
	offsets := make([]int, count)
	for n := 1; n < count; n++ {
		if offsets[n], err = strconv.Atoi(lines[2+n][:min(10, len(lines[2+n]))]); err != nil {
			return nil, 0, errForm
		}
	}
	ends := append(slices.Clone(offsets), table)
	slices.Sort(ends)
	objects = make([][]byte, count)
	for n := 1; n < count; n++ {
		at, _ := slices.BinarySearch(ends, offsets[n]+1) // objects follow one another
		objects[n] = file[offsets[n]:ends[at]]
		if !bytes.HasPrefix(objects[n], fmt.Appendf(nil, "%d 0 obj\n", n)) || !bytes.HasSuffix(objects[n], []byte("endobj\n")) {
			return nil, 0, errForm
		}
	}
	for _, line := range lines {
		if _, err := fmt.Sscanf(line, "/Info %d 0 R", &info); err == nil {
			return objects, info, nil
		}
	}
	return nil, 0, errForm
}

// structure are the objects of the structure tree, the first with number tree.
func (t *tagged) structure(tree int, pages []int) [][]byte {
	var elements []*element
	next := tree + 1
	var number func(*element)
	number = func(e *element) {
		e.object = next
		next++
		elements = append(elements, e)
		for _, k := range e.kids {
			if k.element != nil {
				number(k.element)
			}
		}
	}
	number(t.root)
	var parents strings.Builder
	for i := range pages {
		fmt.Fprintf(&parents, "%d [", i)
		for _, e := range t.marks[i+1] {
			fmt.Fprintf(&parents, "%d 0 R ", e.object)
		}
		parents.WriteString("] ")
	}
	objects := [][]byte{fmt.Appendf(nil, "%d 0 obj\n<</Type /StructTreeRoot /K %d 0 R /ParentTree <</Nums [%s]>> /ParentTreeNextKey %d>>\nendobj\n", tree, t.root.object, parents.String(), len(pages))}
	for _, e := range elements {
		objects = append(objects, e.write(tree, pages))
	}
	return objects
}

// write is the element as an object of the file.
func (e *element) write(tree int, pages []int) []byte {
	var out bytes.Buffer
	parent := tree
	if e.parent != nil {
		parent = e.parent.object
	}
	fmt.Fprintf(&out, "%d 0 obj\n<</Type /StructElem /S /%s /P %d 0 R", e.object, e.tag, parent)
	if e.alt != "" {
		fmt.Fprintf(&out, " /Alt %s", text(e.alt))
	}
	if e.attributes != "" {
		fmt.Fprintf(&out, " /A <<%s>>", e.attributes)
	}
	out.WriteString(" /K [")
	for _, k := range e.kids {
		if k.element != nil {
			fmt.Fprintf(&out, "%d 0 R ", k.element.object)
			continue
		}
		fmt.Fprintf(&out, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", pages[k.page-1], k.id)
	}
	out.WriteString("]>>\nendobj\n")
	return out.Bytes()
}

// text is a text string (ISO 32000-1, 7.9.2.2): UTF-16 with its mark, in
// hexadecimal.
func text(s string) string {
	var out strings.Builder
	out.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&out, "%04X", unit)
	}
	return out.String() + ">"
}

// file writes objects with header, cross-reference table and trailer. The
// identifier is the digest of the content, so that equal content is equal.
func file(objects [][]byte, root, info int) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") // PDF/UA-1 builds on ISO 32000-1
	offsets := make([]int, len(objects))
	for n := 1; n < len(objects); n++ {
		offsets[n] = out.Len()
		out.Write(objects[n])
	}
	sum := sha256.Sum256(out.Bytes())
	id := hex.EncodeToString(sum[:16])
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects))
	for _, offset := range offsets[1:] {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>]>>\nstartxref\n%d\n%%%%EOF\n", len(objects), root, info, id, id, table)
	return out.Bytes()
}
