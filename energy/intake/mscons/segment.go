package mscons

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"heatledger/energy"
)

// Segment is one segment of an interchange: a tag, and elements of components.
type Segment struct {
	Tag      string
	Elements [][]string
	Number   int   // in the interchange, from 1; UNA is not counted
	Offset   int64 // of its first byte, from 0
}

// component is component c of element e, from 0; "" where there is none.
func (s Segment) component(e, c int) string {
	if e >= len(s.Elements) || c >= len(s.Elements[e]) {
		return ""
	}
	return s.Elements[e][c]
}

// Place names where the segment stands, for people.
func (s Segment) Place() string {
	return fmt.Sprintf("segment %d (%s), byte %d", s.Number, s.Tag, s.Offset)
}

// signs are the service characters (ISO 9735:1988, 5.1), as UNA states them.
type signs struct{ component, element, decimal, release, end byte }

// segmentMost is the longest segment that is read.
const segmentMost = 8 << 10

// segments reads segments one after the other.
type segments struct {
	in     *bufio.Reader
	signs  signs
	number int
	offset int64
	raw    []byte
}

// newSegments reads the service string advice UNA, where there is one.
func newSegments(r io.Reader) (*segments, error) {
	s := &segments{in: bufio.NewReaderSize(r, 64<<10), signs: signs{':', '+', '.', '?', '\''}}
	if mark, _ := s.in.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = s.in.Discard(3) // peeked above
		s.offset = 3
	}
	if err := s.space(); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head, _ := s.in.Peek(9)
	if len(head) == 9 && string(head[:3]) == "UNA" {
		s.signs = signs{head[3], head[4], head[5], head[6], head[8]}
		distinct := map[byte]bool{head[3]: true, head[4]: true, head[6]: true, head[8]: true}
		if len(distinct) < 4 || head[5] != '.' && head[5] != ',' {
			return nil, energy.Faults{{Line: 1, Column: 4, Problem: fmt.Sprintf("the service characters %q of UNA contradict each other", head[3:9]), Remedy: "UNA:+.? ' is usual"}}
		}
		_, _ = s.in.Discard(9) // peeked above
		s.offset += 9
	}
	return s, nil
}

// space skips what stands between segments.
func (s *segments) space() error {
	for {
		b, err := s.in.ReadByte()
		if err != nil {
			return err
		}
		if b != ' ' && b != '\r' && b != '\n' && b != '\t' {
			return s.in.UnreadByte()
		}
		s.offset++
	}
}

// next is the next segment, or io.EOF.
func (s *segments) next() (Segment, error) {
	if err := s.space(); err != nil {
		return Segment{}, err
	}
	s.number++
	segment := Segment{Number: s.number, Offset: s.offset}
	s.raw = s.raw[:0]
	fault := func(problem string) (Segment, error) {
		return segment, energy.Faults{{Line: s.number, Problem: fmt.Sprintf("the segment that begins at byte %d %s", segment.Offset, problem), Remedy: "hand in the file as the network operator sent it"}}
	}
	for released := false; ; {
		b, err := s.in.ReadByte()
		if errors.Is(err, io.EOF) {
			return fault("has no end")
		}
		if err != nil {
			return Segment{}, err
		}
		s.offset++
		if !released && b == s.signs.end {
			break
		}
		released = !released && b == s.signs.release
		if s.raw = append(s.raw, b); len(s.raw) > segmentMost {
			return fault(fmt.Sprintf("is longer than %d bytes", segmentMost))
		}
	}
	s.split(&segment)
	if len(segment.Tag) != 3 {
		return fault("has no tag of three letters")
	}
	return segment, nil
}

// split cuts the raw segment into elements and components, without the release
// characters.
func (s *segments) split(segment *Segment) {
	var text strings.Builder
	element := []string{}
	for i := 0; i <= len(s.raw); i++ {
		switch {
		case i == len(s.raw) || s.raw[i] == s.signs.element:
			segment.Elements = append(segment.Elements, append(element, text.String()))
			element = []string{}
			text.Reset()
		case s.raw[i] == s.signs.component:
			element = append(element, text.String())
			text.Reset()
		case s.raw[i] == s.signs.release && i+1 < len(s.raw):
			i++
			text.WriteByte(s.raw[i])
		default:
			text.WriteByte(s.raw[i])
		}
	}
	segment.Tag = segment.component(0, 0)
	segment.Elements = segment.Elements[1:]
}
