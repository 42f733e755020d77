package sheet

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"heatledger/energy"
)

// The encodings of texts that are recognised.
const (
	UTF8        = "UTF-8"
	UTF16LE     = "UTF-16LE"
	UTF16BE     = "UTF-16BE"
	Windows1252 = "Windows-1252"
)

// encodingOf tells the encoding of a text and the length of its mark: a mark
// settles it; without one, zeros at every second byte are UTF-16, what is valid
// UTF-8 throughout is that, and the rest is what German Excel writes.
func encodingOf(r io.ReaderAt, size int64) (name string, mark int64, err error) {
	head := make([]byte, min(size, 4096))
	if n, err := r.ReadAt(head, 0); int64(n) < int64(len(head)) && err != io.EOF {
		return "", 0, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return UTF8, 3, nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return UTF16LE, 2, nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return UTF16BE, 2, nil
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch half := len(head) / 2; {
	case zeros[0]+zeros[1] == 0:
	case zeros[1] > half/2 && zeros[0] == 0:
		return UTF16LE, 0, nil
	case zeros[0] > half/2 && zeros[1] == 0:
		return UTF16BE, 0, nil
	default:
		return "", 0, energy.Faults{{Code: "file_no_table", Problem: "this is no text and no workbook", Remedy: "hand in CSV, XLSX or MSCONS"}}
	}
	valid, err := validUTF8(io.NewSectionReader(r, 0, size))
	if err != nil || valid {
		return UTF8, 0, err
	}
	return Windows1252, 0, nil
}

func validUTF8(r io.Reader) (bool, error) {
	block := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := r.Read(block[kept:])
		text := block[:kept+n]
		end := len(text)
		for back := 1; back <= min(3, len(text)); back++ { // a character may be cut by the block
			if c := text[len(text)-back]; utf8.RuneStart(c) {
				if !utf8.FullRune(text[len(text)-back:]) {
					end = len(text) - back
				}
				break
			}
		}
		if !utf8.Valid(text[:end]) {
			return false, nil
		}
		kept = copy(block, text[end:])
		if err == io.EOF {
			return kept == 0, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// decoded is the text of r in UTF-8.
func decoded(r io.Reader, encoding string) io.Reader {
	switch encoding {
	case UTF16LE:
		return &wide{in: bufio.NewReaderSize(r, 64<<10), order: binary.LittleEndian}
	case UTF16BE:
		return &wide{in: bufio.NewReaderSize(r, 64<<10), order: binary.BigEndian}
	case Windows1252:
		return &western{in: bufio.NewReaderSize(r, 64<<10)}
	}
	return r
}

// wide decodes UTF-16; what is no character becomes U+FFFD.
type wide struct {
	in    *bufio.Reader
	order binary.ByteOrder
	rest  []byte
}

func (w *wide) Read(p []byte) (int, error) {
	for len(w.rest) < 4096 {
		unit, err := w.unit()
		if err != nil {
			if len(w.rest) > 0 {
				break
			}
			return 0, err
		}
		c := rune(unit)
		if utf16.IsSurrogate(c) {
			next, _ := w.in.Peek(2)
			if c = utf8.RuneError; len(next) == 2 {
				if pair := utf16.DecodeRune(rune(unit), rune(w.order.Uint16(next))); pair != utf8.RuneError {
					_, _ = w.in.Discard(2) // peeked above
					c = pair
				}
			}
		}
		w.rest = utf8.AppendRune(w.rest, c)
	}
	n := copy(p, w.rest)
	w.rest = w.rest[:copy(w.rest, w.rest[n:])]
	return n, nil
}

func (w *wide) unit() (uint16, error) {
	var two [2]byte
	if _, err := io.ReadFull(w.in, two[:]); err != nil {
		if err == io.ErrUnexpectedEOF { // half a character at the end
			err = io.EOF
		}
		return 0, err
	}
	return w.order.Uint16(two[:]), nil
}

// western decodes Windows-1252.
type western struct {
	in   *bufio.Reader
	rest []byte
}

// upper are the characters 0x80 to 0x9f of Windows-1252; the others from 0x80
// on are those of Unicode. Five are not used.
const upper = "€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ"

func (w *western) Read(p []byte) (int, error) {
	table := []rune(upper)
	for len(w.rest) < 4096 {
		b, err := w.in.ReadByte()
		if err != nil {
			if len(w.rest) > 0 {
				break
			}
			return 0, err
		}
		switch {
		case b >= 0x80 && b < 0xa0:
			w.rest = utf8.AppendRune(w.rest, table[b-0x80])
		default:
			w.rest = utf8.AppendRune(w.rest, rune(b))
		}
	}
	n := copy(p, w.rest)
	w.rest = w.rest[:copy(w.rest, w.rest[n:])]
	return n, nil
}
