package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
	"heatledger/energy/series"
)

// recordsPerStep is how many records of facts an audit looks at in one step.
const recordsPerStep = 50

// said is what a record says of a row of a fact.
type said struct {
	fact int64
	what string // "entry 0"
}

// records checks that the rows that records of facts speak of are what was
// logged, and that these facts have no others.
func (a *siteAudit) records(ctx context.Context) error {
	type factRecord struct {
		Seq  int64
		Body *string
	}
	for after := int64(-1); ; {
		records, err := list(ctx, a.q, pgx.RowToStructByPos[factRecord], `
			select seq, body from (
				select seq, body from log_leaf where site_id = @site and kind = 'fact' and seq > @after
				union all select seq, body from log_queue where site_id = @site and kind = 'fact' and seq > @after
			) r order by seq limit @most`, pgx.NamedArgs{"site": a.no, "after": after, "most": recordsPerStep})
		if err != nil {
			return fmt.Errorf("read records of facts: %w", err)
		}
		if len(records) == 0 {
			return nil
		}
		var facts []int64
		want := map[said]proof.Digest{}
		for _, r := range records {
			if after = r.Seq; r.Body == nil {
				continue // the tree tells
			}
			parts, err := proof.Parts(proof.FactLines(*r.Body))
			if err != nil {
				continue
			}
			facts = append(facts, r.Seq)
			for _, p := range parts {
				if p.Is(proof.LineEntry) || p.Is(proof.LineCorrection) || p.Is(proof.LineChunk) || p.Is(proof.LineAssessment) {
					want[said{r.Seq, p.What}] = p.Digest
				}
			}
		}
		if err := a.entries(ctx, facts, want); err != nil {
			return err
		}
		if err := a.corrections(ctx, facts, want); err != nil {
			return err
		}
		if err := a.imports(ctx, facts, want); err != nil {
			return err
		}
		if err := a.assessments(ctx, facts, want); err != nil {
			return err
		}
		for row := range want {
			if err := a.missing(ctx, row); err != nil {
				return err
			}
		}
	}
}

// compare takes a row off those that are wanted, and reports it unless its
// digest is the one that was logged.
func (a *siteAudit) compare(want map[said]proof.Digest, row said, is proof.Digest, f proof.Finding) {
	digest, known := want[row]
	delete(want, row)
	f.Fact, f.What = row.fact, row.what
	switch {
	case !known:
		f.Verdict = proof.Added
	case is != digest:
		f.Verdict = proof.Tampered
	default:
		return
	}
	a.report(f)
}

func (a *siteAudit) entries(ctx context.Context, facts []int64, want map[said]proof.Digest) error {
	rows, err := a.q.Query(ctx, `
		select seq, part, recorded_at, kind, id, valid_from, actor, nonce, body::text from entry where site_id = @site and seq = any(@facts)`,
		pgx.NamedArgs{"site": a.no, "facts": facts})
	if err != nil {
		return fmt.Errorf("read entries: %w", err)
	}
	e := proof.Entry{Site: a.id}
	var salt []byte
	_, err = pgx.ForEachRow(rows, []any{&e.Fact, &e.Part, &e.RecordedAt, &e.Kind, &e.ID, &e.ValidFrom, &e.Actor, &salt, &e.Body}, func() error {
		a.audited.Entries++
		a.compare(want, said{e.Fact, fmt.Sprintf("%s %d", proof.LineEntry, e.Part)}, e.Digest(saltOf(salt)), proof.Finding{Table: "entry"})
		return nil
	})
	return wrap(err, "read entries")
}

func (a *siteAudit) corrections(ctx context.Context, facts []int64, want map[said]proof.Digest) error {
	rows, err := a.q.Query(ctx, `
		select seq, point_no, part, recorded_at, from_at, to_at, source_id, rank, reason, nonce, body from correction
		where site_id = @site and seq = any(@facts)`, pgx.NamedArgs{"site": a.no, "facts": facts})
	if err != nil {
		return fmt.Errorf("read corrections: %w", err)
	}
	c := proof.Correction{Site: a.id}
	var point, source int32
	var salt []byte
	_, err = pgx.ForEachRow(rows, []any{&c.Fact, &point, &c.Part, &c.RecordedAt, &c.Replaces.From, &c.Replaces.To, &source, &c.Rank, &c.Reason, &salt, &c.Body}, func() error {
		a.audited.Corrections++
		c.Point, c.Source = a.names.point(point), a.names.source(source)
		a.compare(want, said{c.Fact, fmt.Sprintf("%s %s %d", proof.LineCorrection, c.Point, c.Part)}, c.Digest(saltOf(salt)),
			proof.Finding{Table: "correction", Point: c.Point, From: new(c.Replaces.From), To: new(c.Replaces.To)})
		return nil
	})
	return wrap(err, "read corrections")
}

