package mail_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heatledger/fieldbus/counterpart"
	"heatledger/reporting/mail"
)

func TestAServerThatOthersWroteTakesOurLetters(t *testing.T) {
	t.Parallel()
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
	peer := counterpart.Python(t, "smtp_server.py", "--keys", keys, "--into", into)
	password := filepath.Join(keys, "password")
	if err := os.WriteFile(password, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(peer.Address, ":")
	send, err := mail.New(mail.Settings{Server: "127.0.0.1", Port: port, Security: mail.STARTTLS, CA: fake.ca,
		User: "heat", PasswordFile: password, From: "Stadt Musterstadt – Wärme <heat@example.city>"})
	if err != nil {
		t.Fatal(err)
	}
	subject := strings.Repeat("Am Rechenzentrum „Häfen“ fehlen Messwerte, ", 4) + "seit gestern"
	body := "Guten Tag,\n\n.\n..zwei Punkte am Anfang\nWärme: 1 000 kWh = 3,6 GJ – " + strings.Repeat("lang ", 60) + "\n"
	l := letter(subject, body)
	l.Unsubscribe = "https://heat.example.city/subscriptions/xyz"
	if err := send.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(into, "1.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		MailFrom  string            `json:"mail_from"`
		RcptTos   []string          `json:"rcpt_tos"`
		Encrypted bool              `json:"encrypted"`
		Headers   map[string]string `json:"headers"`
		Body      string            `json:"body"`
		Defects   []string          `json:"defects"`
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
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
