package mail_test

import (
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy/store"
	"heatledger/reporting/mail"
)

const reader = "ada@example.city"

// a letter to the reader.
func letter(subject, body string) store.Letter {
	return store.Letter{ID: 7, UID: "abcdefghij", Kind: "findings", To: reader, Subject: subject, Body: body}
}

// sender speaks to a server in the way it wants, signed in if it wants that.
func sender(t testing.TB, s *smtpServer, security mail.Security) *mail.Sender {
	t.Helper()
	set := mail.Settings{Server: "127.0.0.1", Port: s.port(), Security: security, CA: s.ca, From: "Wärmebuch <heat@example.city>", Timeout: 2 * time.Second}
	if s.mechanisms != "" {
		set.User, set.PasswordFile = s.user, filepath.Join(t.TempDir(), "password")
		if err := os.WriteFile(set.PasswordFile, []byte("s3cret\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	made, err := mail.New(set)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	s := (&smtpServer{}).start(t)
	send := sender(t, s, mail.None)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("aZ .=?_ß€漢\n\t,-")), 0, 400, -1)
		subject := rapid.StringOfN(rapid.RuneFrom([]rune("ab =?_ü漢:")), 1, 160, -1).Draw(rt, "subject")
		body := text.Draw(rt, "body")
		l := letter(subject, body)
		l.Unsubscribe = "https://heat.example.city/subscriptions/xyz"
		if err := send.Send(t.Context(), l); err != nil {
			rt.Fatal(err)
		}
		n++
		got := s.letters()
		if len(got) != n {
			rt.Fatalf("%d letters arrived of %d", len(got), n)
		}
		m, err := netmail.ReadMessage(strings.NewReader(got[n-1]))
		if err != nil {
			rt.Fatal(err)
		}
		decoded, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if want := strings.Join(strings.Fields(subject), " "); err != nil || decoded != want {
			rt.Fatalf("subject is %q (%v), want %q", decoded, err, want)
		}
		content, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		if want := strings.TrimRight(body, "\n") + "\n"; err != nil || strings.ReplaceAll(string(content), "\r\n", "\n") != want {
			rt.Fatalf("body is %q (%v), want %q", content, err, want)
		}
		for line := range strings.SplitSeq(got[n-1], "\r\n") {
			if len(line) > 78 {
				rt.Fatalf("a line has %d characters: %q", len(line), line)
			}
		}
	})
}

func TestTheHeadSaysWhatAMachineSentAndNotWhichMachine(t *testing.T) {
	t.Parallel()
	s := (&smtpServer{}).start(t)
	l := letter("Prüfung", "Guten Tag")
	l.Unsubscribe = "https://heat.example.city/subscriptions/xyz"
	if err := sender(t, s, mail.None).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	text := s.letters()[0]
	m, err := netmail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Message-ID": "<abcdefghij@example.city>", "To": "<ada@example.city>", "Auto-Submitted": "auto-generated",
		"List-Unsubscribe": "<https://heat.example.city/subscriptions/xyz>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Mime-Version": "1.0", "Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "quoted-printable",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != "Wärmebuch" || from[0].Address != "heat@example.city" {
		t.Errorf("from %v (%v)", from, err)
	}
	if date, err := m.Header.Date(); err != nil || time.Since(date) > time.Minute || time.Since(date) < -time.Minute {
		t.Errorf("date %v (%v)", date, err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	if all := text + s.told(false); strings.Contains(all, host) || !strings.Contains(all, "EHLO example.city") {
		t.Errorf("the name of this machine, %s, stands in\n%s", host, all)
	}
}

func TestNothingSecretGoesInTheClear(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server    *smtpServer
		security  mail.Security
		delivered bool
	}{
		"STARTTLS, PLAIN":                   {&smtpServer{startTLS: true, mechanisms: "LOGIN PLAIN"}, mail.STARTTLS, true},
		"STARTTLS, LOGIN alone":             {&smtpServer{startTLS: true, mechanisms: "LOGIN"}, mail.STARTTLS, true},
		"TLS from the first byte":           {&smtpServer{implicitTLS: true, mechanisms: "PLAIN"}, mail.TLS, true},
		"a server that offers no STARTTLS":  {&smtpServer{mechanisms: "PLAIN"}, mail.STARTTLS, false},
		"a server that takes STARTTLS back": {&smtpServer{startTLS: true, mechanisms: "PLAIN", answer: map[string]string{"STARTTLS": "454 not now"}}, mail.STARTTLS, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := c.server
			s.user, s.password = "heat", "s3cret"
			s.start(t)
			err := sender(t, s, c.security).Send(t.Context(), letter("s", "b"))
			if delivered := len(s.letters()) == 1; delivered != c.delivered || delivered != (err == nil) {
				t.Errorf("delivered %t, %v; want %t", delivered, err, c.delivered)
			}
			if clear := s.told(true); strings.Contains(clear, "AUTH") || strings.Contains(clear, "MAIL") || strings.Contains(clear, "s3cret") {
				t.Errorf("told in the clear:\n%s", clear)
			}
		})
	}
}

