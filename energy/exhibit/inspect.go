package exhibit

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	jpegs "image/jpeg"
	pngs "image/png"
	"io"
	"path"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
)

const askFor = "hand in a PDF, a PNG or JPEG image, a CSV table or an XLSX workbook"

func fault(code, problem, remedy string) error {
	return energy.Faults{{Code: "document_" + code, Problem: problem, Remedy: remedy}}
}

// Inspect tells the form of a document by its bytes, and what to know of it. It
// errs with energy.Faults for what is too large, of no known form, of another form
// than its name says, of two forms at once, or unpacks to more than any workbook.
func Inspect(name string, file io.ReaderAt, size int64) (Form, []Mark, error) {
	switch {
	case size <= 0:
		return "", nil, fault("empty", "the document is empty", "choose another file")
	case size > Most:
		return "", nil, fault("large", fmt.Sprintf("the document has %d MiB", size>>20), fmt.Sprintf("at most %d MiB are taken: scan it in a lower resolution, or hand it in in parts", Most>>20))
	}
	body := make([]byte, size)
	if _, err := file.ReadAt(body, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", nil, fmt.Errorf("inspect %s: %w", plainName(name), err)
	}
	form := formOf(body)
	if form == "" {
		return "", nil, fault("form", fmt.Sprintf("%q is of no form that is taken", plainName(name)), askFor)
	}
	if said := formNamed(name); said != form {
		return "", nil, fault("name", fmt.Sprintf("%q is called like another form: its content is %s", plainName(name), form), "give it the ending ."+string(form)+", or choose the right file")
	}
	marks, err := inspections()[form](body)
	if err != nil {
		return "", nil, err
	}
	slices.Sort(marks)
	return form, marks, nil
}

// inspections are how each form is looked at.
func inspections() map[Form]func([]byte) ([]Mark, error) {
	return map[Form]func([]byte) ([]Mark, error){PDF: pdf, PNG: png, JPEG: jpeg, CSV: csv, XLSX: xlsx}
}

// formOf is the form by the first bytes; "" for what is none of ours.
func formOf(body []byte) Form {
	switch {
	case bytes.HasPrefix(body, []byte("%PDF-")):
		return PDF
	case bytes.HasPrefix(body, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case bytes.HasPrefix(body, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(body, []byte("PK\x03\x04")), bytes.HasPrefix(body, []byte(compound)):
		return XLSX
	case isText(body):
		return CSV
	}
	return ""
}

// formNamed is the form that a name ends with; "" for another ending.
func formNamed(name string) Form {
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(plainName(name)), "."))
	if ending == "jpg" {
		return JPEG
	}
	if form := Form(ending); slices.Contains(Forms(), form) {
		return form
	}
	return ""
}

// compound is how an encrypted workbook begins ([MS-OFFCRYPTO] 2.3: a compound
// file with a stream EncryptedPackage, whose name is UTF-16).
const compound = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// wide is an ASCII text in UTF-16, little endian.
func wide(text string) []byte {
	b := make([]byte, 0, 2*len(text))
	for _, c := range []byte(text) {
		b = append(b, c, 0)
	}
	return b
}

// alone checks that what begins as one form is not an archive at its end too, nor
// a page or document for programs that look further down.
func alone(body []byte, form Form) error {
	if form != XLSX && sheet.IsArchive(bytes.NewReader(body), int64(len(body))) {
		return fault("mixed", fmt.Sprintf("the %s is an archive too", form), "hand in the document by itself")
	}
	if form != PDF && bytes.Contains(body[:min(len(body), 1024)], []byte("%PDF-")) {
		return fault("mixed", fmt.Sprintf("the %s is a PDF too", form), "hand in the document by itself")
	}
	edges := [][]byte{body[:min(len(body), 4096)], body[max(0, len(body)-4096):]}
	for _, edge := range edges {
		if form != PDF && markup(edge) {
			return fault("mixed", fmt.Sprintf("the %s holds a web page", form), "hand in the document by itself")
		}
	}
	return nil
}

