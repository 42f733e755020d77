package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"net/netip"
	"strings"
)

// NewSecret is 256 random bits as text.
func NewSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never errs (crypto/rand, Go 1.24)
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashSecret is what the database knows of a secret; nil of none.
func hashSecret(secret string) []byte {
	if secret == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// letters are what codes are written with: none looks like another one.
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// newCode is a code that a person can type from a letter, in groups of four
// letters of five bits each: "K7QM-…".
func newCode(groups int) string {
	b := make([]byte, groups*4)
	_, _ = rand.Read(b) // never errs (crypto/rand, Go 1.24)
	var text strings.Builder
	for i, x := range b {
		if i > 0 && i%4 == 0 {
			text.WriteByte('-')
		}
		text.WriteByte(letters[x%32])
	}
	return text.String()
}

// NewAccessCode is a code of an invitation or a reset: 120 random bits.
func NewAccessCode() string { return newCode(6) }

// NewRecoveryCode is one of 80 random bits.
func NewRecoveryCode() string { return newCode(4) }

// clean drops what people put between the letters of a code, and the case.
func clean(code string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '\t' || r == '–' {
			return -1
		}
		return r
	}, strings.ToUpper(code))
}

// HashCode is what the database knows of a code, however it was typed.
func HashCode(code string) []byte {
	sum := sha256.Sum256([]byte("code\n" + clean(code)))
	return sum[:]
}

// newTOTPSecret is the 160 random bits that RFC 4226 asks for, in base32.
func newTOTPSecret() string {
	var b [20]byte
	_, _ = rand.Read(b[:]) // never errs (crypto/rand, Go 1.24)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
}

// network is the network of an address: enough for a person to know it again,
// not enough to follow one.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	bits := 24
	if a = a.Unmap(); a.Is6() {
		bits = 48
	}
	p, _ := a.WithZone("").Prefix(bits) // the bits fit
	return p.String()
}

// browser is what kind of browser it is, in two words.
func browser(agent string) string {
	name := ""
	for _, known := range []string{"Firefox", "Edg", "OPR", "Chrome", "Safari"} { // each says the names of those after it
		if strings.Contains(agent, known+"/") {
			name = map[string]string{"Edg": "Edge", "OPR": "Opera"}[known]
			if name == "" {
				name = known
			}
			break
		}
	}
	for _, known := range []string{"Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"} {
		if strings.Contains(agent, known) {
			return strings.TrimSpace(name + " " + known)
		}
	}
	return name
}
