package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/proof"
)

// factsPerStep is how many facts an audit looks at in one step.
const factsPerStep = 256

// chainWalk is how far the chain of a site was followed.
type chainWalk struct {
	seq   int64
	at    time.Time
	chain []byte
}

type factRow struct {
	Seq        int64
	RecordedAt time.Time
	Chain      []byte
	Salt       []byte
	Lines      *string
}

// facts checks the blocks of packed instants, the chain of the facts that are
// not packed, and their segments.
func (a *siteAudit) facts(ctx context.Context) error {
	last, err := a.blocks(ctx)
	if err != nil {
		return err
	}
	for {
		rows, err := list(ctx, a.q, pgx.RowToStructByPos[factRow], `
			select seq, recorded_at, chain, salt, lines from fact where site_id = @site and seq > @after order by seq, recorded_at limit @most`,
			pgx.NamedArgs{"site": a.no, "after": last.seq, "most": factsPerStep})
		if err != nil {
			return fmt.Errorf("read facts: %w", err)
		}
		if len(rows) == 0 {
			break
		}
		if err := a.links(ctx, &last, rows); err != nil {
			return err
		}
		if err := a.segments(ctx, rows); err != nil {
			return err
		}
		if len(rows) < factsPerStep {
			break
		}
	}
	a.last = last
	// A fact that bears the number of a packed one was not among them.
	rows, err := list(ctx, a.q, pgx.RowTo[int64], `
		select f.seq from fact f where f.site_id = @site
		and f.seq <= coalesce((select max(last_seq) from fact_block where site_id = @site), 0) order by f.seq`, pgx.NamedArgs{"site": a.no})
	if err != nil {
		return fmt.Errorf("read facts: %w", err)
	}
	for _, seq := range rows {
		a.report(proof.Finding{Verdict: proof.Added, Table: "fact", Fact: seq})
	}
	return nil
}

// blocks checks the blocks of instants and gives where they end.
func (a *siteAudit) blocks(ctx context.Context) (last chainWalk, err error) {
	last.chain = make([]byte, sha256.Size)
	type blockRow struct {
		First, Last     int64
		FirstAt, LastAt time.Time
		Chain, Body     []byte
		Logged          *string
	}
	rows, err := a.q.Query(ctx, `
		select b.first_seq, b.last_seq, b.first_at, b.last_at, b.chain, b.body, l.body
		from fact_block b
		left join log_leaf l on l.site_id = b.site_id and l.item = 'moments ' || b.first_seq and l.kind = 'sealed'
		where b.site_id = @site order by b.first_seq`, pgx.NamedArgs{"site": a.no})
	if err != nil {
		return last, fmt.Errorf("read blocks of facts: %w", err)
	}
	seen := map[string]bool{}
	var b blockRow
	_, err = pgx.ForEachRow(rows, []any{&b.First, &b.Last, &b.FirstAt, &b.LastAt, &b.Chain, &b.Body, &b.Logged}, func() error {
		if b.First > last.seq+1 {
			a.report(proof.Finding{Verdict: proof.Missing, Table: "fact_block", Fact: last.seq + 1, What: fmt.Sprintf("facts %d to %d", last.seq+1, b.First-1)})
		}
		block := proof.Moments{Site: a.id, First: b.First, Last: b.Last, FirstAt: b.FirstAt, LastAt: b.LastAt, Chain: b.Chain, Body: b.Body}
		item := block.Item()
		seen[item] = true
		want, known := a.expected(item, b.Logged)
		switch {
		case !known && b.Last <= a.start:
			a.audited.Older++
		case !known:
			a.report(proof.Finding{Verdict: proof.Added, Table: "fact_block", What: item, Fact: b.First})
		case block.Digest() != want:
			a.report(proof.Finding{Verdict: proof.Tampered, Table: "fact_block", What: item, Fact: b.First, From: new(b.FirstAt), To: new(b.LastAt)})
		}
		a.audited.Facts += b.Last - b.First + 1
		last = chainWalk{b.Last, b.LastAt, bytes.Clone(b.Chain)}
		return nil
	})
	if err != nil {
		return last, fmt.Errorf("read blocks of facts: %w", err)
	}
	logged, err := list(ctx, a.q, pgx.RowTo[string], "select item from log_leaf where site_id = @site and kind = 'sealed' and item like 'moments %' order by n",
		pgx.NamedArgs{"site": a.no})
	if err != nil {
		return last, fmt.Errorf("list blocks of facts: %w", err)
	}
	for item := range a.state.Open {
		if strings.HasPrefix(item, "moments ") {
			logged = append(logged, item)
		}
	}
	for _, item := range logged {
		if !seen[item] {
			a.report(proof.Finding{Verdict: proof.Missing, Table: "fact_block", What: item})
		}
	}
	return last, nil
}

