// Package proof knows the forms of the public ledger: what is hashed, what is
// written into the log, how a checkpoint is signed and how an operator shows
// that his submission is in. It knows no database and no clock; it opens one
// file, the signing key's.
//
// # The log
//
// The log is an append-only Merkle tree as golang.org/x/mod/sumdb/tlog builds
// it (RFC 6962: a leaf is SHA-256(0x00 ‖ record), a node SHA-256(0x01 ‖ left ‖
// right)). A record is a few lines of UTF-8:
//
//	heatledger KIND 1
//	NAME VALUE
//	…
//
// The kinds are those of [Kind]. Facts that are not mere batches of a
// collector (submissions, registry changes, events, decisions, imports) have a
// record each. Batches are covered by the hash chain of their site, whose
// latest link is recorded now and then, until their readings are sealed into
// chunks; the state of all chunks that still grow is one record for a site, and
// a chunk that is complete has a record of its own.
//
// # What is hashed
//
// Content enters a record only as SHA-256 over a random salt of 16 bytes, the
// name of a form with its version, and the parts of the content, each with its
// length in 4 bytes before it. Numbers are 8 bytes, instants microseconds since
// 1970, both big endian. Sites, points and sources stand by their names, not
// their numbers in the database. Who may see a salt and the content can check
// the digest; who sees only the record learns nothing of the content. When
// content is deleted under a retention policy its salt is deleted with it.
//
// The chain of a site: SHA-256(link before ‖ fact number ‖ instant of record in
// milliseconds ‖ SHA-256(lines of the fact)).
//
// # Checkpoints
//
// A checkpoint is a signed note (golang.org/x/mod/sumdb/note, Ed25519): the name
// of the log, the number of records, the root hash in base64, then the lines
// "at INSTANT" and, after a restore from a backup, "restored from checkpoint N".
//
// # What it does not prove
//
// That a figure is true: only that it is what was recorded, and when at the
// latest. That nothing was changed before it was logged: until then (seconds
// for a submission, a quarter of an hour for a batch) the chain in the database
// is all there is. And a log and its key on one host prove nothing against who
// administers that host: he can write another history from the beginning and
// sign it. What holds him are checkpoints in other hands (receipts, council
// papers, reports), for no other history leads to their root.
package proof

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// Digest is a SHA-256.
type Digest [sha256.Size]byte

// String is the digest in hex.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// IsZero tells that there is no digest.
func (d Digest) IsZero() bool { return d == Digest{} }

// MarshalText writes the digest in hex.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a digest in hex.
func (d *Digest) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(d) {
		return fmt.Errorf("%q is no digest: 64 hexadecimal digits are expected", text)
	}
	if _, err := hex.Decode(d[:], text); err != nil {
		return fmt.Errorf("%q is no digest: %w", text, err)
	}
	return nil
}

// Salt keeps a digest from giving away content that could be guessed.
type Salt [16]byte

// NewSalt draws a salt.
func NewSalt() (s Salt) {
	_, _ = rand.Read(s[:]) // never errs (crypto/rand, Go 1.24)
	return s
}

// MarshalText writes the salt in hex.
func (s Salt) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(s[:])), nil }

// UnmarshalText reads a salt in hex.
func (s *Salt) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(s) {
		return fmt.Errorf("%q is no salt: 32 hexadecimal digits are expected", text)
	}
	if _, err := hex.Decode(s[:], text); err != nil {
		return fmt.Errorf("%q is no salt: %w", text, err)
	}
	return nil
}

// ErrRecord says that a record is not of a form that this program writes.
var ErrRecord = errors.New("record of the log is in no known form")
