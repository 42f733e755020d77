package document

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// orderedZip writes the parts of a workbook by name, the list of contents
// first: the library hands them over in the order of a map.
type orderedZip struct {
	*zip.Writer
	parts map[string]*bytes.Buffer
}

func newOrderedZip(w io.Writer) excelize.ZipWriter {
	return &orderedZip{Writer: zip.NewWriter(w), parts: map[string]*bytes.Buffer{}}
}

// Create takes a part; it is written by Close.
func (z *orderedZip) Create(name string) (io.Writer, error) {
	z.parts[name] = &bytes.Buffer{}
	return z.parts[name], nil
}

// Close writes the parts.
func (z *orderedZip) Close() error {
	var names []string
	for name := range z.parts {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { // '[' of [Content_Types].xml comes before letters here
		return strings.Compare(strings.Replace(a, "[", " ", 1), strings.Replace(b, "[", " ", 1))
	})
	for _, name := range names {
		content := z.parts[name].String()
		if name == coreProperties {
			content = prefixed(content)
		}
		part, err := z.Writer.Create(name)
		if err == nil {
			_, err = io.WriteString(part, content)
		}
		if err != nil {
			return err
		}
	}
	return z.Writer.Close()
}

// coreProperties is the part that says who made a workbook, and when.
const coreProperties = "docProps/core.xml"

// prefixed writes that part as spreadsheet programs do, with the prefix cp for the
// names of its own namespace (ECMA-376-2:2016, 11.1): there are readers that know
// the names by their prefix alone, exceljs among them.
func prefixed(core string) string {
	pairs := []string{"<coreProperties xmlns=", "<cp:coreProperties xmlns:cp=", "</coreProperties>", "</cp:coreProperties>"}
	for _, name := range []string{"category", "contentStatus", "keywords", "lastModifiedBy", "lastPrinted", "revision", "version"} {
		pairs = append(pairs, "<"+name+">", "<cp:"+name+">", "</"+name+">", "</cp:"+name+">")
	}
	return strings.NewReplacer(pairs...).Replace(core)
}