// chunkRow is a chunk as it is kept, and its record if it has one of its own.
type chunkRow struct {
	Point, Part       int32
	From, First, To   time.Time
	Cut               string
	FirstSeq, LastSeq int64
	Readings          int32
	Closed            bool
	Leaf, Nonce, Body []byte
	Logged            *string // its record of kind sealed
	Expired           bool    // the log says that its content was deleted
}

// selectChunks is what a [chunkRow] is read with; what follows says which.
const selectChunks = `
	select c.point_no, c.part, c.from_at, c.first_at, c.to_at, c.cut::text, c.first_seq, c.last_seq, c.readings, c.closed, c.leaf, c.nonce, c.body, l.body,
		exists (select from log_leaf x where x.site_id = c.site_id and x.kind = 'expired' and x.item = i.item) as expired
	from chunk c
	left join point p on p.site_id = c.site_id and p.point_no = c.point_no
	cross join lateral (select 'chunk ' || p.id || ' ' || to_char(c.from_at at time zone 'UTC', 'YYYY-MM-DD') || ' ' || c.part as item) i
	left join log_leaf l on l.site_id = c.site_id and l.item = i.item and l.kind = 'sealed'
	where c.site_id = @site and `

func (a *siteAudit) eachChunk(ctx context.Context, where string, args pgx.NamedArgs, do func(c *chunkRow)) error {
	args["site"] = a.no
	rows, err := a.q.Query(ctx, selectChunks+where, args)
	if err != nil {
		return fmt.Errorf("read chunks: %w", err)
	}
	var c chunkRow
	_, err = pgx.ForEachRow(rows, []any{&c.Point, &c.Part, &c.From, &c.First, &c.To, &c.Cut, &c.FirstSeq, &c.LastSeq, &c.Readings, &c.Closed,
		&c.Leaf, &c.Nonce, &c.Body, &c.Logged, &c.Expired}, func() error {
		do(&c)
		a.step(1)
		c = chunkRow{}
		return nil
	})
	return wrap(err, "read chunks")
}

// imports checks the chunks that facts wrote at once.
func (a *siteAudit) imports(ctx context.Context, facts []int64, want map[said]proof.Digest) error {
	return a.eachChunk(ctx, "c.last_seq = any(@facts) and c.part >= 0", pgx.NamedArgs{"facts": facts}, func(c *chunkRow) {
		row := said{c.LastSeq, proof.ChunkItem(a.names.point(c.Point), c.From, c.Part)}
		digest, known := want[row]
		delete(want, row)
		a.chunk(c, digest, known)
	})
}

// chunk compares a chunk with the digest it must have.
func (a *siteAudit) chunk(c *chunkRow, want proof.Digest, known bool) {
	a.audited.Chunks++
	point := a.names.point(c.Point)
	item := proof.ChunkItem(point, c.From, c.Part)
	f := proof.Finding{Verdict: proof.Tampered, Table: "chunk", Point: point, From: new(c.First), To: new(c.To), Fact: c.LastSeq, What: item}
	fail := func(v proof.Verdict, column string) {
		f.Verdict, f.Column = v, column
		a.report(f)
	}
	if !known {
		if c.Leaf == nil && c.LastSeq <= a.start {
			a.audited.Older++
			return
		}
		fail(proof.Added, "")
		return
	}
	if c.Nonce == nil && len(c.Body) == 0 {
		if c.Expired || a.expired[item] {
			fail(proof.Expired, "")
			return
		}
		fail(proof.Missing, "body")
		return
	}
	runs, err := series.DecodeRuns(c.Body)
	if err != nil || len(c.Cut) != 1 {
		fail(proof.Tampered, "body")
		return
	}
	if a.names.chunk(a.id, c.Point, c.From, c.Part, c.Cut[0], runs).Digest(saltOf(c.Nonce), a.names.source) != want {
		fail(proof.Tampered, "")
		return
	}
	a.audited.Readings += int64(count(runs))
	if digestOf(c.Leaf) != want {
		fail(proof.Tampered, "leaf")
	}
	if column := c.misfit(runs); column != "" {
		fail(proof.Tampered, column)
	}
}

// misfit is a column that says something else than the runs; "" if none does.
func (c *chunkRow) misfit(runs []series.Run) string {
	var period energy.Period
	for _, run := range runs {
		period = union(period, extentOf(run.Readings))
	}
	switch {
	case !c.First.Equal(micro(period.From)):
		return "first_at"
	case !c.To.Equal(micro(period.To)):
		return "to_at"
	case len(runs) == 0 || c.FirstSeq != runs[0].Seq:
		return "first_seq"
	case c.LastSeq != runs[len(runs)-1].Seq:
		return "last_seq"
	case int(c.Readings) != count(runs):
		return "readings"
	}
	return ""
}

