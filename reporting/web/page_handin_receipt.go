package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// receiptPage is a receipt, and how anyone checks it.
type receiptPage struct {
	receiptView
	Label, At, Status, By string
	Counts                []countLine
	Ledger                []ledgerLine
	PDF, JSON, File, Back string
	Name                  string
}

// ledgerLine is where a submission stands in the public ledger.
type ledgerLine struct{ Site, Fact, Record string }

// showReceiptPage answers GET /hand-in/{id}/receipt.
func (s *Server) showReceiptPage(w http.ResponseWriter, r *http.Request, p *page) error {
	sub, err := s.handing().Show(r.Context(), p.who.submitter(), r.PathValue("id"))
	if err != nil {
		return deskProblem(err)
	}
	if sub.Receipt == nil {
		http.Redirect(w, r, p.To("/hand-in/"+sub.ID), http.StatusSeeOther)
		return nil
	}
	proven, err := s.proven(r, sub.Receipt.Receipt)
	if err != nil {
		return err
	}
	by, err := s.handedInBy(r.Context(), p, sub)
	if err != nil {
		return err
	}
	view := receiptView{Receipt: *sub.Receipt, Proofs: proven.Proofs, Checkpoint: proven.Checkpoint, Key: proven.Key}
	body := &receiptPage{receiptView: view, Label: numberText(view.Number), At: p.Instant(view.At, p.Calendar), Status: p.T("submission.state:" + string(sub.State)), Name: sub.Name,
		By: by, File: "/api/v1/submissions/" + sub.ID + "/file", Back: p.To("/hand-in/" + sub.ID)}
	body.PDF = "/api/v1/submissions/" + sub.ID + "/receipt?format=pdf&lang=" + string(p.Lang)
	body.JSON = "/api/v1/submissions/" + sub.ID + "/receipt"
	count := func(key string, n int) {
		body.Counts = append(body.Counts, countLine{p.T(key), p.Number(float64(n), 0)})
	}
	count("receipt.rows", view.Rows)
	count("receipt.accepted", view.Accepted)
	count("receipt.duplicate", view.Duplicate)
	count("receipt.missing", view.Missing)
	count("receipt.withdrawn", view.Withdrawn)
	count("receipt.explained", view.Asked)
	for _, site := range slices.Sorted(maps.Keys(view.Facts)) {
		line := ledgerLine{Site: p.siteName(site), Fact: strconv.FormatInt(view.Facts[site], 10), Record: p.T("receipt.waiting")}
		for _, proof := range view.Proofs {
			if proof.Site == site {
				line.Record = strconv.FormatInt(proof.Index, 10)
			}
		}
		body.Ledger = append(body.Ledger, line)
	}
	p.Title, p.Body = p.T("receipt.title", body.Label), body
	return nil
}
