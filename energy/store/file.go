package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"
)

// ErrNoFile says that no file of that digest is kept.
var ErrNoFile = errors.New("file is unknown")

// filePart is how much of a file a row holds.
const filePart = 1 << 20

// KeepFile keeps a file by its SHA-256, unless it is kept already. It errs when
// r gives something else.
func (s *Store) KeepFile(ctx context.Context, digest [sha256.Size]byte, r io.Reader) error {
	err := s.pool.transaction(ctx, func(q session) error {
		// A file that is kept again is not forgotten with an older draft.
		tag, err := q.Exec(ctx, "update file set at = @at where digest = @digest", pgx.NamedArgs{"digest": digest[:], "at": s.now()})
		if err != nil || tag.RowsAffected() > 0 {
			return err
		}
		packer, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
		if err != nil {
			return err
		}
		defer packer.Close()
		sum, size, block := sha256.New(), int64(0), make([]byte, filePart)
		var packed []byte
		for part := 0; ; part++ {
			n, err := io.ReadFull(r, block)
			if n > 0 {
				sum.Write(block[:n])
				size += int64(n)
				packed = packer.EncodeAll(block[:n], packed[:0])
				// Two who hand in the same file at once write the same parts.
				if _, err := q.Exec(ctx, "insert into file_part (digest, part, body) values (@digest, @part, @body) on conflict do nothing",
					pgx.NamedArgs{"digest": digest[:], "part": part, "body": packed}); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				break
			}
			if err != nil {
				return err
			}
		}
		if [sha256.Size]byte(sum.Sum(nil)) != digest {
			return errors.New("the file is not that of its digest")
		}
		_, err = q.Exec(ctx, "insert into file (digest, size, at) values (@digest, @size, @at) on conflict do nothing",
			pgx.NamedArgs{"digest": digest[:], "size": size, "at": s.now()})
		return err
	})
	return wrap(err, "keep a file of digest %x", digest)
}

// HoldFile says that a file is evidence: it is not forgotten with what was only
// looked at. It errs with [ErrNoFile] where it is not kept.
func (f *Fact) HoldFile(ctx context.Context, digest [sha256.Size]byte) error {
	tag, err := f.q.Exec(ctx, "update file set kept = true where digest = @digest", pgx.NamedArgs{"digest": digest[:]})
	if err == nil && tag.RowsAffected() == 0 {
		err = ErrNoFile
	}
	return wrap(err, "hold the file of digest %x", digest)
}

// KindRemoval is the kind of the entries by which documents were deleted.
const KindRemoval = "exhibit_removal"

// DropFile deletes a file of which documents of the fact's site are the last to hold
// it: entries of a kind whose id is the digest in hex, of any site, that no later
// [KindRemoval] of the site took back, files that were handed in, and those that a
// [KindPlan] holds. Those of the
// fact's own site do not count. gone is false where somebody else holds the same
// bytes; they stay. Call it as owner.
func (f *Fact) DropFile(ctx context.Context, digest [sha256.Size]byte, kind string) (gone bool, err error) {
	named := pgx.NamedArgs{"digest": digest[:], "id": hex.EncodeToString(digest[:]), "kind": kind, "removal": KindRemoval, "plan": KindPlan, "site": f.siteNo}
	tag, err := f.q.Exec(ctx, `
		with held as (select digest from file where digest = @digest for update)
		delete from file f using held
		where f.digest = held.digest
			and not exists (select from submission s where s.digest = f.digest)
			and not exists (select from entry e where e.site_id <> @site and e.kind = @kind and e.id = @id
				and not exists (select from entry r where r.site_id = e.site_id and r.kind = @removal and r.id = e.id and r.seq > e.seq))
			and not exists (select from entry e where e.kind = @plan and e.body -> 'held' ? @id)`, named)
	if err == nil && tag.RowsAffected() > 0 {
		gone = true
		_, err = f.q.Exec(ctx, "delete from file_part where digest = @digest", named)
	}
	return gone, wrap(err, "delete the file of digest %x", digest)
}

// File writes the file of a digest to w, or errs with [ErrNoFile].
func (r Reader) File(ctx context.Context, digest [sha256.Size]byte, w io.Writer) error {
	err := r.with(ctx, func(q session) error {
		unpacker, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(2*filePart))
		if err != nil {
			return err
		}
		defer unpacker.Close()
		rows, err := q.Query(ctx, "select p.body from file f join file_part p on p.digest = f.digest where f.digest = @digest order by p.part", pgx.NamedArgs{"digest": digest[:]})
		if err != nil {
			return err
		}
		var body, plain []byte
		tag, err := pgx.ForEachRow(rows, []any{&body}, func() error {
			if plain, err = unpacker.DecodeAll(body, plain[:0]); err != nil {
				return fmt.Errorf("unpack: %w", err)
			}
			_, err := w.Write(plain)
			return err
		})
		if err == nil && tag.RowsAffected() == 0 {
			var empty bool
			if err = q.QueryRow(ctx, "select exists (select from file where digest = @digest)", pgx.NamedArgs{"digest": digest[:]}).Scan(&empty); err == nil && !empty {
				return ErrNoFile
			}
		}
		return err
	})
	return wrap(err, "read the file of digest %x", digest)
}
