package proof

import (
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"heatledger/energy"
)

// Inclusion shows that a fact's record is in the log. It can be checked
// without the database.
type Inclusion struct {
	Site       energy.SiteID    `json:"site"`
	Fact       int64            `json:"fact"`
	Record     string           `json:"record"`
	Salt       Salt             `json:"salt"`  // of the digest of what was handed in
	Index      int64            `json:"index"` // of the record in the log, from 0
	Size       int64            `json:"size"`  // of the log in the checkpoint
	Proof      tlog.RecordProof `json:"proof"` // hashes from the record to the root
	Checkpoint string           `json:"checkpoint"`
	Key        string           `json:"key"` // the log's public key
}

// The ways in which an inclusion does not prove what it should.
var (
	ErrNotIn     = errors.New("record does not lead to the checkpoint")
	ErrOther     = errors.New("record is of another fact")
	ErrDigest    = errors.New("record is of something else than was handed in")
	ErrDiverging = errors.New("checkpoint of the same size has another root: there are two histories")
)

// Check proves that the record is in the log that publicKey signs; without one
// the inclusion's own is used, which proves only that it fits itself. digest is
// that of what was handed in; nil: only the record is proved.
func (i Inclusion) Check(publicKey string, digest []byte) (Checkpoint, error) {
	if publicKey == "" {
		publicKey = i.Key
	}
	checkpoint, err := OpenCheckpoint(i.Checkpoint, publicKey)
	if err != nil {
		return Checkpoint{}, err
	}
	record, err := ParseRecord(i.Record)
	if err != nil {
		return Checkpoint{}, err
	}
	if record.Kind != KindFact || record.Value("site") != string(i.Site) || record.Value("fact") != strconv.FormatInt(i.Fact, 10) {
		return Checkpoint{}, ErrOther
	}
	if i.Index < 0 || i.Index >= checkpoint.Size {
		return Checkpoint{}, ErrNotIn
	}
	if err := tlog.CheckRecord(i.Proof, checkpoint.Size, checkpoint.Root, i.Index, tlog.RecordHash([]byte(i.Record))); err != nil {
		return Checkpoint{}, fmt.Errorf("%w: %w", ErrNotIn, err)
	}
	if digest != nil && record.Value(LineSubmission) != Of(i.Salt, LineSubmission, digest).String() {
		return Checkpoint{}, ErrDigest
	}
	return checkpoint, nil
}

// Consistency shows that a log has only grown between two checkpoints.
type Consistency struct {
	From  int64          `json:"from"`
	To    int64          `json:"to"`
	Proof tlog.TreeProof `json:"proof"`
}

// Check proves that the later checkpoint's log begins with the earlier one's.
func (c Consistency) Check(earlier, later Checkpoint) error {
	if earlier.Size == later.Size && earlier.Root != later.Root {
		return ErrDiverging
	}
	if earlier.Size == later.Size || earlier.Size == 0 {
		return nil
	}
	if err := tlog.CheckTree(c.Proof, later.Size, later.Root, earlier.Size, earlier.Root); err != nil {
		return fmt.Errorf("%w: %w", ErrDiverging, err)
	}
	return nil
}
