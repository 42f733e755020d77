package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"heatledger/energy/access"
	"heatledger/reporting/web"
)

// markup ends an attribute, an element and a script, begins each anew, and is a
// formula besides.
const markup = `=hlx"'></script></svg><hl-tag onhl=1><script>hl()</script>{{7}}`

// raw are the forms in which it would be more than text.
func raw() []string { return []string{`hlx"`, `hlx'`, "<hl-tag", "<script>hl"} }

// TestWhatPeopleWriteStaysText brings markup in wherever a person or a file can write
// something, and looks for it on every page, as each who sees it.
func TestWhatPeopleWriteStaysText(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false, plenty)
	o.account(t, "admin", access.Grant{Role: access.Admin, Everywhere: true})
	o.account(t, "auditor", access.Grant{Role: access.Auditor, Everywhere: true})
	o.account(t, "olga", operatorOf("hafen"))
	admin, auditor, olga := o.person(t).in("admin"), o.person(t).in("auditor"), o.person(t).in("olga")
	end := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	admin.post("/tokens/create", "role", "auditor", "everywhere", "1", "to", end, "name", markup, "why", markup)
	admin.post("/accounts/invite", "login", "max", "name", markup, "role", "auditor", "everywhere", "1", "why", markup)
	file := []byte("point;at;value\nhafen/it;2025-06-03T00:00:00Z;5\n\"" + strings.ReplaceAll(markup, `"`, `""`) + "\";2025-06-03T01:00:00Z;6\n")
	sent := olga.send("/hand-in", markup+".csv", file)
	olga.post(sent.to+"/submit", "partial", "yes", "explain.negative_value", markup)
	olga.post(sent.to+"/comment", "text", markup)
	admin.post(sent.to+"/ask_back", "text", markup)
	olga.post(sent.to+"/answer", "text", markup)
	id := strings.TrimPrefix(sent.to, "/hand-in/")
	if strings.Contains(id, "/") || id == "" {
		t.Fatalf("hand in a file: %d to %s", sent.code, sent.to)
	}
	places := map[string]string{"{id}": id, "{site}": "hafen", "{point}": "grid", "{fact}": "1", "{form}": "enefg-annex3"}
	told := 0
	for name, p := range map[string]*person{"admin": admin, "auditor": auditor, "olga": olga, "the public": o.person(t)} {
		for _, pattern := range web.Patterns() {
			method, path, _ := strings.Cut(pattern, " ")
			for place, value := range places {
				path = strings.ReplaceAll(path, place, value)
			}
			_, path = placed("GET "+path, "1")
			if method != "GET" || strings.HasSuffix(path, "/file") {
				continue
			}
			// What is asked for is shown again on many pages.
			for _, query := range []string{"", "?lang=de&site=X&next=X&q=X&topic=X&address=X&point=X&about=X&c=X&sort=X"} {
				a := p.get(path + strings.ReplaceAll(query, "X", strings.NewReplacer(`"`, "%22", "'", "%27", "<", "%3C", ">", "%3E", "=", "%3D", "{", "%7B", "}", "%7D", "/", "%2F", "(", "%28", ")", "%29", " ", "+").Replace(markup)))
				if strings.Contains(a.text, "hlx") {
					told++
				}
				if kind := a.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") && !strings.HasPrefix(kind, "image/svg") {
					continue
				}
				for _, form := range raw() {
					if i := strings.Index(a.text, form); i >= 0 {
						t.Errorf("%s: %s holds %q: …%s…", name, path+query, form, a.text[max(0, i-60):min(len(a.text), i+60)])
					}
				}
			}
		}
	}
	if told < 12 {
		t.Errorf("only %d answers hold what was written: the test would not tell", told)
	}
	answer := admin.get("/api/v1/submissions/" + id + "/file")
	if got := answer.Header.Get("Content-Disposition"); answer.code != 200 || !strings.HasPrefix(got, "attachment; filename") || strings.ContainsAny(got, "\r\n") || answer.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the file comes as %q, %q", got, answer.Header.Get("Content-Type"))
	}
}

// TestNamesOfFilesAreNoPathsAndNoHeaders uploads files with names that lead elsewhere.
func TestNamesOfFilesAreNoPathsAndNoHeaders(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.token(t, access.Operator, "hafen")
	for i, name := range []string{"../../etc/passwd", `..\..\boot.ini`, "a\r\nSet-Cookie: a=b.csv", "a\x00.csv", strings.Repeat("ä", 5000) + ".csv", "\u202evsc.exe"} {
		at := time.Date(2025, 6, 3, i, 0, 0, 0, time.UTC).Format(time.RFC3339)
		body, kind := uploadForm(t, nil, name, "point;at;value\nhafen/it;"+at+";5\n")
		var handed handedIn
		answer := s.call(t, "POST", "/api/v1/submissions", token, body, http.Header{"Content-Type": {kind}}, &handed)
		if answer.StatusCode == http.StatusBadRequest {
			continue // refused as a whole
		}
		got := s.call(t, "GET", "/api/v1/submissions/"+handed.ID+"/file", token, nil, nil, nil)
		said := got.Header.Get("Content-Disposition")
		if got.StatusCode != 200 || got.Header.Get("Set-Cookie") != "" || !strings.HasPrefix(said, "attachment") || strings.ContainsAny(said, "\\\r\n\x00") || strings.Contains(said, "../") || len(said) > 2000 {
			t.Errorf("%.40q: %d, comes back as %.200q", name, got.StatusCode, said)
		}
	}
}
