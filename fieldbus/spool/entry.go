package spool

import (
	"encoding/binary"

	"heatledger/energy"
)

// place is a byte of the journal.
type place struct {
	file   uint64
	offset int64
}

// before tells whether p was written before o.
func (p place) before(o place) bool {
	return p.file < o.file || p.file == o.file && p.offset < o.offset
}

// laneKey names a lane of a site.
type laneKey struct {
	site energy.SiteID
	lane energy.Lane
}

// batchEntry is the head of a batch record; the body stands behind it.
type batchEntry struct {
	laneKey
	synced  int64
	ordinal uint64
	upto    place  // the site's readings before it are cut
	count   uint64 // readings of this batch
	before  uint64 // readings of the lane's batches before it
	first   int64  // instant of collection of the oldest reading, Unix µs
	last    int64  // and of the newest
}

// markEntry says up to which batch a lane is delivered. It may go back.
type markEntry struct {
	laneKey
	synced  int64
	ordinal uint64
	total   uint64 // readings of the lane's batches up to ordinal
	at      int64  // Unix µs
}

// epochEntry begins a new epoch of a lane behind the batch with ordinal base, up
// to which the lane counts as delivered.
type epochEntry struct {
	laneKey
	synced int64
	total  uint64 // readings of the lane's batches up to base
	epochStart
}

// epochStart says as whom and from where a lane counts.
type epochStart struct {
	base   uint64
	lost   uint64 // readings given up there: their batches were not on disk any more
	epoch  energy.Epoch
	source string
}

// append is what cursor.epochStart reads.
func (e epochStart) append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, e.base)
	dst = binary.AppendUvarint(dst, e.lost)
	dst = append(dst, e.epoch[:]...)
	return appendText(dst, e.source)
}

// epochStart reads base, lost, epoch and source.
func (c *cursor) epochStart() epochStart {
	return epochStart{base: c.uvarint(), lost: c.uvarint(), epoch: c.epoch(), source: c.text()}
}

// appendKey appends what all records but checkpoint and names begin with.
func appendKey(dst []byte, synced int64, k laneKey) []byte {
	dst = binary.AppendUvarint(dst, uint64(synced))
	return append(appendText(dst, string(k.site)), byte(k.lane))
}

// key reads what appendKey wrote; an ill-formed site or lane is bad.
func (c *cursor) key() (synced int64, k laneKey) {
	synced = int64(c.uvarint())
	k.site = energy.SiteID(c.text())
	if len(c.b) == 0 {
		c.bad = true
		return synced, k
	}
	k.lane = energy.Lane(c.b[0])
	c.b = c.b[1:]
	c.bad = c.bad || !energy.IsID(string(k.site)) || k.lane != energy.Live && k.lane != energy.Backlog
	return synced, k
}

// append appends the head of the payload; the body follows.
func (e batchEntry) append(dst []byte) []byte {
	dst = appendKey(dst, e.synced, e.laneKey)
	for _, v := range []uint64{e.ordinal, e.upto.file, uint64(e.upto.offset), e.count, e.before} {
		dst = binary.AppendUvarint(dst, v)
	}
	dst = binary.AppendVarint(dst, e.first)
	return binary.AppendVarint(dst, e.last)
}

// parseBatch reads the head and gives the body.
func parseBatch(payload []byte) (e batchEntry, body []byte, ok bool) {
	c := cursor{b: payload}
	e.synced, e.laneKey = c.key()
	e.ordinal = c.uvarint()
	e.upto = place{file: c.uvarint(), offset: int64(c.uvarint())}
	e.count, e.before = c.uvarint(), c.uvarint()
	e.first, e.last = c.varint(), c.varint()
	return e, c.b, !c.bad && e.ordinal > 0
}

// append appends the payload.
func (e markEntry) append(dst []byte) []byte {
	dst = appendKey(dst, e.synced, e.laneKey)
	dst = binary.AppendUvarint(dst, e.ordinal)
	dst = binary.AppendUvarint(dst, e.total)
	return binary.AppendVarint(dst, e.at)
}

// parseMark reads a payload; ok is false when it is cut short or ill-formed.
func parseMark(payload []byte) (e markEntry, ok bool) {
	c := cursor{b: payload}
	e.synced, e.laneKey = c.key()
	e.ordinal, e.total, e.at = c.uvarint(), c.uvarint(), c.varint()
	return e, !c.bad
}

// append appends the payload.
func (e epochEntry) append(dst []byte) []byte {
	dst = appendKey(dst, e.synced, e.laneKey)
	dst = binary.AppendUvarint(dst, e.total)
	return e.epochStart.append(dst)
}

// parseEpoch reads a payload; ok is false when it is cut short or ill-formed.
func parseEpoch(payload []byte) (e epochEntry, ok bool) {
	c := cursor{b: payload}
	e.synced, e.laneKey = c.key()
	e.total, e.epochStart = c.uvarint(), c.epochStart()
	return e, !c.bad
}

// parseRefused reads a record of refused readings, which spools wrote before they
// had an account: the length synced and the readings refused so far.
func parseRefused(payload []byte) (synced int64, refused uint64, ok bool) {
	c := cursor{b: payload}
	synced, refused = int64(c.uvarint()), c.uvarint()
	return synced, refused, !c.bad
}
