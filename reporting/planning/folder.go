package planning

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"time"

	"heatledger/reporting/cell"
)

// File is one file of a folder. Its name may hold slashes.
type File struct {
	Name string
	Data []byte
	// write writes it where it is too long to stand in memory: there is no Data then.
	write func(io.Writer) error
}

// into writes what the file holds.
func (f File) into(w io.Writer) error {
	if f.write != nil {
		return f.write(w)
	}
	_, err := w.Write(f.Data)
	return err
}

// beginning is the time of every file of an archive: the earliest that the format
// knows, since the content alone is to tell two archives apart.
func beginning() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }

// WriteZip packs files in their order.
func WriteZip(w io.Writer, files []File) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		part, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: beginning()})
		if err == nil {
			err = f.into(part)
		}
		if err != nil {
			return fmt.Errorf("pack %s: %w", f.Name, err)
		}
	}
	return z.Close()
}

// table is a CSV file for programs: commas, points, no byte order mark.
func table(name string, rows [][]string) File {
	var b bytes.Buffer
	w := cell.NewWriter(&b)
	_ = w.WriteAll(rows) // into memory
	return File{Name: name, Data: b.Bytes()}
}
