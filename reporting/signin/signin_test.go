package signin

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAPasswordIsKeptAsAnArgon2idHash(t *testing.T) {
	t.Parallel()
	h := NewHasher(Least(), 2)
	one, err := h.Hash(t.Context(), "vier Pferde lesen Zeitung")
	if err != nil {
		t.Fatal(err)
	}
	two, err := h.Hash(t.Context(), "vier Pferde lesen Zeitung")
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`)
	long := strings.Repeat("öäüß1€ab", 16) // 128 characters, in more bytes than bcrypt's 72
	kept, err := h.Hash(t.Context(), long)
	if err != nil {
		t.Fatal(err)
	}
	if ok, _, err := h.Check(t.Context(), kept, long[:len(long)-1]+"c"); err != nil || ok {
		t.Errorf("a password of 128 characters is cut off: another last one is taken, %v", err)
	}
	if !form.MatchString(one) || one == two {
		t.Errorf("two hashes of a password are %s and %s, want two of 19 MiB in two passes with salts of their own", one, two)
	}
	weak := NewHasher(Cost{1024, 1, 1}, 1).hash("vier Pferde lesen Zeitung")
	for _, tt := range []struct {
		sentence, hash, password string
		ok, weaker               bool
	}{
		{"the password has its hash", one, "vier Pferde lesen Zeitung", true, false},
		{"another has not", one, "vier Pferde lesen Zeitungen", false, false},
		{"not even in another case", one, "Vier Pferde lesen Zeitung", false, false},
		{"nobody has a password", "", "vier Pferde lesen Zeitung", false, false},
		{"an older hash is good, and to be made anew", weak, "vier Pferde lesen Zeitung", true, true},
	} {
		if ok, weaker, err := h.Check(t.Context(), tt.hash, tt.password); err != nil || ok != tt.ok || weaker != tt.weaker {
			t.Errorf("%s: %v, weaker %v, %v", tt.sentence, ok, weaker, err)
		}
	}
	for _, broken := range []string{"x", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA", "$argon2id$v=19$m=99999999,t=2,p=1$AAAA$AAAA", "$argon2id$v=19$m=19456,t=0,p=1$AAAA$AAAA", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$"} {
		if ok, _, err := h.Check(t.Context(), broken, "x"); ok || err == nil {
			t.Errorf("%s is taken for a hash", broken)
		}
	}
}

func TestAHashWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	h := NewHasher(Cost{1024, 1, 1}, 1)
	if err := h.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := h.Hash(ctx, "x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second hash at once: %v, want that it waits", err)
	}
	h.leave()
	if _, err := h.Hash(t.Context(), "x"); err != nil {
		t.Errorf("a hash afterwards: %v", err)
	}
}

func TestWhichPasswordsAreTaken(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]bool{
		"vier Pferde lesen Zeitung": true, "öäüßöäüßöäüß1€": true, "correct horse battery staple": true, strings.Repeat("abcdefgh ", 14): true,
		"elf Zeichen": false, "aaaaaaaaaaaaaaaa": false, "password1234": false, "Passwort2026!": false, "123456789012": false, "erikaerika12": false, "Heatledger2026": false, strings.Repeat("abcdefgh ", 15): false,
	} {
		if err := CheckPassword("erika", password); (err == nil) != want {
			t.Errorf("%q is taken: %v, want %v", password, err == nil, want)
		}
	}
}

func TestPasswordsOfBreachesAreRefusedInAllTheirForms(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence, password string
		want               error
	}{
		{"one of the list", "1qaz2wsx3edc4rfv", ErrBreached},
		{"one of the list in capitals", "QWERTYUIOP123", ErrBreached},
		{"one with a year and signs behind it", "Superman2026!!!", ErrBreached},
		{"one with signs for letters", "$up3rm@n!!2026", ErrBreached},
		{"one said three times", "dragondragondragon", ErrBreached},
		{"one with signs around it", "!!!sunshine!!!!", ErrBreached},
		{"the name of the town with a year", "Müsterstadt2026", ErrWeak},
		{"the name of the town spelled without its signs", "Muesterstadt-26", ErrWeak},
		{"the name of the person", "ErikaMustermann1", ErrWeak},
		{"the login with a number of years", "e.muster202420252026", ErrWeak},
		{"four words that have nothing to do with each other", "vier Pferde lesen Zeitung", nil},
		{"words of which one is in the list", "Superman kauft vier Äpfel", nil},
		{"random letters", "kq7wz4hmpx2v", nil},
	} {
		if err := CheckPassword("e.muster", tt.password, "Erika Mustermann", "Stadt Müsterstadt"); !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
			t.Errorf("%s (%s): %v, want %v", tt.sentence, tt.password, err, tt.want)
		}
	}
}

// TestTheListOfBreachedPasswordsIsTheOneItsNoteNames keeps the file and its note together.
func TestTheListOfBreachedPasswordsIsTheOneItsNoteNames(t *testing.T) {
	t.Parallel()
	packed, err := gzip.NewReader(bytes.NewReader(breachedList))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	note, err := os.ReadFile("known/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(text)); !strings.Contains(string(note), sum) {
		t.Errorf("the lines have the digest %s, which the note does not name", sum)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	long := 0
	for _, line := range lines {
		if len(line) >= PasswordLeast {
			long++
		}
		if strings.ToLower(line) != line {
			t.Errorf("%q is not in lower case: it would never be found", line)
		}
	}
	if !slices.IsSorted(lines) || long < 10_000 {
		t.Errorf("sorted %v, %d of the length that is asked for; ASVS 2.1.7 wants the thousands most common", slices.IsSorted(lines), long)
	}
}

// TestCodesAreThoseOfRFC6238 holds the vectors of appendix B, cut to six digits.
func TestCodesAreThoseOfRFC6238(t *testing.T) {
	t.Parallel()
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte("12345678901234567890"))
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := CodeAt(secret, time.Unix(at, 0)); got != want {
			t.Errorf("the code at %d is %s, want %s", at, got, want)
		}
	}
	now := time.Unix(1234567890, 0)
	for _, tt := range []struct {
		off  time.Duration
		want bool
	}{{-60 * time.Second, false}, {-30 * time.Second, true}, {0, true}, {30 * time.Second, true}, {60 * time.Second, false}} {
		if _, ok := CheckTOTP(secret, CodeAt(secret, now.Add(tt.off)), now); ok != tt.want {
			t.Errorf("a code of a clock that is off by %s: %v, want %v", tt.off, ok, tt.want)
		}
	}
	if _, ok := CheckTOTP("not base 32!", "", now); ok {
		t.Error("no code is that of no secret")
	}
}

func TestCodesAreHardToGuessAndEasyToType(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		code := NewAccessCode()
		if !regexp.MustCompile(`^([A-HJ-NP-Z2-9]{4}-){5}[A-HJ-NP-Z2-9]{4}$`).MatchString(code) || seen[code] {
			t.Fatalf("the code %s is not six groups of unmistakable letters, or was drawn before", code)
		}
		seen[code] = true
	}
	rapid.Check(t, func(t *rapid.T) {
		code := NewRecoveryCode()
		typed := rapid.SampledFrom([]string{strings.ToLower(code), strings.ReplaceAll(code, "-", ""), strings.ReplaceAll(code, "-", " "), " " + code + " "}).Draw(t, "typed")
		if string(HashCode(typed)) != string(HashCode(code)) {
			t.Fatalf("%q is not taken for %s", typed, code)
		}
	})
}

func TestAttemptsAreCounted(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	l := NewLimits()
	through := 0
	for i := range 3600 { // somebody with many networks tries one account each second
		if l.attempt(now.Add(time.Duration(i)*time.Second), "erika", "203.0."+string(rune('0'+i%10))+".1") == nil {
			through++
		}
	}
	if through < 50 || through >= 100 {
		t.Errorf("%d attempts at one account in an hour, want fewer than 100 (ASVS 2.2.1)", through)
	}
	var many TooManyError
	_ = l.attempt(now.Add(time.Hour), "erika", "198.51.100.1") // the one that has become free by then
	if err := l.attempt(now.Add(time.Hour), "Erika", "198.51.100.1"); !errors.As(err, &many) || many.After <= 0 || many.After > accountEvery {
		t.Errorf("another: %v, want TooManyError with a time", err)
	}
	fresh := NewLimits()
	for range 5 {
		if err := fresh.attempt(now, "max", "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
	}
	fresh.succeed("max", "192.0.2.1")
	for range 5 {
		if err := fresh.attempt(now, "max", "192.0.2.2"); err != nil {
			t.Errorf("attempts before a sign-in count after it: %v", err)
		}
	}
	flooded := NewLimits()
	for i := range limitsKept + 100 {
		_ = flooded.attempt(now.Add(time.Duration(i)*time.Minute), NewSecret(), "192.0.2.1")
	}
	if len(flooded.kept) > limitsKept+3 {
		t.Errorf("%d counts are kept, want at most %d", len(flooded.kept), limitsKept)
	}
}

func TestWhatIsPendingIsGivenOnceAndNotForLong(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	p := newPending[int](time.Minute)
	p.put(now, "a", 1)
	p.put(now, "b", 2)
	if v, ok := p.take(now.Add(59*time.Second), "a"); !ok || v != 1 {
		t.Errorf("within its time: %d, %v", v, ok)
	}
	if _, ok := p.take(now, "a"); ok {
		t.Error("it is given twice")
	}
	if _, ok := p.take(now.Add(time.Minute), "b"); ok {
		t.Error("it is given after its time")
	}
	p.put(now, "c", 3)
	var group sync.WaitGroup
	given := make(chan bool, 20)
	for range 20 {
		group.Go(func() { _, ok := p.take(now, "c"); given <- ok })
	}
	group.Wait()
	close(given)
	n := 0
	for ok := range given {
		if ok {
			n++
		}
	}
	if n != 1 {
		t.Errorf("of twenty at once %d get it, want 1", n)
	}
}

func TestTheVaultOpensWithItsKeyAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "signin", "key")
	first, err := OpenVault(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed := first.Seal("secret")
	if sealed == first.Seal("secret") || strings.Contains(sealed, "secret") {
		t.Errorf("sealing twice gives the same, or what was sealed: %s", sealed)
	}
	again, err := OpenVault(path)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := again.Open(sealed); err != nil || text != "secret" {
		t.Errorf("opened with the key of the file: %q, %v", text, err)
	}
	other, err := NewVault(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Open(sealed); err == nil {
		t.Error("another key opens it")
	}
}

func TestThePictureIsAQRCodeInSVG(t *testing.T) {
	t.Parallel()
	picture, err := QR(totpURL("Heatledger Offenbach am Main", "erika", newTOTPSecret()))
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(picture, new(struct{})); err != nil || !strings.Contains(string(picture), "viewBox") || strings.Contains(string(picture), "style") {
		t.Errorf("the picture is no SVG that a strict policy shows: %v", err)
	}
}

func TestNetworksAndBrowsersAreShortened(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"203.0.113.77": "203.0.113.0/24", "2001:db8:1:2::3": "2001:db8:1::/48", "::ffff:203.0.113.77": "203.0.113.0/24", "fe80::1%eth0": "fe80::/48", "nonsense": ""} {
		if got := network(address); got != want {
			t.Errorf("the network of %s is %q, want %q", address, got, want)
		}
	}
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                              "Firefox Linux",
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0":           "Edge Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile Safari/604.1": "Safari iPhone",
		"<script>alert(1)</script>": "", "": "",
	} {
		if got := browser(agent); got != want {
			t.Errorf("%q is shown as %q, want %q", agent, got, want)
		}
	}
}