func TestAServerWithAnotherCertificateGetsNothing(t *testing.T) {
	t.Parallel()
	for _, security := range []mail.Security{mail.TLS, mail.STARTTLS} {
		s := (&smtpServer{startTLS: security == mail.STARTTLS, implicitTLS: security == mail.TLS}).start(t)
		other := (&smtpServer{}).start(t)
		s.ca = other.ca
		err := sender(t, s, security).Send(t.Context(), letter("s", "b"))
		if err == nil || !strings.Contains(err.Error(), "certificate") || len(s.letters()) > 0 || strings.Contains(s.told(false), "MAIL") {
			t.Errorf("%s: %v, told %q", security, err, s.told(false))
		}
	}
}

func TestAServersAnswerDecidesWhetherToComeBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server *smtpServer
		final  bool
		says   string
	}{
		"no such reader":             {&smtpServer{answer: map[string]string{"RCPT": "550 5.1.1 <" + reader + "> unknown"}}, true, "5.1.1 <…> unknown"},
		"a letter it does not like":  {&smtpServer{answer: map[string]string{"END": "554 5.7.1 spam"}}, true, "5.7.1 spam"},
		"no letters at all":          {&smtpServer{answer: map[string]string{"DATA": "554 no"}}, true, "no"},
		"greylisting":                {&smtpServer{greylist: true}, false, "<…> greylisted"},
		"a full disk at the end":     {&smtpServer{answer: map[string]string{"END": "452 4.3.1 disk is full"}}, false, "disk is full"},
		"it does not like us":        {&smtpServer{answer: map[string]string{"MAIL": "550 not from you"}}, false, "not from you"},
		"it wants a password":        {&smtpServer{answer: map[string]string{"RCPT": "530 5.7.0 sign in"}}, false, "sign in"},
		"it closes":                  {&smtpServer{answer: map[string]string{"RCPT": "421 closing"}}, false, "closing"},
		"it hangs up in the letter":  {&smtpServer{hold: func(stage string) bool { return stage == "LETTER" }}, false, ""},
		"it hangs up after the end":  {&smtpServer{hold: func(stage string) bool { return stage == "END" }}, false, "end the letter"},
		"it says nothing any more":   {&smtpServer{hold: func(stage string) bool { return stage == "RCPT" && !waits(3*time.Second) }}, false, "timeout"},
		"another password is needed": {&smtpServer{startTLS: true, mechanisms: "PLAIN", user: "heat", password: "another"}, false, "sign in as heat"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := c.server
			s.start(t)
			security := mail.None
			if s.startTLS {
				security = mail.STARTTLS
			}
			err := sender(t, s, security).Send(t.Context(), letter("s", "b"))
			if err == nil || len(s.letters()) > 0 {
				t.Fatalf("taken: %v", s.letters())
			}
			if final := errors.As(err, new(*mail.Refusal)); final != c.final || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v is final: %t; want %t, and %q in it", err, final, c.final, c.says)
			}
			if strings.Contains(err.Error(), "ada") {
				t.Errorf("%v names the reader", err)
			}
		})
	}
}

func waits(d time.Duration) bool { time.Sleep(d); return false }
