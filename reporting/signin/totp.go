package signin

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"

	"rsc.io/qr"
)

// As every authenticator app has them (RFC 6238, section 4; RFC 4226).
const (
	totpDigits = 6
	totpStep   = 30 * time.Second
	totpAside  = 1 // steps that a clock may be off, to either side
)

// CheckTOTP tells whether a code is that of the secret now, or a step aside, and
// of which time step it is.
func CheckTOTP(secret, code string, now time.Time) (step int64, ok bool) {
	present := now.Unix() / int64(totpStep.Seconds())
	for aside := int64(-totpAside); aside <= totpAside; aside++ {
		if want := codeOf(secret, present+aside); want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = present+aside, true
		}
	}
	return step, ok
}

// CodeAt is the code of a secret at an instant; "" of what is no secret.
func CodeAt(secret string, at time.Time) string {
	return codeOf(secret, at.Unix()/int64(totpStep.Seconds()))
}

// codeOf is the code of a time step (RFC 4226, section 5.3).
func codeOf(secret string, step int64) string {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(secret))
	if err != nil || len(key) == 0 {
		return ""
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash takes everything
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%0*d", totpDigits, (binary.BigEndian.Uint32(sum[offset:])&0x7fffffff)%1_000_000)
}

// totpURL is what an authenticator app reads from the picture.
func totpURL(issuer, login, secret string) string {
	q := url.Values{"secret": {secret}, "issuer": {issuer}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + login, RawQuery: strings.ReplaceAll(q.Encode(), "+", "%20")}
	return u.String()
}

// QR draws a text as a QR code in SVG, black on white with its quiet zone.
func QR(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	const quiet = 4
	side := code.Size + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><rect width="%d" height="%d" fill="#fff"/><path d="`, side, side, side, side)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	b.WriteString(`" fill="#000"/></svg>`)
	return []byte(b.String()), nil
}
