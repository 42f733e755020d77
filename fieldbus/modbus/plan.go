package modbus

import (
	"cmp"
	"slices"

	"heatledger/fieldbus/registermap"
)

// field is what one request must bring whole: the registers of a value, or of a
// unit code. A meter may refuse a request that ends inside a value (Siemens
// PAC3200 does), and half a counter is worse than none.
type field struct {
	table   registermap.Table
	address int
	words   int
}

func (f field) end() int { return f.address + f.words }

// request is one question to a unit: count registers (or bits) from address.
type request struct {
	table   registermap.Table
	address int
	count   int
	first   int   // the lowest address of its fields; above address where requests are aligned
	fields  []int // which of the planned fields it brings, ascending
}

// limits bound a request.
type limits struct {
	registers int // of one request
	gap       int // unasked registers in one hole that may be read along
	align     int // requests begin at a multiple of it, at least 1
}

// maxBits is how many bits the protocol allows in one request (Modbus
// Application Protocol V1.1b3, 6.1).
const maxBits = 2000

// limitsOf are the tightest of the meter's and the connection's limits.
func limitsOf(meter registermap.Limits, connection int) limits {
	l := limits{registers: registermap.MaxRegisters, align: max(1, meter.Align)}
	if meter.GapStated {
		l.gap = meter.MaxGap
	}
	for _, stated := range []int{meter.MaxRegisters, connection} {
		if stated > 0 {
			l.registers = min(l.registers, stated)
		}
	}
	return l
}

// of is the longest request to a table; a stated limit holds for bits in the
// proportion in which the protocol's own limits stand.
func (l limits) of(t registermap.Table) int {
	if t.Bits() {
		return l.registers * maxBits / registermap.MaxRegisters
	}
	return l.registers
}

// start is where a request begins that is to bring address.
func (l limits) start(address int) int { return address - address%max(1, l.align) }

// alone is the request for field i only.
func (l limits) alone(i int, f field) request {
	start := l.start(f.address)
	return request{table: f.table, address: start, count: f.end() - start, first: f.address, fields: []int{i}}
}

// enclose is the shortest request that brings the given fields.
func (l limits) enclose(fields []field, which []int) request {
	q := l.alone(which[0], fields[which[0]])
	end := q.end()
	for _, i := range which[1:] {
		q.first, end = min(q.first, fields[i].address), max(end, fields[i].end())
	}
	q.address = l.start(q.first)
	q.count = end - q.address
	q.fields = slices.Sorted(slices.Values(which))
	return q
}

// span is a range of addresses [from, to) of a table.
type span struct {
	table    registermap.Table
	from, to int
}

// overlaps tells whether the span has an address in [from, to).
func (s span) overlaps(t registermap.Table, from, to int) bool {
	return s.table == t && from < s.to && s.from < to
}

// parts tells whether the span, which may be empty, begins inside (from, to):
// whether it lies between two addresses of that range.
func (s span) parts(t registermap.Table, from, to int) bool {
	return s.table == t && from < s.from && s.from < to
}

// terms are what a plan keeps to, beside that no value is split.
type terms struct {
	limits
	// refused is what no request may touch that can do without.
	refused []span
	// borders are places across which no two fields may be joined: a hole, or
	// an empty span between neighbours.
	borders []span
	// bears tells of a hole that is wider than limits allow whether it may be
	// read along; nil: never.
	bears func(hole span) bool
}

// joins tells whether f, which does not begin before q, may be part of q: the
// whole within the limit, the hole between them bearable, nothing barred inside.
// What lies inside q already costs nothing.
func (t terms) joins(q request, f field) bool {
	if q.table != f.table {
		return false
	}
	if f.end() <= q.end() {
		return true
	}
	hole := span{q.table, q.end(), f.address}
	if f.end()-q.address > t.of(q.table) || hole.to-hole.from > t.gap && (t.bears == nil || !t.bears(hole)) {
		return false
	}
	return !slices.ContainsFunc(t.refused, func(s span) bool { return s.overlaps(q.table, q.address, f.end()) }) &&
		!slices.ContainsFunc(t.borders, func(s span) bool { return s.parts(q.table, q.first, f.end()) })
}

// plan packs fields into the fewest requests: in the order of addresses, joined
// across holes as far as the terms allow. The fields that are wanted are given by
// their indexes. A field that breaks the terms by itself is asked for alone.
//
// Going from the lowest address and joining as far as possible is the optimum,
// because every request is a range and whatever bars one bars every longer one:
// starting a request later never lets it end earlier.
func plan(fields []field, wanted []int, t terms) []request {
	order := slices.Clone(wanted)
	slices.SortFunc(order, func(i, j int) int {
		a, b := fields[i], fields[j]
		return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.address, b.address), cmp.Compare(b.words, a.words), cmp.Compare(i, j))
	})
	var requests []request
	for _, i := range order {
		f := fields[i]
		if n := len(requests) - 1; n >= 0 && t.joins(requests[n], f) {
			q := &requests[n]
			q.count = max(q.end(), f.end()) - q.address
			q.fields = append(q.fields, i)
			continue
		}
		requests = append(requests, t.alone(i, f))
	}
	for _, q := range requests {
		slices.Sort(q.fields)
	}
	return requests
}

func (q request) end() int { return q.address + q.count }

// split divides a request of several fields in two, so that what made a meter
// refuse it is found in few steps: at its widest hole, which may be the reason,
// of several the one nearest to the middle, or in the middle where there is
// none. The border is what lies between the parts.
func (l limits) split(fields []field, q request) (left, right request, border span) {
	order := slices.Clone(q.fields)
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(fields[i].address, fields[j].address) })
	at, widest := len(order)/2, 0
	end := fields[order[0]].end()
	for k := 1; k < len(order); k++ {
		f := fields[order[k]]
		hole := max(0, f.address-end)
		if hole > widest || hole == widest && hole > 0 && distance(2*k, len(order)) < distance(2*at, len(order)) {
			at, widest = k, hole
		}
		end = max(end, f.end())
	}
	left, right = l.enclose(fields, order[:at]), l.enclose(fields, order[at:])
	return left, right, span{q.table, min(left.end(), right.first), right.first}
}

func distance(a, b int) int { return max(a-b, b-a) }
