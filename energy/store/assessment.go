package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
)

// KindHearing is the kind of entries that are steps of the hearing of an
// issued judgement; the id names the judgement. They are in no registry.
const KindHearing = "hearing"

// KindDecision is the kind of entries that are steps of a decision on what is
// published; the id is the number of the fact that proposed it. They are in no
// registry.
const KindDecision = "publication"

// Issued is a judgement that was issued, byte for byte.
type Issued struct {
	Seq        int64 // the fact by which it was issued
	Part       int16 // which one of that fact, from 0
	RecordedAt time.Time
	KnownAt    time.Time   // what was known then is judged
	RestsOn    int64       // the latest fact of the site that was known then
	On         energy.Date // the day of the judgement
	Commitment string
	Rule       string
	Period     string // its label
	Method     string // versions of the methods
	Actor      string // who issued it
	Reason     string // why
	Digest     []byte // SHA-256 of Body
	Prose      []byte // what was shown beside it; no part of Body
	Body       []byte // the canonical form
}

// Intact tells whether the body is the one that the digest was made of.
func (i Issued) Intact() bool {
	sum := sha256.Sum256(i.Body)
	return bytes.Equal(sum[:], i.Digest)
}

// says is the digest of the row in the record of its fact.
func (i Issued) says(site energy.SiteID, salt proof.Salt) proof.Digest {
	number := func(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }
	return proof.Of(salt, proof.LineAssessment, []byte(site), number(i.Seq), number(int64(i.Part)), number(i.RecordedAt.UnixMicro()), number(i.KnownAt.UnixMicro()),
		number(i.RestsOn), []byte(i.On.String()), []byte(i.Commitment), []byte(i.Rule), []byte(i.Period), []byte(i.Method), []byte(i.Actor), []byte(i.Reason),
		i.Digest, i.Prose, i.Body)
}

// Issue writes judgements, whose Seq, Part, RecordedAt and Digest it sets. A
// fact issues once. It gets a record of its own in the public ledger.
func (f *Fact) Issue(ctx context.Context, list []Issued) error {
	n := len(list)
	parts, nonces, digests := make([]int16, n), make([][]byte, n), make([][]byte, n)
	known, rests, days := make([]time.Time, n), make([]int64, n), make([]time.Time, n)
	commitments, rules, periods, methods := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	actors, reasons, proses, bodies := make([]string, n), make([]string, n), make([][]byte, n), make([][]byte, n)
	for i := range list {
		one := &list[i]
		sum := sha256.Sum256(one.Body)
		one.Seq, one.Part, one.RecordedAt, one.KnownAt, one.Digest = f.Seq, int16(i), f.RecordedAt, micro(one.KnownAt), sum[:]
		salt := proof.NewSalt()
		f.line(fmt.Sprintf("%s %d", proof.LineAssessment, i), one.says(f.site, salt))
		parts[i], nonces[i], digests[i] = one.Part, salt[:], one.Digest
		known[i], rests[i], days[i] = one.KnownAt, one.RestsOn, one.On.UTC()
		commitments[i], rules[i], periods[i], methods[i] = one.Commitment, one.Rule, one.Period, one.Method
		actors[i], reasons[i], proses[i], bodies[i] = one.Actor, one.Reason, one.Prose, one.Body
	}
	f.own = true
	_, err := f.q.Exec(ctx, `
		insert into assessment (site_id, seq, part, recorded_at, known_at, rests_on, on_date, commitment, rule, period, method, actor, reason, nonce, digest, prose, body)
		select @site, @seq, part, @at, known_at, rests_on, on_date, commitment, rule, period, method, actor, reason, nonce, digest, prose, body
		from unnest(@parts::int2[], @known::timestamptz[], @rests::int8[], @days::date[], @commitments::text[], @rules::text[], @periods::text[], @methods::text[],
			@actors::text[], @reasons::text[], @nonces::bytea[], @digests::bytea[], @proses::bytea[], @bodies::bytea[])
			as n (part, known_at, rests_on, on_date, commitment, rule, period, method, actor, reason, nonce, digest, prose, body)`,
		pgx.NamedArgs{"site": f.siteNo, "seq": f.Seq, "at": f.RecordedAt, "parts": parts, "known": known, "rests": rests, "days": days,
			"commitments": commitments, "rules": rules, "periods": periods, "methods": methods, "actors": actors, "reasons": reasons,
			"nonces": nonces, "digests": digests, "proses": proses, "bodies": bodies})
	return wrap(err, "issue %d judgements", n)
}

