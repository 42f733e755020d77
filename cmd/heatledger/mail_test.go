package main

import (
	"bufio"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/energy/store/storetest"
)

// mailbox is an SMTP server on this host that takes every letter.
type mailbox struct {
	port    string
	mutex   sync.Mutex
	letters []string
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	m := &mailbox{port: port}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go m.serve(conn)
		}
	}()
	return m
}

func (m *mailbox) serve(conn net.Conn) {
	defer conn.Close()
	say := func(text string) { _, _ = conn.Write([]byte(text + "\r\n")) }
	say("220 ready")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if lines.Text() != "DATA" {
			say("250 ok")
			continue
		}
		say("354 go on")
		var letter strings.Builder
		for lines.Scan() && lines.Text() != "." {
			letter.WriteString(lines.Text() + "\n")
		}
		m.mutex.Lock()
		m.letters = append(m.letters, letter.String())
		m.mutex.Unlock()
		say("250 taken")
	}
}

// await waits for a letter that holds a text.
func (m *mailbox) await(t *testing.T, text string) string {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		m.mutex.Lock()
		for _, l := range m.letters {
			if strings.Contains(strings.ReplaceAll(l, "=\n", ""), text) {
				m.mutex.Unlock()
				return strings.ReplaceAll(l, "=\n", "")
			}
		}
		m.mutex.Unlock()
	}
	t.Fatalf("no letter with %q came", text)
	return ""
}

func TestTheAdminTriesMailSubscribesListsAndUnsubscribes(t *testing.T) {
	t.Parallel()
	url, dir, box := storetest.URL(t), t.TempDir(), newMailbox(t)
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\npublic_url: https://heat.example.city\nmail: {server: 127.0.0.1, port: "+box.port+", security: none, from: heat@example.city}\n")
	write(t, dir, "registry.yaml", powerRegistry)
	if out := command(t, url, "--config", config, "mail", "test", "ada@example.city").want(t, exitFine); !strings.Contains(out.stdout, "127.0.0.1 has taken the letter") {
		t.Errorf("mail test says %q", out.stdout)
	}
	box.await(t, "Message-ID: <test-")
	serve(t, url, config, "", "--no-collect")
	out := command(t, url, "--config", config, "mail", "subscribe", "ada@example.city", "--site", "hall", "--severity", "error", "--language", "en").want(t, exitFine)
	if !strings.Contains(out.stdout, "asked by mail") {
		t.Errorf("subscribe says %q", out.stdout)
	}
	if l := box.await(t, "https://heat.example.city/subscriptions/confirm/"); !strings.Contains(l, "To: <ada@example.city>") {
		t.Errorf("the question went elsewhere:\n%s", l)
	}
	if out := command(t, url, "--config", config, "mail", "list").want(t, exitFine); !strings.Contains(out.stdout, "ada@example.city") || !strings.Contains(out.stdout, "hall") {
		t.Errorf("list says %s", out.stdout)
	}
	letters := command(t, url, "--config", config, "--output", "csv", "mail", "list", "--letters").want(t, exitFine)
	if !strings.Contains(letters.stdout, "confirmation") || strings.Contains(letters.stdout, "ada") {
		t.Errorf("letters are %s", letters.stdout)
	}
	command(t, url, "--config", config, "mail", "unsubscribe", "ada@example.city").want(t, exitFine)
	command(t, url, "--config", config, "mail", "unsubscribe", "ada@example.city").want(t, exitUsage)
	if out := command(t, url, "--config", config, "mail", "list").want(t, exitFine); strings.Contains(out.stdout, "ada") {
		t.Errorf("after the end the list says %s", out.stdout)
	}
}

func TestWithoutAServerNoMailIsSent(t *testing.T) {
	t.Parallel()
	url, dir := storetest.URL(t), t.TempDir()
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	write(t, dir, "registry.yaml", powerRegistry)
	for _, args := range [][]string{{"mail", "test", "ada@example.city"}, {"mail", "subscribe", "ada@example.city"}} {
		if out := command(t, url, append([]string{"--config", config}, args...)...).want(t, exitUsage); !strings.Contains(out.stderr, "mail is off") {
			t.Errorf("%v says %s", args, out.stderr)
		}
	}
	c := serve(t, url, config, "", "--no-collect")
	if status, body, _ := c.get("/subscribe", ""); status != http.StatusOK || strings.Contains(string(body), "<form") || !strings.Contains(string(body), "findings.atom") {
		t.Errorf("without mail there is a form, or no feed in its place: %d %s", status, body)
	}
	if _, err := os.Stat(filepath.Join(dir, "var", "mail")); err == nil {
		t.Error("a schedule for digests runs without mail")
	}
}
