package mail

import (
	"bytes"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"time"

	"heatledger/energy/store"
)

// letter writes a mail as it goes over the wire (RFC 5322), lines ended by CRLF. It
// errs where an address would not stay within its line.
func (s *Sender) letter(l store.Letter, now time.Time) ([]byte, error) {
	if !store.IsAddress(l.To) {
		return nil, fmt.Errorf("write the head of mail %d: %w", l.ID, store.ErrNoAddress)
	}
	if !isPlain(l.Unsubscribe) || strings.ContainsAny(l.Unsubscribe, "<> ") {
		return nil, fmt.Errorf("write the head of mail %d: the address to unsubscribe at is none", l.ID)
	}
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("Date", now.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	header("Message-ID", "<"+l.UID+"@"+s.domain()+">")
	header("From", s.from.String())
	if s.replyTo != nil {
		header("Reply-To", s.replyTo.String())
	}
	header("To", "<"+l.To+">")
	header("Subject", folded(l.Subject))
	header("Auto-Submitted", "auto-generated") // RFC 3834: no answer by a machine
	if l.Unsubscribe != "" {
		header("List-Unsubscribe", "<"+l.Unsubscribe+">")
		if strings.HasPrefix(l.Unsubscribe, "https://") { // RFC 8058 knows no other scheme
			header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
		}
	}
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	body := quotedprintable.NewWriter(&b)
	if _, err := body.Write([]byte(strings.TrimRight(l.Body, "\n") + "\n")); err != nil {
		return nil, fmt.Errorf("write the body of a mail: %w", err)
	}
	if err := body.Close(); err != nil {
		return nil, fmt.Errorf("write the body of a mail: %w", err)
	}
	return b.Bytes(), nil
}

// folded is a subject without breaks of its own, on lines of at most 76
// characters: as it is where that is ASCII, else in encoded words (RFC 2047, 4.2).
func folded(subject string) string {
	subject = strings.Join(strings.Fields(subject), " ")
	const room = 76 - len("Subject: ")
	if isPlain(subject) && len(subject) <= room {
		return subject
	}
	var words []string
	var word strings.Builder
	for _, r := range subject {
		coded := quoted(r)
		if word.Len()+len(coded) > room-len("=?utf-8?q??=") {
			words = append(words, word.String())
			word.Reset()
		}
		word.WriteString(coded)
	}
	return "=?utf-8?q?" + strings.Join(append(words, word.String()), "?=\r\n =?utf-8?q?") + "?="
}

// isPlain tells whether a text is readable in a head as it stands.
func isPlain(text string) bool {
	return !strings.Contains(text, "=?") && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// quoted is a character in an encoded word.
func quoted(r rune) string {
	switch {
	case r == ' ':
		return "_"
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return string(r)
	}
	var b strings.Builder
	for _, octet := range []byte(string(r)) {
		fmt.Fprintf(&b, "=%02X", octet)
	}
	return b.String()
}
