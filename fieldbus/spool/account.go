package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"
)

const (
	accountName  = "account"
	accountMagic = "heatacct\x01"
	accountSlot  = 512 // bytes: what a disk writes whole
	accountSlots = 2
	// accountEvery is how often the account is brought to disk while readings
	// are refused: a killed process loses nothing of it, a power cut so much.
	accountEvery = time.Second
)

// tally is what no log can tell; counts are of readings over the spool's life.
type tally struct {
	refused uint64
	lost    uint64 // from the journal
	jumped  uint64 // when the clock jumped last, see retention; Unix µs
}

// account keeps the tally in a file that is written in place, so that a full
// disk can count what it refuses. Two slots take turns: one is always whole.
type account struct {
	disk disk
	seed uint32

	mu         sync.Mutex // taken before the spool's mutex
	file       file       // nil: there was no room for it yet
	generation uint64     // of the newest slot
	written    tally
	unsynced   bool
	synced     time.Time
	tried      time.Time // when the file was to be made last
}

// open reads the account, and makes its file where there is none. Not being able
// to is no error: readings are worth more than the count of those refused.
func (a *account) open() (t tally, err error) {
	f, size, err := a.disk.Open(accountName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return t, a.create()
	case err != nil:
		return t, fmt.Errorf("open %s: %w", accountName, err)
	}
	b := make([]byte, min(size, accountSlot*accountSlots))
	if _, err := f.ReadAt(b, 0); ignoreEOF(err) != nil {
		return t, errors.Join(fmt.Errorf("read %s: %w", accountName, err), f.Close())
	}
	for ; len(b) > 0; b = b[min(accountSlot, len(b)):] {
		if generation, found, ok := a.parse(b); ok && generation >= a.generation {
			a.generation, t = generation, found
		}
	}
	a.file, a.written, a.unsynced = f, t, true // a killed process may not have synced it
	if size < accountSlot*accountSlots {       // begun on a full disk
		a.file = nil
		return t, errors.Join(f.Close(), a.disk.Remove(accountName), a.create())
	}
	return t, nil
}

// create makes the file, all its bytes with it, and writes what is known.
func (a *account) create() error {
	f, err := a.disk.Create(accountName)
	if err != nil {
		return fmt.Errorf("create %s: %w", accountName, err)
	}
	if _, err = f.WriteAt(make([]byte, accountSlot*accountSlots), 0); err == nil {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("create %s: %w", accountName, err), f.Close(), a.disk.Remove(accountName))
	}
	a.file = f
	return nil
}

// slot is what a slot holds.
func (a *account) slot(t tally) []byte {
	b := append(make([]byte, 0, accountSlot), accountMagic...)
	for _, v := range []uint64{a.generation, t.refused, t.lost, t.jumped} {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return binary.LittleEndian.AppendUint32(b, checksum(a.seed, b))
}

// parse reads a slot; ok is false when it is empty, torn or of another spool.
func (a *account) parse(b []byte) (generation uint64, t tally, ok bool) {
	const fields = len(accountMagic) + 4*8
	if len(b) < fields+4 || string(b[:len(accountMagic)]) != accountMagic ||
		binary.LittleEndian.Uint32(b[fields:]) != checksum(a.seed, b[:fields]) {
		return 0, t, false
	}
	at := b[len(accountMagic):]
	t.refused, t.lost = binary.LittleEndian.Uint64(at[8:]), binary.LittleEndian.Uint64(at[16:])
	t.jumped = binary.LittleEndian.Uint64(at[24:])
	return binary.LittleEndian.Uint64(at), t, true
}

// write takes the tally down; with durable it waits for the disk.
func (a *account) write(t tally, durable bool) error {
	if t == a.written && !a.unsynced && !durable {
		return nil
	}
	if a.file == nil {
		if !durable && time.Since(a.tried) < accountEvery {
			return fmt.Errorf("write %s: %w", accountName, ErrFull)
		}
		a.tried = time.Now()
		if err := a.create(); err != nil {
			return err
		}
	}
	if t != a.written {
		a.generation++
		if _, err := a.file.WriteAt(a.slot(t), int64(a.generation%accountSlots)*accountSlot); err != nil {
			return fmt.Errorf("write %s: %w", accountName, err)
		}
		a.written, a.unsynced = t, true
	}
	if !a.unsynced || !durable && time.Since(a.synced) < accountEvery {
		return nil
	}
	a.synced = time.Now()
	if err := a.file.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", accountName, err)
	}
	a.unsynced = false
	return nil
}

// takeDown writes what was refused and lost so far; callers that come together
// share it.
func (s *Spool) takeDown(durable bool) error {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	s.mu.Lock()
	t := tally{refused: s.state.refused, lost: uint64(s.counts.lost), jumped: uint64(s.retention.since)}
	s.mu.Unlock()
	return s.account.write(t, durable)
}

// refuse counts readings that are not taken.
func (s *Spool) refuse(readings int) {
	s.mu.Lock()
	s.state.refused += uint64(readings)
	s.mu.Unlock()
	s.count()
}

// count takes down what was refused or lost, as far as the disk lets it.
func (s *Spool) count() {
	if err := s.takeDown(false); err != nil {
		s.options.Log.Debug("what is refused or lost is counted in memory only", "err", err)
	}
}
