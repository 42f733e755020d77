package proof

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
)

// Kind is what a record of the log says.
type Kind string

// The kinds of records. Their names are signed: append only.
const (
	KindStart       Kind = "start"       // the log began when the site had facts already
	KindFact        Kind = "fact"        // a fact with everything it brought
	KindChain       Kind = "chain"       // the latest link of a site's chain of facts
	KindSealing     Kind = "sealing"     // what of a site's readings is sealed, and the chunks that still grow
	KindSealed      Kind = "sealed"      // a chunk or block of instants that is complete
	KindExpired     Kind = "expired"     // content that was deleted under a retention policy
	KindAssessment  Kind = "assessment"  // a judgement that was issued
	KindPublication Kind = "publication" // something that was published
	KindKey         Kind = "key"         // the log is signed by another key from here on
	KindRestored    Kind = "restored"    // the database was restored from a backup
)

// Line is a line of a record after the first.
type Line struct{ Name, Value string }

// Record is a record of the log.
type Record struct {
	Kind  Kind
	Lines []Line
}

// With is the record with one more line.
func (r Record) With(name, value string) Record {
	r.Lines = append(r.Lines[:len(r.Lines):len(r.Lines)], Line{name, value})
	return r
}

// Text is what is hashed.
func (r Record) Text() string {
	var text strings.Builder
	fmt.Fprintf(&text, "heatledger %s 1\n", r.Kind)
	for _, l := range r.Lines {
		text.WriteString(l.Name + " " + strings.ReplaceAll(l.Value, "\n", " ") + "\n")
	}
	return text.String()
}

// ParseRecord reads the text of a record.
func ParseRecord(text string) (Record, error) {
	head, rest, _ := strings.Cut(text, "\n")
	words := strings.Fields(head)
	if len(words) != 3 || words[0] != "heatledger" || words[2] != "1" {
		return Record{}, ErrRecord
	}
	r := Record{Kind: Kind(words[1])}
	for line := range strings.Lines(rest) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok || !strings.HasSuffix(line, "\n") {
			return Record{}, ErrRecord
		}
		r.Lines = append(r.Lines, Line{name, value})
	}
	return r, nil
}

// Value is the value of the first line of that name; "" without one.
func (r Record) Value(name string) string {
	for _, l := range r.Lines {
		if l.Name == name {
			return l.Value
		}
	}
	return ""
}

// Number is the value of a line that is a whole number.
func (r Record) Number(name string) (int64, error) {
	n, err := strconv.ParseInt(r.Value(name), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("line %s: %w", name, ErrRecord)
	}
	return n, nil
}

// Names of the lines of a fact that stand for rows of the store; the value ends
// with a digest.
const (
	LineEntry      = "entry"      // PART
	LineCorrection = "correction" // POINT PART
	LineSegment    = "segment"    // METER PART
	LineChunk      = "chunk"      // POINT FROM PART
	LineAssessment = "assessment" // PART
	LineSubmission = "submission" // the SHA-256 of what was handed in
)

// FactRecord is the record of a fact; lines are those it wrote, each ending
// with a line break.
func FactRecord(site energy.SiteID, fact int64, recordedAt time.Time, chain Digest, lines []byte) string {
	return fmt.Sprintf("heatledger %s 1\nsite %s\nfact %d\nrecorded %s\nchain %s\n%s", KindFact, site, fact,
		Instant(recordedAt), chain, lines)
}

// FactLines are the lines of a fact's record that the fact wrote.
func FactLines(text string) string {
	for range 5 {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text
}

// Part is a line of a fact: what it names, and its digest.
type Part struct {
	What   string // "entry 0", "segment 3 0"
	Digest Digest
}

// Parts reads the lines a fact wrote.
func Parts(lines string) ([]Part, error) {
	var parts []Part
	for line := range strings.Lines(lines) {
		line = strings.TrimSuffix(line, "\n")
		cut := strings.LastIndexByte(line, ' ')
		if cut < 0 {
			return nil, ErrRecord
		}
		p := Part{What: line[:cut]}
		if err := p.Digest.UnmarshalText([]byte(line[cut+1:])); err != nil {
			return nil, ErrRecord
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// Is tells whether the part is of a kind of line.
func (p Part) Is(line string) bool { return p.What == line || strings.HasPrefix(p.What, line+" ") }

// Instant writes an instant as records do.
func Instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// ChunkItem is the name of a chunk in records.
func ChunkItem(point energy.PointID, from time.Time, part int32) string {
	return fmt.Sprintf("%s %s %s %d", LineChunk, point, from.UTC().Format(time.DateOnly), part)
}

// MomentsItem is the name of a block of instants of record.
func MomentsItem(first int64) string { return fmt.Sprintf("moments %d", first) }

// SegmentItem is the name of a segment within its fact.
func SegmentItem(meter int32, part int16) string {
	return fmt.Sprintf("%s %d %d", LineSegment, meter, part)
}

// ParseChunkItem reads the name of a chunk.
func ParseChunkItem(item string) (point energy.PointID, from time.Time, part int32, err error) {
	words := strings.Fields(item)
	if len(words) != 4 || words[0] != LineChunk {
		return "", time.Time{}, 0, fmt.Errorf("%q is no chunk: %w", item, ErrRecord)
	}
	if from, err = time.Parse(time.DateOnly, words[2]); err != nil {
		return "", time.Time{}, 0, fmt.Errorf("%q is no chunk: %w", item, ErrRecord)
	}
	n, err := strconv.ParseInt(words[3], 10, 32)
	if err != nil {
		return "", time.Time{}, 0, fmt.Errorf("%q is no chunk: %w", item, ErrRecord)
	}
	return energy.PointID(words[1]), from, int32(n), nil
}
