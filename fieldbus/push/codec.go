// Package push forwards batches from a collector to a central Heatledger over
// HTTP, and holds the form in which they travel. It knows batches, tokens and
// answers; it does not know where batches come from or what becomes of them.
//
// # The exchange
//
// POST /api/v1/batches with the body below, a bearer token or a client
// certificate, and two headers for logs and proxies: Idempotency-Key names the
// batch (site/source/epoch/lane/sequence), Heatledger-Digest is the SHA-256 of
// [energy.Batch.Digest] in hex. Two more tell how the collector does: its clock
// ([HeaderSent]) and how many readings wait ([HeaderQueued]); the centre tells
// its own clock ([HeaderTime]). The centre answers
//
//	200                {"Upto", "Fact", "Duplicate"}: an energy.Delivery
//	409                the key is known with other content: energy.ErrConflict
//	410, 412 + "upto"  it has batches up to there only: energy.BehindError
//	others             a problem document (RFC 9457): RefusedError
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
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"heatledger/energy"
	"heatledger/energy/series"
)

const (
	magic       = "heatbatch\x01"
	maxReadings = 1 << 20
	maxUnpacked = 64 << 20 // bytes; a batch of maxReadings is far below
	maxSource   = 128      // bytes of a collector's name
	window      = 512 << 10
)

// newPacker makes the compressor of batches; it may be shared.
func newPacker() *zstd.Encoder {
	packer, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(window))
	if err != nil {
		panic(err) // options that never change are wrong
	}
	return packer
}

// EncodeBatch is b in the form in which it travels.
func EncodeBatch(b energy.Batch) ([]byte, error) { return encodeBatch(newPacker(), b) }

func encodeBatch(packer *zstd.Encoder, b energy.Batch) ([]byte, error) {
	if len(b.Readings) > maxReadings {
		return nil, fmt.Errorf("pack batch %d: %d readings are more than %d", b.Sequence, len(b.Readings), maxReadings)
	}
	body := append(make([]byte, 0, 1024+8*len(b.Readings)), magic...)
	body = appendText(body, string(b.Site))
	body = appendText(body, b.Source)
	body = append(body, b.Epoch[:]...)
	body = append(body, byte(b.Lane))
	body = binary.AppendUvarint(body, b.Sequence)
	points, readings, order := byPoint(b.Readings)
	body = binary.AppendUvarint(body, uint64(len(points)))
	for n, point := range points {
		body = appendText(body, string(point))
		body = appendText(body, string(series.EncodeReadings(nil, readings[n])))
	}
	body = binary.AppendUvarint(body, uint64(len(b.Readings)))
	body = append(body, order...)
	digest := b.Digest()
	body = append(body, digest[:]...)
	return packer.EncodeAll(body, nil), nil
}

// byPoint sorts readings by their points, in the order of their first, and says
// how the points took turns.
func byPoint(all []energy.PointReading) (points []energy.PointID, readings [][]energy.Reading, order []byte) {
	numbers := make(map[energy.PointID]int)
	order = make([]byte, 0, 2*len(all))
	for i := range all {
		n, known := numbers[all[i].Point]
		if !known {
			n = len(points)
			numbers[all[i].Point] = n
			points = append(points, all[i].Point)
			readings = append(readings, nil)
		}
		readings[n] = append(readings[n], all[i].Reading)
		order = binary.AppendUvarint(order, uint64(n))
	}
	return points, readings, order
}

func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}
