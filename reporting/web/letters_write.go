package web

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/desk"
	"heatledger/energy/ledger"
	"heatledger/energy/submission"
	"heatledger/reporting/correspondence"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

// lettersMost bounds the letters of one batch.
const lettersMost = 2000

// lettersWanted is what letters are wanted, as programs send it.
type lettersWanted struct {
	Items      []string    `json:"items,omitempty"`      // keys of the worklist
	Submission string      `json:"submission,omitempty"` // the id of one that was asked back
	On         energy.Date `json:"on,omitzero"`          // the date of the letters; default today
	Lang       words.Lang  `json:"lang,omitempty"`       // de (default) or en
	// Form is pdf: one file with a bookmark for each letter; zip: a PDF and a plain
	// text for each; txt: the plain text of a single one, for a mail.
	Form string `json:"form,omitempty"`
}

// writtenLetter is a letter with the fact that says that it was written.
type writtenLetter struct {
	correspondence.Addressed
	fact desk.Letter
	pdf  []byte
}

// postLetters answers POST /api/v1/letters: {items, submission, on, lang, form}.
func (s *Server) postLetters(w http.ResponseWriter, r *http.Request, who caller) error {
	var wanted lettersWanted
	if err := readJSON(w, r, &wanted); err != nil {
		return err
	}
	return s.giveLetters(w, r, who, wanted)
}

// takeLetters answers POST /letters: a form of the worklist or the inbox, with the
// keys of items (only: one of them) or a submission.
func (s *Server) takeLetters(w http.ResponseWriter, r *http.Request, p *page) error {
	wanted := lettersWanted{Items: r.PostForm["item"], Submission: r.PostFormValue("submission"), Lang: words.Lang(p.Lang), Form: r.PostFormValue("form")}
	if only := r.PostFormValue("only"); only != "" {
		wanted.Items = []string{only}
	}
	if lang := r.PostFormValue("lang"); lang != "" {
		wanted.Lang = words.Lang(lang)
	}
	if text := r.PostFormValue("on"); text != "" {
		on, err := energy.ParseDate(text)
		if err != nil {
			return refuse(http.StatusBadRequest, "bad_day", "on=%.40q is no day: YYYY-MM-DD is expected", text)
		}
		wanted.On = on
	}
	if len(wanted.Items) == 0 && wanted.Submission == "" {
		return refuse(http.StatusBadRequest, "no_item", "%s", p.T("letters.none"))
	}
	who := p.who
	who.asks = access.Review
	return s.giveLetters(w, r, who, wanted)
}

// giveLetters writes the letters, keeps that they were written, and gives them.
func (s *Server) giveLetters(w http.ResponseWriter, r *http.Request, who caller, wanted lettersWanted) error {
	if who.actor == "" || !who.reach(access.Review).Everywhere {
		return refuse(http.StatusForbidden, "not_allowed", "only the office writes letters")
	}
	if wanted.Form == "" {
		wanted.Form = "pdf"
	}
	if !slices.Contains([]string{"pdf", "zip", "txt"}, wanted.Form) {
		return refuse(http.StatusBadRequest, "bad_format", "form=%.20q is none: pdf, zip or txt is expected", wanted.Form)
	}
	wanted.Lang = words.Spoken(wanted.Lang)
	letters, err := s.composeLetters(r.Context(), who, wanted)
	if err != nil {
		return err
	}
	if wanted.Form == "txt" && len(letters) > 1 {
		return refuse(http.StatusBadRequest, "bad_format", "%d letters are wanted as txt: that is for one; ask for zip", len(letters))
	}
	facts := make([]desk.Letter, len(letters))
	for i := range letters {
		var b bytes.Buffer
		if err := document.WriteLetters(&b, "", []document.Letter{letters[i].Letter}); err != nil {
			return err
		}
		sum := sha256.Sum256(b.Bytes())
		letters[i].pdf, letters[i].fact.Digest = b.Bytes(), hex.EncodeToString(sum[:])
		facts[i] = letters[i].fact
	}
	file, kind, name, err := lettersFile(letters, wanted.Form)
	if err != nil {
		return err
	}
	if err := s.options.Ledger.KeepLetters(r.Context(), who.actor, facts); err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, err = w.Write(file)
	return err
}

