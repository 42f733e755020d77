package proof

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
)

// form writes content into a hash: the salt, the name of the form, the parts.
type form struct {
	sum hash.Hash
	buf []byte
}

func begin(salt Salt, name string) *form {
	f := &form{sum: sha256.New()}
	f.sum.Write(salt[:])
	return f.text(name)
}

func (f *form) bytes(b []byte) *form {
	f.buf = binary.BigEndian.AppendUint32(f.buf[:0], uint32(len(b)))
	f.sum.Write(f.buf)
	f.sum.Write(b)
	return f
}

func (f *form) text(s string) *form { return f.bytes([]byte(s)) }

func (f *form) number(n int64) *form {
	f.buf = binary.BigEndian.AppendUint64(f.buf[:0], uint64(n))
	f.sum.Write(f.buf)
	return f
}

func (f *form) instant(t time.Time) *form { return f.number(t.UnixMicro()) }

func (f *form) digest() (d Digest) {
	f.sum.Sum(d[:0])
	return d
}

// Of is the digest of something that has no form of its own: what it is, and
// its parts.
func Of(salt Salt, what string, parts ...[]byte) Digest {
	f := begin(salt, what+" 1")
	for _, p := range parts {
		f.bytes(p)
	}
	return f.digest()
}

// Entry is a version of something that is no reading, as the store keeps it.
type Entry struct {
	Site       energy.SiteID
	Fact       int64
	Part       int16
	RecordedAt time.Time
	Kind, ID   string
	ValidFrom  time.Time
	Actor      string
	Body       string // JSON, in the form in which the database gives it back
}

// Digest is the digest of the entry.
func (e Entry) Digest(salt Salt) Digest {
	return begin(salt, "entry 1").text(string(e.Site)).number(e.Fact).number(int64(e.Part)).instant(e.RecordedAt).
		text(e.Kind).text(e.ID).instant(e.ValidFrom).text(e.Actor).text(e.Body).digest()
}

// Correction is a correction as the store keeps it.
type Correction struct {
	Site       energy.SiteID
	Point      energy.PointID
	Fact       int64
	Part       int16
	RecordedAt time.Time
	Replaces   energy.Period
	Source     string
	Rank       int16
	Reason     string
	Body       []byte // readings (series.EncodeReadings)
}

// Digest is the digest of the correction.
func (c Correction) Digest(salt Salt) Digest {
	return begin(salt, "correction 1").text(string(c.Site)).text(string(c.Point)).number(c.Fact).number(int64(c.Part)).
		instant(c.RecordedAt).instant(c.Replaces.From).instant(c.Replaces.To).text(c.Source).number(int64(c.Rank)).
		text(c.Reason).bytes(c.Body).digest()
}

// Segment is a row of readings as they came.
type Segment struct {
	Site       energy.SiteID
	Fact       int64
	Meter      int32
	Part       int16
	RecordedAt time.Time
	Period     energy.Period
	Source     string
	Rank       int16
	Listed     []int32          // numbers of points the row claims to hold
	Points     []energy.PointID // of the blocks of the body, in their order
	Body       []byte
}

// Digest is the digest of the segment.
func (s Segment) Digest(salt Salt) Digest {
	f := begin(salt, "segment 1").text(string(s.Site)).number(s.Fact).number(int64(s.Meter)).number(int64(s.Part)).
		instant(s.RecordedAt).instant(s.Period.From).instant(s.Period.To).text(s.Source).number(int64(s.Rank))
	f.number(int64(len(s.Listed)))
	for _, n := range s.Listed {
		f.number(int64(n))
	}
	f.number(int64(len(s.Points)))
	for _, id := range s.Points {
		f.text(string(id))
	}
	return f.bytes(s.Body).digest()
}

// Chunk is a chunk of readings of one point.
type Chunk struct {
	Site  energy.SiteID
	Point energy.PointID
	From  time.Time // the beginning of its window
	Part  int32
	Cut   byte
	Runs  []series.Run // by Seq
}

// Item is the name of the chunk in records.
func (c Chunk) Item() string { return ChunkItem(c.Point, c.From, c.Part) }

