package proof

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Key signs checkpoints. Its file holds two lines, the private and the public
// key in the form of golang.org/x/mod/sumdb/note, and is readable by its owner
// alone.
type Key struct {
	Public string // name+hash+key: whoever has it can check checkpoints
	signer note.Signer
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
	private, public, ok := strings.Cut(strings.TrimSpace(string(text)), "\n")
	if !ok {
		return nil, fmt.Errorf("%w: %s holds no two lines", ErrKeyFile, path)
	}
	return newKey(private, public)
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
	return &Key{Public: public, signer: signer}, nil
}