// markup tells whether a browser that looks for it would find a page.
func markup(part []byte) bool {
	lower := bytes.ToLower(part)
	for _, sign := range []string{"<!doctype", "<html", "<script", "<svg", "<iframe", "<body", "<?php", "<object", "<embed"} {
		if bytes.Contains(lower, []byte(sign)) {
			return true
		}
	}
	return false
}

// pdf looks at a PDF (ISO 32000-1, 7.5): it ends where it says.
func pdf(body []byte) (marks []Mark, err error) {
	if !bytes.Contains(body[max(0, len(body)-1024):], []byte("%%EOF")) {
		return nil, fault("broken", "the PDF ends in the middle", "save it anew, or send it again")
	}
	if err := alone(body, PDF); err != nil {
		return nil, err
	}
	holds := func(signs ...string) bool {
		return slices.ContainsFunc(signs, func(s string) bool { return bytes.Contains(body, []byte(s)) })
	}
	if holds("/Encrypt") {
		marks = append(marks, Encrypted)
	}
	if holds("/ByteRange") {
		marks = append(marks, Signed)
	}
	// A tree of names for embedded files ("/EmbeddedFiles") may be empty, and is in many
	// a PDF; what is embedded says so itself (7.11.3, 7.11.4).
	embedded := bytes.Count(body, []byte("/EmbeddedFile")) > bytes.Count(body, []byte("/EmbeddedFiles"))
	if holds("/JavaScript", "/JS ", "/JS(", "/Launch", "/RichMedia", "/EF ", "/EF<", "/EF\r", "/EF\n") || embedded {
		marks = append(marks, Active)
	}
	return marks, nil
}

// mostPixels bounds an image to what no camera exceeds: an image can be a bomb too.
const mostPixels = 200_000_000

// picture checks that an image says its form and a possible size.
func picture(body []byte, form Form) error {
	header := map[Form]func(io.Reader) (image.Config, error){PNG: pngs.DecodeConfig, JPEG: jpegs.DecodeConfig}[form]
	c, err := header(bytes.NewReader(body))
	if err != nil {
		return fault("broken", fmt.Sprintf("the %s is broken", form), "take the photo or save the image anew")
	}
	if int64(c.Width)*int64(c.Height) > mostPixels {
		return fault("pixels", fmt.Sprintf("the image has %d × %d pixels", c.Width, c.Height), "scale it down")
	}
	return alone(body, form)
}

// png walks the chunks (ISO/IEC 15948, 5): nothing may follow the last.
func png(body []byte) ([]Mark, error) {
	broken := fault("broken", "the png is broken, or something follows its end", "save the image anew")
	if err := picture(body, PNG); err != nil {
		return nil, err
	}
	for rest := body[8:]; ; {
		if len(rest) < 12 {
			return nil, broken
		}
		n := int64(binary.BigEndian.Uint32(rest))
		if n > int64(len(rest)-12) || crc32.ChecksumIEEE(rest[4:8+n]) != binary.BigEndian.Uint32(rest[8+n:]) {
			return nil, broken
		}
		last := string(rest[4:8]) == "IEND"
		if rest = rest[12+n:]; last {
			if len(rest) > 0 {
				return nil, broken
			}
			return nil, nil
		}
	}
}

// jpeg looks at a photo. Cameras append further pictures after its end; that is
// no fault.
func jpeg(body []byte) ([]Mark, error) {
	if !bytes.Contains(body, []byte("\xff\xd9")) {
		return nil, fault("broken", "the jpeg ends in the middle", "take the photo again, or send it again")
	}
	return nil, picture(body, JPEG)
}

// isText tells whether nothing but text is in the bytes: UTF-8, Windows-1252, or
// UTF-16 that says so.
func isText(body []byte) bool {
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		return true
	}
	return !bytes.ContainsFunc(body, func(c rune) bool { return c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f })
}

