package spool

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"heatledger/energy"
)

// disk is the folder of a spool. Names are durable when a call returns.
type disk interface {
	Names() ([]string, error)
	Create(name string) (file, error) // which must not exist
	Open(name string) (f file, size int64, err error)
	Rename(from, to string) error
	Remove(name string) error
}

// file is a file of the spool; writes are durable after Sync.
type file interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Close() error
}

// folder is a disk in the file system.
type folder string

// Names leaves out folders and links: whatever they are, they are not ours.
func (d folder) Names() ([]string, error) {
	entries, err := os.ReadDir(string(d))
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// Create makes the file and its name durable; its content is not yet.
func (d folder) Create(name string) (file, error) {
	f, err := os.OpenFile(filepath.Join(string(d), name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := d.sync(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Open opens a file to read, and to write where the caller goes on in it.
func (d folder) Open(name string) (file, int64, error) {
	f, err := os.OpenFile(filepath.Join(string(d), name), os.O_RDWR, 0)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// Rename replaces what has the new name, at once or not at all.
func (d folder) Rename(from, to string) error {
	return cmp.Or(os.Rename(filepath.Join(string(d), from), filepath.Join(string(d), to)), d.sync())
}

// Remove need not be durable: a file that comes back is found to be used up.
func (d folder) Remove(name string) error { return os.Remove(filepath.Join(string(d), name)) }

// sync makes the names in the folder durable.
func (d folder) sync() error {
	f, err := os.Open(string(d))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

const (
	fileMagic   = "heatlog"
	fileVersion = 1
	fileHead    = len(fileMagic) + 1 + 1 + 16 + 8 + 4
)

// fileKind is the letter of a file's kind in its header.
type fileKind byte

const (
	journalKind fileKind = 'j'
	batchesKind fileKind = 'b'
)

// name is the name of the file with that number; names sort as numbers do.
func (k fileKind) name(number uint64) string {
	if k == journalKind {
		return fmt.Sprintf("journal-%010d.log", number)
	}
	return fmt.Sprintf("batches-%010d.log", number)
}

// number is the number in a file's name; ok is false for other files.
func (k fileKind) number(name string) (n uint64, ok bool) {
	format := "batches-%d.log"
	if k == journalKind {
		format = "journal-%d.log"
	}
	if _, err := fmt.Sscanf(name, format, &n); err != nil || n == 0 {
		return 0, false
	}
	return n, k.name(n) == name
}

// fileHeader is what a file begins with, see the package's description.
func fileHeader(kind fileKind, epoch energy.Epoch, number uint64) []byte {
	b := append([]byte(fileMagic), fileVersion, byte(kind))
	b = append(b, epoch[:]...)
	b = binary.LittleEndian.AppendUint64(b, number)
	return binary.LittleEndian.AppendUint32(b, checksum(0, b))
}

// headerEpoch is the epoch that a file's header names; ok is false when there
// is no whole header of that kind.
func headerEpoch(b []byte, kind fileKind) (epoch energy.Epoch, ok bool) {
	if len(b) < fileHead || string(b[:len(fileMagic)]) != fileMagic || b[len(fileMagic)] != fileVersion ||
		fileKind(b[len(fileMagic)+1]) != kind ||
		binary.LittleEndian.Uint32(b[fileHead-4:]) != checksum(0, b[:fileHead-4]) {
		return epoch, false
	}
	copy(epoch[:], b[len(fileMagic)+2:])
	return epoch, true
}

// createLog creates a file of ours with its header and first bytes, durably;
// what was begun is removed when that does not work out.
func createLog(d disk, kind fileKind, epoch energy.Epoch, number uint64, first []byte) (file, int64, error) {
	name := kind.name(number)
	f, err := d.Create(name)
	if errors.Is(err, fs.ErrExist) { // begun before, on a full disk, and never used
		if err = d.Remove(name); err == nil {
			f, err = d.Create(name)
		}
	}
	if err != nil {
		return nil, 0, fmt.Errorf("create %s: %w", name, err)
	}
	b := append(fileHeader(kind, epoch, number), first...)
	if _, err = f.WriteAt(b, 0); err == nil {
		err = f.Sync()
	}
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("begin %s: %w", name, err), f.Close(), d.Remove(name))
	}
	return f, int64(len(b)), nil
}
