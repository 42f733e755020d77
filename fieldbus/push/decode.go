package push

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"heatledger/energy"
	"heatledger/energy/series"
)

var (
	errForm   = errors.New("not in the form of a batch")
	errDigest = errors.New("the readings do not have the digest that was sent")
)

// DecodeBatch reads a batch that unpacks to at most limit bytes. Whatever is
// wrong with it is an error; a batch that is returned is the one that was sent,
// with every point of its site. What it allocates is bounded by limit, and by
// what a million readings take, whatever the sender claims.
func DecodeBatch(r io.Reader, limit int64) (energy.Batch, error) {
	limit = min(limit, maxUnpacked)
	unpacker, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(8<<20), zstd.WithDecoderMaxMemory(maxUnpacked))
	if err != nil {
		return energy.Batch{}, fmt.Errorf("unpack a batch: %w", err)
	}
	defer unpacker.Close()
	var unpacked bytes.Buffer
	if _, err = unpacked.ReadFrom(io.LimitReader(unpacker, limit+1)); err != nil {
		return energy.Batch{}, fmt.Errorf("unpack a batch: %w", err)
	}
	body := unpacked.Bytes()
	if int64(len(body)) > limit {
		return energy.Batch{}, fmt.Errorf("unpack a batch: it is larger than %d bytes: %w", limit, errForm)
	}
	if !bytes.HasPrefix(body, []byte(magic)) {
		return energy.Batch{}, fmt.Errorf("read a batch: it does not begin as one: %w", errForm)
	}
	in := &reader{rest: body[len(magic):]}
	b := in.batch()
	if in.err != nil {
		return energy.Batch{}, fmt.Errorf("read a batch: %w", in.err)
	}
	return b, nil
}

// reader takes a body apart; after the first error it gives zeros.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.rest = nil
}

func (r *reader) uvarint() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.fail(errForm)
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) bytes(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.fail(errForm)
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) text() string { return string(r.bytes(r.uvarint())) }

func (r *reader) batch() energy.Batch {
	b := energy.Batch{Site: energy.SiteID(r.text()), Source: r.text()}
	copy(b.Epoch[:], r.bytes(uint64(len(b.Epoch))))
	if lane := r.bytes(1); len(lane) == 1 {
		b.Lane = energy.Lane(lane[0])
	}
	b.Sequence = r.uvarint()
	if r.err == nil && (!energy.IsID(string(b.Site)) || b.Source == "" || len(b.Source) > maxSource ||
		b.Lane != energy.Live && b.Lane != energy.Backlog || b.Sequence == 0) {
		r.fail(fmt.Errorf("key of the batch: %w", errForm))
	}
	points, readings := r.points(b.Site)
	b.Readings = r.inTurn(points, readings)
	sent := r.bytes(32)
	if r.err == nil && len(r.rest) > 0 {
		r.fail(fmt.Errorf("%d bytes behind the batch: %w", len(r.rest), errForm))
	}
	if digest := b.Digest(); r.err == nil && !bytes.Equal(sent, digest[:]) {
		r.fail(errDigest)
	}
	return b
}

// points reads the points of the site and the readings of each.
func (r *reader) points(site energy.SiteID) (points []energy.PointID, readings [][]energy.Reading) {
	total := 0
	for n := r.uvarint(); n > 0 && r.err == nil; n-- {
		point := energy.PointID(r.text())
		block := r.bytes(r.uvarint())
		if r.err != nil {
			break
		}
		if err := point.Check(); err != nil || point.Site() != site {
			r.fail(fmt.Errorf("point %q in a batch of site %s: %w", point, site, errForm))
			break
		}
		// A block of few bytes can stand for very many readings: count first.
		count, ok := countReadings(block)
		if total += count; !ok || total > maxReadings {
			r.fail(fmt.Errorf("number of readings of %s: %w", point, errForm))
			break
		}
		list, err := series.DecodeReadings(block)
		if err != nil {
			r.fail(fmt.Errorf("readings of %s: %w", point, err))
			break
		}
		points = append(points, point)
		readings = append(readings, list)
	}
	return points, readings
}

// countReadings adds up what the blocks of energy/series say they hold: each
// begins with its version, the uvarint length of its body, and in the body the
// uvarint number of readings; a checksum of four bytes ends it.
func countReadings(blocks []byte) (total int, ok bool) {
	for len(blocks) > 0 {
		length, n := binary.Uvarint(blocks[1:])
		if n <= 0 || length > uint64(len(blocks)) || uint64(1+n)+length+4 > uint64(len(blocks)) {
			return 0, false
		}
		count, m := binary.Uvarint(blocks[1+n:])
		if m <= 0 || count > maxReadings {
			return 0, false
		}
		if total += int(count); total > maxReadings {
			return 0, false
		}
		blocks = blocks[1+n+int(length)+4:]
	}
	return total, true
}

// inTurn reads the order and puts the readings back into it; each is used once.
func (r *reader) inTurn(points []energy.PointID, readings [][]energy.Reading) []energy.PointReading {
	total := 0
	for _, list := range readings {
		total += len(list)
	}
	if count := r.uvarint(); r.err == nil && (count != uint64(total) || count > uint64(len(r.rest))) {
		r.fail(fmt.Errorf("%d readings in an order of %d: %w", total, count, errForm))
	}
	if r.err != nil || total == 0 {
		return nil
	}
	all := make([]energy.PointReading, 0, total)
	for range total {
		n := r.uvarint()
		if n >= uint64(len(points)) || len(readings[n]) == 0 {
			r.fail(fmt.Errorf("order of the readings: %w", errForm))
			return nil
		}
		all = append(all, energy.PointReading{Point: points[n], Reading: readings[n][0]})
		readings[n] = readings[n][1:]
	}
	return all
}
