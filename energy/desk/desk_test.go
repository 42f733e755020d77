package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/desk"
	"heatledger/energy/hearing"
	"heatledger/energy/registry"
)

// figures are those of a site of which nothing is measured.
type figures struct{ commitment.FigureSource }

const city = `
municipality:
  ags: "06413000"
  name: Musterstadt
  tasks:
    - {id: council_paper, due: 10-15, begin: 09-01, done: [2025-10-02]}
    - {id: heat-round, name: Runde Tisch Wärme, due: 05-05}
operators: [{id: hafen-ag, name: Hafen AG}]
sites:
  - id: hafen
    name: Hafen
    operator: hafen-ag
    type: colocation
    in_operation_since: 2019-03-01
    connected_load_kw: 4000
    it_load_kw: 2000
    meters:
      - {id: hafen-main, verification: {regime: mid, until: 2026-06-30}, points: [{id: hafen/grid, quantity: active_energy_import, role: grid_import}]}
    commitments:
      - {id: law, rulebook: enefg-2023}
      - {id: union, rulebook: eu-2024-1364}
      - {id: supply, title: Wärmeliefervertrag, source: Vertrag § 4, metric: heat_delivered, at_least: 100 MWh, per: calendar_year, from: 2024-01-01, to: 2027-01-01}
evidence:
  - {id: iso, kind: certificate, sites: [hafen], from: 2024-01-01, to: 2026-11-01, facts: {standard: ISO 50001}}
  - {id: sent-2024, kind: report, sites: [hafen], facts: {year: 2024, transmitted_on: 2025-03-20}}
  - {id: platform-2024, kind: report, sites: [hafen], facts: {year: 2024, heat_reported_on: 2025-04-20}}
  - {id: lease, kind: contract, sites: [hafen], from: 2020-01-01, to: 2026-09-01}
  - {id: mix, kind: supplier_mix, title: Stromkennzeichnung, sites: [hafen], supply_year: 2024, carbon_g_per_kwh: 300}
`

// load reads a registry.
func load(t testing.TB, src string) *registry.Registry {
	t.Helper()
	r, faults := registry.Load("registry.yaml", []byte(src))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return r
}

// listed is the worklist of the city on a day.
func listed(t testing.TB, r *registry.Registry, on energy.Date, heard ...desk.Hearing) []desk.Item {
	t.Helper()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	books := map[string]*commitment.Rulebook{}
	site := r.Sites[0]
	var all []commitment.Assessment
	for _, c := range site.Commitments {
		if c.Rulebook == "" {
			continue // figures are judged elsewhere
		}
		book, _, err := commitment.Find(c.Rulebook)
		if err != nil {
			t.Fatal(err)
		}
		duties := *book
		duties.Rules = slices.DeleteFunc(slices.Clone(book.Rules), func(r commitment.Rule) bool { return r.Duty == "" })
		books[c.Rulebook] = &duties
		list, err := commitment.Assess(commitment.Question{Site: site, Registry: r, Commitment: c, Rulebook: &duties, On: on, Calendar: calendar, Figures: figures{}})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, list...)
	}
	// The green share of last year, as any judgement of it looks here.
	all = append(all, commitment.Assessment{Site: site.ID, Commitment: "law", Rulebook: "enefg-2023", Rule: "green", Metric: "green_share_annual", Comparator: registry.AtLeast,
		Period:  commitment.Span{From: energy.Date{Year: on.Year - 1, Month: 1, Day: 1}, To: energy.Date{Year: on.Year, Month: 1, Day: 1}, Label: fmt.Sprint(on.Year - 1), Closed: true},
		Verdict: commitment.Undetermined, Reason: commitment.EvidenceMissing, SettlesOn: energy.Date{Year: on.Year, Month: 7, Day: 1}, Citation: "EnEfG § 11 Abs. 5", Confirmed: commitment.PrimaryText})
	return desk.List(desk.Question{Registry: r, On: on, Office: true, Hearings: heard, Sites: []desk.Judged{{Site: site, Assessments: all}},
		Rule: func(a commitment.Assessment) (commitment.Rule, bool) {
			book, ok := books[a.Rulebook]
			if !ok {
				return commitment.Rule{}, false
			}
			i := slices.IndexFunc(book.Rules, func(r commitment.Rule) bool { return r.ID == a.Rule })
			if i < 0 {
				return commitment.Rule{}, false
			}
			return book.Rules[i], true
		}})
}

// remembered is listed, asked once for each day.
func remembered(t testing.TB, r *registry.Registry) func(on energy.Date) []desk.Item {
	known := map[energy.Date][]desk.Item{}
	return func(on energy.Date) []desk.Item {
		if _, ok := known[on]; !ok {
			known[on] = listed(t, r, on)
		}
		return known[on]
	}
}

