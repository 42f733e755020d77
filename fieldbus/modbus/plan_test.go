package modbus

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"heatledger/fieldbus/registermap"
)

func TestRegistersArePackedIntoFewRequests(t *testing.T) {
	t.Parallel()
	holding := func(address, words int) field { return field{registermap.Holding, address, words} }
	free := terms{limits: limits{registers: 125}}
	most := func(registers, gap int) terms { return terms{limits: limits{registers: registers, gap: gap}} }
	aligned := func(registers, gap, align int) terms {
		return terms{limits: limits{registers: registers, gap: gap, align: align}}
	}
	for name, test := range map[string]struct {
		fields []field
		terms  terms
		want   string // table from+count: fields
	}{
		"nothing is asked for nothing":                   {nil, free, ""},
		"neighbours are read together":                   {[]field{holding(2, 2), holding(0, 2)}, free, "holding 0+4: [0 1]"},
		"a hole is not read unasked":                     {[]field{holding(0, 2), holding(3, 2)}, free, "holding 0+2: [0]; holding 3+2: [1]"},
		"a hole is read where allowed":                   {[]field{holding(0, 2), holding(3, 2)}, most(125, 1), "holding 0+5: [0 1]"},
		"a wider hole is not":                            {[]field{holding(0, 2), holding(4, 2)}, most(125, 1), "holding 0+2: [0]; holding 4+2: [1]"},
		"a wider hole that is known to be readable is":   {[]field{holding(0, 2), holding(4, 2)}, terms{limits: limits{registers: 125, gap: 1}, bears: func(s span) bool { return s == span{registermap.Holding, 2, 4} }}, "holding 0+6: [0 1]"},
		"a value is not split at the limit":              {[]field{holding(0, 2), holding(2, 2), holding(4, 2)}, most(5, 0), "holding 0+4: [0 1]; holding 4+2: [2]"},
		"a value longer than the limit":                  {[]field{holding(0, 1), holding(1, 4), holding(5, 1)}, most(2, 0), "holding 0+1: [0]; holding 1+4: [1]; holding 5+1: [2]"},
		"tables are apart":                               {[]field{holding(0, 1), {registermap.Input, 1, 1}}, free, "holding 0+1: [0]; input 1+1: [1]"},
		"the same registers twice":                       {[]field{holding(0, 2), holding(0, 2)}, free, "holding 0+2: [0 1]"},
		"a value within another":                         {[]field{holding(1, 1), holding(0, 4), holding(4, 1)}, free, "holding 0+5: [0 1 2]"},
		"a value within one that is too long":            {[]field{holding(0, 4), holding(2, 1)}, most(2, 0), "holding 0+4: [0 1]"},
		"a bad register in a hole is avoided":            {[]field{holding(0, 2), holding(4, 2)}, terms{limits: limits{registers: 125, gap: 9}, refused: []span{{registermap.Holding, 2, 3}}}, "holding 0+2: [0]; holding 4+2: [1]"},
		"a border is not crossed":                        {[]field{holding(0, 2), holding(2, 2)}, terms{limits: limits{registers: 125}, borders: []span{{registermap.Holding, 2, 2}}}, "holding 0+2: [0]; holding 2+2: [1]"},
		"nor one that is a hole":                         {[]field{holding(0, 2), holding(4, 2)}, terms{limits: limits{registers: 125, gap: 9}, borders: []span{{registermap.Holding, 2, 4}}}, "holding 0+2: [0]; holding 4+2: [1]"},
		"another table's border is none":                 {[]field{holding(0, 2), holding(2, 2)}, terms{limits: limits{registers: 125}, borders: []span{{registermap.Input, 2, 2}}}, "holding 0+4: [0 1]"},
		"two thousand bits in one request":               {[]field{{registermap.Coil, 0, 1}, {registermap.Coil, 1999, 1}}, most(125, 2000), "coil 0+2000: [0 1]"},
		"but not one more":                               {[]field{{registermap.Coil, 0, 1}, {registermap.Coil, 2000, 1}}, most(125, 2000), "coil 0+1: [0]; coil 2000+1: [1]"},
		"up to the last address":                         {[]field{holding(65534, 2), holding(65530, 4)}, free, "holding 65530+6: [0 1]"},
		"requests begin where the meter wants":           {[]field{holding(5, 2), holding(13, 1)}, aligned(125, 0, 4), "holding 4+3: [0]; holding 12+2: [1]"},
		"what comes before counts against the limit":     {[]field{holding(3, 2), holding(5, 2)}, aligned(6, 0, 4), "holding 0+5: [0]; holding 4+3: [1]"},
		"a border does not part what begins before it":   {[]field{holding(5, 1), holding(6, 1)}, terms{limits: limits{registers: 125, align: 4}, borders: []span{{registermap.Holding, 5, 5}}}, "holding 4+3: [0 1]"},
		"what comes before must not be refused, if able": {[]field{holding(5, 1), holding(6, 1)}, terms{limits: limits{registers: 125, align: 4}, refused: []span{{registermap.Holding, 4, 5}}}, "holding 4+2: [0]; holding 4+3: [1]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := written(plan(test.fields, all(test.fields), test.terms)); got != test.want {
				t.Errorf("planned %q, want %q", got, test.want)
			}
		})
	}
}