// lettersFile is the file of letters in a form.
func lettersFile(letters []writtenLetter, form string) (file []byte, kind, name string, err error) {
	first := letters[0]
	name = fmt.Sprintf("%s-%s", first.fact.Kind, first.fact.On)
	var b bytes.Buffer
	switch {
	case form == "txt":
		return []byte(first.Title + "\n\n" + first.Text()), "text/plain; charset=utf-8", name + ".txt", nil
	case form == "zip":
		z := zip.NewWriter(&b)
		for i, l := range letters {
			base := fmt.Sprintf("%03d-%s-%s", i+1, l.fact.Kind, plain(l.Operator+"-"+string(l.fact.Site)))
			for ending, content := range map[string][]byte{".pdf": l.pdf, ".txt": []byte(l.Title + "\n\n" + l.Text())} {
				f, err := z.CreateHeader(&zip.FileHeader{Name: base + ending, Method: zip.Deflate, Modified: l.At})
				if err == nil {
					_, err = f.Write(content)
				}
				if err != nil {
					return nil, "", "", fmt.Errorf("pack letters: %w", err)
				}
			}
		}
		return finished(&b, z.Close(), "application/zip", name+".zip")
	case len(letters) == 1:
		return first.pdf, "application/pdf", name + ".pdf", nil
	}
	all := make([]document.Letter, len(letters))
	for i, l := range letters {
		all[i] = l.Letter
	}
	return finished(&b, document.WriteLetters(&b, first.Title, all), "application/pdf", name+".pdf")
}

func finished(b *bytes.Buffer, err error, kind, name string) ([]byte, string, string, error) {
	if err != nil {
		return nil, "", "", fmt.Errorf("write letters: %w", err)
	}
	return b.Bytes(), kind, name, nil
}

// plain is a text as the name of a file has it.
func plain(text string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, strings.ToLower(text)), "-")
}

// composeLetters makes the letters that are wanted, in the order of the worklist.
func (s *Server) composeLetters(ctx context.Context, who caller, wanted lettersWanted) ([]writtenLetter, error) {
	known, err := s.options.Ledger.Registry(ctx)
	if err != nil {
		return nil, err
	}
	calendar, err := s.options.Ledger.Calendar(known, ledger.Municipality)
	if err != nil {
		return nil, err
	}
	if wanted.On == (energy.Date{}) {
		wanted.On = calendar.Date(s.now())
	}
	w := letterWriter{Server: s, office: correspondence.Office{Registry: known, Lang: wanted.Lang, On: wanted.On, URL: s.options.PublicURL}, calendar: calendar}
	if wanted.Submission != "" {
		return w.question(ctx, who, wanted.Submission)
	}
	sites := make([]energy.SiteID, len(known.Sites))
	for i, site := range known.Sites {
		sites[i] = site.ID
	}
	if w.items, err = s.options.Ledger.Worklist(ctx, sites, wanted.On, true); err != nil {
		return nil, err
	}
	var letters []writtenLetter
	for _, key := range wanted.Items {
		at := slices.IndexFunc(w.items, func(i desk.Item) bool { return i.Key() == key })
		if at < 0 {
			return nil, refuse(http.StatusNotFound, "no_item", "%.100q is not on the worklist of %s: see GET /api/v1/worklist", key, wanted.On)
		}
		more, err := w.about(ctx, w.items[at])
		if err != nil {
			return nil, err
		}
		if letters = append(letters, more...); len(letters) > lettersMost {
			return nil, refuse(http.StatusBadRequest, "too_many_items", "these are more than %d letters: ask for fewer at once", lettersMost)
		}
	}
	if len(letters) == 0 {
		return nil, refuse(http.StatusBadRequest, "no_item", "nothing is named to write about: keys of the worklist are expected")
	}
	return letters, nil
}

// letterWriter composes letters of one day.
type letterWriter struct {
	*Server
	office   correspondence.Office
	calendar energy.Calendar
	items    []desk.Item
}

