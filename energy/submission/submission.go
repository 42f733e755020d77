// Package submission gives files that people hand in a life: looked at first,
// explained, handed in, asked about, accepted, withdrawn. It decides nothing of
// a reading itself: every row goes through the one door, package intake, whose
// rules and receipts are the same for all ways. Its words are codes; sentences
// are reporting/words'.
package submission

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/intake/sheet"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
)

// State is where a submission stands.
type State string

// The states. A draft was looked at and not handed in; where the operator wants
// two people, it waits for the approval of the second. What was handed in is
// received; checked where the rules found nothing to ask, or somebody of the
// office looked; asked_back until the operator answers or corrects; accepted or
// withdrawn in the end.
const (
	Draft           State = "draft"
	WaitingApproval State = "waiting_approval"
	Received        State = "received"
	Checked         State = "checked"
	AskedBack       State = "asked_back"
	Accepted        State = "accepted"
	Withdrawn       State = "withdrawn"
)

// States lists all of them.
func States() []State {
	return []State{Draft, WaitingApproval, Received, Checked, AskedBack, Accepted, Withdrawn}
}

// RowsNamed is the most rejected rows that a report names; the others are counted.
const RowsNamed = 10_000

// The errors of a submission.
var (
	ErrUnknown    = errors.New("there is no such submission")
	ErrNotDraft   = errors.New("it was handed in already")
	ErrNotHanded  = errors.New("it was not handed in")
	ErrNotAllowed = errors.New("you may not do this")
	ErrWaiting    = errors.New("it waits for the approval of a second person")
	ErrNotWaiting = errors.New("it does not wait for an approval")
	ErrSamePerson = errors.New("whoever prepared it does not approve it: another person of the operator does")
	ErrOver       = errors.New("it is accepted or withdrawn: hand in a correction")
	ErrNotAsked   = errors.New("nobody asks to withdraw it, or it was refused already")
)

// Caller is who asks.
type Caller struct {
	Name  string // the source of facts; several may have the same
	Actor string // how entries name him, and whose a draft is: "account:7"
	// Person is who answers for it, where two people are asked for: of a program
	// whoever made its token; "": the Actor.
	Person string
	// May tells whether he may hand in values of a point; Sees whether he may see
	// what was handed in for a site, Reviews whether he may accept it, Approves
	// whether he may release what a colleague prepared. Approves may be nil.
	May      func(energy.PointID) bool
	Sees     func(energy.SiteID) bool
	Reviews  func(energy.SiteID) bool
	Approves func(energy.SiteID) bool
}

// Request is how a file is meant.
type Request struct {
	Mapping    intake.Mapping       `json:"mapping,omitzero"`
	Saved      string               `json:"saved,omitempty"` // the name of the mapping that was used
	Correction string               `json:"correction,omitempty"`
	Replaces   *energy.Period       `json:"replaces,omitempty"`
	Partial    bool                 `json:"partial,omitempty"`
	Explain    []intake.Explanation `json:"explain,omitempty"`
	Release    *Release             `json:"release,omitempty"` // where the operator wants two people
}

// Report is what the rules say of a file.
type Report struct {
	intake.Receipt
	Rows         int                 `json:"rows"`         // that the file gives
	Questionable int                 `json:"questionable"` // rows that a question is about
	ByCode       map[intake.Code]int `json:"by_code"`      // rejected rows
}

// Submission is a file with what became of it.
type Submission struct {
	ID       string
	Number   int64 // of the receipt; 0: it was not handed in
	At       time.Time
	HandedAt time.Time
	Source   string // the Actor who handed it in
	Sites    []energy.SiteID
	State    State
	Name     string
	Form     sheet.Form
	Digest   [sha256.Size]byte
	Request  Request
	Report   Report
	Receipt  *Receipt
	Steps    []Step // of what was handed in, in their order
	// Again tells that the very same was handed in before: this is the first.
	Again bool
}

// Receipt proves what was handed in: the digest of the file stands in the public
// ledger with each fact.
type Receipt struct {
	intake.Receipt
	Number   int64     `json:"number"`
	ID       string    `json:"submission"`
	At       time.Time `json:"at"`
	Source   string    `json:"source"`
	Name     string    `json:"name"`
	Rows     int       `json:"rows"`
	Asked    int       `json:"explained"` // questions that were explained
	Replaced string    `json:"correction,omitempty"`
}

// Desk takes submissions. It is safe for concurrent use.
type Desk struct {
	intake *intake.Intake
	ledger *ledger.Ledger
	store  *store.Store
	now    func() time.Time
}

// New is a desk before the door in.
func New(in *intake.Intake, l *ledger.Ledger, now func() time.Time) *Desk {
	if now == nil {
		now = time.Now
	}
	return &Desk{intake: in, ledger: l, store: l.Store(), now: now}
}

// File is a file as it came.
type File interface {
	io.ReaderAt
	io.ReadSeeker
}

// Upload is a file with what is said of it.
type Upload struct {
	Name   string // what it was called; shown, never used as a path
	File   File
	Size   int64
	Digest [sha256.Size]byte
	Request
}

// Look keeps a file and says what would come of it, without any reading becoming
// known. It errs with *MappingNeededError where it is open what its columns are.
func (d *Desk) Look(ctx context.Context, who Caller, u Upload) (Submission, error) {
	if err := d.mapped(ctx, who, &u); err != nil {
		return Submission{}, err
	}
	sub := d.draft(who, u)
	receipt, rows, sites, err := d.submit(ctx, who, sub, u.File, u.Size, true, nil)
	if err != nil {
		return Submission{}, err
	}
	sub.Report, sub.Sites = sub.reportOf(receipt, rows), sites
	if err := d.keepFile(ctx, u); err != nil {
		return Submission{}, err
	}
	return sub, d.keep(ctx, sub)
}

