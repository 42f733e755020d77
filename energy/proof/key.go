package proof

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Key signs checkpoints. Its file holds two lines, the private and the public
// key in the form of golang.org/x/mod/sumdb/note, and is readable by its owner
// alone. Further lines are the public keys that signed before it, "KEY until SIZE".
type Key struct {
	Public string // name+hash+key: whoever has it can check checkpoints
	// Trusted is Public and, a line each, the keys before it: what it takes to
	// check checkpoints of all times.
	Trusted string
	signer  note.Signer
}

// ErrKeyFile says that a key file is not fit for use.
var ErrKeyFile = errors.New("key of the log is not fit for use")

// LoadKey reads a key file.
func LoadKey(path string) (*Key, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the key of the log: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%w: %s is readable by others (mode %04o): chmod 600 it, and ask who has read it", ErrKeyFile, path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the key of the log: %w", err)
	}
	private, rest, ok := strings.Cut(strings.TrimSpace(string(text)), "\n")
	if !ok {
		return nil, fmt.Errorf("%w: %s holds no two lines", ErrKeyFile, path)
	}
	public, before, _ := strings.Cut(rest, "\n")
	key, err := newKey(strings.TrimSpace(private), strings.TrimSpace(public))
	if err != nil || before == "" {
		return key, err
	}
	key.Trusted += "\n" + strings.TrimSpace(before)
	if _, err := trusted(key.Trusted); err != nil {
		return nil, err
	}
	return key, nil
}

// NextKey reads or draws the key that is to replace k, of the same name, in a
// file beside; it is not in use before it takes the place of k's file ([Key.Replace]).
func (k *Key) NextKey(path string) (*Key, error) { return EnsureKey(path, k.signer.Name()) }

// Replace puts the next key, in the file draft, in the place of k's file: it
// trusts k up to the handover at size records.
func (k *Key) Replace(path, draft string, next *Key, size int64) error {
	text, err := os.ReadFile(draft)
	if err != nil {
		return fmt.Errorf("replace the key of the log: %w", err)
	}
	two := strings.SplitN(strings.TrimSpace(string(text)), "\n", 3)
	if len(two) < 2 || two[1] != next.Public {
		return fmt.Errorf("replace the key of the log: %w: %s holds another key", ErrKeyFile, draft)
	}
	lines := append(two[:2:2], k.Public+untilWord+strconv.FormatInt(size, 10))
	lines = append(lines, strings.Split(k.Trusted, "\n")[1:]...)
	file, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return fmt.Errorf("replace the key of the log: %w", err)
	}
	defer os.Remove(file.Name())
	_, err = file.WriteString(strings.Join(lines, "\n") + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("replace the key of the log: %w", err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return fmt.Errorf("replace the key of the log: %w", err)
	}
	return os.Remove(draft)
}

// EnsureKey reads a key file, or draws a key of that name and writes one.
func EnsureKey(path, name string) (*Key, error) {
	key, err := LoadKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	private, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return nil, fmt.Errorf("draw a key for the log %s: %w", name, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("keep the key of the log: %w", err)
	}
	// Whole or not at all, and never in place of another that came first.
	draft, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("keep the key of the log: %w", err)
	}
	defer os.Remove(draft.Name())
	_, err = draft.WriteString(private + "\n" + public + "\n")
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return nil, fmt.Errorf("keep the key of the log: %w", err)
	}
	if err := os.Link(draft.Name(), path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return LoadKey(path)
		}
		return nil, fmt.Errorf("keep the key of the log: %w", err)
	}
	return newKey(private, public)
}

// newKey checks that the two halves belong together.
func newKey(private, public string) (*Key, error) {
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	sample := []byte("heatledger\n")
	signature, err := signer.Sign(sample)
	if err != nil || !verifier.Verify(sample, signature) || signer.Name() != verifier.Name() {
		return nil, fmt.Errorf("%w: its two lines do not belong together", ErrKeyFile)
	}
	return &Key{Public: public, Trusted: public, signer: signer}, nil
}