// line is an item as the tests write it.
func line(i desk.Item) string {
	var args []string
	for _, key := range []string{"duty", "metric", "period", "meter", "commitment", "evidence", "task"} {
		if a, ok := i.Args[key]; ok {
			args = append(args, a.Text)
		}
	}
	text := fmt.Sprintf("%s %s %s", i.State, i.Code, strings.Join(args, " "))
	if i.Due != (energy.Date{}) {
		text += " by " + i.Due.String()
	}
	if i.Done != (energy.Date{}) {
		text += " done " + i.Done.String()
	}
	return text
}

func day(t testing.TB, s string) energy.Date {
	t.Helper()
	d, err := energy.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheYearOfADataCentre(t *testing.T) {
	t.Parallel()
	r := load(t, city)
	for _, c := range []struct {
		name, on, want string
		absent         bool
	}{
		{"the register in February", "2026-02-10", "open report_due register_transmission 2025 by 2026-03-31", false},
		{"on its last day", "2026-03-31", "open report_due register_transmission 2025 by 2026-03-31", false},
		{"on the day after", "2026-04-01", "overdue report_due register_transmission 2025 by 2026-03-31", false},
		{"the year that runs", "2026-06-10", "upcoming report_due register_transmission 2026 by 2027-03-31", false},
		{"one that was sent in time", "2025-06-01", "done report_due register_transmission 2024 by 2025-03-31 done 2025-03-20", false},
		{"one that was sent late", "2025-06-01", "done report_due heat_platform 2024 by 2025-03-31 done 2025-04-20", false},
		{"one before it was sent", "2025-03-19", "open report_due register_transmission 2024 by 2025-03-31", false},
		{"the heat platform", "2026-03-31", "open report_due heat_platform 2025 by 2026-03-31", false},
		{"the Union's database", "2026-05-15", "open report_due eu_report 2025 by 2026-05-15", false},
		{"the Union's database, late", "2026-05-16", "overdue report_due eu_report 2025 by 2026-05-15", false},
		{"a duty without a day", "2026-02-10", "open report_undated customer_information 2025", false},
		{"the supplier's label that is there", "2025-03-01", "done supplier_label 2024 by 2025-07-01", false},
		{"the supplier's label that lacks", "2026-07-02", "overdue supplier_label 2025 by 2026-07-01", false},
		{"evidence that a figure waits for", "2026-02-10", "open evidence_outstanding green_share_annual 2025 by 2026-07-01", false},
		{"a verification that ends", "2026-05-01", "open verification_ends hafen-main by 2026-06-30", false},
		{"a verification that ended", "2026-07-01", "overdue verification_ends hafen-main by 2026-06-30", false},
		{"a verification far ahead", "2024-01-01", "verification_ends", true},
		{"a contract that ends", "2026-08-01", "open commitment_ends Wärmeliefervertrag by 2026-12-31", false},
		{"a contract that ended", "2027-01-01", "commitment_ends", true},
		{"a paper that ends", "2026-05-01", "open paper_ends lease by 2026-08-31", false},
		{"a certificate that runs out", "2026-08-01", "open proof_ends energy_management iso by 2026-10-31", false},
		{"a certificate that ran out", "2026-11-02", "overdue proof_needed energy_management by 2026-11-01", false},
		{"the council's paper before its time", "2026-08-31", "upcoming council_paper  by 2026-10-15", false},
		{"the council's paper in its time", "2026-09-01", "open council_paper  by 2026-10-15", false},
		{"the council's paper that was given", "2025-10-03", "done council_paper  by 2025-10-15 done 2025-10-02", false},
		{"the day before it was given", "2025-10-01", "open council_paper  by 2025-10-15", false},
		{"a task of the office's own", "2026-04-06", "open office_task Runde Tisch Wärme by 2026-05-05", false},
		{"a task that nobody did", "2026-05-06", "overdue office_task Runde Tisch Wärme by 2026-05-05", false},
		{"the request in January", "2026-01-15", "open operator_request 2025 by 2026-01-31", false},
		{"the request in December", "2025-12-15", "upcoming operator_request 2025 by 2026-01-31", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var lines []string
			for _, i := range listed(t, r, day(t, c.on)) {
				lines = append(lines, line(i))
			}
			has := slices.Contains(lines, c.want)
			if c.absent {
				has = !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, c.want) })
			}
			if !has {
				t.Errorf("on %s, %q: absent is %t in\n%s", c.on, c.want, c.absent, strings.Join(lines, "\n"))
			}
		})
	}
}