// Announce queues a record of something that was published with this fact, of
// which digest is the SHA-256; item says which one it is.
func (f *Fact) Announce(ctx context.Context, item string, digest proof.Digest) error {
	record := proof.Record{Kind: proof.KindPublication}.With("site", string(f.site)).With("item", item).With("digest", digest.String())
	_, err := f.q.Exec(ctx, "insert into log_queue (kind, site_id, item, body) values (@kind, @site, @item, @body)",
		pgx.NamedArgs{"kind": string(proof.KindPublication), "site": f.siteNo, "item": item, "body": record.Text()})
	return wrap(err, "announce %s", item)
}

// selectIssued is what an [Issued] is read with; what follows says which.
const selectIssued = `
	select seq, part, recorded_at, known_at, rests_on, on_date, commitment, rule, period, method, actor, reason, digest, prose, body
	from assessment where site_id = @site `

// Issued are the judgements of a site that were issued by facts up to upto, by
// commitment, rule, period and fact.
func (r Reader) Issued(ctx context.Context, site energy.SiteID, upto int64) ([]Issued, error) {
	list, err := r.issued(ctx, site, "and seq <= @upto order by commitment, rule, period, seq, part", pgx.NamedArgs{"upto": upto})
	return list, wrap(err, "list the judgements issued of site %q", site)
}

// IssuedAt is the judgement that fact seq issued as its part; ok is false where
// there is none.
func (r Reader) IssuedAt(ctx context.Context, site energy.SiteID, seq int64, part int16) (one Issued, ok bool, err error) {
	list, err := r.issued(ctx, site, "and seq = @seq and part = @part", pgx.NamedArgs{"seq": seq, "part": part})
	if err != nil || len(list) == 0 {
		return Issued{}, false, wrap(err, "read judgement %d.%d issued of site %q", seq, part, site)
	}
	return list[0], true, nil
}

func (r Reader) issued(ctx context.Context, site energy.SiteID, where string, args pgx.NamedArgs) (found []Issued, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		args["site"] = no
		found, err = list(ctx, q, func(row pgx.CollectableRow) (i Issued, err error) {
			var on time.Time
			err = row.Scan(&i.Seq, &i.Part, &i.RecordedAt, &i.KnownAt, &i.RestsOn, &on, &i.Commitment, &i.Rule, &i.Period, &i.Method,
				&i.Actor, &i.Reason, &i.Digest, &i.Prose, &i.Body)
			i.On = energy.Date{Year: on.Year(), Month: on.Month(), Day: on.Day()}
			return i, err
		}, selectIssued+where, args)
		return err
	})
	return found, err
}

// EntriesOf are the versions of entries of one kind that were known with fact
// upto, in the order of the facts.
func (r Reader) EntriesOf(ctx context.Context, site energy.SiteID, kind string, upto int64) (entries []Entry, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		entries, err = list(ctx, q, pgx.RowToStructByPos[Entry], `
			select seq, recorded_at, kind, id, valid_from, actor, body from entry
			where site_id = @site and kind = @kind and seq <= @upto order by seq, part`,
			pgx.NamedArgs{"site": no, "kind": kind, "upto": upto})
		return err
	})
	return entries, wrap(err, "list %s of site %q", kind, site)
}
