package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func ask(t *testing.T, address string) (int, []byte, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, body, answer.Header
}

func TestFormsHoldTheFiguresOfTheAPI(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	status, body, header := ask(t, city.URL+"/api/v1/sites/hafen/forms/enefg-annex3?year="+cityYear)
	var got struct {
		Missing []struct{ Code, Remedy string }
		Form    json.RawMessage
		SHA256  string
	}
	if err := json.Unmarshal(body, &got); status != 200 || err != nil {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	if sum := sha256.Sum256(got.Form); hex.EncodeToString(sum[:]) != got.SHA256 || header.Get("Heatledger-Digest") != "sha256:"+got.SHA256 || header.Get("Heatledger-Fact") == "" {
		t.Errorf("the digest %s is not that of the form, or the headers %v lack it", got.SHA256, header)
	}
	if len(got.Missing) == 0 || got.Missing[0].Remedy == "" {
		t.Errorf("missing: %+v, want fields with remedies", got.Missing)
	}
	var form struct {
		Fields []struct {
			Code  string
			Value json.RawMessage
		}
	}
	var figures []struct {
		KPI   string
		Value json.RawMessage
	}
	_, kpis, _ := ask(t, city.URL+"/api/v1/sites/hafen/kpis?period="+cityYear)
	if err := json.Unmarshal(got.Form, &form); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(kpis, &figures); err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, f := range form.Fields {
		values[f.Code] = string(f.Value)
	}
	compared := 0
	for _, f := range figures {
		if code, ok := map[string]string{"pue": "enefg-2f", "erf": "enefg-2g", "heat_delivered": "enefg-2d-heat"}[f.KPI]; ok {
			compared++
			if values[code] != string(f.Value) {
				t.Errorf("%s is %s, the API's %s %s", code, values[code], f.KPI, f.Value)
			}
		}
	}
	if compared < 3 {
		t.Errorf("%d figures were compared, want 3", compared)
	}
	if values["enefg-2b"] != "null" {
		t.Errorf("the renewable share is %s, though nobody handed in any evidence: it is missing, not 0", values["enefg-2b"])
	}
}

func TestFormsComeAsEveryKindOfFile(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	address := city.URL + "/api/v1/sites/hafen/forms/"
	var list []struct {
		Form        string
		Fields      int
		Filled      int
		Missing     []string
		Publication string
	}
	if status, body, _ := ask(t, city.URL+"/api/v1/sites/hafen/forms?year="+cityYear); status != 200 || json.Unmarshal(body, &list) != nil || len(list) != 6 {
		t.Fatalf("%d %s", status, body)
	}
	for _, one := range list {
		if one.Fields != one.Filled+len(one.Missing) || one.Publication == "" {
			t.Errorf("%+v does not add up", one)
		}
		for kind, begins := range map[string]string{"xlsx": "PK", "pdf": "%PDF-1.7", "csv": "code,", "json": `{"missing"`} {
			status, body, _ := ask(t, address+one.Form+"?year="+cityYear+"&format="+kind)
			if status != 200 || !bytes.HasPrefix(body, []byte(begins)) {
				t.Errorf("%s as %s: %d %.60s", one.Form, kind, status, body)
			}
			if kind == "xlsx" {
				if book, err := excelize.OpenReader(bytes.NewReader(body)); err != nil || len(book.GetSheetList()) != 5 {
					t.Errorf("%s: read the workbook: %v", one.Form, err)
				}
			}
			if kind == "csv" {
				if _, err := csv.NewReader(bytes.NewReader(body)).ReadAll(); err != nil {
					t.Errorf("%s: read the CSV: %v", one.Form, err)
				}
			}
		}
	}
}

func TestFormsSayWhatIsWrongWithAQuestion(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	for path, want := range map[string]int{
		"/api/v1/sites/hafen/forms/annex-4": 404, "/api/v1/sites/nowhere/forms/enefg-annex3": 404, "/api/v1/sites/hafen/forms?year=last": 400,
		"/api/v1/sites/hafen/forms/enefg-annex3?format=docx": 400, "/api/v1/sites/hafen/forms?yaer=2025": 400, "/api/v1/sites/rathaus/forms/enefg-annex3?year=2025": 200,
	} {
		if status, body, _ := ask(t, city.URL+path); status != want {
			t.Errorf("%s: %d, want %d: %.100s", path, status, want, body)
		}
	}
	status, text, _ := get(t, city.URL+"/sites/rathaus/forms/enefg-annex3?year=2025&lang=de", "de")
	if status != 200 || strings.Index(text, "Was fehlt") > strings.Index(text, "Felder mit Wert") || !strings.Contains(text, "am Netzanschluss") {
		t.Errorf("%d: the page does not say first what is missing and which meter would give it", status)
	}
	if status, _, _ := get(t, city.URL+"/sites/hafen/forms/annex-4", "de"); status != 404 {
		t.Errorf("a form that is not there: %d", status)
	}
}
