package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"heatledger/energy"
)

// workbook is an XLSX file (ECMA-376-1:2016, Office Open XML): an archive of
// XML. Of it only what the values of cells need is read; links, macros and
// embedded files are not.
type workbook struct {
	limits Limits
	parts  map[string]*zip.File
	sheets []string // parts, in the order of Book.Sheets
	shared []string
	dates  []bool // whether a style shows a date or a time
	since  int    // days between the workbook's zero and 1899-12-30
}

const xlsxRemedy = "save it anew as .xlsx in your spreadsheet program, or as CSV"

func openXLSX(r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	archive, err := Archive(r, size, limits.Entries)
	if err != nil {
		return nil, err
	}
	w := &workbook{limits: limits, parts: map[string]*zip.File{}}
	for _, f := range archive.File {
		packed, unpacked := int64(f.CompressedSize64), int64(f.UncompressedSize64)
		if unpacked < 0 || unpacked > limits.Unpacked || unpacked > 1<<20 && unpacked > limits.Ratio*max(packed, 1) {
			return nil, bomb(f.Name)
		}
		w.parts[strings.TrimPrefix(f.Name, "/")] = f
	}
	names, err := w.index()
	if err != nil {
		return nil, err
	}
	if err := w.styles(); err != nil {
		return nil, err
	}
	if err := w.strings(); err != nil {
		return nil, err
	}
	b := &Book{Form: XLSX, Sheets: names, limits: limits}
	b.rows = func(sheet int, yield func(Row) error) error { return w.rows(w.sheets[sheet], yield) }
	return b, nil
}

func bomb(name string) error {
	return energy.Faults{{Code: "file_bomb", Problem: fmt.Sprintf("the part %.80s of the workbook is larger than any table, or packed far smaller than any", name), Remedy: xlsxRemedy}}
}

// part opens a part; it ends with a fault where it unpacks to more than it may.
func (w *workbook) part(name string) (io.ReadCloser, bool, error) {
	f, ok := w.parts[name]
	if !ok {
		return nil, false, nil
	}
	in, err := f.Open()
	if err != nil {
		return nil, false, energy.Faults{{Code: "file_workbook", Problem: fmt.Sprintf("the part %.80s of the workbook does not unpack: %v", name, err), Remedy: xlsxRemedy}}
	}
	return &unpacking{ReadCloser: in, name: name, left: w.limits.Unpacked}, true, nil
}

type unpacking struct {
	io.ReadCloser
	name string
	left int64
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	if u.left -= int64(n); u.left < 0 {
		return 0, bomb(u.name)
	}
	return n, err
}

// broken is what a part that is no XML, or cannot be unpacked, is answered with.
func broken(name string, err error) error {
	var faults energy.Faults
	if errors.As(err, &faults) {
		return faults
	}
	return energy.Faults{{Code: "file_workbook", Problem: fmt.Sprintf("the part %.80s of the workbook is broken: %v", name, err), Remedy: xlsxRemedy}}
}

// decode reads a small part as a whole.
func (w *workbook) decode(name string, into any) (bool, error) {
	in, ok, err := w.part(name)
	if !ok || err != nil {
		return ok, err
	}
	defer in.Close()
	const most = 16 << 20
	if err := xml.NewTokenDecoder(newPieces(io.LimitReader(in, most), name)).Decode(into); err != nil {
		return true, broken(name, err)
	}
	return true, nil
}

// index finds the sheets; it gives the names of the visible ones.
func (w *workbook) index() (names []string, err error) {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		Links []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	ok, err := w.decode("xl/workbook.xml", &book)
	if err == nil && ok {
		ok, err = w.decode("xl/_rels/workbook.xml.rels", &links)
	}
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, energy.Faults{{Code: "file_workbook", Problem: "the archive is no workbook", Remedy: xlsxRemedy}}
	}
	if v := book.Properties.Date1904; v == "1" || v == "true" {
		w.since = 1462
	}
	if len(book.Sheets) > w.limits.Entries {
		return nil, energy.Faults{{Problem: fmt.Sprintf("the workbook has %d sheets", len(book.Sheets)), Remedy: "hand in only the sheet with the readings"}}
	}
	targets := map[string]string{}
	for _, link := range links.Links {
		if _, again := targets[link.ID]; !again && link.ID != "" {
			targets[link.ID] = link.Target
		}
	}
	for _, s := range book.Sheets {
		link, ok := targets[relation(s.Attrs)]
		if s.State != "" && s.State != "visible" || !ok {
			continue
		}
		target := path.Join("xl", link)
		if strings.HasPrefix(link, "/") {
			target = strings.TrimPrefix(path.Clean(link), "/")
		}
		w.sheets, names = append(w.sheets, target), append(names, s.Name)
	}
	if len(names) == 0 {
		return nil, energy.Faults{{Code: "file_workbook", Problem: "the workbook has no visible sheet", Remedy: xlsxRemedy}}
	}
	return names, nil
}

// relation is the r:id among attributes.
func relation(attributes []xml.Attr) string {
	for _, a := range attributes {
		if a.Name.Local == "id" {
			return a.Value
		}
	}
	return ""
}

// styles finds which styles show dates.
func (w *workbook) styles() error {
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if _, err := w.decode("xl/styles.xml", &sheet); err != nil {
		return err
	}
	own := map[int]bool{}
	for _, f := range sheet.Formats {
		own[f.ID] = showsDate(f.Code)
	}
	for _, c := range sheet.Cells {
		date, stated := own[c.Format]
		w.dates = append(w.dates, date || !stated && builtInDate(c.Format))
	}
	return nil
}

// builtInDate tells the formats that every program knows (ECMA-376-1, 18.8.30).
func builtInDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// showsDate tells whether a format shows a date or a time: it has one of the
// letters of those outside of quotes, escapes and brackets.
func showsDate(code string) bool {
	code, _, _ = strings.Cut(code, ";") // the form of positive numbers
	quoted, bracketed := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracketed = true
		case c == ']':
			bracketed = false
		case bracketed && i > 0 && code[i-1] != '[':
		case strings.IndexByte("yYmMdDhHsS", c) >= 0:
			if bracketed && strings.IndexByte("hHmMsS", c) < 0 { // [Red] is a colour, [h] are hours
				continue
			}
			return true
		}
	}
	return false
}

// strings reads the texts that sheets share.
func (w *workbook) strings() error {
	const name = "xl/sharedStrings.xml"
	in, ok, err := w.part(name)
	if !ok || err != nil {
		return err
	}
	defer in.Close()
	tokens := newPieces(in, name)
	var text strings.Builder
	var total int64
	reading, phonetic := false, false
	for {
		token, err := tokens.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(name, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			reading = t.Name.Local == "t" && !phonetic
			phonetic = phonetic || t.Name.Local == "rPh"
		case xml.CharData:
			if text.Len() > tokenMost {
				return bomb(name)
			}
			if reading {
				text.Write(t)
			}
		case xml.EndElement:
			reading = false
			switch t.Name.Local {
			case "rPh":
				phonetic = false
			case "si":
				if total += int64(text.Len()) + 16; total > w.limits.Strings {
					return energy.Faults{{Code: "file_bomb", Problem: "the workbook holds more text than any table of readings", Remedy: "hand in only the sheet with the readings, as XLSX or CSV"}}
				}
				w.shared = append(w.shared, strings.TrimSpace(text.String()))
				text.Reset()
			}
		}
	}
}

// sharedText is the shared text of that number.
func (w *workbook) sharedText(number string) (string, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || n < 0 || n >= len(w.shared) {
		return "", false
	}
	return w.shared[n], true
}
