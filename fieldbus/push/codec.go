// Package push forwards batches from a collector to a central Heatledger over
// HTTP, and holds the form in which they travel. It knows batches, tokens and
// answers; it does not know where batches come from or what becomes of them.
//
// # The form
//
// The body of POST /api/v1/batches is a zstd stream of:
//
//	"heatbatch" version(1 byte, 1)
//	site source: each uvarint length, bytes
//	epoch(16) lane(1) sequence(uvarint) points(uvarint)
//	per point: uvarint length, id; uvarint length, block of readings (energy/series/codec.go)
//	order: uvarint count, then a uvarint point number for each reading
//	digest(32): energy.Batch.Digest
//
// The readings of a point keep their order in its block, and order says how
// the points' readings take turns, so that the batch is the same to the last
// bit at the other end; the digest proves it.
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

const (
	magic       = "heatbatch\x01"
	maxReadings = 1 << 20
)

var errForm = errors.New("not in the form of a batch")

// EncodeBatch is b in the form in which it travels.
func EncodeBatch(b energy.Batch) ([]byte, error) {
	body := []byte(magic)
	body = appendText(body, string(b.Site))
	body = appendText(body, b.Source)
	body = append(body, b.Epoch[:]...)
	body = append(body, byte(b.Lane))
	body = binary.AppendUvarint(body, b.Sequence)
	numbers := map[energy.PointID]int{}
	var points []energy.PointID
	var readings [][]energy.Reading
	order := make([]byte, 0, len(b.Readings))
	for _, r := range b.Readings {
		n, known := numbers[r.Point]
		if !known {
			n = len(points)
			numbers[r.Point] = n
			points = append(points, r.Point)
			readings = append(readings, nil)
		}
		readings[n] = append(readings[n], r.Reading)
		order = binary.AppendUvarint(order, uint64(n))
	}
	body = binary.AppendUvarint(body, uint64(len(points)))
	for n, point := range points {
		body = appendText(body, string(point))
		body = appendText(body, string(series.EncodeReadings(nil, readings[n])))
	}
	body = binary.AppendUvarint(body, uint64(len(b.Readings)))
	body = append(body, order...)
	digest := b.Digest()
	body = append(body, digest[:]...)
	var packed bytes.Buffer
	w, err := zstd.NewWriter(&packed, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("pack batch %d: %w", b.Sequence, err)
	}
	_, err = w.Write(body)
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("pack batch %d: %w", b.Sequence, err)
	}
	return packed.Bytes(), nil
}

func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}

// DecodeBatch reads a batch that unpacks to at most limit bytes. Whatever is
// wrong with it is an error; a batch that is returned is the one that was sent.
func DecodeBatch(r io.Reader, limit int64) (energy.Batch, error) {
	unpacker, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return energy.Batch{}, fmt.Errorf("unpack a batch: %w", err)
	}
	defer unpacker.Close()
	body, err := io.ReadAll(io.LimitReader(unpacker, limit+1))
	if err != nil {
		return energy.Batch{}, fmt.Errorf("unpack a batch: %w", err)
	}
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
	var points []energy.PointID
	var readings [][]energy.Reading
	for n := r.uvarint(); n > 0 && r.err == nil; n-- {
		points = append(points, energy.PointID(r.text()))
		list, err := series.DecodeReadings(r.bytes(r.uvarint()))
		if err != nil {
			r.fail(fmt.Errorf("readings of %q: %w", points[len(points)-1], err))
		}
		readings = append(readings, list)
	}
	count := r.uvarint()
	if count > maxReadings || count > uint64(len(r.rest)) {
		r.fail(errForm)
	}
	for ; count > 0 && r.err == nil; count-- {
		n := r.uvarint()
		if n >= uint64(len(points)) || len(readings[n]) == 0 {
			r.fail(errForm)
			break
		}
		b.Readings = append(b.Readings, energy.PointReading{Point: points[n], Reading: readings[n][0]})
		readings[n] = readings[n][1:]
	}
	sent := r.bytes(32)
	if digest := b.Digest(); r.err == nil && !bytes.Equal(sent, digest[:]) {
		r.fail(errors.New("the readings do not have the digest that was sent"))
	}
	return b
}
