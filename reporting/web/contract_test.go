package web_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"heatledger/energy/access"
	"heatledger/reporting/web"
)

var seed = flag.Uint64("contract.seed", 2024_1364, "the fuzzed requests of the contract test are drawn from it")

// contractBound is how long the fuzzing of the contract may take.
const contractBound = 25 * time.Second

// apiOperation is an operation as the description gives it.
type apiOperation struct {
	method, path string
	ID           string `json:"operationId"`
	Parameters   []struct {
		Name     string         `json:"name"`
		In       string         `json:"in"`
		Required bool           `json:"required"`
		Schema   map[string]any `json:"schema"`
		Example  any            `json:"example"`
	} `json:"parameters"`
	RequestBody *struct {
		Content map[string]struct {
			Schema  map[string]any `json:"schema"`
			Example any            `json:"example"`
		} `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Content map[string]any `json:"content"`
	} `json:"responses"`
}

// contract is the API as its document describes it, with a server that holds data.
type contract struct {
	*site
	document   map[string]any
	operations []apiOperation
	compiler   *jsonschema.Compiler
	schemas    map[string]*jsonschema.Schema
	tokens     map[string]string
	places     map[string]string // ids that exist, by the name of the parameter
	errors     *bytes.Buffer     // what the server logged as errors
}

func newContract(t *testing.T) *contract {
	t.Helper()
	var logged bytes.Buffer
	s := newSiteWith(t, func(o *web.Options) {
		o.Requests = web.Requests{PerSecond: 1e9, Burst: 1e9}
		o.Log = slog.New(slog.NewTextHandler(&syncWriter{w: &logged}, &slog.HandlerOptions{Level: slog.LevelError}))
	})
	c := &contract{site: s, schemas: map[string]*jsonschema.Schema{}, errors: &logged, tokens: map[string]string{"nobody": "", "a stranger": "no such token"}}
	for _, role := range access.Roles() {
		c.tokens[string(role)] = s.token(t, role)
		c.tokens[string(role)+" of another site"] = s.token(t, role, "kaiserlei")
	}
	office := c.tokens[string(access.Office)]
	s.fill(t, office)
	c.places = map[string]string{"site": "hafen", "point": "grid", "fact": "1", "form": "enefg-annex3", "name": "ours", "meter": "hafen-main", "rulebook": "enefg-2023", "issued": "1.0", "id": c.submission(t, office)}
	answer := s.call(t, "GET", "/api/v1/openapi.json", "", nil, nil, nil)
	document, err := jsonschema.UnmarshalJSON(answer.Body)
	if err != nil {
		t.Fatalf("read the description: %v", err)
	}
	c.document = document.(map[string]any)
	closeObjects(c.document["components"])
	c.compiler = jsonschema.NewCompiler()
	c.compiler.AssertFormat()
	if err := c.compiler.AddResource("file:///api.json", c.document); err != nil {
		t.Fatalf("take the description as schemas: %v", err)
	}
	for path, operations := range c.document["paths"].(map[string]any) {
		for method, o := range operations.(map[string]any) {
			text, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			one := apiOperation{method: strings.ToUpper(method), path: path}
			if err := json.Unmarshal(text, &one); err != nil {
				t.Fatalf("read %s %s: %v", method, path, err)
			}
			c.operations = append(c.operations, one)
		}
	}
	slices.SortFunc(c.operations, func(a, b apiOperation) int { return strings.Compare(a.ID, b.ID) })
	return c
}

// submission hands a file in and gives its id.
func (c *contract) submission(t *testing.T, token string) string {
	t.Helper()
	body, kind := uploadForm(t, map[string]string{}, "june.csv", "point,at,value,unit\nhafen/grid,2025-06-04T00:00:00Z,3000,kWh\n")
	var view struct {
		ID string `json:"id"`
	}
	if answer := c.call(t, "POST", "/api/v1/submissions", token, body, http.Header{"Content-Type": {kind}}, &view); answer.StatusCode != http.StatusCreated {
		t.Fatalf("hand in a file: %d", answer.StatusCode)
	}
	return view.ID
}

func uploadForm(t *testing.T, fields map[string]string, name, content string) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for field, text := range fields {
		if err := form.WriteField(field, text); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {mime.FormatMediaType("form-data", map[string]string{"name": "file", "filename": name})}, "Content-Type": {"text/csv"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(part, content); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, form.FormDataContentType()
}

// closeObjects makes every described struct refuse members it does not name: what
// is answered beyond the description is a fault here, though clients bear it.
func closeObjects(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["properties"]; ok && v["type"] == "object" && v["additionalProperties"] == nil {
			v["additionalProperties"] = false
		}
		for _, inner := range v {
			closeObjects(inner)
		}
	case []any:
		for _, inner := range v {
			closeObjects(inner)
		}
	}
}

// schema is the declared schema of an answer; ok is false where none is declared.
func (c *contract) schema(t *testing.T, o apiOperation, status int, kind string) (*jsonschema.Schema, bool) {
	t.Helper()
	code := fmt.Sprint(status)
	if _, ok := o.Responses[code].Content[kind]; !ok {
		return nil, false
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	pointer := strings.Join([]string{"paths", escape.Replace(o.path), strings.ToLower(o.method), "responses", code, "content", escape.Replace(kind), "schema"}, "/")
	if found, ok := c.schemas[pointer]; ok {
		return found, true
	}
	found, err := c.compiler.Compile("file:///api.json#/" + (&url.URL{Path: pointer}).EscapedPath())
	if err != nil {
		t.Fatalf("compile the schema of %s %s %s: %v", o.ID, code, kind, err)
	}
	c.schemas[pointer] = found
	return found, true
}

// foreign is text of other people's programs, which tells an attacker what is
// behind the API and a reader nothing.
var foreign = regexp.MustCompile(`SQLSTATE|ERROR:|pgx|panic|goroutine|\.go:[0-9]|runtime error|strconv\.|json: |parsing time|invalid character|unexpected EOF|relation "|\bselect .* from\b|%!|multipart: |mime: |net/http`)

// request is a request as it is sent, to be shown where its answer breaks the contract.
type request struct {
	operation apiOperation
	who       string
	address   string
	header    http.Header
	body      []byte
	astray    bool // its address may lead to no route or another one
}

func (r request) String() string {
	return fmt.Sprintf("%s: %s %s %v %.200q", r.who, r.operation.method, r.address, r.header, r.body)
}

// keeps sends a request and holds its answer against the contract.
func (c *contract) keeps(t *testing.T, r request) (status int, body []byte) {
	t.Helper()
	sent, err := http.NewRequestWithContext(t.Context(), r.operation.method, c.URL+r.address, bytes.NewReader(r.body))
	if err != nil {
		t.Fatalf("make %v: %v", r, err)
	}
	sent.Header = r.header.Clone()
	if token := c.tokens[r.who]; token != "" {
		sent.Header.Set("Authorization", "Bearer "+token)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(sent)
	if err != nil {
		t.Errorf("%v: %v", r, err)
		return 0, nil
	}
	defer answer.Body.Close()
	if body, err = io.ReadAll(answer.Body); err != nil {
		t.Errorf("%v: read the answer: %v", r, err)
		return 0, nil
	}
	status = answer.StatusCode
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if r.astray && (status/100 == 3 || status == http.StatusNotFound || status == http.StatusMethodNotAllowed) {
		return status, body
	}
	if status >= 500 {
		t.Errorf("%v answers %d %.300s; the log: %s", r, status, body, c.errors)
		c.errors.Reset()
		return status, body
	}
	if status >= 400 {
		if found := foreign.Find(body); found != nil {
			t.Errorf("%v answers %d with %q: %.500s", r, status, found, body)
		}
		c.keepsProblem(t, r, answer, body)
	}
	schema, ok := c.schema(t, r.operation, status, kind)
	if !ok {
		t.Errorf("%v answers %d as %s, which is not declared: %.300s", r, status, kind, body)
		return status, body
	}
	if strings.HasSuffix(kind, "json") {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		if err != nil {
			t.Errorf("%v answers what is no JSON: %v: %.300s", r, err, body)
			return status, body
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%v answers %d not as declared: %v\n%.600s", r, status, err, body)
		}
	}
	return status, body
}

// keepsProblem holds an error against RFC 9457.
func (c *contract) keepsProblem(t *testing.T, r request, answer *http.Response, body []byte) {
	t.Helper()
	var p struct {
		Type, Title, Detail, Code string
		Status                    int
	}
	if err := json.Unmarshal(body, &p); err != nil || answer.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%v answers %d as %s: %.200s", r, answer.StatusCode, answer.Header.Get("Content-Type"), body)
		return
	}
	if p.Type == "" || p.Title == "" || p.Detail == "" || p.Code == "" || p.Status != answer.StatusCode {
		t.Errorf("%v answers %d with an incomplete problem: %s", r, answer.StatusCode, body)
	}
	if answer.StatusCode == http.StatusUnauthorized && answer.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("%v answers 401 without WWW-Authenticate", r)
	}
}

// TestTheAPIKeepsItsContract draws requests from the description, good and bad, as
// every role, and holds each answer against what is declared for it.
func TestTheAPIKeepsItsContract(t *testing.T) {
	t.Parallel()
	c := newContract(t)
	random := rand.New(rand.NewPCG(*seed, 0))
	roles := []string{}
	for who := range c.tokens {
		roles = append(roles, who)
	}
	slices.Sort(roles)
	t.Logf("seed %d (go test -run %s -contract.seed=%d)", *seed, t.Name(), *seed)
	until, asked, good := time.Now().Add(contractBound), 0, 0
	for _, o := range c.operations {
		for _, who := range roles {
			for _, wild := range []float64{0, 0.15, 0.5, 1} {
				if time.Now().After(until) {
					t.Logf("%d requests, %d of them successes, up to %s: the time is over", asked, good, o.ID)
					return
				}
				if status, _ := c.keeps(t, c.draw(t, random, o, who, wild)); status/100 == 2 {
					good++
				}
				asked++
			}
		}
	}
	t.Logf("%d requests, %d of them successes", asked, good)
	if good < asked/10 {
		t.Errorf("only %d of %d requests were successes: the draw has become too wild to find anything", good, asked)
	}
}

// syncWriter lets many goroutines write.
type syncWriter struct {
	mutex sync.Mutex
	w     io.Writer
}

func (s *syncWriter) Write(p []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.w.Write(p)
}