// expected is the digest that an item must have: by its record in the log, one
// that waits, or among those that still grow.
func (a *siteAudit) expected(item string, logged *string) (proof.Digest, bool) {
	if logged != nil {
		record, err := proof.ParseRecord(*logged)
		var d proof.Digest
		if err == nil && d.UnmarshalText([]byte(record.Value("digest"))) == nil {
			return d, true
		}
	}
	if d, ok := a.complete[item]; ok {
		return d, true
	}
	d, ok := a.state.Open[item]
	return d, ok
}

// links follows the chain along rows.
func (a *siteAudit) links(ctx context.Context, last *chainWalk, rows []factRow) error {
	type recorded struct {
		Seq  int64
		Kind string
		Body *string
	}
	records, err := list(ctx, a.q, pgx.RowToStructByPos[recorded], `
		select seq, kind, body from log_leaf where site_id = @site and seq between @first and @last and kind = 'fact'
		union all
		select seq, kind, body from log_leaf where site_id = @site and seq between @first and @last and kind = 'chain'
		union all
		select seq, kind, body from log_queue where site_id = @site and seq between @first and @last and kind = 'fact'`,
		pgx.NamedArgs{"site": a.no, "first": rows[0].Seq, "last": rows[len(rows)-1].Seq})
	if err != nil {
		return fmt.Errorf("read records of facts: %w", err)
	}
	bySeq := map[int64][]recorded{}
	for _, r := range records {
		bySeq[r.Seq] = append(bySeq[r.Seq], r)
	}
	for _, row := range rows {
		if row.Seq > last.seq+1 {
			a.report(proof.Finding{Verdict: proof.Missing, Table: "fact", Fact: last.seq + 1, What: fmt.Sprintf("facts %d to %d", last.seq+1, row.Seq-1)})
			last.chain = nil // unknown
		}
		if row.Seq == a.start+1 && a.startChain != nil {
			last.chain = a.startChain
		}
		a.audited.Facts++
		switch {
		case row.Seq == last.seq:
			a.report(proof.Finding{Verdict: proof.Added, Table: "fact", Fact: row.Seq})
		case row.Lines == nil && row.Seq <= a.start:
			a.audited.Older++
		case row.Lines == nil || last.chain != nil && proof.Link(last.chain, row.Seq, row.RecordedAt, []byte(*row.Lines)) != digestOf(row.Chain):
			a.report(proof.Finding{Verdict: proof.Tampered, Table: "fact", Fact: row.Seq, From: new(row.RecordedAt)})
		case !row.RecordedAt.After(last.at):
			a.report(proof.Finding{Verdict: proof.Tampered, Table: "fact", Column: "recorded_at", Fact: row.Seq, From: new(row.RecordedAt)})
		}
		for _, r := range bySeq[row.Seq] {
			if row.Lines == nil || r.Body == nil {
				continue
			}
			record, err := proof.ParseRecord(*r.Body)
			if err != nil {
				continue // the tree tells
			}
			if record.Value("chain") != digestOf(row.Chain).String() ||
				r.Kind == "fact" && *r.Body != proof.FactRecord(a.id, row.Seq, row.RecordedAt, digestOf(row.Chain), []byte(*row.Lines)) {
				a.report(proof.Finding{Verdict: proof.Tampered, Table: "fact", Column: "chain", Fact: row.Seq})
			}
		}
		*last = chainWalk{row.Seq, row.RecordedAt, row.Chain}
	}
	return nil
}

// saidSegment is what a fact said of one of its segments.
type saidSegment struct {
	digest proof.Digest
	salt   proof.Salt
}

// saidSegments are the segments that facts said they have, and the facts that say so;
// those older than the log say nothing.
func saidSegments(facts []factRow) (want map[proof.Gone]saidSegment, covered map[int64]bool) {
	want, covered = map[proof.Gone]saidSegment{}, map[int64]bool{}
	for _, f := range facts {
		if f.Lines == nil {
			continue
		}
		covered[f.Seq] = true
		parts, err := proof.Parts(*f.Lines)
		if err != nil {
			continue // the chain tells
		}
		for _, p := range parts {
			g := proof.Gone{Fact: f.Seq}
			if !p.Is(proof.LineSegment) {
				continue
			}
			if _, err := fmt.Sscanf(p.What, proof.LineSegment+" %d %d", &g.Meter, &g.Part); err == nil {
				want[g] = saidSegment{p.Digest, saltOf(f.Salt)}
			}
		}
	}
	return want, covered
}

