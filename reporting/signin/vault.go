package signin

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Vault seals what has to be kept as it is, the secrets of authenticator apps,
// with a key that is not in the database.
type Vault struct{ aead cipher.AEAD }

// NewVault seals with a key of 32 bytes.
func NewVault(key []byte) (*Vault, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make a vault: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make a vault: %w", err)
	}
	return &Vault{aead}, nil
}

// OpenVault seals with the key in a file, which is drawn when it is not there.
// Who loses it sets up the authenticator apps anew, by recovery codes or resets.
func OpenVault(path string) (*Vault, error) {
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, 32)
		_, _ = rand.Read(key) // never errs (crypto/rand, Go 1.24)
		if err = os.MkdirAll(filepath.Dir(path), 0o700); err == nil {
			err = os.WriteFile(path, key, 0o600)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of the vault: %w", err)
	}
	return NewVault(key)
}

// Seal seals a text.
func (v *Vault) Seal(text string) string {
	return base64.RawStdEncoding.EncodeToString(v.aead.Seal(nil, nil, []byte(text), nil))
}

// Open opens what was sealed.
func (v *Vault) Open(sealed string) (string, error) {
	b, err := base64.RawStdEncoding.DecodeString(sealed)
	if err == nil {
		b, err = v.aead.Open(nil, nil, b, nil)
	}
	if err != nil {
		return "", fmt.Errorf("open what was sealed (is the key in the data directory the one it was sealed with?): %w", err)
	}
	return string(b), nil
}
