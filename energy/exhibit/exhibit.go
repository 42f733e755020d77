// Package exhibit takes documents that prove something: a photo of a meter, a
// bill, a contract, a list of servers. It looks at what a file holds rather than
// at what it is called, refuses what is none of the few forms it knows, keeps
// the bytes by their SHA-256 and makes it a fact of a site who handed it in, when
// and what for. It never runs, unpacks to disk or renders anything.
package exhibit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"heatledger/energy"
	"heatledger/energy/store"
)

// Form is the form of a document.
type Form string

// The forms that are taken.
const (
	PDF  Form = "pdf"
	PNG  Form = "png"
	JPEG Form = "jpeg"
	CSV  Form = "csv"
	XLSX Form = "xlsx"
)

// Forms lists them.
func Forms() []Form { return []Form{PDF, PNG, JPEG, CSV, XLSX} }

// MediaType is the form's name in HTTP.
func (f Form) MediaType() string {
	return map[Form]string{PDF: "application/pdf", PNG: "image/png", JPEG: "image/jpeg", CSV: "text/csv",
		XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}[f]
}

// Mark is what whoever opens a document should know before.
type Mark string

// The marks: it wants a password; it says that it is signed (whether rightly is
// not checked); it holds programs or other files; it holds cells that begin like
// formulas.
const (
	Encrypted Mark = "encrypted"
	Signed    Mark = "signed"
	Active    Mark = "active"
	Formulas  Mark = "formulas"
)

// Most is the largest document, in bytes.
const Most = 25 << 20

// KeptYears is how long a document is kept at least, in whole calendar years
// after the one in which it was handed in, unless somebody orders its bytes deleted
// (see [Shelf.Remove]). It is ours: no law we found sets a time for the municipality.
// Nothing is deleted by itself.
const KeptYears = 10

// Exhibit is a document with what is known of it.
type Exhibit struct {
	Site   energy.SiteID `json:"site"`
	Fact   int64         `json:"fact"` // of the site, by which it became known
	At     time.Time     `json:"at"`
	Actor  string        `json:"actor"`
	Digest string        `json:"sha256"` // of its bytes, in hex; by it the document is asked for
	Name   string        `json:"name"`
	Form   Form          `json:"form"`
	Size   int64         `json:"size"`
	Marks  []Mark        `json:"marks,omitempty"`
	// About is what it is for, a code and what it is of: "fact:refrigerant@2025",
	// "commitment:erf-2026", "reading:hafen/heat@2026-11-22T10:00:00Z".
	About string `json:"about"`
	Note  string `json:"note,omitempty"` // what whoever handed it in says of it
	// KeptUntil is the last day on which it is certainly there; see [KeptYears].
	KeptUntil energy.Date `json:"kept_until"`
	// Removed: its bytes are no more; see [Shelf.Remove].
	Removed *Removal `json:"removed,omitempty"`
}

// Document is how facts of the registry name the exhibit.
func (e Exhibit) Document() string { return "sha256:" + e.Digest }

// Upload is a document that came in.
type Upload struct {
	Site  energy.SiteID
	Name  string // what it was called; shown, never used as a path
	About string
	Note  string
	File  File
	Size  int64
	// Digest is the SHA-256 of File, of Size bytes; whoever took it in computed it.
	Digest [sha256.Size]byte
}

// File is what can be inspected.
type File interface {
	io.ReaderAt
	io.ReadSeeker
}

// ErrUnknown says that a site has no such document.
var ErrUnknown = errors.New("there is no such document")

// KindExhibit is the kind of the entries by which documents are facts.
const KindExhibit = "exhibit"

// The longest texts.
const (
	aboutMost = 200
	noteMost  = 1000
)

// Shelf keeps documents. It is safe for concurrent use. Who may put something
// there or look at it is settled before.
type Shelf struct{ store *store.Store }

// New is a shelf in a database.
func New(s *store.Store) *Shelf { return &Shelf{s} }

// Keep inspects a document and keeps its bytes. It is no fact until it is
// [Exhibit.Record]ed: with what it proves, in one transaction. It errs with
// energy.Faults for what is not taken.
func (s *Shelf) Keep(ctx context.Context, u Upload) (Exhibit, error) {
	about, note := strings.TrimSpace(u.About), strings.TrimSpace(u.Note)
	if about == "" || len(about) > aboutMost || len(note) > noteMost || strings.ContainsFunc(about, unicode.IsControl) {
		return Exhibit{}, energy.Faults{{Problem: "what the document is for is missing or too long", Remedy: fmt.Sprintf("say it in at most %d bytes, a note in at most %d", aboutMost, noteMost)}}
	}
	form, marks, err := Inspect(u.Name, u.File, u.Size)
	if err != nil {
		return Exhibit{}, err
	}
	if _, err := u.File.Seek(0, io.SeekStart); err != nil {
		return Exhibit{}, fmt.Errorf("read %s again: %w", plainName(u.Name), err)
	}
	if err := s.store.KeepFile(ctx, u.Digest, u.File); err != nil {
		return Exhibit{}, err
	}
	return Exhibit{Site: u.Site, Digest: hex.EncodeToString(u.Digest[:]), Name: plainName(u.Name), Form: form, Size: u.Size, Marks: marks, About: about, Note: note}, nil
}