func written(requests []request) string {
	s := ""
	for i, q := range requests {
		if i > 0 {
			s += "; "
		}
		s += fmt.Sprintf("%s %d+%d: %v", q.table, q.address, q.count, q.fields)
	}
	return s
}

func all(fields []field) []int {
	indexes := make([]int, len(fields))
	for i := range indexes {
		indexes[i] = i
	}
	return indexes
}

// drawn is a small planning problem.
type drawn struct {
	fields   []field
	readable map[int]bool // addresses of holes that were read before
	terms    terms
}

// draw makes fields that touch, leave holes, overlap and lie within each other.
func draw(t *rapid.T) drawn {
	d := drawn{readable: map[int]bool{}, terms: terms{limits: limits{
		registers: rapid.IntRange(4, 12).Draw(t, "max"),
		gap:       rapid.IntRange(0, 5).Draw(t, "gap"),
		align:     rapid.SampledFrom([]int{0, 1, 1, 2, 3, 4}).Draw(t, "align"),
	}}}
	tables := []registermap.Table{registermap.Holding, registermap.Holding, registermap.Input}
	next := map[registermap.Table]int{}
	for range rapid.IntRange(0, 8).Draw(t, "fields") {
		f := field{table: rapid.SampledFrom(tables).Draw(t, "table"), words: rapid.IntRange(1, 4).Draw(t, "words")}
		f.address = max(0, next[f.table]+rapid.IntRange(-3, 7).Draw(t, "hole"))
		next[f.table] = max(next[f.table], f.end())
		d.fields = append(d.fields, f)
	}
	for range rapid.IntRange(0, 20).Draw(t, "readable") {
		d.readable[rapid.IntRange(0, 40).Draw(t, "address")] = true
	}
	d.terms.bears = func(s span) bool {
		for a := s.from; a < s.to; a++ {
			if !d.readable[a] {
				return false
			}
		}
		return true
	}
	for range rapid.IntRange(0, 3).Draw(t, "barred") {
		from := rapid.IntRange(0, 40).Draw(t, "from")
		s := span{registermap.Holding, from, from + rapid.IntRange(0, 2).Draw(t, "length")}
		if s.from < s.to && rapid.Bool().Draw(t, "refused") {
			d.terms.refused = append(d.terms.refused, s)
		} else {
			d.terms.borders = append(d.terms.borders, s)
		}
	}
	return d
}

