package spool

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"heatledger/energy"
)

// FuzzScanner lets the scanner read any bytes: it ends, tells where it was, and
// gives no record that was not written.
func FuzzScanner(f *testing.F) {
	seed := seedOf(energy.Epoch{1})
	whole := beginRecord(nil, kindNames)
	whole = append(whole, "payload"...)
	endRecord(whole, 0, seed)
	f.Add(whole)
	f.Add(append(append([]byte{recordMarker, kindMark, 1}, whole...), 0, 0))
	f.Add(whole[:len(whole)-1])
	f.Fuzz(func(t *testing.T, b []byte) {
		s := scanner{file: bytes.NewReader(b), seed: seed, size: int64(len(b))}
		for at := int64(0); ; {
			r, err := s.next()
			if errors.Is(err, io.EOF) {
				if at != int64(len(b)) {
					t.Fatalf("ended at %d of %d", at, len(b))
				}
				return
			}
			if err != nil || r.from != at || r.to <= r.from {
				t.Fatalf("at %d: %+v, %v", at, r, err)
			}
			if at = r.to; r.kind == 0 {
				continue
			}
			again := append(beginRecord(nil, r.kind), r.payload...)
			endRecord(again, 0, seed)
			if !bytes.Equal(again, b[r.from:r.to]) {
				t.Fatalf("record at %d is not what stands there", r.from)
			}
		}
	})
}

// FuzzOpen opens a spool whose records pass their checksums and hold anything:
// what is not understood is left out, and the accounts stay whole.
func FuzzOpen(f *testing.F) {
	const sample = 200
	d := newMemory(1)
	s, err := openOn(d, Options{Source: "edge", BatchReadings: 10})
	if err != nil {
		f.Fatal(err)
	}
	id := s.id
	if err := s.Collect(f.Context(), readings("north", 0, 30)); err != nil {
		f.Fatal(err)
	}
	if err := s.Drain(f.Context(), newCentre()); err != nil {
		f.Fatal(err)
	}
	// The fuzzer's bytes are frames: kind, length, payload.
	for _, name := range []string{journalKind.name(1), batchesKind.name(1)} {
		data := d.files[name].data
		records := scanner{file: bytes.NewReader(data), seed: s.seed, offset: int64(fileHead), size: int64(len(data))}
		var frames []byte
		for r, err := records.next(); err == nil && len(frames) < sample; r, err = records.next() {
			frames = binary.AppendUvarint(append(frames, r.kind), uint64(len(r.payload)))
			frames = append(frames, r.payload...)
		}
		f.Add(frames, name == journalKind.name(1))
	}
	f.Fuzz(func(t *testing.T, frames []byte, inJournal bool) {
		kind := batchesKind
		if inJournal {
			kind = journalKind
		}
		content := fileHeader(kind, id.epoch, 1)
		for c := (cursor{b: frames}); len(c.b) > 1; {
			letter := c.b[0]
			c.b = c.b[1:]
			n := c.count(1)
			at := len(content)
			content = append(beginRecord(content, letter), c.b[:n]...)
			endRecord(content, at, seedOf(id.epoch))
			c.b = c.b[n:]
		}
		d := newMemory(1)
		d.files[kind.name(1)] = &memoryFile{on: d, data: content}
		if err := writeIdentity(d, id); err != nil {
			t.Fatal(err)
		}
		s, err := openOn(d, Options{Source: "edge", BatchReadings: 10})
		if err != nil {
			t.Fatal(err)
		}
		if st := s.Stats(); st.Collected != st.Delivered+st.Queued+st.Refused+st.Lost {
			t.Fatalf("accounts: %+v", st)
		}
		_ = s.Drain(t.Context(), newCentre()) // a batch log that was made up may have no end
	})
}
