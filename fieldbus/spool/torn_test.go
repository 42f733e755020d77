package spool

import (
	"bytes"
	"slices"
	"testing"

	"heatledger/energy"
)

// written is a spool with ten readings in batches and thirty in the journal.
func written(t *testing.T) *memory {
	t.Helper()
	d := newMemory(1)
	s := mustOpen(t, d, Options{})
	mustCollect(t, s, readings("north", 0, 10))
	for _, of := range s.allSites() {
		if err := s.cut(of, true); err != nil {
			t.Fatal(err)
		}
	}
	for n := int64(10); n < 40; n += 10 {
		mustCollect(t, s, readings("north", n, n+10))
	}
	return d.killed()
}

// whole are the readings of a journal's records that end at or before size.
func whole(t *testing.T, d *memory, name string, size int64) (count int) {
	t.Helper()
	s := mustOpen(t, d.killed(), Options{})
	for _, p := range s.dictionary.sites["north"].pieces {
		if journalKind.name(p.in.number) == name && p.end().offset <= size {
			count += int(p.count)
		}
	}
	return count
}

func TestAFileCutAtAnyByteKeepsItsWholeRecords(t *testing.T) {
	t.Parallel()
	before := written(t)
	journal, batches := journalKind.name(1), batchesKind.name(1)
	all := readings("north", 0, 40)
	for _, name := range []string{journal, batches} {
		for size := range int64(len(before.files[name].data)) {
			for fill, spoil := range map[string]func([]byte) []byte{
				"cut":    func(b []byte) []byte { return b[:size] },
				"zeroed": func(b []byte) []byte { clear(b[size:]); return b },
			} {
				d := before.killed()
				d.files[name].data = spoil(bytes.Clone(d.files[name].data))
				c := newCentre()
				s := mustOpen(t, d, Options{})
				mustDrain(t, s, c)
				st := s.Stats()
				want := 40 // a torn batch is cut anew from the journal
				if name == journal {
					want = 10 + whole(t, before, journal, size)
				}
				if c.readings() != want || int(st.Delivered) != want || st.Collected != st.Delivered || st.Queued != 0 {
					t.Fatalf("%s %s at %d: %d readings came, want %d; %+v", name, fill, size, c.readings(), want, st)
				}
				for r := range c.facts {
					if !slices.Contains(all, r) {
						t.Fatalf("%s %s at %d: %v was never collected", name, fill, size, r)
					}
				}
			}
		}
	}
}

func TestWhatDamageCostIsCountedOnceHoweverOftenTheSpoolIsOpened(t *testing.T) {
	t.Parallel()
	d := newMemory(1)
	s := mustOpen(t, d, Options{})
	for n := int64(0); n < 50; n += 10 {
		mustCollect(t, s, append(readings("north", n, n+10), readings("south", n, n+5)...))
	}
	pieces := s.dictionary.sites["north"].pieces
	spoil := func(d *memory, p piece) { d.files[journalKind.name(1)].data[p.offset+20] ^= 1 }
	accounts := func(s *Spool, when string, delivered, queued, lost int64) {
		t.Helper()
		if st := s.Stats(); st.Collected != 75 || st.Delivered != delivered || st.Queued != queued || st.Lost != lost {
			t.Errorf("%s: %+v", when, st)
		}
	}
	accounts(s, "collected", 0, 75, 0)
	d = d.killed()
	spoil(d, pieces[1])
	for range 3 {
		s = mustOpen(t, d, Options{})
		accounts(s, "opened", 0, 65, 10)
		d = d.killed()
	}
	s = mustOpen(t, d, Options{})
	spoil(d, pieces[2]) // while the spool is open
	c := newCentre()
	mustDrain(t, s, c)
	accounts(s, "delivered", 55, 0, 20)
	for range 3 {
		d = d.killed()
		s = mustOpen(t, d, Options{})
		accounts(s, "delivered and opened", 55, 0, 20)
	}
	if c.readings() != 55 {
		t.Errorf("%d readings came", c.readings())
	}
}

