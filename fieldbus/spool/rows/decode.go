package rows

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"heatledger/energy"
)

// ErrMalformed says that bytes are no body: cut short, an unknown head, a
// number out of range, a name that is no point's.
var ErrMalformed = errors.New("malformed rows")

// Decode appends the readings of a body that belongs to site to dst. It errs
// when there are more than limit and never allocates more than the bytes that
// are there can mean. What it appended before an error is worthless.
func Decode(dst []energy.PointReading, body []byte, site energy.SiteID, limit int) ([]energy.PointReading, error) {
	points, rest, err := decodeNames(body, site)
	if err != nil {
		return dst, err
	}
	limit += len(dst)
	for len(rest) > 0 {
		base, n := binary.Varint(rest)
		if n <= 0 {
			return dst, fmt.Errorf("base instant of a block: %w", ErrMalformed)
		}
		rest = rest[n:]
		count, n := binary.Uvarint(rest)
		// A row takes two bytes or more: head and value.
		if n <= 0 || count > uint64(len(rest)-n)/2 {
			return dst, fmt.Errorf("number of rows of a block: %w", ErrMalformed)
		}
		rest = rest[n:]
		if count > uint64(limit-len(dst)) {
			return dst, fmt.Errorf("%d readings where %d are the limit: %w", uint64(len(dst))+count, limit, ErrMalformed)
		}
		if dst, rest, err = decodeRows(dst, rest, base, int(count), points); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// decodeNames reads the table into points by number; a point that is not named
// is empty. All names share one allocation.
func decodeNames(b []byte, site energy.SiteID) (points []energy.PointID, rest []byte, err error) {
	count, n := binary.Uvarint(b)
	if n <= 0 || count > uint64(len(b)-n)/3 {
		return nil, nil, fmt.Errorf("number of names: %w", ErrMalformed)
	}
	b = b[n:]
	if count > 0 && !energy.IsID(string(site)) {
		return nil, nil, fmt.Errorf("site %q: %w", site, ErrMalformed)
	}
	var all strings.Builder
	type entry struct{ number, end int }
	entries := make([]entry, 0, count)
	next := 0
	for range count {
		gap, g := binary.Uvarint(b)
		if g <= 0 || gap > uint64(MaxPoint-next) {
			return nil, nil, fmt.Errorf("number of a point: %w", ErrMalformed)
		}
		length, n := binary.Uvarint(b[g:])
		if n <= 0 || length > uint64(len(b)-g-n) {
			return nil, nil, fmt.Errorf("length of a name: %w", ErrMalformed)
		}
		name := b[g+n : g+n+int(length)]
		b = b[g+n+int(length):]
		if !energy.IsID(string(name)) {
			return nil, nil, fmt.Errorf("name %q: %w", name, ErrMalformed)
		}
		all.WriteString(string(site))
		all.WriteByte('/')
		all.Write(name)
		entries = append(entries, entry{next + int(gap), all.Len()})
		next += int(gap) + 1
	}
	points = make([]energy.PointID, next)
	from, text := 0, all.String()
	for _, e := range entries {
		points[e.number] = energy.PointID(text[from:e.end])
		from = e.end
	}
	return points, b, nil
}

// decodeRows appends count rows. The instant is made anew only when it moves:
// a poll's readings share theirs.
func decodeRows(dst []energy.PointReading, b []byte, base int64, count int, points []energy.PointID) (
	[]energy.PointReading, []byte, error) {
	before := begin(base)
	at := time.UnixMicro(base).UTC()
	for range count {
		rest, value, moved, ok := before.decodeRow(b)
		if !ok || before.point >= uint64(len(points)) || points[before.point] == "" {
			return dst, nil, fmt.Errorf("row %d: %w", len(dst), ErrMalformed)
		}
		if moved {
			at = time.UnixMicro(before.at).UTC()
		}
		b = rest
		dst = append(dst, energy.PointReading{Point: points[before.point], Reading: energy.Reading{
			At:      at,
			Length:  time.Duration(before.length) * time.Microsecond,
			Value:   value,
			Quality: before.quality,
		}})
	}
	return dst, b, nil
}

// decodeRow reads one row into s and tells whether the instant moved.
func (s *state) decodeRow(b []byte) (rest []byte, v energy.Value, moved, ok bool) {
	if len(b) == 0 || b[0]&unusedBits != 0 {
		return nil, v, false, false
	}
	flags := b[0]
	b = b[1:]
	if flags&nextPoint != 0 {
		s.point++
	} else {
		d, n := binary.Varint(b)
		if n <= 0 {
			return nil, v, false, false
		}
		s.point += uint64(d)
		b = b[n:]
	}
	if flags&sameAt == 0 {
		d, n := binary.Varint(b)
		if n <= 0 {
			return nil, v, false, false
		}
		s.at += d
		moved = true
		b = b[n:]
	}
	if flags&sameLength == 0 {
		length, n := binary.Varint(b)
		if n <= 0 || length > math.MaxInt64/1000 || length < math.MinInt64/1000 {
			return nil, v, false, false
		}
		s.length = length
		b = b[n:]
	}
	if flags&sameQuality == 0 {
		if len(b) == 0 {
			return nil, v, false, false
		}
		s.quality = energy.Quality(b[0])
		b = b[1:]
	}
	rest, v, ok = s.decodeValue(flags>>formShift, b)
	return rest, v, moved, ok
}

// decodeValue reads a value in the form that the head names.
func (s *state) decodeValue(form byte, b []byte) (rest []byte, v energy.Value, ok bool) {
	switch form {
	case formFloat32:
		if len(b) < 4 {
			return nil, v, false
		}
		return b[4:], energy.Float(float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))), true
	case formFloat64:
		if len(b) < 8 {
			return nil, v, false
		}
		return b[8:], energy.Float(math.Float64frombits(binary.LittleEndian.Uint64(b))), true
	case formScaled:
		if len(b) == 0 {
			return nil, v, false
		}
		s.exp = int8(b[0])
		b = b[1:]
	}
	mantissa, n := binary.Varint(b)
	if n <= 0 {
		return nil, v, false
	}
	return b[n:], energy.Decimal(mantissa, s.exp), true
}

// Check reads a block and tells its base (Unix µs) and number of rows; it errs
// when the block is malformed or uses a point for which named says false.
func Check(block []byte, named func(point uint64) bool) (base int64, count int, err error) {
	base, n := binary.Varint(block)
	if n <= 0 {
		return 0, 0, fmt.Errorf("base instant of a block: %w", ErrMalformed)
	}
	b := block[n:]
	rows, n := binary.Uvarint(b)
	if n <= 0 || rows > uint64(len(b)-n)/2 {
		return 0, 0, fmt.Errorf("number of rows of a block: %w", ErrMalformed)
	}
	b = b[n:]
	before := begin(base)
	for i := range rows {
		var ok bool
		if b, _, _, ok = before.decodeRow(b); !ok || !named(before.point) {
			return 0, 0, fmt.Errorf("row %d: %w", i, ErrMalformed)
		}
	}
	if len(b) > 0 {
		return 0, 0, fmt.Errorf("%d bytes behind the rows: %w", len(b), ErrMalformed)
	}
	return base, int(rows), nil
}
