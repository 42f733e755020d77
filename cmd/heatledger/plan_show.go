package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"

	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/shelf"
	"heatledger/reporting/cell"
	"heatledger/reporting/planning"
	"heatledger/reporting/words"
)

// showPlan shows a result: sentences, the ranking and what it rests on; as JSON the
// whole, as CSV the ranking. saved is nil where it was not kept.
func (p *process) showPlan(lang string, r plan.Result, saved *shelf.Saved, added bool) error {
	switch p.line.Output {
	case "json":
		type shown struct {
			Saved *shelf.Saved `json:"saved,omitempty"`
			plan.Result
		}
		return p.showJSON(shown{saved, r})
	case "csv":
		return p.showCSV(r.AreaTable())
	}
	l := words.Lang(lang)
	title := r.Title
	if title == "" {
		title = r.Name
	}
	fmt.Fprintf(p.stdout, "%s\n\n", title)
	for _, sentence := range words.PlanSentences(l, r) {
		fmt.Fprintln(p.stdout, wrapped("", "", sentence))
	}
	fmt.Fprintln(p.stdout)
	if err := p.showRanking(l, r); err != nil {
		return err
	}
	if len(r.Warnings) > 0 {
		fmt.Fprintln(p.stdout)
	}
	for _, w := range r.Warnings {
		fmt.Fprintln(p.stdout, wrapped("- ", "  ", words.PlanWarning(l, w)))
	}
	line := words.Plan(l, "digest", map[string]string{"digest": r.Digest})
	if saved != nil {
		name := "kept_already"
		if added {
			name = "saved"
		}
		line = words.Plan(l, name, map[string]string{"fact": strconv.FormatInt(saved.Fact, 10), "name": saved.Name, "digest": saved.Digest})
	}
	_, err := fmt.Fprintf(p.stdout, "\n%s\n", line)
	return err
}

