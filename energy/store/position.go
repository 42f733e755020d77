package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"heatledger/energy"
)

// digestsKept is how many sequences of a lane can still be told from others
// that bear the same number.
const digestsKept = 32

// Position is how far a lane of a source has been delivered.
type Position struct {
	// Upto: every sequence up to this one is a fact; 0 before the first.
	Upto uint64
	// digests of the sequences up to Upto, at most digestsKept.
	digests [][sha256.Size]byte
}

// Digest is the digest with which a sequence was delivered; ok is false if the
// sequence is not delivered or too old to be remembered.
func (p Position) Digest(sequence uint64) (digest [sha256.Size]byte, ok bool) {
	back := p.Upto - sequence
	if sequence > p.Upto || back >= uint64(len(p.digests)) {
		return digest, false
	}
	return p.digests[len(p.digests)-1-int(back)], true
}

// Position is how far the source has delivered to the fact's site in one epoch and lane.
func (f *Fact) Position(ctx context.Context, source string, epoch energy.Epoch, lane energy.Lane) (Position, error) {
	p, err := f.position(ctx, source, epoch, lane)
	if err != nil {
		return p, fmt.Errorf("read position of source %s in epoch %s: %w", source, epoch, err)
	}
	return p, nil
}

// Position is how far the source has delivered to the site in one epoch and lane.
func (r Reader) Position(ctx context.Context, site energy.SiteID, source string, epoch energy.Epoch, lane energy.Lane) (p Position, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		p, err = q.position(ctx, no, source, epoch, lane)
		return err
	})
	if err != nil {
		return p, fmt.Errorf("read position of source %s at site %q in epoch %s: %w", source, site, epoch, err)
	}
	return p, nil
}

func (f *Fact) position(ctx context.Context, source string, epoch energy.Epoch, lane energy.Lane) (Position, error) {
	return f.q.position(ctx, f.siteNo, source, epoch, lane)
}

func (q session) position(ctx context.Context, site int32, source string, epoch energy.Epoch, lane energy.Lane) (p Position, err error) {
	var upto int64
	var digests []byte
	err = q.QueryRow(ctx, `
		select upto, digests from source_position
		where site_id = @site and epoch = @epoch and lane = @lane
		and source_id = (select source_id from source where name = @source)`,
		pgx.NamedArgs{"site": site, "source": source, "epoch": uuid(epoch), "lane": lane}).Scan(&upto, &digests)
	if errors.Is(err, pgx.ErrNoRows) {
		return Position{}, nil
	}
	if err != nil {
		return Position{}, err
	}
	p.Upto = uint64(upto)
	for ; len(digests) >= sha256.Size; digests = digests[sha256.Size:] {
		p.digests = append(p.digests, [sha256.Size]byte(digests))
	}
	return p, nil
}

// Advance records that the fact is the batch of this sequence, with this
// digest of its content. It errs with [ErrSequence] unless sequence follows
// the last one of the lane.
func (f *Fact) Advance(ctx context.Context, source string, epoch energy.Epoch, lane energy.Lane,
	sequence uint64, digest [sha256.Size]byte) error {
	no, err := f.source(ctx, source)
	if err != nil {
		return err
	}
	tag, err := f.q.Exec(ctx, `
		insert into source_position as p (site_id, source_id, epoch, lane, upto, digests)
		select @site::int, @source::int, @epoch::uuid, @lane::int2, @upto::int8, @digest::bytea where @upto::int8 = 1 or exists (
			select from source_position where site_id = @site and source_id = @source and epoch = @epoch and lane = @lane)
		on conflict (site_id, source_id, epoch, lane) do update
		set upto = excluded.upto, digests = substr(p.digests, greatest(1, length(p.digests) - @kept::int + 1)) || excluded.digests
		where p.upto = excluded.upto - 1`,
		pgx.NamedArgs{"site": f.siteNo, "source": no, "epoch": uuid(epoch), "lane": lane,
			"upto": int64(sequence), "digest": digest[:], "kept": (digestsKept - 1) * sha256.Size})
	if err == nil && tag.RowsAffected() == 0 {
		err = ErrSequence
	}
	if err != nil {
		return fmt.Errorf("advance source %s in epoch %s to sequence %d: %w", source, epoch, sequence, err)
	}
	f.says("batch", []byte(source), epoch[:], []byte{byte(lane)}, binary.BigEndian.AppendUint64(nil, sequence), digest[:])
	return nil
}

func uuid(e energy.Epoch) pgtype.UUID { return pgtype.UUID{Bytes: e, Valid: true} }