// allowed tells, address by address, whether one request may bring exactly these
// fields. One that a value takes anyhow always may.
func (d drawn) allowed(which []int) bool {
	asked := map[int]bool{}
	first, end := 1<<16, 0
	for _, i := range which {
		f := d.fields[i]
		if f.table != d.fields[which[0]].table {
			return false
		}
		first, end = min(first, f.address), max(end, f.end())
		for a := f.address; a < f.end(); a++ {
			asked[a] = true
		}
	}
	for _, i := range which {
		if f := d.fields[i]; f.address == first && f.end() == end {
			return true
		}
	}
	hole, unread := 0, false
	for a := first; a < end; a++ {
		if asked[a] {
			hole, unread = 0, false
			continue
		}
		hole, unread = hole+1, unread || !d.readable[a]
		if hole > d.terms.gap && unread {
			return false
		}
	}
	start := first
	for d.terms.align > 1 && start%d.terms.align != 0 {
		start--
	}
	table := d.fields[which[0]].table
	for a := start; a < end; a++ {
		for _, s := range d.terms.refused {
			if s.table == table && s.from <= a && a < s.to {
				return false
			}
		}
	}
	for _, s := range d.terms.borders {
		if s.table == table && first < s.from && s.from < end {
			return false
		}
	}
	return end-start <= d.terms.registers
}

// fewest is the least number of requests, by trying every way to part the fields.
func (d drawn) fewest(groups [][]int, i, best int) int {
	if len(groups) >= best {
		return best
	}
	if i == len(d.fields) {
		for _, g := range groups {
			if !d.allowed(g) {
				return best
			}
		}
		return len(groups)
	}
	for g := range groups {
		groups[g] = append(groups[g], i)
		best = d.fewest(groups, i+1, best)
		groups[g] = groups[g][:len(groups[g])-1]
	}
	return d.fewest(append(groups, []int{i}), i+1, best)
}

// fewestInOrder is the least number of requests that bring ranges of the fields
// in the order of addresses, by dynamic programming. It holds for maps of any
// size in which no value lies within another.
func (d drawn) fewestInOrder() int {
	order := all(d.fields)
	slices.SortFunc(order, func(i, j int) int {
		a, b := d.fields[i], d.fields[j]
		if a.table != b.table {
			return map[bool]int{true: -1, false: 1}[a.table < b.table]
		}
		return a.address - b.address
	})
	least := make([]int, len(order)+1)
	for end := 1; end <= len(order); end++ {
		least[end] = end
		for from := range end {
			if d.allowed(order[from:end]) {
				least[end] = min(least[end], least[from]+1)
			}
		}
	}
	return least[len(order)]
}

// checkPlan checks that a plan brings every field once, in requests that are
// allowed and no longer than they need be.
func (d drawn) checkPlan(t interface{ Fatalf(string, ...any) }, requests []request) {
	var brought []int
	for _, q := range requests {
		if !d.allowed(q.fields) {
			t.Fatalf("request %+v is not allowed", q)
		}
		if exact := d.terms.enclose(d.fields, q.fields); exact.address != q.address || exact.count != q.count || exact.first != q.first {
			t.Fatalf("request %+v is not as long as its fields: %+v", q, exact)
		}
		for _, i := range q.fields {
			if f := d.fields[i]; f.table != q.table || f.address < q.address || f.end() > q.end() {
				t.Fatalf("request %+v splits %+v", q, f)
			}
		}
		if d.terms.align > 1 && q.address%d.terms.align != 0 {
			t.Fatalf("request %+v begins at no multiple of %d", q, d.terms.align)
		}
		brought = append(brought, q.fields...)
	}
	if slices.Sort(brought); !slices.Equal(brought, all(d.fields)) {
		t.Fatalf("fields %v are brought", brought)
	}
}

func checkFewest(t *rapid.T) {
	d := draw(t)
	requests := plan(d.fields, all(d.fields), d.terms)
	d.checkPlan(t, requests)
	if best := d.fewest(nil, 0, len(d.fields)+1); len(requests) != best && len(d.fields) > 0 {
		t.Fatalf("%d requests where %d do: %s", len(requests), best, written(requests))
	}
}

func TestNoPlanHasFewerRequests(t *testing.T) {
	t.Parallel()
	rapid.Check(t, checkFewest)
}

func FuzzPlan(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkFewest)) }