// about is the letter about an item; the request of January is one to each
// operator.
func (w letterWriter) about(ctx context.Context, i desk.Item) ([]writtenLetter, error) {
	kind, ok := i.Letter()
	if !ok {
		return nil, refuse(http.StatusConflict, "no_letter", "there is no letter about %.100q: it is done, or the office's own", i.Key())
	}
	fact := desk.Letter{Kind: kind, Item: i.Key(), Site: i.Site, Lang: string(w.office.Lang), On: w.office.On}
	switch kind {
	case desk.RequestLetter:
		var letters []writtenLetter
		for _, operator := range w.office.Operators() {
			meters, err := w.meters(ctx, operator.ID, i.Due.Year-1)
			if err != nil {
				return nil, err
			}
			letters = append(letters, written(w.office.Request(operator, i.Due.Year-1, w.items, meters), fact))
		}
		return letters, nil
	case desk.HearingLetter:
		id := i.Args["judgement"].Text
		issued, err := w.options.Ledger.IssuedAs(ctx, i.Site, id)
		if err != nil {
			return nil, err
		}
		cases, err := w.options.Ledger.Hearings(ctx, i.Site, time.Time{})
		if err != nil {
			return nil, err
		}
		return []writtenLetter{written(w.office.Hearing(id, issued.Assessment, title(w.office.Registry, issued.Assessment), cases[id]), fact)}, nil
	}
	return []writtenLetter{written(w.office.Reminder(i), fact)}, nil
}

func written(l correspondence.Addressed, fact desk.Letter) writtenLetter {
	fact.Operator = l.Operator
	return writtenLetter{Addressed: l, fact: fact}
}

// question is the letter about a submission that was asked back.
func (w letterWriter) question(ctx context.Context, who caller, id string) ([]writtenLetter, error) {
	sub, err := w.handing().Show(ctx, who.submitter(), id)
	if err != nil {
		return nil, deskProblem(err)
	}
	if sub.State != submission.AskedBack {
		return nil, refuse(http.StatusConflict, "no_letter", "submission %.60q was not asked back: it is %s", id, sub.State)
	}
	fact := desk.Letter{Kind: desk.QuestionLetter, Item: id, Lang: string(w.office.Lang), On: w.office.On}
	if len(sub.Sites) > 0 {
		fact.Site = sub.Sites[0]
	}
	return []writtenLetter{written(w.office.Question(sub, w.calendar), fact)}, nil
}

// meters are the counted points of an operator with what is known of them in a
// year, as far as it is over.
func (w letterWriter) meters(ctx context.Context, operator string, year int) (list []correspondence.Meter, err error) {
	for _, site := range w.office.Registry.Sites {
		if site.Operator != operator {
			continue
		}
		for _, meter := range site.Meters {
			for _, point := range meter.Points {
				if point.Use != energy.Primary || point.Role == "" || point.Virtual() {
					continue
				}
				m := correspondence.Meter{Point: point.ID, Meter: meter.ID}
				if m.Known, err = w.knownShare(ctx, point.ID, year); err != nil {
					return nil, err
				}
				extent, ok, err := w.options.Store.Extent(ctx, site.ID, point.ID)
				if err != nil {
					return nil, err
				}
				if ok {
					m.Until = w.calendar.Date(extent.To.Add(-time.Nanosecond))
				}
				list = append(list, m)
			}
		}
	}
	return list, nil
}

// knownShare is the part of a local year whose energy is known.
func (w letterWriter) knownShare(ctx context.Context, point energy.PointID, year int) (float64, error) {
	series, err := w.options.Ledger.Values(ctx, ledger.Question{Point: point, Period: w.calendar.Year(year), Step: ledger.Month})
	if err != nil {
		return 0, fmt.Errorf("see what is known of %s in %d: %w", point, year, err)
	}
	var known, all float64
	for _, v := range series.Values {
		seconds := v.Period.To.Sub(v.Period.From).Seconds()
		known, all = known+v.EnergyCoverage*seconds, all+seconds
	}
	if all == 0 {
		return 0, nil
	}
	return known / all, nil
}
