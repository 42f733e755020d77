package mail_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"heatledger/fieldbus/counterpart"
	"heatledger/reporting/mail"
)

// received is a letter as the server of others read it.
type received struct {
	MailFrom  string            `json:"mail_from"`
	RcptTos   []string          `json:"rcpt_tos"`
	Encrypted bool              `json:"encrypted"`
	Headers   map[string]string `json:"headers"`
	Body      string            `json:"body"`
	Defects   []string          `json:"defects"`
}

// peer is a server that others wrote, with a sender to it; read gives its n-th letter.
func peer(t *testing.T, from string) (send *mail.Sender, read func(n int) (received, bool)) {
	t.Helper()
	keys, into := t.TempDir(), t.TempDir()
	fake := (&smtpServer{}).start(t) // for its certificate
	pem, err := os.ReadFile(fake.ca)
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(filepath.Join(filepath.Dir(fake.ca), "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(keys, "server.pem"), append(pem, key...), 0o600); err != nil {
		t.Fatal(err)
	}
	server := counterpart.Python(t, "smtp_server.py", "--keys", keys, "--into", into)
	password := filepath.Join(keys, "password")
	if err := os.WriteFile(password, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(server.Address, ":")
	send, err = mail.New(mail.Settings{Server: "127.0.0.1", Port: port, Security: mail.STARTTLS, CA: fake.ca,
		User: "heat", PasswordFile: password, From: from})
	if err != nil {
		t.Fatal(err)
	}
	return send, func(n int) (got received, ok bool) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(into, strconv.Itoa(n)+".json"))
		if os.IsNotExist(err) {
			return got, false
		}
		if err == nil {
			err = json.Unmarshal(text, &got)
		}
		if err != nil {
			t.Fatal(err)
		}
		return got, true
	}
}

func TestAServerThatOthersWroteTakesOurLetters(t *testing.T) {
	t.Parallel()
	send, read := peer(t, "Stadt Musterstadt – Wärme <heat@example.city>")
	subject := strings.Repeat("Am Rechenzentrum „Häfen“ fehlen Messwerte, ", 4) + "seit gestern"
	body := "Guten Tag,\n\n.\n..zwei Punkte am Anfang\nWärme: 1 000 kWh = 3,6 GJ – " + strings.Repeat("lang ", 60) + "\n"
	l := letter(subject, body)
	l.Unsubscribe = "https://heat.example.city/subscriptions/xyz"
	if err := send.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	got, ok := read(1)
	if !ok {
		t.Fatal("no letter arrived")
	}
	if got.MailFrom != "heat@example.city" || len(got.RcptTos) != 1 || got.RcptTos[0] != reader || !got.Encrypted || len(got.Defects) > 0 {
		t.Errorf("envelope %s → %v, encrypted %t, defects %v", got.MailFrom, got.RcptTos, got.Encrypted, got.Defects)
	}
	if got.Headers["subject"] != subject || !strings.Contains(got.Headers["from"], "Stadt Musterstadt – Wärme") {
		t.Errorf("subject %q, from %q", got.Headers["subject"], got.Headers["from"])
	}
	if strings.ReplaceAll(got.Body, "\r\n", "\n") != body {
		t.Errorf("body %q", got.Body)
	}
}

// TestNobodyWritesIntoTheHeadOfALetter puts what ends a line, or a letter, wherever a
// text of others goes (CWE-93), and has the letter read by a server of others.
func TestNobodyWritesIntoTheHeadOfALetter(t *testing.T) {
	t.Parallel()
	send, read := peer(t, "heat@example.city")
	const evil = "Bcc: victim@example.org"
	arrived := 0
	for _, end := range []string{"\r\n", "\n", "\r", "\r\n ", "\u2028", "\x00", "\x0b", "\u0085", "?=\r\n", "=?utf-8?q?=0D=0A?=", "\r\n\r\n"} {
		subject := "Häfen " + end + evil + end + strings.Repeat("lang", 60)
		body := "Guten Tag" + end + evil + "\n.\r\n.\nMAIL FROM:<x@example.org>\n" + strings.Repeat("lang", 400) + "\n"
		if err := send.Send(t.Context(), letter(subject, body)); err != nil {
			t.Errorf("%q in the subject: %v", end, err)
			continue
		}
		arrived++
		got, ok := read(arrived)
		if !ok {
			t.Fatalf("%q: the letter did not arrive, or ended early", end)
		}
		if got.Headers["bcc"] != "" || len(got.RcptTos) != 1 || got.RcptTos[0] != reader || len(got.Defects) > 0 {
			t.Errorf("%q: to %v, bcc %q, defects %v", end, got.RcptTos, got.Headers["bcc"], got.Defects)
		}
		for _, name := range []string{"date", "message-id", "from", "to", "subject", "auto-submitted", "mime-version", "content-type", "content-transfer-encoding"} {
			if got.Headers[name] == "" {
				t.Errorf("%q: the head has no %s", end, name)
			}
			delete(got.Headers, name)
		}
		if len(got.Headers) > 0 || !strings.Contains(got.Headers["subject"]+got.Body, evil) {
			t.Errorf("%q: the head holds %v beside ours, the body %.80q", end, got.Headers, got.Body)
		}
	}
	for _, to := range []string{"a@b.example\r\n" + evil, "a@b.example>\r\nRCPT TO:<victim@example.org", "a@b.example\nx", "a b@c.example", "<a@b.example>", "ä@b.example", "", "a@b.example, victim@example.org"} {
		l := letter("Betreff", "Text\n")
		l.To = to
		if err := send.Send(t.Context(), l); err == nil {
			t.Errorf("a letter goes to %q", to)
		}
	}
	l := letter("Betreff", "Text\n")
	l.Unsubscribe = "https://heat.example.city/subscriptions/x>\r\n" + evil
	if err := send.Send(t.Context(), l); err == nil {
		t.Error("an address to unsubscribe at ends its line")
	}
	if _, more := read(arrived + 1); more {
		t.Error("more letters arrived than were sent")
	}
	for _, from := range []string{"heat@example.city\r\n" + evil, "\"x\r\n" + evil + "\" <heat@example.city>"} {
		if _, err := mail.New(mail.Settings{Server: "127.0.0.1", Port: "1", Security: mail.None, From: from}); err == nil {
			t.Errorf("letters come from %q", from)
		}
	}
}
