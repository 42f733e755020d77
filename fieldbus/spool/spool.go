package spool

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"

	"github.com/klauspost/compress/zstd"
)

// Options says how a spool works; but for Source the zero value is good.
type Options struct {
	// Source is the collector's name, by which the centre knows it. Under
	// another name than before, what is not yet delivered begins a new epoch.
	Source string
	// BatchEvery is how long readings gather before a live batch is cut; 15 s.
	BatchEvery time.Duration
	// BatchReadings is the most readings of a batch; 20,000, at most 200,000.
	BatchReadings int
	// BacklogAfter: readings that could not be cut into a live batch for so
	// long, because earlier ones are not delivered, go to the backlog lane;
	// 5 min, at least twice BatchEvery.
	BacklogAfter time.Duration
	// Keep is how long delivered batches are kept after their delivery, so that
	// a centre restored from its backup gets them again; 14 days. See the
	// package's policies on retention and on clocks.
	Keep time.Duration
	// MaxBytes bounds the files of the spool; 8 GiB. See the package's policy
	// at the bound.
	MaxBytes int64
	// Gather is the longest that a commit waits for company after the one
	// before: it grows with the number of callers of that one, a lone caller
	// never waits; 20 ms.
	Gather time.Duration
	// Parallel is how many batches are under way at once; 4.
	Parallel int
	// Log is told of state changes; nil: nobody is.
	Log *slog.Logger
	// Now is the clock; time.Now.
	Now func() time.Time

	fileBytes int64                // of a file before the next is begun
	steady    func() time.Duration // a clock that never jumps
}

const (
	defaultMaxBytes  = 8 << 30
	defaultFileBytes = 16 << 20
	maxBatchReadings = 200_000
	maxRecordRows    = 4096
)

// withDefaults fills in what is zero.
func (o Options) withDefaults() Options {
	o.BatchEvery = cmp.Or(o.BatchEvery, 15*time.Second)
	o.BatchReadings = min(cmp.Or(o.BatchReadings, 20_000), maxBatchReadings)
	o.BacklogAfter = max(cmp.Or(o.BacklogAfter, 5*time.Minute), 2*o.BatchEvery)
	o.Keep = cmp.Or(o.Keep, 14*24*time.Hour)
	o.MaxBytes = cmp.Or(o.MaxBytes, defaultMaxBytes)
	o.Gather = cmp.Or(o.Gather, 20*time.Millisecond)
	o.Parallel = cmp.Or(o.Parallel, 4)
	o.fileBytes = cmp.Or(o.fileBytes, max(min(defaultFileBytes, o.MaxBytes/16), 64<<10))
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.steady == nil {
		begun := time.Now()
		o.steady = func() time.Duration { return time.Since(begun) }
	}
	return o
}

// check errs when the source cannot stand in a line of the identity file.
func (o Options) check() error {
	if o.Source == "" || len(o.Source) > 128 || strings.ContainsFunc(o.Source, func(r rune) bool { return r < ' ' || r == 0x7F }) {
		return fmt.Errorf("source %q: a name of 1 to 128 printable characters is expected", o.Source)
	}
	return nil
}

// ErrClosed is what a closed spool answers.
var ErrClosed = errors.New("spool is closed")

// Spool is a durable queue of readings in a folder. Its methods may be called
// from many goroutines; of [Spool.Deliver] and [Spool.Drain] one at a time runs.
type Spool struct {
	options Options
	disk    disk
	lock    *os.File // nil in memory
	id      identity
	seed    uint32
	packer  *zstd.Encoder
	reader  *zstd.Decoder

	journal    journal       // of who holds committing
	committing chan struct{} // token: one commit at a time
	committed  time.Time     // when the last commit began; of who holds committing
	company    int           // callers of the last commit; of who holds committing
	log        batchLog
	account    account
	delivering sync.Mutex     // held by Deliver and Drain
	staged     sync.WaitGroup // commits that no caller of Collect makes; begun with mu held, while it is open

	mu         sync.Mutex // guards what follows; never held around input or output
	state      state
	dictionary dictionary
	files      []*journalFile // those with readings in no batch, and the active one
	points     []numbered     // of the call being encoded
	gathering  *group
	spare      []*part // to use again
	counts     counts
	retention  retention
	unmarked   bool // how far lanes are delivered is not all in the log
	closed     bool
	full       bool          // the last readings were refused for want of room
	newcomers  chan struct{} // room for one: a site has its first reading
}

// counts are the accounts that are not in state, in readings unless they say otherwise.
type counts struct {
	kept         int64 // taken and, in the end, delivered, queued or lost
	lost         int64 // from the journal, before pieces that are cut
	missing      int64 // from the journal, before pieces that are not: found again when it is read anew
	setAside     int64 // damaged stretches and foreign files
	setAsideSize int64 // bytes of them
	releasedSoon int64 // files given up before Keep was over
}

var _ fieldbus.Stager = (*Spool)(nil)

// Open takes the spool in dir, which is made when it is not there. When another
// process has it the error is a [*HeldError]. Damage in its files is set aside,
// logged and counted; it is no error.
func Open(dir string, options Options) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open spool: %w", err)
	}
	lock, err := acquire(dir)
	if err != nil {
		return nil, err
	}
	s, err := openOn(folder(dir), options)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open spool %s: %w", dir, err), lock.Close())
	}
	s.lock = lock
	return s, nil
}

// openOn opens the spool on a disk that nobody else has.
func openOn(d disk, options Options) (*Spool, error) {
	if err := options.check(); err != nil {
		return nil, err
	}
	options = options.withDefaults()
	s := &Spool{
		options:    options,
		disk:       d,
		committing: make(chan struct{}, 1),
		dictionary: newDictionary(),
		gathering:  newGroup(),
		newcomers:  make(chan struct{}, 1),
	}
	var err error
	s.packer, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(256<<10), zstd.WithEncoderCRC(false))
	if err != nil {
		return nil, fmt.Errorf("prepare compression: %w", err)
	}
	s.reader, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return nil, fmt.Errorf("prepare decompression: %w", err)
	}
	if err := s.recover(); err != nil {
		s.reader.Close()
		return nil, err
	}
	return s, nil
}

// Close makes everything durable and gives the spool away. Deliver and Drain
// must have returned; a Collect under way is finished first, later ones err.
func (s *Spool) Close() error {
	s.delivering.Lock()
	defer s.delivering.Unlock()
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	waiting := s.gathering.callers > 0
	last := s.gathering
	s.mu.Unlock()
	if waiting {
		<-last.done
	}
	s.staged.Wait()
	s.committing <- struct{}{} // kept: no commit follows
	err := s.takeDown(true)
	if isFull(err) { // a full disk is no fault of the close: what counts is safe
		err = nil
	}
	err = errors.Join(err, s.log.close())
	if s.account.file != nil {
		err = errors.Join(err, s.account.file.Close())
	}
	s.mu.Lock()
	for _, f := range s.files {
		err = errors.Join(err, f.file.Close())
	}
	s.mu.Unlock()
	s.reader.Close()
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	if err != nil {
		return fmt.Errorf("close spool: %w", err)
	}
	return nil
}

// Epoch is the identity the spool was born with. A lane that had to begin anew
// has its own, see [LaneStats].
func (s *Spool) Epoch() energy.Epoch { return s.id.epoch }

// Deliverer takes a batch to the centre. It errs with [energy.ErrConflict] or
// [*energy.BehindError] as the centre says, or with anything else, after which
// the same batch is tried again. It must not keep b.Readings.
type Deliverer interface {
	Deliver(ctx context.Context, b energy.Batch) (energy.Delivery, error)
}
