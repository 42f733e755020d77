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
		part, err := z.Writer.Create(name)
		if err == nil {
			_, err = z.parts[name].WriteTo(part)
		}
		if err != nil {
			return err
		}
	}
	return z.Writer.Close()
}