// csv reads the whole table once.
func csv(body []byte) (marks []Mark, err error) {
	if markup(body) || bytes.HasPrefix(bytes.TrimLeft(body, "\xef\xbb\xbf \r\n\t"), []byte("<")) {
		return nil, fault("form", "the table is a web page or drawing", askFor)
	}
	if err := alone(body, CSV); err != nil {
		return nil, err
	}
	book, err := sheet.Open(bytes.NewReader(body), int64(len(body)), sheet.Limits{})
	if errors.Is(err, sheet.ErrMSCONS) {
		return nil, fault("readings", "this is an MSCONS message", "hand it in with the readings, it is no document")
	}
	if err != nil {
		return nil, err
	}
	err = book.Rows(0, func(row sheet.Row) error {
		for _, cell := range row.Cells {
			if text := strings.TrimSpace(cell.Text); text != "" && strings.ContainsRune("=@", rune(text[0])) {
				marks = []Mark{Formulas}
			}
		}
		return nil
	})
	return marks, err
}

// The bounds of a workbook's archive.
const (
	partsMost    = 1000
	unpackedMost = 256 << 20 // of all parts together
	ratioMost    = 200
)

// xlsx looks at a workbook (ECMA-376-2, Open Packaging): every part is unpacked
// once, to nowhere.
func xlsx(body []byte) ([]Mark, error) {
	if bytes.HasPrefix(body, []byte(compound)) {
		if !bytes.Contains(body, wide("EncryptedPackage")) {
			return nil, fault("old", "this is an old workbook (.xls) or another office document", "save it as .xlsx or PDF")
		}
		return []Mark{Encrypted}, nil
	}
	archive, err := sheet.Archive(bytes.NewReader(body), int64(len(body)), partsMost)
	if err != nil {
		return nil, err
	}
	if archive.Comment != "" {
		return nil, fault("broken", "the workbook's archive is none that a spreadsheet program writes", "save it anew as .xlsx")
	}
	names, left := map[string]bool{}, int64(unpackedMost)
	var marks []Mark
	for _, part := range archive.File {
		names[part.Name] = true
		if strings.HasSuffix(strings.ToLower(part.Name), "vbaproject.bin") {
			return nil, fault("macros", "the workbook holds macros", "save it as .xlsx without macros, or as PDF")
		}
		if strings.Contains(part.Name, "/embeddings/") || strings.Contains(part.Name, "/externalLinks/") {
			marks = []Mark{Active}
		}
		if left, err = unpack(part, left); err != nil {
			return nil, err
		}
	}
	if !names["[Content_Types].xml"] || !names["xl/workbook.xml"] {
		return nil, fault("form", "the archive is no workbook", askFor)
	}
	return marks, alone(body, XLSX)
}

// unpack reads a part to its end and tells how many bytes are left for the others.
func unpack(part *zip.File, left int64) (int64, error) {
	bomb := fault("bomb", fmt.Sprintf("the part %.80s of the workbook unpacks to more than any table", part.Name), "save it anew as .xlsx, or as PDF")
	packed, unpacked := int64(part.CompressedSize64), int64(part.UncompressedSize64)
	if unpacked < 0 || unpacked > left || unpacked > 1<<20 && unpacked > ratioMost*max(packed, 1) {
		return left, bomb
	}
	in, err := part.Open()
	if err != nil {
		return left, fault("broken", fmt.Sprintf("the part %.80s of the workbook does not unpack", part.Name), "save it anew as .xlsx")
	}
	defer in.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(in, left+1))
	if n > left {
		return left, bomb
	}
	if err != nil {
		return left, fault("broken", fmt.Sprintf("the part %.80s of the workbook is broken", part.Name), "save it anew as .xlsx")
	}
	return left - n, nil
}
