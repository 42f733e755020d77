package exhibit_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/exhibit"
)

// chunk is a chunk of a PNG.
func chunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// drawing is a PNG that says a size, with a colour table and pixels that unpack to
// 64 MiB.
func drawing(t *testing.T, width, height uint32) []byte {
	t.Helper()
	var pixels bytes.Buffer
	z := zlib.NewWriter(&pixels)
	if _, err := io.Copy(z, io.LimitReader(zeros{}, 64<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	head = append(head, 8, 3, 0, 0, 0)
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head), chunk("PLTE", make([]byte, 768)), chunk("iCCP", append([]byte("x\x00\x00"), pixels.Bytes()...)),
		chunk("IDAT", pixels.Bytes()), chunk("IEND", nil)}, nil)
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestDocumentsThatGrowTakeNoMemory is not parallel: it looks at what the process
// allocates beyond the document itself.
func TestDocumentsThatGrowTakeNoMemory(t *testing.T) {
	const most = 32 << 20
	photo := picture(t, "jpeg")
	at := bytes.Index(photo, []byte("\xff\xc0")) // the frame: length, precision, height, width (ITU-T T.81, B.2.2)
	huge := bytes.Clone(photo)
	copy(huge[at+5:], "\xff\xff\xff\xff")
	crowd := bytes.Repeat(append([]byte("PK\x01\x02"), make([]byte, 42)...), 300_000)
	end := append([]byte("PK\x05\x06"), make([]byte, 18)...)
	binary.LittleEndian.PutUint16(end[8:], uint16(300_000&0xffff))
	binary.LittleEndian.PutUint16(end[10:], uint16(300_000&0xffff))
	binary.LittleEndian.PutUint32(end[12:], uint32(len(crowd)))
	directory := func(before string) []byte {
		tail := bytes.Clone(end)
		binary.LittleEndian.PutUint32(tail[16:], uint32(len(before)))
		binary.LittleEndian.PutUint16(tail[20:], 5) // a comment, which may say what a PDF ends with
		return bytes.Join([][]byte{[]byte(before), crowd, tail, []byte("%%EOF")}, nil)
	}
	for _, tt := range []struct {
		sentence, name, says string
		body                 []byte
	}{
		{"a drawing of ten billion pixels", "a.png", "pixels", drawing(t, 100_000, 100_000)},
		{"a drawing as wide as a number goes", "a.png", "", drawing(t, 1<<31-1, 1<<31-1)},
		{"a photo of four billion pixels", "a.jpg", "pixels", huge},
		{"a small drawing whose profile and pixels unpack to more", "a.png", "taken", drawing(t, 8, 8)},
		{"a PDF with a packed stream", "a.pdf", "taken", []byte(strings.Replace(onePDF, "endobj", "stream\n"+string(drawing(t, 8, 8))+"\nendstream endobj", 1))},
		{"a PDF of a million objects", "a.pdf", "taken", []byte(strings.Replace(onePDF, "endobj", "endobj"+strings.Repeat(" 1 0 obj<<>>endobj", 1_000_000), 1))},
		{"a PDF that is an archive of hundreds of thousands of parts", "a.pdf", "archive too", directory(onePDF)},
		{"a workbook of hundreds of thousands of parts", "a.xlsx", "parts", directory("PK\x03\x04")},
		{"a workbook of one part that is packed far smaller than any table", "a.xlsx", "unpacks to more", archive(t, map[string]string{"xl/worksheets/sheet1.xml": strings.Repeat(" ", 64<<20)})},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		_, _, err := exhibit.Inspect(tt.name, bytes.NewReader(tt.body), int64(len(tt.body)))
		runtime.ReadMemStats(&after)
		var faults energy.Faults
		if tt.says == "taken" && err != nil || tt.says != "taken" && (!errors.As(err, &faults) || !strings.Contains(err.Error(), tt.says) || faults[0].Remedy == "") {
			t.Errorf("%s: %v, want %q", tt.sentence, err, tt.says)
		}
		if took := int64(after.TotalAlloc-before.TotalAlloc) - int64(len(tt.body)); took > most {
			t.Errorf("%s: %d MiB were allocated beside its own %d", tt.sentence, took>>20, len(tt.body)>>20)
		}
	}
}
