package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"
)

// hashesPerBlock is how many hashes of the tree a row of log_hash holds.
const hashesPerBlock = 256

// logHashes are the hashes of the tree: a [tlog.HashReader] that remembers the
// rows it has read, and takes new hashes at the end.
type logHashes struct {
	ctx    context.Context // of the one transaction or question it serves
	q      session
	blocks map[int64][]byte
	count  int64
	fresh  map[int64]bool // rows to be written
}

// hashes are those of a tree of size records.
func (q session) hashes(ctx context.Context, size int64) *logHashes {
	h := &logHashes{ctx: ctx, q: q, blocks: map[int64][]byte{}, fresh: map[int64]bool{}}
	if size > 0 {
		h.count = tlog.StoredHashCount(size)
	}
	return h
}

// ReadHashes gives the hashes of these places.
func (h *logHashes) ReadHashes(places []int64) ([]tlog.Hash, error) {
	var missing []int64
	for _, place := range places {
		if block := place / hashesPerBlock; h.blocks[block] == nil {
			h.blocks[block] = []byte{}
			missing = append(missing, block)
		}
	}
	if err := h.load(missing); err != nil {
		return nil, err
	}
	hashes := make([]tlog.Hash, len(places))
	for i, place := range places {
		block, at := h.blocks[place/hashesPerBlock], place%hashesPerBlock*tlog.HashSize
		if at+tlog.HashSize > int64(len(block)) {
			return nil, fmt.Errorf("hash %d of the log is missing: %w", place, ErrChanged)
		}
		copy(hashes[i][:], block[at:])
	}
	return hashes, nil
}

func (h *logHashes) load(blocks []int64) error {
	if len(blocks) == 0 {
		return nil
	}
	rows, err := h.q.Query(h.ctx, "select block, hashes from log_hash where block = any(@blocks)", pgx.NamedArgs{"blocks": blocks})
	if err != nil {
		return fmt.Errorf("read hashes of the log: %w", err)
	}
	var block int64
	var hashes []byte
	_, err = pgx.ForEachRow(rows, []any{&block, &hashes}, func() error {
		h.blocks[block] = append(make([]byte, 0, hashesPerBlock*tlog.HashSize), hashes...)
		return nil
	})
	return wrap(err, "read hashes of the log")
}

// add takes the hashes that a further record brings.
func (h *logHashes) add(hashes []tlog.Hash) error {
	for _, hash := range hashes {
		block := h.count / hashesPerBlock
		if h.blocks[block] == nil && h.count%hashesPerBlock != 0 {
			h.blocks[block] = []byte{}
			if err := h.load([]int64{block}); err != nil {
				return err
			}
		}
		if int64(len(h.blocks[block])) != h.count%hashesPerBlock*tlog.HashSize {
			return fmt.Errorf("row %d of hashes of the log has %d bytes: %w", block, len(h.blocks[block]), ErrChanged)
		}
		h.blocks[block] = append(h.blocks[block], hash[:]...)
		h.fresh[block] = true
		h.count++
	}
	return nil
}

// write puts new hashes into the database.
func (h *logHashes) write() error {
	var numbers []int64
	var hashes [][]byte
	for block := range h.fresh {
		numbers, hashes = append(numbers, block), append(hashes, h.blocks[block])
	}
	_, err := h.q.Exec(h.ctx, `
		insert into log_hash (block, hashes) select * from unnest(@blocks::int8[], @hashes::bytea[])
		on conflict (block) do update set hashes = excluded.hashes`,
		pgx.NamedArgs{"blocks": numbers, "hashes": hashes})
	clear(h.fresh)
	return wrap(err, "write hashes of the log")
}
