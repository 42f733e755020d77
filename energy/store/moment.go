package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
)

// A site that gets a fact a minute gets half a million a year. Rows of their
// instants would take 60 bytes each; packed they take two or three, and the
// question what was known at an instant still has its exact answer.

// factsPerBlock is how many facts a fact_block holds before the next is begun.
const factsPerBlock = 4096

// errMoments says that a fact_block is not what was written.
var errMoments = errors.New("instants of facts are damaged")

// uptoPast is the last fact recorded at or before an instant that no later
// fact can be recorded at.
func (r Reader) uptoPast(ctx context.Context, site energy.SiteID, at time.Time) (seq int64, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		var loose, first *int64
		var firstAt *time.Time
		var body []byte
		// One statement, for packing moves rows from one table to the other.
		err = q.QueryRow(ctx, `
			select (select seq from fact where site_id = @site and recorded_at <= @at order by recorded_at desc limit 1),
				b.first_at, b.first_seq, b.body
			from (values (1)) as one left join lateral (
				select first_at, first_seq, body from fact_block
				where site_id = @site and first_at <= @at order by first_at desc limit 1
			) b on true`, pgx.NamedArgs{"site": no, "at": at}).Scan(&loose, &firstAt, &first, &body)
		switch {
		case err != nil:
			return err
		case loose != nil: // younger than all that are packed
			seq = *loose
		case first != nil:
			moments, err := decodeMoments(*firstAt, body)
			if err != nil {
				return err
			}
			for i, m := range moments {
				if !m.After(at) {
					seq = *first + int64(i)
				}
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("find the last fact of site %q known at %s: %w", site, at.Format(time.RFC3339Nano), err)
	}
	return seq, nil
}

// looseFacts are facts as they are numbered, without a hole: the place of an instant
// gives the number of its fact.
type looseFacts struct {
	first   int64
	moments []time.Time
	chains  map[int64][]byte // by number
}

// packFacts moves the instants of the facts up to upto into blocks, and tells
// what became of these.
func (q session) packFacts(ctx context.Context, id energy.SiteID, site int32, upto int64) ([]proof.Change, error) {
	loose, err := q.takeFacts(ctx, site, upto)
	if err != nil {
		return nil, fmt.Errorf("pack instants of facts: %w", err)
	}
	if len(loose.moments) == 0 {
		return nil, nil
	}
	packed, was, err := q.openBlock(ctx, id, site)
	if err != nil {
		return nil, fmt.Errorf("open the last block of instants of facts: %w", err)
	}
	if len(packed.moments) > 0 {
		loose.first, loose.moments = packed.first, append(packed.moments, loose.moments...)
	}
	var changes []proof.Change
	for len(loose.moments) > 0 {
		n := min(len(loose.moments), factsPerBlock)
		block := proof.Moments{Site: id, First: loose.first, Last: loose.first + int64(n) - 1,
			FirstAt: loose.moments[0], LastAt: loose.moments[n-1], Body: encodeMoments(loose.moments[:n])}
		block.Chain = loose.chains[block.Last]
		_, err := q.Exec(ctx, `
			insert into fact_block (site_id, first_at, last_at, first_seq, last_seq, chain, body)
			values (@site, @first_at, @last_at, @first, @last, @chain, @body)`,
			pgx.NamedArgs{"site": site, "first_at": block.FirstAt, "last_at": block.LastAt,
				"first": block.First, "last": block.Last, "chain": block.Chain, "body": block.Body})
		if err != nil {
			return nil, fmt.Errorf("write instants of facts: %w", err)
		}
		changes = append(changes, proof.Change{Item: block.Item(), Before: was, After: block.Digest(), Closed: n == factsPerBlock})
		loose.moments, loose.first, was = loose.moments[n:], loose.first+int64(n), proof.Digest{}
	}
	return changes, nil
}

// takeFacts takes the facts up to upto out of their rows.
func (q session) takeFacts(ctx context.Context, site int32, upto int64) (looseFacts, error) {
	rows, err := q.Query(ctx, `
		with gone as (delete from fact where site_id = @site and seq <= @upto returning seq, recorded_at, chain)
		select seq, recorded_at, chain from gone order by seq`, pgx.NamedArgs{"site": site, "upto": upto})
	if err != nil {
		return looseFacts{}, err
	}
	loose := looseFacts{chains: map[int64][]byte{}}
	var seq int64
	var at time.Time
	var chain []byte
	_, err = pgx.ForEachRow(rows, []any{&seq, &at, &chain}, func() error {
		if loose.moments == nil {
			loose.first = seq
		}
		loose.moments = append(loose.moments, at)
		loose.chains[seq] = slices.Clone(chain)
		return nil
	})
	return loose, err
}

// openBlock takes up the last block again, unless it is full, with the digest it had;
// a block older than the log has none.
func (q session) openBlock(ctx context.Context, id energy.SiteID, site int32) (packed looseFacts, was proof.Digest, err error) {
	block := proof.Moments{Site: id}
	err = q.QueryRow(ctx, `
		delete from fact_block where (site_id, first_at) = (
			select site_id, first_at from fact_block where site_id = @site order by first_at desc limit 1)
		and last_seq - first_seq + 1 < @full
		returning first_seq, last_seq, first_at, last_at, chain, body`, pgx.NamedArgs{"site": site, "full": factsPerBlock}).
		Scan(&block.First, &block.Last, &block.FirstAt, &block.LastAt, &block.Chain, &block.Body)
	if errors.Is(err, pgx.ErrNoRows) {
		return packed, was, nil
	}
	if err != nil {
		return packed, was, err
	}
	packed.first = block.First
	if packed.moments, err = decodeMoments(block.FirstAt, block.Body); err != nil {
		return packed, was, err
	}
	if block.Chain != nil {
		was = block.Digest()
	}
	return packed, was, nil
}

// encodeMoments packs the distances between ascending instants, in whole milliseconds.
func encodeMoments(ts []time.Time) []byte {
	var dst []byte
	for i, t := range ts {
		dst = binary.AppendUvarint(dst, uint64(t.Sub(ts[max(0, i-1)]).Milliseconds()))
	}
	return dst
}

// decodeMoments is the inverse of encodeMoments.
func decodeMoments(first time.Time, body []byte) ([]time.Time, error) {
	var ts []time.Time
	for at := first; len(body) > 0; {
		ms, n := binary.Uvarint(body)
		if n <= 0 {
			return nil, errMoments
		}
		at = at.Add(time.Duration(ms) * time.Millisecond)
		ts, body = append(ts, at), body[n:]
	}
	return ts, nil
}