// Record makes the document part of a fact of its site, and gives it as it is
// known then.
func (e Exhibit) Record(ctx context.Context, f *store.Fact, actor string) (Exhibit, error) {
	e.Fact, e.At, e.Actor = f.Seq, f.RecordedAt, actor
	e.KeptUntil = energy.Date{Year: e.At.Year() + KeptYears, Month: time.December, Day: 31}
	digest, err := e.sum()
	if err != nil {
		return e, err
	}
	body, err := json.Marshal(e)
	if err != nil {
		return e, fmt.Errorf("write exhibit %s: %w", e.Digest, err)
	}
	if err := f.HoldFile(ctx, digest); err != nil {
		return e, err
	}
	return e, f.Entry(ctx, KindExhibit, e.Digest, f.RecordedAt, actor, body)
}

// sum is the digest of the bytes.
func (e Exhibit) sum() (sum [sha256.Size]byte, err error) {
	b, err := hex.DecodeString(e.Digest)
	if err != nil || len(b) != len(sum) {
		return sum, ErrUnknown
	}
	return [sha256.Size]byte(b), nil
}

// Take keeps a document and makes it a fact of its site at once.
func (s *Shelf) Take(ctx context.Context, u Upload, actor string) (Exhibit, error) {
	kept, err := s.Keep(ctx, u)
	if err != nil {
		return kept, err
	}
	_, err = s.store.Append(ctx, u.Site, func(ctx context.Context, f *store.Fact) error {
		kept, err = kept.Record(ctx, f, actor)
		return err
	})
	return kept, err
}

// List are the documents of a site, the latest first. One that was handed in for
// two things is there twice.
func (s *Shelf) List(ctx context.Context, site energy.SiteID) ([]Exhibit, error) {
	entries, err := s.store.EntriesOf(ctx, site, KindExhibit, newest)
	if err != nil {
		return nil, err
	}
	removed, err := s.removals(ctx, site)
	if err != nil {
		return nil, err
	}
	list := make([]Exhibit, 0, len(entries))
	for i := len(entries) - 1; i >= 0; i-- {
		var e Exhibit
		if err := json.Unmarshal(entries[i].Body, &e); err != nil {
			return nil, fmt.Errorf("read exhibit %s of site %s: %w", entries[i].ID, site, err)
		}
		e.Site, e.Fact, e.At, e.Actor = site, entries[i].Seq, entries[i].RecordedAt, entries[i].Actor
		if gone, ok := removed[e.Digest]; ok && gone.Fact > e.Fact {
			e.Removed = &gone
		}
		list = append(list, e)
	}
	return list, nil
}

// newest is beyond every number of a fact.
const newest = int64(1) << 62

// Find is the document of that digest which the site has; it errs with
// [ErrUnknown] for another site's.
func (s *Shelf) Find(ctx context.Context, site energy.SiteID, digest string) (Exhibit, error) {
	list, err := s.List(ctx, site)
	if err != nil {
		return Exhibit{}, err
	}
	for _, e := range list {
		if e.Digest == strings.TrimPrefix(digest, "sha256:") {
			return e, nil
		}
	}
	return Exhibit{}, ErrUnknown
}

// Write writes the bytes of a document, as they came. It errs with [ErrRemoved].
func (s *Shelf) Write(ctx context.Context, e Exhibit, w io.Writer) error {
	if e.Removed != nil {
		return ErrRemoved
	}
	digest, err := e.sum()
	if err != nil {
		return err
	}
	return s.store.File(ctx, digest, w)
}

// plainName is a file's name without a path and without control characters.
func plainName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	var kept strings.Builder
	for _, c := range name {
		// Bidirectional controls make "cod.exe" read as another name.
		if !unicode.IsControl(c) && !unicode.Is(unicode.Cf, c) && c != unicode.ReplacementChar && kept.Len() < 120 {
			kept.WriteRune(c)
		}
	}
	if strings.Trim(kept.String(), ". ") == "" {
		return "document"
	}
	return kept.String()
}
