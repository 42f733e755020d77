package disclosure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/reporting/cell"
)

// Paper is a form on its way out: with the checkpoint of the log, where there is
// one, and in a language.
type Paper struct {
	Form
	Checkpoint string // signed note of the public ledger; "" without one
	Words      Words
}

// envelope is a form as JSON: what is missing comes first, in words; the digest
// is that of the member "form" as it stands.
type envelope struct {
	Missing    []missing         `json:"missing"`
	Form       json.RawMessage   `json:"form"`
	Labels     map[string]string `json:"labels"`
	Digest     string            `json:"sha256"`
	Checkpoint string            `json:"checkpoint,omitempty"`
}

type missing struct {
	Code   string `json:"code"`
	Number string `json:"number"`
	Label  string `json:"label"`
	Remedy string `json:"remedy"`
}

// canonical is the form as JSON. Every part of a form can be written, so that an
// error is a mistake of the program.
func (f Form) canonical() []byte {
	body, err := json.Marshal(f)
	if err != nil {
		panic(fmt.Sprintf("disclosure: write %s as JSON: %v", f.ID, err))
	}
	return body
}

// Digest is the SHA-256 of the form as the member "form" of its JSON.
func (f Form) Digest() string {
	sum := sha256.Sum256(f.canonical())
	return hex.EncodeToString(sum[:])
}

// WriteJSON writes the form as JSON.
func (p Paper) WriteJSON(w io.Writer) error {
	out := envelope{Missing: []missing{}, Form: p.canonical(), Labels: map[string]string{}, Digest: p.Digest(), Checkpoint: p.Checkpoint}
	for _, f := range p.InOrder() {
		out.Labels[f.Code] = p.Words.Label(f)
		if !f.Value.OK() {
			out.Missing = append(out.Missing, missing{f.Code, f.Number, p.Words.Label(f), p.Words.Remedies(f)})
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(out)
}

// csvColumns are the columns of the CSV.
func csvColumns() []string {
	return []string{"code", "number", "label", "value", "unit", "basis", "status", "energy_coverage", "interval_coverage", "uncertainty", "standard", "remedy",
		"metered", "declared", "declared_difference_percent", "published", "published_difference_percent", "published_by", "sources", "fact"}
}

// WriteCSV writes the form as CSV, a field a row, the missing ones first. The
// rows above them, whose code begins with "form.", are about the form itself.
// Texts that a spreadsheet would take for a formula have an apostrophe before.
func (p Paper) WriteCSV(w io.Writer) error {
	out := cell.NewWriter(w)
	width := len(csvColumns())
	rows := [][]string{csvColumns()}
	for _, about := range p.about() {
		row := make([]string, width)
		row[0], row[2], row[3] = "form."+about.key, about.label, strings.TrimSpace(about.value)
		rows = append(rows, row)
	}
	for _, f := range p.InOrder() {
		rows = append(rows, p.csvRow(f))
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write %s of %s: %w", p.ID, p.Site, err)
	}
	return nil
}

func (p Paper) csvRow(f Field) []string {
	row := []string{f.Code, f.Number, p.Words.Label(f), written(f.Value), string(f.Unit), string(f.Basis), string(f.Status), optional(f.EnergyCoverage), optional(f.IntervalCoverage),
		optional(f.Uncertainty), standardOf(f), p.Words.Remedies(f)}
	metered, _ := column(f.Metered)
	declared, declaredDifference := column(f.Declared)
	published, publishedDifference := column(f.Published)
	by := ""
	if f.Published != nil {
		by = f.Published.By
	}
	return append(row, metered, declared, declaredDifference, published, publishedDifference, by, sourcesOf(f), strconv.FormatInt(f.Fact, 10))
}

func column(s *Stated) (value, difference string) {
	if s == nil {
		return "", ""
	}
	return written(s.Value), optional(s.Difference)
}

// written is a value for a file.
func written(v Value) string {
	if v.text != "" {
		return v.text
	}
	return v.String()
}

func optional(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'g', -1, 64)
}

func standardOf(f Field) string { return strings.TrimSuffix(f.Standard+":"+f.Edition, ":") }

// sourcesOf are a field's sources in one text.
func sourcesOf(f Field) string {
	var names []string
	for _, s := range f.Sources {
		name := string(s.Kind) + ":" + s.ID
		if s.Document != "" {
			name += " (" + s.Document + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, "; ")
}

// about is one line about the form itself.
type about struct{ key, label, value string }

// about are what a form says of itself.
func (p Paper) about() []about {
	w := p.Words
	due := w.T("due.none")
	if p.Due != nil {
		due = w.lang.DateOf(*p.Due)
	}
	have, all := p.Complete()
	lines := []about{
		{"id", w.T("code"), string(p.ID)}, {"site", w.T("head.site"), p.Name + " (" + string(p.Site) + ")"}, {"year", w.T("head.year"), strconv.Itoa(p.Year)},
		{"citation", w.T("head.citation"), p.Citation + " (" + p.State + ")"}, {"addressee", w.T("head.to"), w.T("to:" + string(p.ID))}, {"due", w.T("head.due"), due},
		{"publication", w.T("head.publication"), w.T("class:" + string(p.Class))}, {"status", w.T("head.status"), w.T("status:" + string(p.Status))},
		{"complete", w.T("head.complete"), w.T("complete", strconv.Itoa(have), strconv.Itoa(all))},
		{"as_known_at", w.T("head.asknown"), p.AsKnown.Format(time.RFC3339)}, {"fact", w.T("head.fact"), strconv.FormatInt(p.Fact, 10)}, {"sha256", w.T("head.digest"), p.Digest()},
	}
	if p.Checkpoint != "" {
		lines = append(lines, about{"checkpoint", w.T("head.checkpoint"), p.Checkpoint})
	}
	if notes := w.Notes(p.Notes); len(notes) > 0 {
		lines = append(lines, about{"notes", w.T("head.notes"), strings.Join(notes, "; ")})
	}
	return lines
}

// unitShown is a unit as it stands beside a value: that of a ratio is none.
func unitShown(u energy.Unit) string {
	if u == energy.One {
		return ""
	}
	return string(u)
}