func TestTheCountOfRefusedReadingsOutlivesKillAndPowerCut(t *testing.T) {
	t.Parallel()
	d := newMemory(1)
	d.capacity = 8 << 10
	s := mustOpen(t, d, Options{fileBytes: 1 << 10})
	refused, n := int64(0), int64(0)
	fill := func() {
		for begun := refused; refused < begun+100; n += 10 {
			if err := s.Collect(t.Context(), readings("north", n, n+10)); err != nil {
				refused += 10
			}
		}
	}
	want := func(when string, least, most int64) {
		t.Helper()
		if st := s.Stats(); st.Refused < least || st.Refused > most || st.Collected != st.Queued+st.Refused {
			t.Errorf("%s: %+v, want %d to %d refused", when, st, least, most)
		}
	}
	fill()
	want("on a full disk", refused, refused)
	for range 5 {
		d = d.killed()
		d.capacity = d.used() // full to the last byte
		s = mustOpen(t, d, Options{fileBytes: 1 << 10})
		want("killed", refused, refused)
		fill()
		want("full again", refused, refused)
	}
	if err := s.takeDown(true); err != nil {
		t.Fatal(err)
	}
	secured := refused
	fill()
	d = d.powerCut()
	s = mustOpen(t, d, Options{fileBytes: 1 << 10})
	want("after a power cut", secured, refused)
}

func TestASpoolOfTheEarlierFormIsReadOn(t *testing.T) {
	t.Parallel()
	d := newMemory(1)
	s := mustOpen(t, d, Options{})
	mustCollect(t, s, readings("north", 0, 20))
	// The same records without the count before, as the earlier version wrote them.
	name := journalKind.name(1)
	old := fileHeader(journalKind, s.id.epoch, 1)
	data := d.files[name].data
	records := scanner{file: bytes.NewReader(data), seed: s.seed, offset: int64(fileHead), size: int64(len(data))}
	for r, err := records.next(); err == nil; r, err = records.next() {
		at, kind, payload := len(old), r.kind, r.payload
		if kind == kindReadings { // site number 0, count 0
			kind, payload = kindUncounted, append([]byte{0}, payload[2:]...)
		}
		old = append(beginRecord(old, kind), payload...)
		endRecord(old, at, s.seed)
	}
	d = d.killed()
	d.files[name].data = old
	delete(d.files, accountName)
	c := newCentre()
	s = mustOpen(t, d, Options{})
	mustDrain(t, s, c)
	for _, r := range readings("north", 0, 20) {
		if c.count(r) != 1 {
			t.Fatalf("%v is at the centre %d times", r, c.count(r))
		}
	}
}

func TestADamagedAccountNeverSaysMoreThanWas(t *testing.T) {
	t.Parallel()
	before := newMemory(1)
	s := mustOpen(t, before, Options{})
	for range 5 { // both slots are in use
		if err := s.Collect(t.Context(), append(readings("north", 0, 9), energy.PointReading{Point: "no point"})); err == nil {
			t.Fatal("an ill-formed point was collected")
		}
	}
	for at := range accountSlot * accountSlots {
		d := before.killed()
		d.files[accountName].data[at] ^= 0x41
		s := mustOpen(t, d, Options{})
		if n := s.Stats().Refused; n != 50 && n != 40 { // the other slot is the one before
			t.Fatalf("byte %d spoiled: %d readings are said to be refused, 50 were", at, n)
		}
	}
	foreign := newMemory(2)
	mustOpen(t, foreign, Options{})
	foreign = foreign.killed()
	foreign.files[accountName].data = bytes.Clone(before.files[accountName].data)
	s = mustOpen(t, foreign, Options{})
	if st := s.Stats(); st.Refused != 0 || st.Collected != 0 {
		t.Errorf("another spool's account is believed: %+v", st)
	}
}
