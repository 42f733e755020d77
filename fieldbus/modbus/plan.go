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
	fields  []int // which of the planned fields it brings, ascending
}

// limits bound a request.
type limits struct {
	registers int // of one request
	gap       int // unasked registers in one hole that may be read along
}

// maxBits is how many bits the protocol allows in one request (Modbus
// Application Protocol V1.1b3, 6.1).
const maxBits = 2000

// limitsOf are the tightest of the meter's and the connection's limits.
func limitsOf(meter registermap.Limits, connection int) limits {
	l := limits{registers: registermap.MaxRegisters, gap: meter.MaxGap}
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

// span is a range of addresses [from, to) that no request may touch or, where
// it is empty, a border at which no request may be joined.
type span struct {
	table    registermap.Table
	from, to int
}

// bars tells whether the span forbids a request of [from, to).
func (s span) bars(t registermap.Table, from, to int) bool {
	if s.table != t {
		return false
	}
	if s.from == s.to {
		return from < s.from && s.from < to
	}
	return from < s.to && s.from < to
}

// plan packs fields into the fewest requests: in the order of addresses, joined
// across holes as far as the limits allow, never touching what is to be avoided
// by joining. The fields that are wanted are given by their indexes. A field is
// never split; one that is longer than the limit is asked for alone.
//
// Going from the lowest address and joining as far as possible is the optimum,
// because every request is a range: starting a request later never lets it end
// earlier.
func plan(fields []field, wanted []int, l limits, avoid []span) []request {
	order := slices.Clone(wanted)
	slices.SortFunc(order, func(i, j int) int {
		a, b := fields[i], fields[j]
		return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.address, b.address), cmp.Compare(a.words, b.words), cmp.Compare(i, j))
	})
	var requests []request
	for _, i := range order {
		f := fields[i]
		if n := len(requests) - 1; n >= 0 && joins(requests[n], f, l, avoid) {
			q := &requests[n]
			q.count = max(q.end(), f.end()) - q.address
			q.fields = append(q.fields, i)
			continue
		}
		requests = append(requests, alone(i, f))
	}
	for _, q := range requests {
		slices.Sort(q.fields)
	}
	return requests
}

// joins tells whether f, which does not begin before q, may be part of q: the
// whole within the limit, the hole between them bearable, nothing barred inside.
func joins(q request, f field, l limits, avoid []span) bool {
	end := max(q.end(), f.end())
	if q.table != f.table || end-q.address > l.of(q.table) || f.address-q.end() > l.gap {
		return false
	}
	return !slices.ContainsFunc(avoid, func(s span) bool { return s.bars(q.table, q.address, end) })
}

// alone is the request for field i only.
func alone(i int, f field) request {
	return request{table: f.table, address: f.address, count: f.words, fields: []int{i}}
}

func (q request) end() int { return q.address + q.count }

// split divides a request of several fields in two, so that what made a meter
// refuse it is found in few steps: at its widest hole, which may be the reason,
// or else in the middle. The border is where the right part begins.
func (q request) split(fields []field) (left, right request, border span) {
	order := slices.Clone(q.fields)
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(fields[i].address, fields[j].address) })
	at, widest := len(order)/2, 0
	end := fields[order[0]].end()
	for k := 1; k < len(order); k++ {
		f := fields[order[k]]
		if hole := f.address - end; hole > widest {
			at, widest = k, hole
		}
		end = max(end, f.end())
	}
	left, right = enclose(fields, order[:at]), enclose(fields, order[at:])
	border = span{q.table, right.address, right.address}
	if left.end() < right.address {
		border.from = left.end()
	}
	return left, right, border
}

// enclose is the shortest request that brings the given fields.
func enclose(fields []field, which []int) request {
	first := fields[which[0]]
	q := request{table: first.table, address: first.address, fields: slices.Clone(which)}
	for _, i := range which {
		q.count = max(q.count, fields[i].end()-q.address)
	}
	slices.Sort(q.fields)
	return q
}
