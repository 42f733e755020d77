package spool

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"heatledger/energy"
)

const (
	recordMarker = 0x9E
	recordHead   = 10
	maxPayload   = 16 << 20 // bytes; the largest batch is far below
	scanWindow   = 256 << 10
)

// The kinds of record; the letters are part of the format.
const (
	kindNames      = 'n'
	kindReadings   = 'R'
	kindUncounted  = 'r' // as readings, by an earlier version: they lack the count before
	kindCheckpoint = 'c'
	kindBatch      = 'b'
	kindMark       = 'm'
	kindEpoch      = 'e'
	kindRefused    = 'x'
)

// errDamaged says that bytes on disk are not what was written.
var errDamaged = errors.New("damaged on disk")

// checksum goes on with CRC-32C from seed.
func checksum(seed uint32, b []byte) uint32 {
	return crc32.Update(seed, crc32.MakeTable(crc32.Castagnoli), b)
}

// seedOf is what the checksums of a spool's records start from.
func seedOf(e energy.Epoch) uint32 { return checksum(0, e[:]) }

// beginRecord appends a record's head, to be completed by endRecord once the
// payload stands behind it.
func beginRecord(dst []byte, kind byte) []byte {
	return append(dst, recordMarker, kind, 0, 0, 0, 0, 0, 0, 0, 0)
}

// endRecord completes the record that begins at dst[at].
func endRecord(dst []byte, at int, seed uint32) {
	payload := dst[at+recordHead:]
	binary.LittleEndian.PutUint32(dst[at+2:], uint32(len(payload)))
	crc := checksum(checksum(seed, dst[at+1:at+6]), payload)
	binary.LittleEndian.PutUint32(dst[at+6:], crc)
}

// parseRecord reads the record at the beginning of b; ok is false if none
// passes there. need > len(b) says how many bytes would be needed to tell.
func parseRecord(b []byte, seed uint32) (kind byte, payload []byte, need int, ok bool) {
	if len(b) < recordHead {
		return 0, nil, recordHead, false
	}
	length := binary.LittleEndian.Uint32(b[2:])
	if b[0] != recordMarker || length == 0 || length > maxPayload || !knownKind(b[1]) {
		return 0, nil, 0, false
	}
	need = recordHead + int(length)
	if len(b) < need {
		return 0, nil, need, false
	}
	payload = b[recordHead:need]
	if checksum(checksum(seed, b[1:6]), payload) != binary.LittleEndian.Uint32(b[6:]) {
		return 0, nil, need, false
	}
	return b[1], payload, need, true
}

// knownKind keeps the search for the next record from trying every 0x9E.
func knownKind(kind byte) bool {
	return bytes.IndexByte([]byte{kindNames, kindReadings, kindUncounted, kindCheckpoint, kindBatch, kindMark, kindEpoch, kindRefused}, kind) >= 0
}

// record is one record of a file, or, with kind 0, a damaged stretch of it.
type record struct {
	kind    byte
	payload []byte // valid until the next call of next
	from    int64
	to      int64
}

// scanner reads the records of a file in order and steps over damage.
type scanner struct {
	file   io.ReaderAt
	seed   uint32
	offset int64 // of the next record
	size   int64

	window []byte // what was read last
	start  int64  // offset of window[0]
}

// next gives the next record or damaged stretch; io.EOF at the end.
func (s *scanner) next() (record, error) {
	if s.offset >= s.size {
		return record{}, io.EOF
	}
	if r, ok, err := s.at(s.offset); ok || err != nil {
		s.offset = r.to
		return r, err
	}
	// The length of what is damaged is not to be trusted: look for the next
	// record byte by byte.
	damage := record{from: s.offset, to: s.size}
	for from := s.offset + 1; from < s.size; from++ {
		b, err := s.bytes(from, 1)
		if err != nil {
			return record{}, err
		}
		skip := bytes.IndexByte(b, recordMarker)
		if skip < 0 {
			from += int64(len(b)) - 1
			continue
		}
		from += int64(skip)
		if _, ok, err := s.at(from); err != nil {
			return record{}, err
		} else if ok {
			damage.to = from
			break
		}
	}
	s.offset = damage.to
	return damage, nil
}

// at reads the record at an offset, if there is one.
func (s *scanner) at(offset int64) (record, bool, error) {
	b, err := s.bytes(offset, recordHead)
	if err != nil {
		return record{}, false, err
	}
	kind, payload, need, ok := parseRecord(b, s.seed)
	if !ok && need > len(b) && offset+int64(need) <= s.size {
		if b, err = s.bytes(offset, need); err != nil {
			return record{}, false, err
		}
		kind, payload, need, ok = parseRecord(b, s.seed)
	}
	return record{kind: kind, payload: payload, from: offset, to: offset + int64(need)}, ok, nil
}

// bytes gives at least n bytes from offset on, fewer only at the file's end.
func (s *scanner) bytes(offset int64, n int) ([]byte, error) {
	if end := s.start + int64(len(s.window)); offset >= s.start && offset < end &&
		(offset+int64(n) <= end || end == s.size) {
		return s.window[offset-s.start:], nil
	}
	length := min(int64(max(n, scanWindow)), s.size-offset)
	if int64(cap(s.window)) < length {
		s.window = make([]byte, length)
	}
	s.window, s.start = s.window[:length], offset
	if read, err := s.file.ReadAt(s.window, offset); err != nil && (err != io.EOF || read < int(length)) {
		s.window = s.window[:0]
		return nil, fmt.Errorf("read %d bytes at %d: %w", length, offset, err)
	}
	return s.window, nil
}
