package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/submission"
)

// takeSubmissionStep answers POST /hand-in/{id}/{what}: what somebody does with a
// submission.
func (s *Server) takeSubmissionStep(w http.ResponseWriter, r *http.Request, p *page) error {
	id, who, f := r.PathValue("id"), p.who.submitter(), r.PostForm
	var sub submission.Submission
	var err error
	to := "/hand-in/" + id
	switch what := r.PathValue("what"); what {
	case "submit":
		if sub, err = s.submitPage(r, id, who); err == nil {
			err = p.openOf(sub)
		}
		to = handedTo(sub)
	case "correct":
		sub, err = s.handing().Show(r.Context(), who, id)
		if err == nil {
			request := sub.Request
			request.Correction, request.Explain = strings.TrimSpace(f.Get("reason")), nil
			sub, err = s.handing().Resume(r.Context(), who, id, request)
		}
	case "approve":
		if sub, err = s.handing().Approve(r.Context(), who, id); err == nil {
			err = p.openOf(sub)
		}
		to = handedTo(sub)
	case "give-back":
		_, err = s.handing().GiveBack(r.Context(), who, id, f.Get("reason"))
		to = "/hand-in" // it is another one's draft again
	case "discard":
		if p.who.reach(toSubmit).Empty() {
			return refuse(http.StatusForbidden, "not_allowed", "you may not hand in files")
		}
		_, err = s.handing().Discard(r.Context(), who, id)
		to = "/hand-in"
	case "withdraw":
		_, err = s.handing().Withdraw(r.Context(), who, id, strings.TrimSpace(f.Get("reason")))
	case "refuse-withdrawal":
		_, err = s.handing().Keep(r.Context(), who, id, f.Get("reason"))
	case "comment", "answer", "check", "ask_back", "accept":
		var step submission.Step
		if step, err = p.stepOf(what, f.Get("text"), f.Get("row"), f.Get("to_row"), f.Get("from"), f.Get("to")); err == nil {
			_, err = s.handing().Note(r.Context(), who, id, step)
		}
	default:
		return s.notFound(w, r)
	}
	if err == nil {
		http.Redirect(w, r, p.To(to), http.StatusSeeOther)
		return nil
	}
	return s.stepTrouble(r, p, id, err)
}

// submitPage hands in a draft with what the form explains.
func (s *Server) submitPage(r *http.Request, id string, who submission.Caller) (submission.Submission, error) {
	explain := explanationsOf(r.PostForm)
	return s.handing().HandIn(r.Context(), who, id, explain, r.PostForm.Get("partial") == "yes")
}

// openOf errs with what keeps a draft from being handed in.
func (p *page) openOf(sub submission.Submission) error {
	open, rejected := len(sub.Report.Open()), len(sub.Report.Rejected)+sub.Report.Further
	if sub.State != submission.Draft || open == 0 && rejected == 0 {
		return nil
	}
	return energy.Faults{{Problem: p.T("preview.kept", p.Number(float64(rejected), 0), p.Number(float64(open), 0)), Remedy: p.T("preview.kept.mend")}}
}

// handedTo is the page after handing in: the receipt, or what keeps it from it.
func handedTo(sub submission.Submission) string {
	if sub.Number > 0 {
		return "/hand-in/" + sub.ID + "/receipt"
	}
	return "/hand-in/" + sub.ID
}

// stepTrouble shows the submission again with what is wrong.
func (s *Server) stepTrouble(r *http.Request, p *page, id string, err error) error {
	err = deskProblem(err)
	lines, status := p.faultLines(err)
	var refused *problem
	if lines == nil || errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		return err
	}
	sub, shown := s.handing().Show(r.Context(), p.who.submitter(), id)
	if shown != nil {
		return deskProblem(shown)
	}
	p.Status = status
	return s.submissionPage(r, p, sub, lines)
}

// explanationsOf are the texts of the form: explain.CODE of all questions of a
// kind, explain.CODE.ROW.TOROW of one, which counts more.
func explanationsOf(form map[string][]string) (list []intake.Explanation) {
	for name, values := range form {
		rest, ok := strings.CutPrefix(name, explanationField)
		text := strings.TrimSpace(values[0])
		if !ok || text == "" {
			continue
		}
		e := intake.Explanation{Text: text}
		parts := strings.Split(rest, ".")
		e.Code = parts[0]
		if len(parts) == 3 {
			e.Row, _ = strconv.Atoi(parts[1]) // what is no number is about all
			e.ToRow, _ = strconv.Atoi(parts[2])
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b intake.Explanation) int {
		if a.Row != b.Row {
			return b.Row - a.Row // those about single rows first
		}
		return strings.Compare(a.Code, b.Code)
	})
	return list
}

// stepOf reads what somebody says, and about which rows or days.
func (p *page) stepOf(kind, text, row, toRow, from, to string) (step submission.Step, err error) {
	step = submission.Step{Kind: submission.StepKind(kind), Text: strings.ReplaceAll(text, "\r\n", "\n")}
	if step.Row, err = rowNumber(row); err != nil {
		return step, err
	}
	if step.ToRow, err = rowNumber(toRow); err != nil {
		return step, err
	}
	if from == "" && to == "" {
		return step, nil
	}
	first, errFrom := energy.ParseDate(from)
	last, errTo := energy.ParseDate(to)
	if errFrom != nil || errTo != nil || last.Before(first) {
		return step, energy.Faults{{Problem: p.T("submission.period.wrong"), Remedy: p.T("submission.period.mend")}}
	}
	begin, end := p.Calendar.Day(first).From, p.Calendar.Day(last).To
	step.From, step.To = &begin, &end
	return step, nil
}
