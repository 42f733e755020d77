package spool

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"heatledger/energy"
	"heatledger/fieldbus/spool/rows"
)

// recover brings the spool to where its files say it was.
func (s *Spool) recover() error {
	names, err := s.disk.Names()
	if err != nil {
		return err
	}
	was, err := s.identify(names)
	if err != nil {
		return err
	}
	s.seed = seedOf(s.id.epoch)
	born := epochStart{epoch: s.id.epoch, source: was}
	s.log = batchLog{disk: s.disk, epoch: s.id.epoch, seed: s.seed, capacity: s.options.fileBytes, now: s.options.Now}
	if err := s.recoverBatches(numbersOf(names, batchesKind), born); err != nil {
		return err
	}
	if err := s.recoverJournal(numbersOf(names, journalKind)); err != nil {
		return err
	}
	s.recoverAccount()
	if was != s.id.source { // to the centre a new name is a new source, which counts from 1
		if err := s.rename(was); err != nil {
			return err
		}
	}
	for _, l := range s.state.lanes {
		s.counts.kept += int64(l.total)
		l.ask = l.epochEnd(0) // the centre may have been restored meanwhile
		if l.waiting() == 0 {
			continue
		}
		at, ok, err := s.locate(l.laneKey, l.acknowledged+1, located{})
		if err != nil {
			return err
		}
		if ok {
			l.oldest = at.first
		}
	}
	for _, of := range s.dictionary.sites {
		s.counts.kept += of.readings
	}
	s.counts.kept += s.counts.lost + s.counts.missing
	return nil
}

// recoverAccount reads what was refused and lost.
func (s *Spool) recoverAccount() {
	s.account = account{disk: s.disk, seed: s.seed}
	t, err := s.account.open()
	s.state.refused = max(s.state.refused, t.refused)
	s.retention.open(s.options.Now().UnixMicro(), s.options.steady(), int64(t.jumped))
	s.counts.lost = int64(t.lost)
	if err != nil {
		s.options.Log.Warn("what is refused is counted in memory only", "err", err)
	}
}

// identify reads who the spool is, or makes a new one, and gives the source it
// had.
func (s *Spool) identify(names []string) (was string, err error) {
	id, ok, err := readIdentity(s.disk)
	if err != nil {
		return "", fmt.Errorf("read identity: %w", err)
	}
	if ok {
		s.id = identity{epoch: id.epoch, source: s.options.Source}
		return id.source, nil // the new name is written when it was taken up
	}
	if slices.Contains(names, identityName) {
		s.setAsideFile(identityName)
	}
	// Without its identity a spool is known by the newest of its files.
	s.id = identity{epoch: energy.NewEpoch(), source: s.options.Source}
	for _, kind := range []fileKind{journalKind, batchesKind} {
		for _, n := range numbersOf(names, kind) {
			if epoch, ok := s.headerOf(kind, n); ok {
				s.id.epoch = epoch
			}
		}
	}
	return s.id.source, writeIdentity(s.disk, s.id)
}

// rename begins new epochs for what is not delivered under the old name.
func (s *Spool) rename(was string) error {
	now := s.options.Now().UnixMicro()
	for _, l := range s.state.lanes {
		e := epochEntry{laneKey: l.laneKey, total: l.delivered, epochStart: epochStart{
			base: l.acknowledged, epoch: energy.NewEpoch(), source: s.id.source}}
		err := s.log.append(&s.state, &s.mu, kindEpoch,
			func(dst []byte, synced int64) []byte { e.synced = synced; return e.append(dst) },
			func(uint64, int64, int64) { s.state.applyEpoch(e, now) })
		if err != nil {
			return fmt.Errorf("rename source %s to %s: %w", was, s.id.source, err)
		}
	}
	s.state.born.source = s.id.source
	// The name is written last: a crash before leaves the old one, and the same
	// is done again.
	s.options.Log.Warn("source has a new name: what is not delivered begins new epochs", "was", was, "is", s.id.source)
	if err := s.log.sync(s.log.end()); err != nil {
		return err
	}
	return writeIdentity(s.disk, s.id)
}

