package energy

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Epoch is the random identity a spool is born with. A collector that is
// installed anew and counts from 1 again is a new epoch, not a duplicate.
type Epoch [16]byte

// NewEpoch draws an epoch.
func NewEpoch() (e Epoch) {
	_, _ = rand.Read(e[:]) // never errs (crypto/rand, Go 1.24)
	return e
}

// String is the epoch in hex.
func (e Epoch) String() string { return hex.EncodeToString(e[:]) }

// Lane separates what is fresh from what catches up: each is delivered in its
// own order, so weeks of backlog do not delay live readings.
type Lane uint8

// The lanes.
const (
	Live    Lane = 1
	Backlog Lane = 2
)

// Batch is what a source delivers at once: readings of one site. It is known
// by (Site, Source, Epoch, Lane, Sequence); the same key always carries the
// same readings, which [Batch.Digest] proves.
type Batch struct {
	Site     SiteID
	Source   string // the collector's name
	Epoch    Epoch
	Lane     Lane
	Sequence uint64 // from 1, without holes within (Site, Source, Epoch, Lane)
	Readings []PointReading
}

// Digest is the SHA-256 over the batch's readings in their order, in a fixed
// form: point, instant (µs), length (µs), value (form, exponent, bits), quality.
func (b Batch) Digest() (digest [sha256.Size]byte) {
	const enough = 8 << 10
	sum := sha256.New()
	buf := make([]byte, 0, enough+512)
	for i := range b.Readings {
		r := &b.Readings[i]
		buf = binary.AppendUvarint(buf, uint64(len(r.Point)))
		buf = append(buf, r.Point...)
		buf = binary.BigEndian.AppendUint64(buf, uint64(r.At.UnixMicro()))
		buf = binary.BigEndian.AppendUint64(buf, uint64(r.Length/time.Microsecond))
		form := byte(0)
		if r.Value.binary {
			form = 1
		}
		buf = append(buf, form, byte(r.Value.exp), byte(r.Quality))
		buf = binary.BigEndian.AppendUint64(buf, uint64(r.Value.bits))
		if len(buf) >= enough {
			sum.Write(buf)
			buf = buf[:0]
		}
	}
	sum.Write(buf)
	sum.Sum(digest[:0])
	return digest
}

// Delivery is the centre's answer to a batch it has, now or already.
type Delivery struct {
	Upto      uint64 // every sequence up to this one is a fact
	Fact      int64  // the fact number of the site that the batch became, 0 if it was known
	Duplicate bool   // it was there already
}

// ErrConflict says that a batch's key is known with other content: the source
// must begin a new epoch and send it again.
var ErrConflict = errors.New("batch is known with other content")

// BehindError says that the centre has less than the source believes (it was
// restored from a backup): deliver again from Upto+1.
type BehindError struct{ Upto uint64 }

// Error says how far the centre is and where to go on.
func (e *BehindError) Error() string {
	return fmt.Sprintf("centre has batches up to %d only: deliver again from %d", e.Upto, e.Upto+1)
}
