package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
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

// packFacts moves the instants of the facts up to upto into blocks.
func (q session) packFacts(ctx context.Context, site int32, upto int64) error {
	args := pgx.NamedArgs{"site": site, "upto": upto}
	rows, err := q.Query(ctx, `
		with gone as (delete from fact where site_id = @site and seq <= @upto returning seq, recorded_at)
		select seq, recorded_at from gone order by seq`, args)
	if err != nil {
		return fmt.Errorf("pack instants of facts: %w", err)
	}
	// Facts are packed as they are numbered, without a hole: the place of an
	// instant in its block gives the number of the fact.
	var first, seq int64
	var moments []time.Time
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&seq, &at}, func() error {
		if moments == nil {
			first = seq
		}
		moments = append(moments, at)
		return nil
	})
	if err != nil || len(moments) == 0 {
		return err
	}
	// The last block is taken up again until it is full.
	var firstAt time.Time
	var body []byte
	var before int64
	err = q.QueryRow(ctx, `
		delete from fact_block where (site_id, first_at) = (
			select site_id, first_at from fact_block where site_id = @site order by first_at desc limit 1)
		and last_seq - first_seq + 1 < @full
		returning first_seq, first_at, body`, pgx.NamedArgs{"site": site, "full": factsPerBlock}).Scan(&before, &firstAt, &body)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return fmt.Errorf("open the last block of instants of facts: %w", err)
	default:
		packed, err := decodeMoments(firstAt, body)
		if err != nil {
			return err
		}
		moments, first = append(packed, moments...), before
	}
	for len(moments) > 0 {
		n := min(len(moments), factsPerBlock)
		_, err := q.Exec(ctx, `
			insert into fact_block (site_id, first_at, last_at, first_seq, last_seq, body)
			values (@site, @first_at, @last_at, @first, @last, @body)`,
			pgx.NamedArgs{"site": site, "first_at": moments[0], "last_at": moments[n-1],
				"first": first, "last": first + int64(n) - 1, "body": encodeMoments(moments[:n])})
		if err != nil {
			return fmt.Errorf("write instants of facts: %w", err)
		}
		moments, first = moments[n:], first+int64(n)
	}
	return nil
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
