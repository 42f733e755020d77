package main

import (
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"heatledger/config"
	"heatledger/energy/store/storetest"
	"heatledger/reporting/signin"
)

// TestTheFirstAdminIsMadeBesideARunningServer makes accounts by commands and uses
// them over HTTP.
func TestTheFirstAdminIsMadeBesideARunningServer(t *testing.T) {
	t.Parallel()
	database, dir := storetest.URL(t), t.TempDir()
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	write(t, dir, "registry.yaml", twoHalls())
	c := serve(t, database, config, "", "--no-collect")
	user := func(want int, more ...string) outcome {
		t.Helper()
		return command(t, database, append([]string{"--config", config, "user"}, more...)...).want(t, want)
	}
	if status, _, _ := c.get("/api/v1/sites", ""); status != http.StatusOK {
		t.Errorf("before the first account a server on loopback answers %d, want 200", status)
	}
	made := user(exitFine, "create", "Erika", "--role", "admin", "--name", "Erika Muster", "--why", "first")
	address, err := url.Parse(strings.TrimSpace(made.stdout))
	if err != nil || address.Fragment == "" || !strings.Contains(made.stderr, "first account") {
		t.Fatalf("user create prints %q and says %q, want the address of a code alone", made.stdout, made.stderr)
	}
	if want := "http://" + c.address; address.Scheme+"://"+address.Host != want {
		t.Errorf("the code is typed at %s, want %s, where the server that runs there listens", address, want)
	}
	if status, _, _ := c.get("/api/v1/sites", ""); status != http.StatusUnauthorized {
		t.Errorf("after the first account reading without one is answered %d, want 401", status)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	const password = "vier Pferde lesen Zeitung"
	answer, err := browser.PostForm("http://"+c.address+"/code", url.Values{"code": {address.Fragment}, "password": {password}, "again": {password}})
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	secret := regexp.MustCompile(`<code>([A-Z2-7]{32})</code>`).FindSubmatch(page)
	if answer.StatusCode != http.StatusOK || answer.Request.URL.Path != "/account/second" || secret == nil {
		t.Fatalf("the code leads to %s with %d, want where a second factor is set up", answer.Request.URL.Path, answer.StatusCode)
	}
	if answer, err = browser.PostForm("http://"+c.address+"/account/second", url.Values{"code": {signin.CodeAt(string(secret[1]), time.Now())}}); err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer, err = browser.Get("http://" + c.address + "/accounts"); err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.Request.URL.Path != "/accounts" {
		t.Fatalf("with the second factor the first admin is led to %s with %d, want accounts", answer.Request.URL.Path, answer.StatusCode)
	}
	reads := func() int {
		answer, err := browser.Get("http://" + c.address + "/api/v1/sites")
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	if got := reads(); got != http.StatusOK {
		t.Errorf("the admin reads with %d", got)
	}
	user(exitUsage, "create", "erika", "--role", "admin")
	user(exitUsage, "create", "max", "--role", "operator")
	user(exitUsage, "create", "max", "--role", "king", "--everywhere")
	user(exitUsage, "grant", "nobody", "--role", "auditor")
	user(exitFine, "create", "max", "--role", "operator", "--site", "hall")
	granted := user(exitFine, "grant", "max", "--role", "meter_operator", "--point", "tower/it-power", "--expires", "90d")
	if list := user(exitFine, "--output", "csv", "list").stdout; !regexp.MustCompile(`max,,in use,\d+,meter_operator,tower/it-power,20`).MatchString(list) || !strings.Contains(list, "erika,Erika Muster,in use,1,admin,everywhere") {
		t.Errorf("user list says %s", list)
	}
	user(exitFine, "revoke", strings.TrimSpace(granted.stdout), "--why", "over")
	user(exitUsage, "revoke", strings.TrimSpace(granted.stdout))
	user(exitFine, "four-eyes", "op", "on")
	if code := user(exitFine, "reset", "max").stdout; !strings.Contains(code, "/code#") {
		t.Errorf("user reset prints %q", code)
	}
	user(exitFine, "disable", "erika", "--why", "left")
	if got := reads(); got != http.StatusUnauthorized {
		t.Errorf("a disabled admin reads with %d, want 401", got)
	}
	user(exitFine, "enable", "erika")
	user(exitFine, "forget", "erika")
	if list := user(exitFine, "list").stdout; strings.Contains(list, "rika") {
		t.Errorf("a forgotten person is listed: %s", list)
	}
	if left := sql(t, database, "select count(*) from entry where position('Erika' in body::text) > 0 or position('erika' in body::text) > 0"); left[0] != "0" {
		t.Errorf("%s facts name the person", left[0])
	}
}

// TestTheAddressOfACodeIsWhereTheServerIsFound: the configuration's public address
// beats all, then a server that runs on the same folder, then what would be listened on.
func TestTheAddressOfACodeIsWhereTheServerIsFound(t *testing.T) {
	t.Parallel()
	running, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	for _, tt := range []struct{ sentence, file, lock, want string }{
		{"the file names the public address", "public_url: https://heat.example.city/\n", "process 1, which listens on " + running.Addr().String() + "\nhttp://elsewhere\n", "https://heat.example.city"},
		{"a server runs on the folder", "listen: 127.0.0.1:9000\n", "process 1, which listens on " + running.Addr().String() + "\nhttps://localhost:9443\n", "https://localhost:9443"},
		{"a server did, and has ended", "listen: 127.0.0.1:9000\n", "process 1, which listens on 127.0.0.1:1\nhttp://127.0.0.1:1\n", "http://127.0.0.1:9000"},
		{"its note is of a version before", "listen: 127.0.0.1:9000\n", "process 1, which listens on " + running.Addr().String() + "\n", "http://127.0.0.1:9000"},
		{"nobody served from there", "listen: 0.0.0.0:9000\n", "", "http://localhost:9000"},
	} {
		dir := t.TempDir()
		file := write(t, dir, "config.yaml", tt.file+"data_dir: ./var\n")
		if tt.lock != "" {
			if err := os.Mkdir(filepath.Join(dir, "var"), 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, "var"), lockFile, tt.lock)
		}
		cfg, faults := config.Load(file)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if got := foundAt(cfg); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.sentence, got, tt.want)
		}
	}
}

func TestTokensAreListedAndRevoked(t *testing.T) {
	t.Parallel()
	database, dir := storetest.URL(t), t.TempDir()
	config := write(t, dir, "config.yaml", "data_dir: ./var\n")
	token := func(want int, more ...string) string {
		t.Helper()
		return command(t, database, append([]string{"--config", config, "token"}, more...)...).want(t, want).stdout
	}
	text := strings.TrimSpace(token(exitFine, "create", "--role", "operator", "--point", "hall/heat", "--only", "submit", "--name", "DCIM"))
	token(exitUsage, "create", "--role", "auditor", "--only", "submit")
	if list := token(exitFine, "list"); !regexp.MustCompile(`1\s+DCIM\s+operator\s+hall/heat\s+\S+\s+command\s+never\s+good`).MatchString(list) || strings.Contains(list, text) {
		t.Errorf("token list says %s", list)
	}
	token(exitFine, "revoke", "1", "--why", "lost")
	token(exitUsage, "revoke", "1")
	if list := token(exitFine, "list"); !strings.Contains(list, "revoked") {
		t.Errorf("token list says %s", list)
	}
}