func TestAHearingIsFirstTheOperatorsAndThenTheOffices(t *testing.T) {
	t.Parallel()
	r := load(t, city)
	heard, err := hearing.New().After(hearing.Step{Action: hearing.Hear, Who: "office", On: day(t, "2026-05-01")})
	if err != nil {
		t.Fatal(err)
	}
	answered, err := heard.After(hearing.Step{Action: hearing.Reply, Who: "hafen", On: day(t, "2026-05-05"), Why: "no", Last: true})
	if err != nil {
		t.Fatal(err)
	}
	of := func(c hearing.Case) desk.Hearing {
		return desk.Hearing{Site: "hafen", Judgement: "18.0", Case: c, Assessment: commitment.Assessment{Metric: "pue", Period: commitment.Span{Label: "2025"}}}
	}
	for _, c := range []struct {
		name string
		on   string
		of   hearing.Case
		want []string
	}{
		{"while the term runs", "2026-05-15", heard, []string{"open hearing_reply pue 2025 by 2026-05-15", "upcoming hearing_decision pue 2025"}},
		{"after the term", "2026-05-16", heard, []string{"open hearing_decision pue 2025"}},
		{"after the last word", "2026-05-06", answered, []string{"open hearing_decision pue 2025", "done hearing_reply pue 2025 by 2026-05-15 done 2026-05-05"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, i := range listed(t, r, day(t, c.on), of(c.of)) {
				if strings.HasPrefix(string(i.Code), "hearing_") {
					got = append(got, line(i))
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestEveryDayIsInOrder holds on every day what a reader of the list relies on.
func TestEveryDayIsInOrder(t *testing.T) {
	t.Parallel()
	list := remembered(t, load(t, city))
	rapid.Check(t, func(rt *rapid.T) {
		on := day(t, "2024-01-01").AddDays(rapid.IntRange(0, 1400).Draw(rt, "day"))
		items := list(on)
		keys := map[string]bool{}
		rank := -1
		for _, i := range items {
			if keys[i.Key()] {
				rt.Fatalf("on %s: %s is there twice", on, i.Key())
			}
			keys[i.Key()] = true
			now := slices.Index(desk.States(), i.State)
			if now < rank {
				rt.Fatalf("on %s: %s is out of order", on, line(i))
			}
			rank = now
			switch {
			case i.State == desk.Overdue && !i.Due.Before(on),
				i.State == desk.Open && i.Due != (energy.Date{}) && i.Due.Before(on),
				i.State == desk.Upcoming && !on.Before(i.Since),
				i.Done != (energy.Date{}) && on.Before(i.Done):
				rt.Fatalf("on %s: %s, since %s", on, line(i), i.Since)
			}
		}
	})
}

func TestEachReminderComesOnceHoweverOftenAndWheneverOneLooks(t *testing.T) {
	t.Parallel()
	r := load(t, city)
	list := remembered(t, r)
	rapid.Check(t, func(rt *rapid.T) {
		sent := map[string][]int{}
		on := day(t, "2026-01-01")
		for on.Year == 2026 {
			items := list(on)
			for _, rem := range desk.Reminders(items, on, desk.RemindDays()) {
				if rem.Item.State == desk.Done {
					rt.Fatalf("on %s reminded of what is done: %s", on, line(rem.Item))
				}
				if rem.Days >= 0 && (rem.Left < 0 || rem.Left > rem.Days) || rem.Days < 0 && rem.Left >= 0 {
					rt.Fatalf("on %s: %s is reminded %d days before, with %d left", on, line(rem.Item), rem.Days, rem.Left)
				}
				if key := rem.Item.Key(); !slices.Contains(sent[key], rem.Days) {
					sent[key] = append(sent[key], rem.Days)
				}
			}
			on = on.AddDays(rapid.IntRange(1, 12).Draw(rt, "days away"))
		}
		for key, steps := range sent {
			if !slices.IsSortedFunc(steps, func(a, b int) int { return b - a }) {
				rt.Fatalf("%s was reminded in the order %v", key, steps)
			}
		}
	})
	on := day(t, "2026-03-24")
	for _, rem := range desk.Reminders(listed(t, r, on), on, []int{30, 7, 1}) {
		if rem.Item.Code == desk.ReportDue && rem.Item.Args["duty"].Text == "register_transmission" && rem.Item.Due.Year == 2026 {
			if rem.Days != 7 || rem.Left != 7 {
				t.Errorf("seven days before: %+v", rem)
			}
			return
		}
	}
	t.Error("nobody is reminded of the register seven days before")
}