// missing tells what became of a row that a record of a fact speaks of and
// that is not among the fact's.
func (a *siteAudit) missing(ctx context.Context, row said) error {
	f := proof.Finding{Verdict: proof.Missing, Fact: row.fact, What: row.what}
	var point, rest string
	switch {
	case proof.Part{What: row.what}.Is(proof.LineChunk):
		f = a.item(f)
		var moved int64 // the chunk is there, as another fact's
		_, from, part, err := proof.ParseChunkItem(row.what)
		if err != nil {
			return nil //nolint:nilerr // the tree tells of a record that cannot be read
		}
		err = a.q.QueryRow(ctx, `
			select count(*) from chunk c join point p on p.site_id = c.site_id and p.point_no = c.point_no
			where c.site_id = @site and p.id = @point and c.from_at = @from and c.part = @part`,
			pgx.NamedArgs{"site": a.no, "point": f.Point, "from": from, "part": part}).Scan(&moved)
		if err != nil {
			return fmt.Errorf("look for %s: %w", row.what, err)
		}
		if moved > 0 {
			f.Verdict, f.Column = proof.Tampered, "last_seq"
		}
	case proof.Part{What: row.what}.Is(proof.LineCorrection):
		f.Table = "correction"
		if _, err := fmt.Sscan(row.what, &rest, &point); err == nil {
			f.Point = energy.PointID(point)
		}
	case proof.Part{What: row.what}.Is(proof.LineAssessment):
		f.Table = "assessment"
	default:
		f.Table = "entry"
	}
	a.report(f)
	return nil
}

// unrecorded finds entries, corrections, imported chunks and judgements of facts that have
// no record.
func (a *siteAudit) unrecorded(ctx context.Context) error {
	type row struct {
		Table string
		Seq   int64
		What  string
		Point int32
		Older bool
	}
	rows, err := a.q.Query(ctx, `
		with r as (
			select 'entry' as kind, seq, 'entry ' || part as what, 0 as point_no, nonce is null as bare from entry where site_id = @site
			union all
			select 'correction', seq, 'correction ' || part, point_no, nonce is null from correction where site_id = @site
			union all
			select 'chunk', last_seq, 'chunk ' || part, point_no, leaf is null from chunk where site_id = @site and part >= 0
			union all
			select 'assessment', seq, 'assessment ' || part, 0, false from assessment where site_id = @site
		)
		select kind, seq, what, point_no, bare and seq <= @start from r
		where not exists (select from log_leaf l where l.site_id = @site and l.kind = 'fact' and l.seq = r.seq)
		and not exists (select from log_queue l where l.site_id = @site and l.kind = 'fact' and l.seq = r.seq)`,
		pgx.NamedArgs{"site": a.no, "start": a.start})
	if err != nil {
		return fmt.Errorf("look for rows without a record: %w", err)
	}
	var r row
	_, err = pgx.ForEachRow(rows, []any{&r.Table, &r.Seq, &r.What, &r.Point, &r.Older}, func() error {
		if r.Older {
			a.audited.Older++
			return nil
		}
		a.report(proof.Finding{Verdict: proof.Added, Table: r.Table, Fact: r.Seq, What: r.What, Point: a.names.point(r.Point)})
		return nil
	})
	return wrap(err, "look for rows without a record")
}

// chunks checks the chunks that sealing made.
func (a *siteAudit) chunks(ctx context.Context) error {
	return a.eachChunk(ctx, "c.part < 0 order by c.point_no, c.from_at, c.part", pgx.NamedArgs{}, func(c *chunkRow) {
		item := proof.ChunkItem(a.names.point(c.Point), c.From, c.Part)
		want, known := a.expected(item, c.Logged)
		if _, grows := a.state.Open[item]; known && c.Closed == grows {
			a.report(a.item(proof.Finding{Verdict: proof.Tampered, Column: "closed", What: item}))
		}
		a.chunk(c, want, known)
	})
}

// lostChunks finds chunks that the log speaks of and that are not there.
func (a *siteAudit) lostChunks(ctx context.Context) error {
	var open []string
	for item := range a.state.Open {
		open = append(open, item)
	}
	for item := range a.complete {
		open = append(open, item)
	}
	lost, err := list(ctx, a.q, pgx.RowTo[string], `
		select i.item from (
			select item from log_leaf where site_id = @site and kind = 'sealed' union select unnest(@open::text[])
		) i
		left join point p on p.site_id = @site and p.id = split_part(i.item, ' ', 2)
		left join chunk c on c.site_id = @site and c.point_no = p.point_no
			and c.from_at = case when i.item like 'chunk %' then (split_part(i.item, ' ', 3) || 'T00:00:00Z')::timestamptz end
			and c.part = case when i.item like 'chunk %' then split_part(i.item, ' ', 4)::int end
		where i.item like 'chunk %' and c.site_id is null order by i.item`, pgx.NamedArgs{"site": a.no, "open": open})
	if err != nil {
		return fmt.Errorf("look for chunks that are not there: %w", err)
	}
	for _, item := range lost {
		a.report(a.item(proof.Finding{Verdict: proof.Missing, What: item}))
	}
	return nil
}