// Digest is the digest of what the chunk says, whatever it is packed like: the
// runs in order, each with its fact number, instant of record, source by name,
// rank and readings, then their number.
func (c Chunk) Digest(salt Salt, sources func(int32) string) Digest {
	_, all := c.Digests(salt, sources, 0)
	return all
}

// Digests are the digests of a chunk of the first n runs, and of all: both at
// the cost of one where a chunk has grown.
func (c Chunk) Digests(salt Salt, sources func(int32) string, n int) (first, all Digest) {
	runs := c.Runs
	if !slices.IsSortedFunc(runs, compareRuns) {
		runs = slices.Clone(runs)
		slices.SortStableFunc(runs, compareRuns)
	}
	f := begin(salt, "chunk 1").text(string(c.Site)).text(string(c.Point)).instant(c.From).number(int64(c.Part)).number(int64(c.Cut))
	const enough = 8 << 10
	buf := make([]byte, 0, enough+64)
	for i, run := range runs {
		if i == n {
			f.sum.Write(buf)
			buf = buf[:0]
			first = f.digestWith(int64(n))
		}
		buf = f.head(buf, run.Seq, run.RecordedAt.UnixMicro(), int64(run.Rank), int64(len(run.Readings)))
		buf = binary.BigEndian.AppendUint32(buf, uint32(len(sources(run.Source))))
		buf = append(buf, sources(run.Source)...)
		for i := range run.Readings {
			if buf = appendReading(buf, &run.Readings[i]); len(buf) >= enough {
				f.sum.Write(buf)
				buf = buf[:0]
			}
		}
	}
	f.sum.Write(buf)
	all = f.digestWith(int64(len(runs)))
	if n >= len(runs) {
		first = all
	}
	return first, all
}

// head appends numbers to dst.
func (*form) head(dst []byte, numbers ...int64) []byte {
	for _, n := range numbers {
		dst = binary.BigEndian.AppendUint64(dst, uint64(n))
	}
	return dst
}

// digestWith is the digest that a further number makes; the form goes on as if
// it had not been written.
func (f *form) digestWith(n int64) (d Digest) {
	before, err := f.sum.(hash.Cloner).Clone() // SHA-256 has it (crypto/sha256, Go 1.25)
	if err != nil {
		panic(err) // it keeps nothing but its state
	}
	d = f.number(n).digest()
	f.sum = before
	return d
}

func compareRuns(a, b series.Run) int {
	switch {
	case a.Seq != b.Seq:
		return int(min(max(a.Seq-b.Seq, -1), 1))
	case a.Source != b.Source:
		return int(a.Source) - int(b.Source)
	}
	return int(a.Rank) - int(b.Rank)
}

// appendReading writes instant, length (µs), form, exponent, quality and bits:
// 27 bytes.
func appendReading(dst []byte, r *energy.Reading) []byte {
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.At.UnixMicro()))
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.Length/time.Microsecond))
	return r.Value.AppendForm(append(dst, byte(r.Quality)))
}

// Moments is a block of instants of record, which say what was known when.
type Moments struct {
	Site            energy.SiteID
	First, Last     int64
	FirstAt, LastAt time.Time
	Chain           []byte // of the last fact
	Body            []byte
}

// Item is the name of the block in records.
func (m Moments) Item() string { return MomentsItem(m.First) }

// Digest is the digest of the block; it holds nothing to be kept secret.
func (m Moments) Digest() Digest {
	return begin(Salt{}, "moments 1").text(string(m.Site)).number(m.First).number(m.Last).instant(m.FirstAt).instant(m.LastAt).
		bytes(m.Chain).bytes(m.Body).digest()
}

// Link is the next link of a site's chain.
func Link(before []byte, fact int64, recordedAt time.Time, lines []byte) (d Digest) {
	content := sha256.Sum256(lines)
	sum := sha256.New()
	sum.Write(before)
	sum.Write(binary.BigEndian.AppendUint64(nil, uint64(fact)))
	sum.Write(binary.BigEndian.AppendUint64(nil, uint64(recordedAt.UnixMilli())))
	sum.Write(content[:])
	sum.Sum(d[:0])
	return d
}
