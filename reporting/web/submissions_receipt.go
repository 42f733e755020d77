package web

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

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
	chosen, _ := language(r)
	var b bytes.Buffer
	if err := document.WritePaper(&b, receiptPaper(view, document.Lang(chosen), speech{Lang: chosen, words: submissionWords()})); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=receipt-%06d.pdf", view.Number))
	_, err = w.Write(b.Bytes())
	return err
}

// receiptPaper is a receipt on paper: what was handed in, what came of it, and
// what proves it.
func receiptPaper(v receiptView, lang document.Lang, t speech) document.Paper {
	title := t.T("receipt.title", numberText(v.Number))
	two := []document.Column{{Title: t.T("receipt.what"), Width: 1}, {Title: t.T("receipt.says"), Width: 3}}
	rows := [][]string{
		{t.T("receipt.file"), v.Name}, {t.T("receipt.source"), v.Source}, {t.T("receipt.at"), v.At.UTC().Format(time.RFC3339)},
		{t.T("receipt.rows"), strconv.Itoa(v.Rows)}, {t.T("receipt.accepted"), strconv.Itoa(v.Accepted)}, {t.T("receipt.duplicate"), strconv.Itoa(v.Duplicate)},
		{t.T("receipt.missing"), strconv.Itoa(v.Missing)}, {t.T("receipt.withdrawn"), strconv.Itoa(v.Withdrawn)}, {t.T("receipt.explained"), strconv.Itoa(v.Asked)},
		{"SHA-256", v.Digest}, {t.T("receipt.name"), v.Receipt.Receipt.Receipt},
	}
	if v.Replaced != "" {
		rows = append(rows, []string{t.T("receipt.correction"), v.Replaced})
	}
	paper := document.Paper{Lang: lang, Title: title, Subject: t.T("receipt.subject"), At: v.At, Blocks: []document.Block{
		{Paragraph: t.T("receipt.lead")}, {Columns: two, Rows: rows}}}
	facts := [][]string{}
	for _, site := range slices.Sorted(maps.Keys(v.Facts)) {
		record := t.T("receipt.waiting")
		for _, p := range v.Proofs {
			if p.Site == site {
				record = strconv.FormatInt(p.Index, 10)
			}
		}
		facts = append(facts, []string{string(site), strconv.FormatInt(v.Facts[site], 10), record})
	}
	paper.Blocks = append(paper.Blocks, document.Block{Heading: t.T("receipt.ledger"), Paragraph: t.T("receipt.verify"),
		Columns: []document.Column{{Title: t.T("receipt.site"), Width: 2}, {Title: t.T("receipt.fact"), Width: 1, Right: true}, {Title: t.T("receipt.record"), Width: 1, Right: true}}, Rows: facts})
	if v.Checkpoint != "" {
		paper.Blocks = append(paper.Blocks, document.Block{Heading: t.T("receipt.checkpoint"), Paragraph: v.Checkpoint}, document.Block{Paragraph: t.T("receipt.key") + " " + v.Key})
	}
	return paper
}
