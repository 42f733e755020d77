package web

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy/ledger"
	"heatledger/energy/submission"
	"heatledger/reporting/document"
)

// showReceipt answers GET /api/v1/submissions/{id}/receipt?format=json|pdf.
// The JSON is what `heatledger verify --receipt` checks.
func (s *Server) showReceipt(w http.ResponseWriter, r *http.Request, who caller) error {
	kind, err := format(r.URL.Query(), "json", "pdf")
	if err != nil {
		return err
	}
	sub, err := s.handing().Show(r.Context(), who.submitter(), r.PathValue("id"))
	if err != nil {
		return deskProblem(err)
	}
	if sub.Receipt == nil {
		return refuse(http.StatusConflict, "not_handed_in", "it was only looked at: there is no receipt yet")
	}
	proven, err := s.proven(r, sub.Receipt.Receipt)
	if err != nil {
		return err
	}
	view := receiptView{Receipt: *sub.Receipt, Proofs: proven.Proofs, Checkpoint: proven.Checkpoint, Key: proven.Key}
	if kind != "pdf" {
		return writeJSON(w, view)
	}
	p := s.barePage(r)
	p.who = who
	if p.registry, err = s.options.Ledger.Registry(r.Context()); err != nil {
		return err
	}
	if p.Calendar, err = s.options.Ledger.Calendar(p.registry, ledger.Municipality); err != nil {
		return err
	}
	by, err := s.handedInBy(r.Context(), p, sub)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := document.WritePaper(&b, p.receiptPaper(view, by)); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=receipt-%06d.pdf", view.Number))
	_, err = w.Write(b.Bytes())
	return err
}

// handedInBy is who handed something in, as people call him: by name for himself and
// for whoever may know who did what, else the number of his account.
func (s *Server) handedInBy(ctx context.Context, p *page, sub submission.Submission) (string, error) {
	if name := p.Person(); name != "" && sub.Source == p.who.actor {
		return name, nil
	}
	if len(sub.Sites) == 0 {
		return p.partyOf(nil, sub.Source), nil
	}
	names, err := s.parties(ctx, p.who, p.speech, sub.Sites[0])
	if err != nil {
		return "", err
	}
	if name, ok := names[sub.Source]; ok {
		return name, nil
	}
	if account, ok := strings.CutPrefix(sub.Source, "account:"); ok {
		return p.T("submission.account") + " " + account, nil
	}
	return sub.Receipt.Source, nil // of a program: the name of its token
}

// receiptPaper is a receipt on paper: what was handed in, what came of it, and
// what proves it.
func (p *page) receiptPaper(v receiptView, by string) document.Paper {
	title := p.T("receipt.title", numberText(v.Number))
	two := []document.Column{{Title: p.T("receipt.what"), Width: 1}, {Title: p.T("receipt.says"), Width: 3}}
	rows := [][]string{
		{p.T("receipt.file"), v.Name}, {p.T("receipt.source"), by}, {p.T("receipt.at"), p.Instant(v.At, p.Calendar) + " (" + v.At.UTC().Format(time.RFC3339) + ")"},
		{p.T("receipt.rows"), strconv.Itoa(v.Rows)}, {p.T("receipt.accepted"), strconv.Itoa(v.Accepted)}, {p.T("receipt.duplicate"), strconv.Itoa(v.Duplicate)},
		{p.T("receipt.missing"), strconv.Itoa(v.Missing)}, {p.T("receipt.withdrawn"), strconv.Itoa(v.Withdrawn)}, {p.T("receipt.explained"), strconv.Itoa(v.Asked)},
		{"SHA-256", v.Digest}, {p.T("receipt.name"), v.Receipt.Receipt.Receipt},
	}
	if v.Replaced != "" {
		rows = append(rows, []string{p.T("receipt.correction"), v.Replaced})
	}
	paper := document.Paper{Lang: document.Lang(p.Lang), Title: title, Subject: p.T("receipt.subject"), At: v.At, Blocks: []document.Block{
		{Paragraph: p.T("receipt.lead")}, {Columns: two, Rows: rows}}}
	facts := [][]string{}
	for _, site := range slices.Sorted(maps.Keys(v.Facts)) {
		record := p.T("receipt.waiting")
		for _, proof := range v.Proofs {
			if proof.Site == site {
				record = strconv.FormatInt(proof.Index, 10)
			}
		}
		facts = append(facts, []string{p.siteName(site), strconv.FormatInt(v.Facts[site], 10), record})
	}
	paper.Blocks = append(paper.Blocks, document.Block{Heading: p.T("receipt.ledger"), Paragraph: p.T("receipt.verify"),
		Columns: []document.Column{{Title: p.T("receipt.site"), Width: 2}, {Title: p.T("receipt.fact"), Width: 1, Right: true}, {Title: p.T("receipt.record"), Width: 1, Right: true}}, Rows: facts})
	if v.Checkpoint != "" {
		paper.Blocks = append(paper.Blocks, document.Block{Heading: p.T("receipt.checkpoint"), Paragraph: v.Checkpoint}, document.Block{Paragraph: p.T("receipt.key") + " " + v.Key})
	}
	return paper
}
