package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/push"
	"heatledger/fieldbus/spool"
)

// edgePatience is how long a centre or a meter may be away before a person is to
// look: a restart takes less.
const edgePatience = time.Minute

// edgeProblem is what a person is to look into.
type edgeProblem struct {
	Subject     string    `json:"subject"` // centre, token, clock, spool, site, connection/meter
	Problem     string    `json:"problem"`
	Since       time.Time `json:"since,omitzero"`
	LastSuccess time.Time `json:"last_success,omitzero"` // when it last worked; absent: not since the start, or it is not known
	Remedy      string    `json:"remedy"`
}

// edgeState is all that problems follow from.
type edgeState struct {
	now     time.Time
	stats   spool.Stats
	centre  string // address; "": there is none
	contact push.Contact
	clock   push.ClockDifference
	meters  []fieldbus.MeterHealth
}

// problems is what needs a person, by subject.
func (s edgeState) problems() []edgeProblem {
	all := []edgeProblem{}
	all = append(all, s.spoolProblems()...)
	all = append(all, s.centreProblems()...)
	for _, m := range s.meters {
		all = append(all, meterProblems(m, s.now)...)
	}
	slices.SortStableFunc(all, func(a, b edgeProblem) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Problem, b.Problem))
	})
	return all
}

func (s edgeState) spoolProblems() (all []edgeProblem) {
	if s.stats.Full {
		all = append(all, edgeProblem{Subject: "spool", Problem: "the spool is full, readings are being refused",
			Remedy: "make room on the disk, raise spool.max_bytes, or see why batches are not delivered"})
	}
	if s.stats.ReleasedEarly > 0 {
		all = append(all, edgeProblem{Subject: "spool", Problem: fmt.Sprintf("delivered readings are kept from %s on only, less than spool.keep_days", s.stats.KeptFrom.Format(time.RFC3339)),
			Remedy: "raise spool.max_bytes"})
	}
	refusals := map[string]*edgeProblem{}
	sites := map[string][]string{}
	for _, l := range s.stats.Lanes {
		if l.Refusal == "" || s.contact.Failure == push.Foreign {
			continue
		}
		p := refusals[l.Refusal]
		if p == nil {
			p = &edgeProblem{Problem: "readings are refused until a person acts: " + l.Refusal, Since: l.Since.UTC(), LastSuccess: s.contact.LastSuccess, Remedy: refusalRemedy}
			refusals[l.Refusal] = p
		}
		if l.Since.Before(p.Since) {
			p.Since = l.Since.UTC()
		}
		if !slices.Contains(sites[l.Refusal], string(l.Site)) {
			sites[l.Refusal] = append(sites[l.Refusal], string(l.Site))
		}
	}
	for _, why := range slices.Sorted(maps.Keys(refusals)) {
		refusals[why].Subject = "site " + strings.Join(sites[why], ", ")
		all = append(all, *refusals[why])
	}
	return all
}

// refusalRemedy is what to do about a refusal of the centre.
const refusalRemedy = "mend what it names; a token is made at the centre (heatledger token create --role collector --site SITE) and put into push.token_file, no restart is needed"

func (s edgeState) centreProblems() (all []edgeProblem) {
	if s.centre == "" {
		return nil
	}
	c := s.contact
	p := edgeProblem{Subject: "centre", Since: c.Since, LastSuccess: c.LastSuccess}
	switch {
	case c.Failure == push.NoSecret:
		p.Subject, p.Problem, p.Remedy = "token", c.LastError, "put the token into push.token_file, readable for the account of the collector; no restart is needed"
		all = append(all, p)
	case c.Failure == push.Foreign:
		p.Problem, p.Remedy = fmt.Sprintf("%s: %s", s.centre, c.LastError), "mend push.url, or see what answers in the centre's place"
		all = append(all, p)
	case c.Failure == push.Unreached && s.now.Sub(c.Since) > edgePatience:
		p.Problem, p.Remedy = fmt.Sprintf("%s is not reached: %s", s.centre, c.LastError), "see whether the centre runs and whether this machine reaches it; readings wait in the spool"
		all = append(all, p)
	case c.Failure == push.Refused && s.now.Sub(c.Since) > edgePatience && !slices.ContainsFunc(s.stats.Lanes, func(l spool.LaneStats) bool { return l.Refusal != "" }):
		p.Problem, p.Remedy = fmt.Sprintf("%s takes no batches: %s", s.centre, c.LastError), "look into the log of the centre; readings wait in the spool"
		all = append(all, p)
	}
	if s.clock.Apart() {
		all = append(all, edgeProblem{Subject: "clock", Problem: fmt.Sprintf("this clock and the centre's differ by %s", s.clock.Ahead.Abs().Round(time.Millisecond)),
			Remedy: "look after the time service of both"})
	}
	return all
}

// meterProblems is what is wrong with a meter. What only a person can mend is
// told at once, silence after a while.
func meterProblems(m fieldbus.MeterHealth, now time.Time) (all []edgeProblem) {
	subject := m.Connection + "/" + m.Meter
	if m.State == fieldbus.Silent && (m.Remedy != "" || now.Sub(m.Since) > edgePatience) {
		remedy := cmp.Or(m.Remedy, "see whether it has power and network, and what heatledger meters probe says of it")
		all = append(all, edgeProblem{Subject: subject, Problem: "does not answer: " + m.LastError, Since: m.Since, LastSuccess: m.LastAnswer, Remedy: remedy})
		return all
	}
	byReason := map[string][]energy.PointID{}
	since := map[string]time.Time{}
	for _, p := range m.Points {
		if known, ok := since[p.Reason]; !ok || p.Since.Before(known) {
			since[p.Reason] = p.Since
		}
		byReason[p.Reason] = append(byReason[p.Reason], p.Point)
	}
	for _, why := range slices.Sorted(maps.Keys(byReason)) {
		points := byReason[why]
		what := string(points[0])
		if more := len(points) - 1; more > 0 {
			what = fmt.Sprintf("%s and %d more", what, more)
		}
		all = append(all, edgeProblem{Subject: subject, Problem: fmt.Sprintf("%s: %s", what, why), Since: since[why], LastSuccess: m.LastAnswer,
			Remedy: "compare register or node with what the meter has: heatledger meters probe, for nodes heatledger meters browse"})
	}
	return all
}
