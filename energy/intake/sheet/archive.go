package sheet

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"sync/atomic"

	"heatledger/energy"
)

// directoryMost bounds the table of contents of an archive, in bytes: it is read as a
// whole before its entries can be counted, and the number it states may be a lie.
const directoryMost = 4 << 20

// tokenMost bounds one piece of XML (a text, an element with its attributes, a
// comment), in bytes: a decoder holds each in memory as a whole. A cell of a
// spreadsheet has at most 32,767 characters.
const tokenMost = 1 << 20

// Archive opens an archive of at most so many entries. It errs with energy.Faults for
// what is none, or has more; neither takes much memory.
func Archive(r io.ReaderAt, size int64, entries int) (*zip.Reader, error) {
	content := &contents{in: r}
	content.left.Store(directoryMost)
	archive, err := zip.NewReader(content, size)
	if content.left.Load() < 0 || err == nil && len(archive.File) > entries {
		return nil, energy.Faults{{Code: "file_bomb", Problem: fmt.Sprintf("the archive has more than the %d parts that a workbook may have", entries), Remedy: xlsxRemedy}}
	}
	if err != nil {
		return nil, energy.Faults{{Code: "file_workbook", Problem: "the workbook's archive is broken: " + err.Error(), Remedy: xlsxRemedy}}
	}
	content.opened = true
	return archive, nil
}

// IsArchive tells whether a program that looks for one finds an archive in a file, be
// it too large for us.
func IsArchive(r io.ReaderAt, size int64) bool {
	content := &contents{in: r}
	content.left.Store(directoryMost)
	_, err := zip.NewReader(content, size)
	return err == nil || content.left.Load() < 0
}

// contents ends the reading of a table of contents that has no end.
type contents struct {
	in     io.ReaderAt
	left   atomic.Int64
	opened bool // it was read; the parts have bounds of their own
}

// ReadAt reads as long as something is left.
func (c *contents) ReadAt(p []byte, at int64) (int, error) {
	if !c.opened && c.left.Add(-int64(len(p))) < 0 {
		return 0, io.ErrUnexpectedEOF
	}
	return c.in.ReadAt(p, at)
}

// pieces reads XML token by token, none of them longer than any of a workbook.
type pieces struct {
	*xml.Decoder
	in *piece
}

func newPieces(in io.Reader, name string) *pieces {
	p := &piece{in: in, name: name}
	return &pieces{xml.NewDecoder(p), p}
}

// Token is the next token, as [xml.Decoder.RawToken] has it.
func (p *pieces) Token() (xml.Token, error) {
	p.in.read = 0
	return p.RawToken()
}

// piece ends a token that has no end.
type piece struct {
	in   io.Reader
	name string
	read int // since the last token
}

// Read reads on, unless the token is too long.
func (p *piece) Read(b []byte) (int, error) {
	if p.read > tokenMost {
		return 0, bomb(p.name)
	}
	n, err := p.in.Read(b)
	p.read += n
	return n, err
}
