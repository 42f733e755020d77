package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"heatledger/energy/store/storetest"
)

// twoHalls is a registry of two sites with one point each.
func twoHalls() string {
	_, second, _ := strings.Cut(powerRegistry, "sites:\n")
	return powerRegistry + strings.ReplaceAll(strings.ReplaceAll(second, "hall", "tower"), "Hall", "Tower")
}

// submit hands in one reading of a point, in CSV, and gives the status and the
// answer.
func (c *centre) submit(point, token string) (int, string) {
	c.t.Helper()
	body := strings.NewReader("point,at,value\n" + point + ",2025-01-01T00:00:00Z,10\n")
	return c.post("/api/v1/readings", token, "text/csv", body)
}

func (c *centre) post(path, token, kind string, body *strings.Reader) (int, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, "http://"+c.address+path, body)
	if err != nil {
		c.t.Fatalf("hand in to %s: %v", path, err)
	}
	r.Header.Set("Content-Type", kind)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatalf("POST %s: %v", path, err)
	}
	defer answer.Body.Close()
	var content json.RawMessage
	if err := json.NewDecoder(answer.Body).Decode(&content); err != nil {
		c.t.Fatalf("read the answer to POST %s: %v", path, err)
	}
	return answer.StatusCode, string(content)
}

// TestATokenOpensWhatItsRoleAndSitesSay makes tokens beside a running server
// and knocks with each at every kind of door.
func TestATokenOpensWhatItsRoleAndSitesSay(t *testing.T) {
	t.Parallel()
	url, dir := storetest.URL(t), t.TempDir()
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	write(t, dir, "registry.yaml", twoHalls())
	c := serve(t, url, config, "", "--no-collect")
	if status, body, _ := c.get("/api/v1/sites", ""); status != http.StatusOK || !strings.Contains(string(body), `"tower"`) {
		t.Errorf("without any token a server on loopback answers %d %s, want both sites", status, body)
	}
	if status, _ := c.submit("hall/it-power", ""); status != http.StatusUnauthorized {
		t.Errorf("without any token readings are answered %d, want 401", status)
	}

	create := func(more ...string) string {
		got := command(t, url, append([]string{"--config", config, "token", "create"}, more...)...).want(t, exitFine)
		if !regexp.MustCompile(`^\S{20,}\n$`).MatchString(got.stdout) {
			t.Errorf("token create %s prints %q, want the token alone", more, got.stdout)
		}
		return strings.TrimSpace(got.stdout)
	}
	tokens := map[string]string{
		"nobody": "", "a guesser": strings.Repeat("x", 43),
		"an admin":                    create("--role", "admin", "--expires", "1h"),
		"an auditor of the hall":      create("--role", "auditor", "--site", "hall", "--expires", "90d"),
		"an auditor of both":          create("--role", "auditor", "--site", "hall", "--site", "tower"),
		"an operator of the hall":     create("--role", "operator", "--site", "hall", "--expires", "1h", "--name", "hall's"),
		"a collector of the hall":     create("--role", "collector", "--site", "hall"),
		"a planner":                   create("--role", "planner"),
		"the public":                  create("--role", "public"),
		"an admin of a moment ago":    create("--role", "admin", "--expires", "1ns"),
		"an operator of a moment ago": create("--role", "operator", "--site", "hall", "--expires", "1us"),
	}
	if len(tokens) != 11 {
		t.Fatalf("%d callers", len(tokens))
	}
	const ok, unknown, forbidden, hidden = http.StatusOK, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound
	for who, want := range map[string]struct{ hall, tower, submit, deliver int }{
		"nobody":                      {unknown, unknown, unknown, unknown},
		"a guesser":                   {unknown, unknown, unknown, unknown},
		"an admin":                    {ok, ok, ok, http.StatusBadRequest},
		"an auditor of the hall":      {ok, hidden, forbidden, forbidden},
		"an auditor of both":          {ok, ok, forbidden, forbidden},
		"an operator of the hall":     {ok, hidden, ok, forbidden},
		"a collector of the hall":     {forbidden, forbidden, forbidden, http.StatusBadRequest},
		"a planner":                   {forbidden, forbidden, forbidden, forbidden},
		"the public":                  {forbidden, forbidden, forbidden, forbidden},
		"an admin of a moment ago":    {unknown, unknown, unknown, unknown},
		"an operator of a moment ago": {unknown, unknown, unknown, unknown},
	} {
		hall, _, _ := c.get("/api/v1/sites/hall", tokens[who])
		tower, _, _ := c.get("/api/v1/sites/tower", tokens[who])
		submit, _ := c.submit("hall/it-power", tokens[who])
		deliver, _ := c.post("/api/v1/batches", tokens[who], "application/octet-stream", strings.NewReader("no batch"))
		if got := [...]int{hall, tower, submit, deliver}; got != [...]int{want.hall, want.tower, want.submit, want.deliver} {
			t.Errorf("%s gets %v for the hall, the tower, readings and a batch, want %v", who, got, want)
		}
	}
	status, answer := c.submit("tower/it-power", tokens["an operator of the hall"])
	if status != ok || !strings.Contains(answer, `"accepted":0`) || !strings.Contains(answer, `"code":"not_your_site"`) {
		t.Errorf("the hall's operator hands in for the tower and gets %d %s, want the row rejected", status, answer)
	}
	var sites []struct{ ID string }
	if _, body, _ := c.get("/api/v1/sites", tokens["an auditor of the hall"]); json.Unmarshal(body, &sites) != nil || len(sites) != 1 || sites[0].ID != "hall" {
		t.Errorf("the hall's auditor sees %v, want the hall alone", sites)
	}
	if stored := sql(t, url, "select count(*) from token where position('"+tokens["an admin"]+"' in token::text) > 0"); stored[0] != "0" {
		t.Errorf("the database holds a token in the clear")
	}
}