// segments checks that facts have the segments they said they have, but those
// that are sealed.
func (a *siteAudit) segments(ctx context.Context, facts []factRow) error {
	want, covered := saidSegments(facts)
	rows, err := a.q.Query(ctx, `
		select seq, meter_no, part, recorded_at, from_at, to_at, source_id, rank, points, body from segment
		where site_id = @site and seq between @first and @last`,
		pgx.NamedArgs{"site": a.no, "first": facts[0].Seq, "last": facts[len(facts)-1].Seq})
	if err != nil {
		return fmt.Errorf("read segments: %w", err)
	}
	var s segment
	_, err = pgx.ForEachRow(rows, []any{&s.Seq, &s.Meter, &s.Part, &s.RecordedAt, &s.From, &s.To, &s.Source, &s.Rank, &s.Points, &s.Body}, func() error {
		a.audited.Segments++
		key := proof.Gone{Fact: s.Seq, Meter: s.Meter, Part: s.Part}
		f := proof.Finding{Table: "segment", Fact: s.Seq, From: new(s.From), To: new(s.To), What: proof.SegmentItem(s.Meter, s.Part)}
		expect, known := want[key]
		delete(want, key)
		is, err := a.names.segment(a.id, s)
		switch {
		case !covered[s.Seq] && s.Seq <= a.start:
			a.audited.Older++
		case !known || a.state.Gone[key] || s.Seq <= a.state.Upto:
			f.Verdict = proof.Added
			a.report(f)
		case err != nil || is.Digest(expect.salt) != expect.digest:
			f.Verdict = proof.Tampered
			a.report(f)
		}
		s = segment{}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read segments: %w", err)
	}
	for key := range want {
		if key.Fact > a.state.Upto && !a.state.Gone[key] {
			a.report(proof.Finding{Verdict: proof.Missing, Table: "segment", Fact: key.Fact, What: proof.SegmentItem(key.Meter, key.Part)})
		}
	}
	return nil
}

// looseSegments finds segments of facts that are not there.
func (a *siteAudit) looseSegments(ctx context.Context) error {
	rows, err := list(ctx, a.q, pgx.RowToStructByPos[proof.Gone], `
		select s.seq, s.meter_no, s.part from segment s where s.site_id = @site
		and not exists (select from fact f where f.site_id = @site and f.seq = s.seq)
		order by s.seq, s.meter_no, s.part limit 1000`, pgx.NamedArgs{"site": a.no})
	if err != nil {
		return fmt.Errorf("look for segments without a fact: %w", err)
	}
	for _, g := range rows {
		if g.Fact <= a.start {
			a.audited.Older++
			continue
		}
		a.report(proof.Finding{Verdict: proof.Added, Table: "segment", Fact: g.Fact, What: proof.SegmentItem(g.Meter, g.Part)})
	}
	return nil
}

// head checks that the head of the site is its last fact, and that no fact is
// missing that the log speaks of.
func (a *siteAudit) head(ctx context.Context) error {
	var seq, logged *int64
	var at *time.Time
	var chain []byte
	err := a.q.QueryRow(ctx, `
		select h.seq, h.recorded_at, h.chain, (
			select max(seq) from log_leaf where site_id = @site and kind in ('fact', 'chain', 'start'))
		from (values (1)) as one left join site_head h on h.site_id = @site`,
		pgx.NamedArgs{"site": a.no}).Scan(&seq, &at, &chain, &logged)
	if err != nil {
		return fmt.Errorf("read the head: %w", err)
	}
	if seq == nil {
		if a.last.seq > 0 || logged != nil {
			a.report(proof.Finding{Verdict: proof.Missing, Table: "site_head"})
		}
		return nil
	}
	if logged != nil && a.last.seq < *logged {
		a.report(proof.Finding{Verdict: proof.Missing, Table: "fact", Fact: a.last.seq + 1, What: fmt.Sprintf("facts %d to %d", a.last.seq+1, *logged)})
	}
	switch {
	case *seq != a.last.seq:
		a.report(proof.Finding{Verdict: proof.Tampered, Table: "site_head", Column: "seq", Fact: *seq})
	case *seq > a.start && !bytes.Equal(chain, a.last.chain):
		a.report(proof.Finding{Verdict: proof.Tampered, Table: "site_head", Column: "chain", Fact: *seq})
	case at.Before(a.last.at):
		a.report(proof.Finding{Verdict: proof.Tampered, Table: "site_head", Column: "recorded_at", Fact: *seq})
	}
	return nil
}