// numbersOf are the numbers of the files of that kind, ascending.
func numbersOf(names []string, kind fileKind) []uint64 {
	var numbers []uint64
	for _, name := range names {
		if n, ok := kind.number(name); ok {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// headerOf reads a file's header; ok is false when it is damaged or not there.
func (s *Spool) headerOf(kind fileKind, number uint64) (epoch energy.Epoch, ok bool) {
	f, _, err := s.disk.Open(kind.name(number))
	if err != nil {
		return epoch, false
	}
	b := make([]byte, fileHead)
	_, err = f.ReadAt(b, 0)
	if err := errors.Join(ignoreEOF(err), f.Close()); err != nil {
		return epoch, false
	}
	return headerEpoch(b, kind)
}

// openLog opens a log file for its records; ok is false when there are none to
// use: a file that was being created when the process ended is removed, a
// foreign one set aside.
func (s *Spool) openLog(kind fileKind, number uint64) (records scanner, f file, ok bool, err error) {
	name := kind.name(number)
	epoch, whole := s.headerOf(kind, number)
	f, size, err := s.disk.Open(name)
	if err != nil {
		return records, nil, false, err
	}
	start := int64(fileHead)
	if !whole {
		start = 0 // the header is damaged: the records may not be
	}
	if !whole || epoch == s.id.epoch {
		records = scanner{file: f, seed: s.seed, offset: start, size: size}
		for !ok {
			r, err := records.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return records, nil, false, errors.Join(fmt.Errorf("read %s: %w", name, err), f.Close())
			}
			ok = r.kind != 0
		}
	}
	if ok {
		return scanner{file: f, seed: s.seed, offset: start, size: size}, f, true, nil
	}
	if err := f.Close(); err != nil {
		return records, nil, false, err
	}
	if size <= int64(fileHead) || epoch == s.id.epoch {
		s.options.Log.Info("a file that was just begun is removed", "file", name)
		return records, nil, false, s.disk.Remove(name)
	}
	s.setAsideFile(name)
	return records, nil, false, nil
}

// recoverJournal finds the readings that are in no batch.
func (s *Spool) recoverJournal(numbers []uint64) error {
	// A number that a batch refers to is never used again: the place would be
	// taken for one that is cut.
	next := uint64(1)
	for _, p := range s.state.used {
		next = max(next, p.file+1)
	}
	for _, n := range numbers {
		next = max(next, n+1)
		records, f, ok, err := s.openLog(journalKind, n)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := s.recoverJournalFile(&journalFile{number: n, file: f, size: records.size}, records); err != nil {
			return fmt.Errorf("read %s: %w", journalKind.name(n), err)
		}
	}
	s.journal = journal{disk: s.disk, epoch: s.id.epoch, capacity: s.options.fileBytes, next: next}
	for _, of := range s.dictionary.sites {
		of.nudge()
	}
	return nil
}

// recoverJournalFile reads a journal file that an earlier process left. Damage up
// to its end is the tail of a write that was not finished, and nobody was told
// that it was; damage before that is set aside.
func (s *Spool) recoverJournalFile(in *journalFile, records scanner) error {
	name := journalKind.name(in.number)
	names := make(foundNames)
	for {
		r, err := records.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.Join(err, in.file.Close())
		}
		switch {
		case r.kind == kindNames && names.add(r.payload):
		case (r.kind == kindReadings || r.kind == kindUncounted) && s.restoreReadings(in, r, names):
		case r.kind == 0 && r.to == records.size:
			s.options.Log.Warn("a torn tail is cut off", "file", name, "at", r.from, "bytes", r.to-r.from)
			if err := in.file.Truncate(r.from); err != nil {
				return errors.Join(err, in.file.Close())
			}
			in.size = r.from
		default:
			s.setAside(in.file, name, r.from, r.to)
		}
	}
	if in.uncut > 0 {
		s.files = append(s.files, in)
		return nil
	}
	return errors.Join(in.file.Close(), s.disk.Remove(name))
}

// mostPassed is more readings than a journal file can hold.
const mostPassed = 1 << 30

// restoreReadings takes a record of readings unless it is in a batch already.
func (s *Spool) restoreReadings(in *journalFile, r record, names foundNames) bool {
	c := cursor{b: r.payload}
	found := names[c.uvarint()]
	if c.bad || found == nil {
		return false
	}
	before := found.passed
	if r.kind == kindReadings {
		before = c.uvarint()
	}
	base, count, err := rows.Check(c.b, found.has)
	if c.bad || err != nil || before < found.passed || before > mostPassed {
		return false
	}
	used := s.state.used[found.id]
	cut := (place{in.number, r.from}).before(used)
	// What is missing before this record was in damaged ones. It is lost unless
	// it was in a batch, and was counted then if that batch could not have it.
	lost := int32(0)
	if !cut && (used.file < in.number || used == found.end) {
		lost = int32(before - found.passed)
	}
	found.passed, found.end = before+uint64(count), place{in.number, r.to}
	if cut {
		return true
	}
	of := s.dictionary.site(found.id)
	of.pieces = append(of.pieces, piece{in: in, names: found, offset: r.from, length: int32(r.to - r.from),
		count: int32(count), lost: lost, collected: base})
	s.counts.missing += int64(lost)
	of.readings += int64(count)
	in.uncut++
	return true
}

// setAsideFile renames a file that is not ours, or not readable as ours.
func (s *Spool) setAsideFile(name string) {
	err := s.disk.Rename(name, name+".bad")
	s.counts.setAside++
	s.options.Log.Error("a foreign or damaged file is set aside", "file", name, "as", name+".bad", "err", err)
}

// setAside copies a damaged stretch of a file beside it, for whoever wants to
// look; the file stays in use without it.
func (s *Spool) setAside(f file, name string, from, to int64) {
	s.counts.setAside++
	s.counts.setAsideSize += to - from
	as := fmt.Sprintf("%s.%d.bad", name, from)
	b := make([]byte, min(to-from, maxPayload))
	_, err := f.ReadAt(b, from)
	if err == nil {
		var copied file
		if copied, err = s.disk.Create(as); err == nil {
			_, err = copied.WriteAt(b, 0)
			err = errors.Join(err, copied.Close())
		}
	}
	s.options.Log.Error("a damaged stretch is left out", "file", name, "from", from, "to", to, "copy", as, "err", err)
}
