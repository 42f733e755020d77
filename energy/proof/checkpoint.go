package proof

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is the log at one moment: whoever keeps it can tell later whether
// what he is shown leads to it.
type Checkpoint struct {
	Log      string // the log's name
	Size     int64  // number of records
	Root     tlog.Hash
	At       time.Time // UTC, whole milliseconds
	Restored int64     // the log was restored and goes on after this checkpoint, which it has lost; 0: it was not
	Note     string    // as signed
}

// ErrCheckpoint says that a text is no checkpoint, or not one of that key.
var ErrCheckpoint = errors.New("no checkpoint signed by this key")

// Sign makes a checkpoint.
func (k *Key) Sign(size int64, root tlog.Hash, at time.Time, restored int64) (Checkpoint, error) {
	c := Checkpoint{Log: k.signer.Name(), Size: size, Root: root, At: at.UTC().Truncate(time.Millisecond), Restored: restored}
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s\n%d\n%s\nat %s\n", c.Log, size, base64.StdEncoding.EncodeToString(root[:]), Instant(at))
	if restored > 0 {
		fmt.Fprintf(&text, "restored from checkpoint %d\n", restored)
	}
	signed, err := note.Sign(&note.Note{Text: text.String()}, k.signer)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign the log at %d records: %w", size, err)
	}
	c.Note = string(signed)
	return c, nil
}

// OpenCheckpoint reads a checkpoint and checks that the holder of a public key
// has signed it.
func OpenCheckpoint(text, publicKey string) (Checkpoint, error) {
	verifier, err := note.NewVerifier(strings.TrimSpace(publicKey))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read the public key of the log: %w", err)
	}
	text = strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n") + "\n" // as pasted from a paper
	signed, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%w: %w", ErrCheckpoint, err)
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return Checkpoint{}, ErrCheckpoint
	}
	c := Checkpoint{Log: lines[0], Note: text}
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 {
		return Checkpoint{}, ErrCheckpoint
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return Checkpoint{}, ErrCheckpoint
	}
	copy(c.Root[:], root)
	for _, line := range lines[3:] {
		if at, ok := strings.CutPrefix(line, "at "); ok {
			if c.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
				return Checkpoint{}, ErrCheckpoint
			}
		}
		if n, ok := strings.CutPrefix(line, "restored from checkpoint "); ok {
			if c.Restored, err = strconv.ParseInt(n, 10, 64); err != nil {
				return Checkpoint{}, ErrCheckpoint
			}
		}
	}
	return c, nil
}
