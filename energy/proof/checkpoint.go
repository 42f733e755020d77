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
	Next     string    // public key to which the log is handed over: later checkpoints are signed by it alone; "": it is not
	Restored int64     // the log was restored and goes on after this checkpoint, which it has lost; 0: it was not
	Note     string    // as signed
}

// ErrCheckpoint says that a text is no checkpoint, or not one of that key.
var ErrCheckpoint = errors.New("no checkpoint signed by this key")

// Sign makes a checkpoint.
func (k *Key) Sign(size int64, root tlog.Hash, at time.Time, restored int64) (Checkpoint, error) {
	return k.sign(size, root, at, restored, nil)
}

// HandOver makes a checkpoint that both keys sign: from it on the log is signed
// by next. Who trusts one of them is led to the other by it, see [Trust].
func (k *Key) HandOver(next *Key, size int64, root tlog.Hash, at time.Time, restored int64) (Checkpoint, error) {
	return k.sign(size, root, at, restored, next)
}

func (k *Key) sign(size int64, root tlog.Hash, at time.Time, restored int64, next *Key) (Checkpoint, error) {
	c := Checkpoint{Log: k.signer.Name(), Size: size, Root: root, At: at.UTC().Truncate(time.Millisecond), Restored: restored}
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s\n%d\n%s\nat %s\n", c.Log, size, base64.StdEncoding.EncodeToString(root[:]), Instant(at))
	if restored > 0 {
		fmt.Fprintf(&text, "restored from checkpoint %d\n", restored)
	}
	signers := []note.Signer{k.signer}
	if next != nil {
		c.Next = next.Public
		fmt.Fprintf(&text, "%s%s\n%s%s\n", lineFrom, k.Public, lineTo, next.Public)
		signers = append(signers, next.signer)
	}
	signed, err := note.Sign(&note.Note{Text: text.String()}, signers...)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign the log at %d records: %w", size, err)
	}
	c.Note = string(signed)
	return c, nil
}

// Lines of a checkpoint that hands the log over.
const (
	lineFrom = "key until here "
	lineTo   = "key from here on "
)

// OpenCheckpoint reads a checkpoint and checks that the holder of a public key
// has signed it. Instead of one key there may be several, a line each, as [Trust]
// gives them. A checkpoint may be pasted from a paper: blanks at the ends of
// lines, empty lines and a signature broken into two lines do not matter.
func OpenCheckpoint(text, publicKey string) (Checkpoint, error) {
	keys, err := trusted(publicKey)
	if err != nil {
		return Checkpoint{}, err
	}
	text = pasted(text)
	for _, key := range keys {
		signed, err := note.Open([]byte(text), note.VerifierList(key.verifier))
		if err != nil {
			continue
		}
		c, err := parseCheckpoint(signed.Text)
		if err != nil || c.Log != key.verifier.Name() {
			return Checkpoint{}, ErrCheckpoint
		}
		if key.until > 0 && c.Size > key.until {
			continue // it was handed over before: who signs with it now is somebody else
		}
		c.Note = text
		return c, nil
	}
	return Checkpoint{}, ErrCheckpoint
}

// pasted is the text of a note as it was signed: lines, an empty line, signatures.
func pasted(text string) string {
	var lines, signatures []string
	for line := range strings.Lines(text) {
		switch line = strings.TrimSpace(line); {
		case line == "":
		case strings.HasPrefix(line, "— "):
			signatures = append(signatures, line)
		case len(signatures) > 0: // goes on
			signatures[len(signatures)-1] += line
		default:
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n") + "\n\n" + strings.Join(signatures, "\n") + "\n"
}

func parseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return c, ErrCheckpoint
	}
	c.Log = lines[0]
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 {
		return c, ErrCheckpoint
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return c, ErrCheckpoint
	}
	copy(c.Root[:], root)
	for _, line := range lines[3:] {
		if at, ok := strings.CutPrefix(line, "at "); ok {
			if c.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
				return c, ErrCheckpoint
			}
		}
		if n, ok := strings.CutPrefix(line, "restored from checkpoint "); ok {
			if c.Restored, err = strconv.ParseInt(n, 10, 64); err != nil {
				return c, ErrCheckpoint
			}
		}
		if next, ok := strings.CutPrefix(line, lineTo); ok {
			c.Next = next
		}
	}
	return c, nil
}