func TestNoPlanOfALongMapHasFewerRequests(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		d.fields = nil
		address := 0
		for range rapid.IntRange(1, 60).Draw(t, "many") {
			f := field{registermap.Holding, address, rapid.IntRange(1, 4).Draw(t, "words")}
			address = f.end() + max(0, rapid.IntRange(-8, 8).Draw(t, "hole"))
			d.fields = append(d.fields, f)
		}
		d.terms.registers = rapid.IntRange(4, 125).Draw(t, "most")
		requests := plan(d.fields, all(d.fields), d.terms)
		d.checkPlan(t, requests)
		if best := d.fewestInOrder(); len(requests) != best {
			t.Fatalf("%d requests where %d do: %s", len(requests), best, written(requests))
		}
	})
}

func TestEveryShippedModelIsReadWithTheFewestRequests(t *testing.T) {
	t.Parallel()
	for _, id := range registermap.Builtins() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			model, ok := registermap.Builtin(id)
			if !ok {
				t.Fatal("the model is gone")
			}
			c := Meter{ID: id}
			for _, r := range model.Registers {
				c.Registers = append(c.Registers, registermap.PointRegister{Register: r})
			}
			c.Limits = model.Limits
			m := newMeter(c, 0, newCatalogue(), at("2026-01-01 00:00:00"))
			d := drawn{fields: m.fields, terms: terms{limits: m.limits}}
			if !model.Limits.GapStated { // at best, every hole can be read along
				d.readable = map[int]bool{}
				for a := range 1 << 16 {
					d.readable[a] = true
				}
				d.terms.bears = func(span) bool { return true }
			}
			requests := plan(d.fields, all(d.fields), d.terms)
			d.checkPlan(t, requests)
			if within := d.withoutInner(); len(requests) != within.fewestInOrder() {
				t.Errorf("%d requests where %d do: %s", len(requests), within.fewestInOrder(), written(requests))
			}
			t.Logf("%d values in %d requests: %s", len(model.Registers), len(requests), written(requests))
		})
	}
}

// withoutInner leaves out the fields that lie within others: they come along.
func (d drawn) withoutInner() drawn {
	var kept []field
	for i, f := range d.fields {
		if !slices.ContainsFunc(d.fields, func(o field) bool {
			return o != f && o.table == f.table && o.address <= f.address && f.end() <= o.end()
		}) {
			kept = append(kept, d.fields[i])
		}
	}
	d.fields = kept
	return d
}

func TestAPlanDoesNotDependOnTheOrderOfTheFields(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		shuffled := all(d.fields)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		want := written(plan(d.fields, all(d.fields), d.terms))
		if got := written(plan(d.fields, shuffled, d.terms)); got != want {
			t.Fatalf("planned %q, and in the order %v %q", want, shuffled, got)
		}
	})
}

func TestARefusedRequestIsSplitWhereTheReasonMayBe(t *testing.T) {
	t.Parallel()
	holding := func(address, words int) field { return field{registermap.Holding, address, words} }
	for name, test := range map[string]struct {
		fields []field
		align  int
		want   string
		border span
	}{
		"at the widest hole": {[]field{holding(0, 2), holding(2, 2), holding(7, 1), holding(9, 1)}, 0,
			"holding 0+4: [0 1]; holding 7+3: [2 3]", span{registermap.Holding, 4, 7}},
		"in the middle without a hole": {[]field{holding(0, 2), holding(2, 2)}, 0,
			"holding 0+2: [0]; holding 2+2: [1]", span{registermap.Holding, 2, 2}},
		"of equal holes at the one in the middle": {[]field{holding(0, 1), holding(2, 1), holding(4, 1), holding(6, 1)}, 0,
			"holding 0+3: [0 1]; holding 4+3: [2 3]", span{registermap.Holding, 3, 4}},
		"parts begin where the meter wants": {[]field{holding(1, 1), holding(6, 1)}, 4,
			"holding 0+2: [0]; holding 4+3: [1]", span{registermap.Holding, 2, 6}},
		"values that overlap": {[]field{holding(0, 4), holding(2, 4)}, 0,
			"holding 0+4: [0]; holding 2+4: [1]", span{registermap.Holding, 2, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := limits{registers: 125, align: test.align}
			left, right, border := l.split(test.fields, l.enclose(test.fields, all(test.fields)))
			if got := written([]request{left, right}); got != test.want || border != test.border {
				t.Errorf("split into %q, border %+v", got, border)
			}
		})
	}
}
