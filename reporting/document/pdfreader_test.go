package document_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// pdfFile is a PDF as far as the tests read one: its objects by number.
type pdfFile map[int][]byte

type pdfPage struct {
	number, contents int
	object           string
}

type pdfElement struct {
	tag, alt, object string
}

var (
	objectForm   = regexp.MustCompile(`(?m)^(\d+) 0 obj\n`)
	contentsForm = regexp.MustCompile(`/Contents (\d+) 0 R`)
	elementForm  = regexp.MustCompile(`/StructElem /S /(\w+)`)
	altForm      = regexp.MustCompile(`/Alt <FEFF([0-9A-F]*)>`)
	numberForm   = regexp.MustCompile(`\d+`)
)

func readPDF(t *testing.T, file []byte) pdfFile {
	t.Helper()
	objects := pdfFile{}
	starts := objectForm.FindAllSubmatchIndex(file, -1)
	for i, at := range starts {
		n, _ := strconv.Atoi(string(file[at[2]:at[3]]))
		end := len(file)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		objects[n] = file[at[1]:end]
	}
	if len(objects) < 10 {
		t.Fatalf("only %d objects", len(objects))
	}
	return objects
}

func (f pdfFile) catalog(t *testing.T) string {
	t.Helper()
	for _, object := range f {
		if bytes.Contains(object, []byte("/Type /Catalog")) {
			return string(object)
		}
	}
	t.Fatal("no catalog")
	return ""
}

// pages are the pages in their order.
func (f pdfFile) pages() []pdfPage {
	var pages []pdfPage
	for n, object := range f {
		if bytes.HasPrefix(object, []byte("<</Type /Page\n")) {
			contents, _ := strconv.Atoi(string(contentsForm.FindSubmatch(object)[1]))
			pages = append(pages, pdfPage{number: n, contents: contents, object: string(object)})
		}
	}
	slices.SortFunc(pages, func(a, b pdfPage) int { return a.number - b.number })
	return pages
}

// stream is a compressed stream, unpacked.
func (f pdfFile) stream(t *testing.T, n int) []byte {
	t.Helper()
	_, body, ok := bytes.Cut(f[n], []byte("stream\n"))
	if !ok {
		t.Fatalf("object %d is no stream", n)
	}
	r, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatalf("unpack stream %d: %v", n, err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("unpack stream %d: %v", n, err)
	}
	return text
}

// elements are the structure elements by object number.
func (f pdfFile) elements(t *testing.T) map[int]pdfElement {
	t.Helper()
	elements := map[int]pdfElement{}
	for n, object := range f {
		match := elementForm.FindSubmatch(object)
		if match == nil {
			continue
		}
		e := pdfElement{tag: string(match[1]), object: string(object)}
		if alt := altForm.FindSubmatch(object); alt != nil {
			var units []uint16
			for i := 0; i+4 <= len(alt[1]); i += 4 {
				unit, _ := strconv.ParseUint(string(alt[1][i:i+4]), 16, 16)
				units = append(units, uint16(unit))
			}
			e.alt = string(utf16.Decode(units))
		}
		elements[n] = e
	}
	return elements
}

// parents are the object numbers of the elements that a page's marks belong to.
func (f pdfFile) parents(t *testing.T, page int) []int {
	t.Helper()
	for _, object := range f {
		_, tree, ok := strings.Cut(string(object), "/ParentTree <</Nums [")
		if !ok {
			continue
		}
		lists := regexp.MustCompile(`(\d+) \[([^\]]*)\]`).FindAllStringSubmatch(tree, -1)
		var parents []int
		for _, ref := range strings.Split(strings.TrimSpace(lists[page][2]), "R") {
			if n := numberForm.FindString(ref); n != "" {
				number, _ := strconv.Atoi(n)
				parents = append(parents, number)
			}
		}
		return parents
	}
	t.Fatal("no parent tree")
	return nil
}

// operators are the operators of a content stream with the operands before
// each; strings are left out, whatever bytes they hold.
func operators(content []byte) (names []string, operands [][]string) {
	var pending []string
	for i := 0; i < len(content); {
		switch c := content[i]; {
		case c == '(':
			depth := 0
			for ; i < len(content); i++ {
				if content[i] == '\\' {
					i++
				} else if content[i] == '(' {
					depth++
				} else if content[i] == ')' {
					if depth--; depth == 0 {
						i++
						break
					}
				}
			}
		case bytes.IndexByte([]byte(" \n\r\t[]<>"), c) >= 0:
			i++
		default:
			end := i + 1
			for end < len(content) && bytes.IndexByte([]byte(" \n\r\t[]<>(/"), content[end]) < 0 {
				end++
			}
			token := string(content[i:end])
			i = end
			if c == '/' || c == '-' || c == '.' || c >= '0' && c <= '9' {
				pending = append(pending, token)
				continue
			}
			names, operands = append(names, token), append(operands, pending)
			pending = nil
		}
	}
	return names, operands
}

// marked counts the operations that paint, those of them outside any marked
// content, and marks that begin within others.
func marked(content []byte) (painted, loose, nested int) {
	painting := []string{"Tj", "TJ", "'", `"`, "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "BI"}
	depth := 0
	names, _ := operators(content)
	for _, name := range names {
		switch {
		case name == "BDC" || name == "BMC":
			if depth++; depth > 1 {
				nested++
			}
		case name == "EMC":
			depth--
		case slices.Contains(painting, name):
			painted++
			if depth == 0 {
				loose++
			}
		}
	}
	if depth != 0 {
		nested++
	}
	return painted, loose, nested
}

// markedIDs are the tags of a page's marked content by id.
func markedIDs(content []byte) []string {
	var tags []string
	names, operands := operators(content)
	for i, name := range names {
		if o := operands[i]; name == "BDC" && slices.Contains(o, "/MCID") {
			tags = append(tags, strings.TrimPrefix(o[0], "/")) // ids count from 0
		}
	}
	return tags
}