// draft is a submission that nobody looked at yet.
func (d *Desk) draft(who Caller, u Upload) Submission {
	return Submission{ID: newID(), At: d.now().UTC().Truncate(time.Millisecond), Source: who.Actor, State: Draft, Name: plainName(u.Name),
		Form: sheet.FormOf(u.File), Digest: u.Digest, Request: u.Request}
}

// keepFile keeps a file by its digest.
func (d *Desk) keepFile(ctx context.Context, u Upload) error {
	if _, err := u.File.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read %s again: %w", plainName(u.Name), err)
	}
	return d.store.KeepFile(ctx, u.Digest, u.File)
}

// submit hands the rows of a file to the door.
func (d *Desk) submit(ctx context.Context, who Caller, sub Submission, file io.ReaderAt, size int64, dry bool,
	also func(context.Context, map[energy.SiteID]*store.Fact, Report) error) (receipt intake.Receipt, rows int, sites []energy.SiteID, err error) {
	r, err := d.ledger.Registry(ctx)
	if err != nil {
		return receipt, 0, nil, err
	}
	series := func(id energy.PointID) (energy.SeriesKind, bool) {
		if !who.May(id) {
			return "", false
		}
		_, _, point, ok := r.Point(id)
		return point.Series, ok
	}
	key, digest := sub.key()
	seen := map[energy.SiteID]bool{}
	var last energy.PointID
	s := intake.Submission{Source: who.Name, Key: key, Digest: digest, Content: sub.Digest, Correction: sub.Request.Correction,
		Partial: sub.Request.Partial || dry, DryRun: dry, Most: RowsNamed, Review: true, Explained: sub.Request.Explain, AllowedPoint: who.May}
	if sub.Request.Replaces != nil {
		s.Replaces = *sub.Request.Replaces
	}
	s.Stream = func(take func(intake.Row), reject func(intake.Rejection)) error {
		rows, last = 0, ""
		return intake.ReadFile(file, size, sub.Request.Mapping, series, func(row intake.Row) {
			rows++
			if row.Point != last {
				if last = row.Point; who.May(last) {
					seen[last.Site()] = true
				}
			}
			take(row)
		}, func(rejection intake.Rejection) { rows++; reject(rejection) })
	}
	if also != nil {
		s.Also = func(ctx context.Context, facts map[energy.SiteID]*store.Fact, receipt intake.Receipt) error {
			sub.nameCells(receipt.Rejected, file, size)
			return also(ctx, facts, sub.reportOf(receipt, rows))
		}
	}
	if receipt, err = d.intake.Submit(ctx, s); err != nil {
		return receipt, rows, nil, err
	}
	sub.nameCells(receipt.Rejected, file, size)
	for site := range seen {
		if _, ok := r.Site(site); ok {
			sites = append(sites, site)
		}
	}
	slices.Sort(sites)
	return receipt, rows, sites, nil
}

// nameCells names the cell of what the rules refused: they know rows and what is
// wrong with them, but not in which column of the table it stands.
func (s Submission) nameCells(rejected []intake.Rejection, file io.ReaderAt, size int64) {
	if len(rejected) == 0 || s.Form == sheet.MSCONS {
		return
	}
	m := s.Request.Mapping
	if own, ok, err := intake.OwnForm(file, size, m); err == nil && ok && len(m.Columns) == 0 {
		m = own
	}
	for i := range rejected {
		if r := &rejected[i]; r.Cell == "" {
			r.Cell = m.Cell(r.Column, r.Row)
		}
	}
}

// reportOf counts what the rules said.
func (s Submission) reportOf(receipt intake.Receipt, rows int) Report {
	report := Report{Receipt: receipt, Rows: rows, ByCode: map[intake.Code]int{}}
	for _, r := range receipt.Rejected {
		report.ByCode[r.Code]++
	}
	for _, q := range receipt.Questions {
		report.Questionable += q.Rows
	}
	report.Questionable = min(report.Questionable, rows)
	return report
}

// key names what is handed in: the file and how it is meant, without what is
// explained of it.
func (s Submission) key() (key string, digest [sha256.Size]byte) {
	meant := s.Request
	meant.Explain, meant.Saved, meant.Release = nil, "", nil
	body, _ := json.Marshal(meant) // of texts and times: it never errs
	sum := sha256.New()
	fmt.Fprintf(sum, "submission\x00%x\x00%s", s.Digest, body)
	digest = [sha256.Size]byte(sum.Sum(nil))
	return hex.EncodeToString(digest[:]), digest
}

func newID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never errs (crypto/rand, Go 1.24)
	return hex.EncodeToString(id[:])
}

// plainName is a file's name without a path and without control characters.
func plainName(name string) string {
	if i := slices.IndexFunc([]rune(name), func(c rune) bool { return c == '/' || c == '\\' }); i >= 0 {
		runes := []rune(name)
		for j, c := range runes {
			if c == '/' || c == '\\' {
				i = j
			}
		}
		name = string(runes[i+1:])
	}
	kept := []rune{}
	for _, c := range name {
		if c >= ' ' && c != 0x7f && c != '\ufffd' && len(kept) < 120 {
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 {
		return "file"
	}
	return string(kept)
}
