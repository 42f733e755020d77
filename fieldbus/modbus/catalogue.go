package modbus

import (
	"hash/maphash"
	"reflect"
	"slices"
	"sync"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// catalogue keeps each register once, and each layout of registers, however many
// meters have one like it: a thousand meters of one model would otherwise hold as
// many copies of its map. What it gives is not to be changed.
type catalogue struct {
	mu     sync.Mutex
	known  map[entry][]*registermap.Decoder
	values alike[value]
	fields alike[field]
	places alike[int]

	readings sync.Pool // of *[]energy.PointReading: room for those of a poll
}

// entry is what tells most registers apart.
type entry struct {
	table    registermap.Table
	address  uint16
	kind     registermap.Type
	quantity energy.Quantity
}

func newCatalogue() *catalogue {
	return &catalogue{known: map[entry][]*registermap.Decoder{}}
}

// room is a slice for readings; it is to be put back.
func (c *catalogue) room() *[]energy.PointReading {
	if r, ok := c.readings.Get().(*[]energy.PointReading); ok {
		return r
	}
	return new([]energy.PointReading)
}

// share puts a list equal to each of a meter's in its place.
func (c *catalogue) share(m *meter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m.values, m.fields, m.places = c.values.of(m.values), c.fields.of(m.fields), c.places.of(m.places)
	for _, t := range m.tasks {
		t.values, t.fields = c.places.of(t.values), c.places.of(t.fields)
	}
}

// alike keeps equal lists once.
type alike[T comparable] struct {
	seed  maphash.Seed
	known map[uint64][][]T
}

// of is a list equal to the given one.
func (a *alike[T]) of(list []T) []T {
	if a.known == nil {
		a.seed, a.known = maphash.MakeSeed(), map[uint64][][]T{}
	}
	var h maphash.Hash
	h.SetSeed(a.seed)
	for _, v := range list {
		maphash.WriteComparable(&h, v)
	}
	sum := h.Sum64()
	for _, k := range a.known[sum] {
		if slices.Equal(k, list) {
			return k
		}
	}
	kept := slices.Clip(slices.Clone(list))
	a.known[sum] = append(a.known[sum], kept)
	return kept
}

// register is a register equal to r.
func (c *catalogue) register(r *registermap.Register) *registermap.Decoder {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := entry{r.Table, r.Address, r.Type, r.Quantity}
	for _, k := range c.known[e] {
		if reflect.DeepEqual(&k.Register, r) {
			return k
		}
	}
	kept := r.Decoder()
	c.known[e] = append(c.known[e], kept)
	return kept
}
