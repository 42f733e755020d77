package modbus

import (
	"reflect"
	"sync"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// catalogue keeps each register once, however many meters have one like it: a
// thousand meters of one model would otherwise hold as many copies of its map.
// What it gives is not to be changed.
type catalogue struct {
	mu    sync.Mutex
	known map[entry][]*registermap.Register
}

// entry is what tells most registers apart.
type entry struct {
	table    registermap.Table
	address  uint16
	kind     registermap.Type
	quantity energy.Quantity
}

func newCatalogue() *catalogue { return &catalogue{known: map[entry][]*registermap.Register{}} }

// register is a register equal to r.
func (c *catalogue) register(r *registermap.Register) *registermap.Register {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := entry{r.Table, r.Address, r.Type, r.Quantity}
	for _, k := range c.known[e] {
		if reflect.DeepEqual(k, r) {
			return k
		}
	}
	kept := *r
	c.known[e] = append(c.known[e], &kept)
	return &kept
}