// showRanking shows the areas, and what served those that were chosen.
func (p *process) showRanking(l words.Lang, r plan.Result) error {
	out := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	var heats []float64
	for _, a := range r.Areas {
		heats = append(heats, a.Heat)
	}
	energies := words.EnergiesOf(l, heats...)
	for _, a := range r.Areas {
		mark, rank, covered, metres := " ", "", "", ""
		if a.Chosen {
			mark = "*"
		}
		if a.Rank > 0 {
			rank = strconv.Itoa(a.Rank)
		}
		if a.Covered != nil {
			covered = words.Share(l, *a.Covered)
		}
		if a.Metres != nil {
			metres = words.Number(l, *a.Metres, 0) + " m"
		}
		if a.OutOfReach != "" {
			covered = words.Plan(l, "reach_"+a.OutOfReach, nil)
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", mark, rank, a.ID, energies.Text(a.Heat), metres, covered)
	}
	return out.Flush()
}

// showPlans lists plans.
func (p *process) showPlans(list []shelf.Saved) error {
	switch p.line.Output {
	case "json":
		if list == nil {
			list = []shelf.Saved{}
		}
		return p.showJSON(list)
	case "csv":
		rows := [][]string{{"fact", "at", "name", "title", "year", "heat_kwh", "covered_share", "eur_per_mwh", "trench_m", "superseded_by", "result_sha256", "actor"}}
		number := func(x *float64) string {
			if x == nil {
				return ""
			}
			return strconv.FormatFloat(*x, 'f', -1, 64)
		}
		for _, s := range list {
			superseded := ""
			if s.SupersededBy > 0 {
				superseded = strconv.FormatInt(s.SupersededBy, 10)
			}
			rows = append(rows, []string{strconv.FormatInt(s.Fact, 10), s.At.Format(time.RFC3339), s.Name, s.Title, strconv.Itoa(s.Year), number(&s.Heat), number(s.Covered), number(s.PerMWh), number(s.Trench), superseded, s.Digest, s.Actor})
		}
		return p.showCSV(rows)
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(p.stdout, words.Plan(words.English, "none", nil))
		return err
	}
	out := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	var heats []float64
	for _, s := range list {
		heats = append(heats, s.Heat)
	}
	energies := words.EnergiesOf(words.English, heats...)
	fmt.Fprintln(out, "FACT\tNAME\tYEAR\tHEAT\tEUR/MWH\tKEPT\tBY\tDIGEST")
	for _, s := range list {
		cost, kept := "", s.At.Format(time.DateOnly)
		if s.PerMWh != nil {
			cost = words.Number(words.English, *s.PerMWh, 0)
		}
		if s.SupersededBy > 0 {
			kept += fmt.Sprintf(" (later: %d)", s.SupersededBy)
		}
		fmt.Fprintf(out, "%d\t%s\t%d\t%s\t%s\t%s\t%s\t%s\n", s.Fact, s.Name, s.Year, energies.Text(s.Heat), cost, kept, s.Actor, s.Digest[:12])
	}
	return out.Flush()
}

// showCompared says whether a plan that was run again has the same result.
func (p *process) showCompared(lang string, saved shelf.Saved, again plan.Result) error {
	equal := again.Digest == saved.Digest
	switch p.line.Output {
	case "json":
		return p.showJSON(map[string]any{"fact": saved.Fact, "name": saved.Name, "before": saved.Digest, "now": again.Digest, "equal": equal})
	case "csv":
		return p.showCSV([][]string{{"fact", "name", "before", "now", "equal"}, {strconv.FormatInt(saved.Fact, 10), saved.Name, saved.Digest, again.Digest, strconv.FormatBool(equal)}})
	}
	name := "differs"
	if equal {
		name = "equal"
	}
	_, err := fmt.Fprintln(p.stdout, words.Plan(words.Lang(lang), name, map[string]string{"digest": saved.Digest, "before": saved.Digest, "now": again.Digest}))
	return err
}

// showAssumptions lists assumptions.
func (p *process) showAssumptions(lang string, list []plan.Assumption) error {
	l := words.Lang(lang)
	switch p.line.Output {
	case "json":
		return p.showJSON(list)
	case "csv":
		rows := [][]string{{"code", "unit", "value", "low", "high", "basis", "source"}}
		for _, a := range list {
			number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
			rows = append(rows, []string{a.Code, a.Unit, number(a.Value), number(a.Low), number(a.High), a.Basis, a.Source})
		}
		return p.showCSV(rows)
	}
	out := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	for _, a := range list {
		fmt.Fprintf(out, "%s\t%s\t%s\t%s … %s\t%s\n", a.Code, words.PlanAssumption(l, a.Code), words.PlanValue(l, a.Value, a.Unit), words.PlanValue(l, a.Low, a.Unit), words.PlanValue(l, a.High, a.Unit), words.Plan(l, "basis_"+a.Basis, nil))
	}
	return out.Flush()
}

// writePlan writes the files of a result that was just computed.
func writePlan(dir string, r plan.Result) error { return writePlanFiles(dir, r, r.Hourly.CSV()) }

// writePlanFiles writes a result into a folder, each file whole or not at all.
func writePlanFiles(dir string, r plan.Result, hours []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of the plan: %w", err)
	}
	bytes := func(b []byte) func(io.Writer) error {
		return func(w io.Writer) error { _, err := w.Write(b); return err }
	}
	result, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write the result of %s: %w", r.Name, err)
	}
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"result.json", bytes(result)}, {"network.geojson", bytes(r.GeoJSON())}, {"hours.csv", bytes(hours)},
		{"areas.csv", func(w io.Writer) error {
			out := cell.NewWriter(w)
			for _, row := range r.AreaTable() {
				_ = out.Write(row)
			}
			out.Flush()
			return out.Error()
		}},
	} {
		if err := writeWhole(filepath.Join(dir, f.name), f.write); err != nil {
			return err
		}
	}
	net, ok := planning.NetOf(r)
	if !ok {
		return nil
	}
	if err := writeFolder(filepath.Join(dir, "dhnx"), planning.DHNx(net)); err != nil {
		return err
	}
	return writeFolder(filepath.Join(dir, "pandapipes"), planning.Pandapipes(net))
}

// writeFolder writes the files of a folder.
func writeFolder(dir string, files []planning.File) error {
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("make the folder of the network: %w", err)
		}
		if err := writeWhole(path, func(w io.Writer) error { _, err := w.Write(f.Data); return err }); err != nil {
			return err
		}
	}
	return nil
}
