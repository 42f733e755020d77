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
	free := limits{registers: 125}
	for name, test := range map[string]struct {
		fields []field
		limits limits
		avoid  []span
		want   string // table from+count: fields
	}{
		"nothing is asked for nothing":        {nil, free, nil, ""},
		"neighbours are read together":        {[]field{holding(2, 2), holding(0, 2)}, free, nil, "holding 0+4: [0 1]"},
		"a hole is not read unasked":          {[]field{holding(0, 2), holding(3, 2)}, free, nil, "holding 0+2: [0]; holding 3+2: [1]"},
		"a hole is read where allowed":        {[]field{holding(0, 2), holding(3, 2)}, limits{125, 1}, nil, "holding 0+5: [0 1]"},
		"a wider hole is not":                 {[]field{holding(0, 2), holding(4, 2)}, limits{125, 1}, nil, "holding 0+2: [0]; holding 4+2: [1]"},
		"a value is not split at the limit":   {[]field{holding(0, 2), holding(2, 2), holding(4, 2)}, limits{5, 0}, nil, "holding 0+4: [0 1]; holding 4+2: [2]"},
		"a value longer than the limit":       {[]field{holding(0, 1), holding(1, 4), holding(5, 1)}, limits{2, 0}, nil, "holding 0+1: [0]; holding 1+4: [1]; holding 5+1: [2]"},
		"tables are apart":                    {[]field{holding(0, 1), {registermap.Input, 1, 1}}, free, nil, "holding 0+1: [0]; input 1+1: [1]"},
		"the same registers twice":            {[]field{holding(0, 2), holding(0, 2)}, free, nil, "holding 0+2: [0 1]"},
		"a bad register in a hole is avoided": {[]field{holding(0, 2), holding(4, 2)}, limits{125, 9}, []span{{registermap.Holding, 2, 3}}, "holding 0+2: [0]; holding 4+2: [1]"},
		"a border is not crossed":             {[]field{holding(0, 2), holding(2, 2)}, free, []span{{registermap.Holding, 2, 2}}, "holding 0+2: [0]; holding 2+2: [1]"},
		"another table's border is none":      {[]field{holding(0, 2), holding(2, 2)}, free, []span{{registermap.Input, 2, 2}}, "holding 0+4: [0 1]"},
		"two thousand bits in one request":    {[]field{{registermap.Coil, 0, 1}, {registermap.Coil, 1999, 1}}, limits{125, 2000}, nil, "coil 0+2000: [0 1]"},
		"but not one more":                    {[]field{{registermap.Coil, 0, 1}, {registermap.Coil, 2000, 1}}, limits{125, 2000}, nil, "coil 0+1: [0]; coil 2000+1: [1]"},
		"up to the last address":              {[]field{holding(65534, 2), holding(65530, 4)}, free, nil, "holding 65530+6: [0 1]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := written(plan(test.fields, all(test.fields), test.limits, test.avoid)); got != test.want {
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
	fields []field
	limits limits
	avoid  []span
}

func draw(t *rapid.T) drawn {
	d := drawn{limits: limits{registers: rapid.IntRange(4, 12).Draw(t, "max"), gap: rapid.IntRange(0, 5).Draw(t, "gap")}}
	tables := []registermap.Table{registermap.Holding, registermap.Holding, registermap.Input}
	next := map[registermap.Table]int{}
	for range rapid.IntRange(0, 7).Draw(t, "fields") {
		f := field{table: rapid.SampledFrom(tables).Draw(t, "table"), words: rapid.IntRange(1, 4).Draw(t, "words")}
		f.address = next[f.table] + rapid.IntRange(0, 6).Draw(t, "hole")
		next[f.table] = f.end()
		d.fields = append(d.fields, f)
	}
	for range rapid.IntRange(0, 3).Draw(t, "avoided") {
		from := rapid.IntRange(0, 40).Draw(t, "from")
		s := span{registermap.Holding, from, from + rapid.IntRange(0, 2).Draw(t, "length")}
		if !slices.ContainsFunc(d.fields, func(f field) bool { return s.bars(f.table, f.address, f.end()) }) {
			d.avoid = append(d.avoid, s)
		}
	}
	return d
}

// allowed tells whether one request may bring exactly these fields.
func (d drawn) allowed(which []int) bool {
	asked := map[int]bool{}
	q := enclose(d.fields, which)
	for _, i := range which {
		f := d.fields[i]
		if f.table != q.table {
			return false
		}
		for a := f.address; a < f.end(); a++ {
			asked[a] = true
		}
	}
	hole := 0
	for a := q.address; a < q.end(); a++ {
		if hole++; asked[a] {
			hole = 0
		}
		if hole > d.limits.gap {
			return false
		}
	}
	return q.count <= d.limits.registers && !slices.ContainsFunc(d.avoid, func(s span) bool { return s.bars(q.table, q.address, q.end()) })
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

func TestNoPlanHasFewerRequests(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		requests := plan(d.fields, all(d.fields), d.limits, d.avoid)
		var brought []int
		for _, q := range requests {
			if !d.allowed(q.fields) {
				t.Fatalf("request %+v is not allowed", q)
			}
			if exact := enclose(d.fields, q.fields); exact.address != q.address || exact.count != q.count {
				t.Fatalf("request %+v is not as long as its fields: %+v", q, exact)
			}
			brought = append(brought, q.fields...)
		}
		if slices.Sort(brought); !slices.Equal(brought, all(d.fields)) {
			t.Fatalf("fields %v are brought", brought)
		}
		if best := d.fewest(nil, 0, len(d.fields)+1); len(requests) != best && len(d.fields) > 0 {
			t.Fatalf("%d requests where %d do: %s", len(requests), best, written(requests))
		}
	})
}

func TestAPlanDoesNotDependOnTheOrderOfTheFields(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		shuffled := all(d.fields)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		want := written(plan(d.fields, all(d.fields), d.limits, d.avoid))
		if got := written(plan(d.fields, shuffled, d.limits, d.avoid)); got != want {
			t.Fatalf("planned %q, and in the order %v %q", want, shuffled, got)
		}
	})
}

func TestARefusedRequestIsSplitWhereTheReasonMayBe(t *testing.T) {
	t.Parallel()
	fields := []field{{registermap.Holding, 0, 2}, {registermap.Holding, 2, 2}, {registermap.Holding, 7, 1}, {registermap.Holding, 9, 1}}
	left, right, border := enclose(fields, []int{0, 1, 2, 3}).split(fields)
	if got := written([]request{left, right}); got != "holding 0+4: [0 1]; holding 7+3: [2 3]" || border != (span{registermap.Holding, 4, 7}) {
		t.Errorf("split into %q, border %+v", got, border)
	}
	left, right, border = left.split(fields)
	if got := written([]request{left, right}); got != "holding 0+2: [0]; holding 2+2: [1]" || border != (span{registermap.Holding, 2, 2}) {
		t.Errorf("split into %q, border %+v", got, border)
	}
}
