package mail

import (
	"bytes"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"strings"
	"time"

	"heatledger/energy/store"
)

// letter writes a mail as it goes over the wire (RFC 5322), lines ended by CRLF.
func (s *Sender) letter(l store.Letter, now time.Time) ([]byte, error) {
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

// folded is a subject in encoded words (RFC 2047) where it needs them, on lines
// of at most 76 characters, without breaks of its own.
func folded(subject string) string {
	subject = strings.Join(strings.Fields(subject), " ")
	encoded := mime.QEncoding.Encode("utf-8", subject)
	if encoded != subject {
		lines := strings.ReplaceAll(encoded, " =?utf-8?", "\r\n =?utf-8?")
		if first, _, _ := strings.Cut(lines, "\r\n"); len("Subject: ")+len(first) > 76 {
			return "\r\n " + lines
		}
		return lines
	}
	line := len("Subject:")
	var b strings.Builder
	for i, word := range strings.Split(subject, " ") {
		if i > 0 && line+1+len(word) > 76 {
			b.WriteString("\r\n")
			line = 0
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
		line += 1 + len(word)
	}
	return b.String()
}
