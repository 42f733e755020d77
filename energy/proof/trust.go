package proof

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// trustedKey is a key of the log, and up to which size of the log it signs; 0:
// without end.
type trustedKey struct {
	public   string
	until    int64
	verifier note.Verifier
}

// untilWord stands between a key and the last size that it signs.
const untilWord = " until "

// trusted reads public keys, one a line: "KEY", or "KEY until SIZE" of one that
// was replaced. Its errors do not show what it read: it may be a private key.
func trusted(text string) (keys []trustedKey, err error) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		public, size, ended := strings.Cut(strings.TrimSpace(line), untilWord)
		key := trustedKey{public: public}
		if ended {
			if key.until, err = strconv.ParseInt(size, 10, 64); err != nil || key.until < 1 {
				return nil, fmt.Errorf("read the public key of the log: %w: no size behind%s", ErrKeyFile, untilWord)
			}
		}
		if key.verifier, err = note.NewVerifier(public); err != nil {
			return nil, fmt.Errorf("read the public key of the log: %w", err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("read the public key of the log: %w: there is none", ErrKeyFile)
	}
	return keys, nil
}

// Trust are the keys to which handovers lead from those that are trusted,
// in both directions: a handover that a trusted key has signed names the other,
// which has signed it too. Each is trusted for its part of the log alone. What
// proves nothing is left out.
func Trust(publicKey string, handovers []string) (string, error) {
	keys, err := trusted(publicKey)
	if err != nil {
		return "", err
	}
	has := func(public string) int {
		for i, k := range keys {
			if k.public == public {
				return i
			}
		}
		return -1
	}
	for grown := true; grown; {
		grown = false
		for _, text := range handovers {
			h, ok := openHandover(text)
			if !ok {
				continue
			}
			from, to := has(h.from), has(h.to)
			switch {
			case from < 0 && to >= 0:
				keys, grown = append(keys, trustedKey{public: h.from, until: h.size}), true
			case to < 0 && from >= 0 && keys[from].until == 0: // it is handed over once
				keys, grown = append(keys, trustedKey{public: h.to}), true
				keys[from].until = h.size
			case from >= 0 && to >= 0 && keys[from].until == 0:
				keys[from].until = h.size
			}
		}
	}
	var text strings.Builder
	for _, k := range keys {
		text.WriteString(k.public)
		if k.until > 0 {
			text.WriteString(untilWord + strconv.FormatInt(k.until, 10))
		}
		text.WriteString("\n")
	}
	return strings.TrimSpace(text.String()), nil
}

// handover is what a checkpoint says that hands the log over.
type handover struct {
	from, to string
	size     int64
}

// openHandover reads one; ok is false unless both keys have signed it.
func openHandover(text string) (h handover, ok bool) {
	text = pasted(text)
	for line := range strings.Lines(text) {
		if key, ok := strings.CutPrefix(strings.TrimSpace(line), lineFrom); ok {
			h.from = key
		}
		if key, ok := strings.CutPrefix(strings.TrimSpace(line), lineTo); ok {
			h.to = key
		}
	}
	for _, key := range []string{h.from, h.to} {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return handover{}, false
		}
		signed, err := note.Open([]byte(text), note.VerifierList(verifier))
		if err != nil {
			return handover{}, false
		}
		c, err := parseCheckpoint(signed.Text)
		if err != nil || c.Log != verifier.Name() {
			return handover{}, false
		}
		h.size = c.Size
	}
	return h, h.from != h.to
}
