package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Cost is what one hash of a password takes (RFC 9106).
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
	Threads   uint8
}

// Least is the least cost that is accepted: 19 MiB, two passes, one thread
// (OWASP Password Storage Cheat Sheet). A hash of less is made anew at the next
// sign-in.
func Least() Cost { return Cost{19 * 1024, 2, 1} }

func (c Cost) below(o Cost) bool { return c.MemoryKiB < o.MemoryKiB || c.Passes < o.Passes }

const (
	saltLength = 16
	hashLength = 32
)

// Hasher makes and checks hashes of passwords, a few at a time: each takes much
// memory, and strangers can ask for one.
type Hasher struct {
	cost  Cost
	slots chan struct{}
	dummy string // made by chance: a hash that no password is known of, for names of nobody
}

// NewHasher makes hashes of a cost, at most so many at a time.
func NewHasher(cost Cost, atOnce int) *Hasher {
	return &Hasher{cost: cost, slots: make(chan struct{}, atOnce), dummy: cost.phc(chance(saltLength), chance(hashLength))}
}

// chance is so many bytes that nobody foresees.
func chance(n int) []byte {
	bytes := make([]byte, n)
	_, _ = rand.Read(bytes) // never errs (crypto/rand, Go 1.24)
	return bytes
}

// phc writes a hash of that cost as a PHC string.
func (c Cost) phc(salt, hash []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.MemoryKiB, c.Passes, c.Threads, b64.EncodeToString(salt), b64.EncodeToString(hash))
}

// Hash is the argon2id hash of a password, as a PHC string.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return h.hash(password), nil
}

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for a turn to hash a password: %w", ctx.Err())
	}
}

func (h *Hasher) leave() { <-h.slots }

func (h *Hasher) hash(password string) string {
	salt := chance(saltLength)
	return h.cost.phc(salt, argon2.IDKey([]byte(password), salt, h.cost.Passes, h.cost.MemoryKiB, h.cost.Threads, hashLength))
}

// Check tells whether the password has that hash, and whether the hash is of less
// cost than hashes are made of now. An empty hash is that of nobody: it takes as
// long, and no password has it.
func (h *Hasher) Check(ctx context.Context, phc, password string) (ok, weaker bool, err error) {
	nobody := phc == ""
	if nobody {
		phc = h.dummy
	}
	cost, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, false, err
	}
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer h.leave()
	got := argon2.IDKey([]byte(password), salt, cost.Passes, cost.MemoryKiB, cost.Threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && !nobody, cost.below(h.cost), nil
}

// parsePHC reads what [Hasher.Hash] wrote.
func parsePHC(text string) (c Cost, salt, hash []byte, err error) {
	fields := strings.Split(text, "$")
	var version int
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" {
		return c, nil, nil, fmt.Errorf("read the hash of a password: it is not one of argon2id")
	}
	if _, err := fmt.Sscanf(fields[2], "v=%d", &version); err != nil || version != argon2.Version {
		return c, nil, nil, fmt.Errorf("read the hash of a password: version %s is unknown", fields[2])
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &c.MemoryKiB, &c.Passes, &c.Threads); err != nil || c.Passes == 0 || c.Threads == 0 || c.MemoryKiB > 1<<20 {
		return c, nil, nil, fmt.Errorf("read the hash of a password: its cost is %s", fields[3])
	}
	if salt, err = base64.RawStdEncoding.DecodeString(fields[4]); err == nil {
		hash, err = base64.RawStdEncoding.DecodeString(fields[5])
	}
	if err != nil || len(hash) < 16 {
		return c, nil, nil, fmt.Errorf("read the hash of a password: salt and hash in base64 are expected")
	}
	return c, salt, hash, nil
}

// The lengths of passwords, in characters (ASVS 2.1.1, 2.1.2).
const (
	PasswordLeast = 12
	passwordMost  = 128
)

// CheckPassword errs with [ErrWeak] when a password is too short or made of what is
// easy to guess: the login, the names given (of the person, of the municipality) and
// the words that passwords are most often made of. It errs with [ErrBreached] when it
// stands, in any of its forms, in the list of those found in breaches. There are no
// rules of which characters it has to hold.
func CheckPassword(login, password string, names ...string) error {
	n := utf8.RuneCountInString(password)
	lower := spelled(strings.ToLower(password))
	different := map[rune]bool{}
	for _, r := range strings.ToLower(password) {
		different[r] = true
	}
	if n < PasswordLeast || n > passwordMost || len(different) < 5 {
		return ErrWeak
	}
	known, err := breached(formsOf(password))
	if err != nil {
		return err
	}
	if known {
		return ErrBreached
	}
	rest := lower
	for _, word := range slices.Concat(wordsOf(names), []string{spelled(strings.ToLower(login)), "heatledger"}) {
		if word != "" {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	plain := strings.ToLower(password)
	for _, word := range common() {
		rest, plain = strings.ReplaceAll(rest, spelled(word), ""), strings.ReplaceAll(plain, word, "")
	}
	if utf8.RuneCountInString(rest) < 6 || utf8.RuneCountInString(plain) < 6 {
		return ErrWeak
	}
	return nil
}

// common are the words that passwords are most often made of; what is left
// without them has to be long enough.
func common() []string {
	return []string{"password", "passwort", "123456789", "1234567890", "12345678", "123456", "12345", "1234", "qwertzuiop", "qwertyuiop", "qwertz", "qwerty", "asdfghjkl", "asdfgh",
		"yxcvbnm", "zxcvbnm", "willkommen", "welcome", "iloveyou", "hallo", "admin", "sommer", "winter", "abc123", "letmein", "geheim", "schatz", "monkey", "dragon", "football", "fussball", "2024", "2025", "2026", "111111", "000000"}
}
