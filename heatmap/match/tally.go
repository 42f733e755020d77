package match

import "slices"

// tally is what comes of hours, in whole numbers: tallies of different hours or parts
// add up to the same in any order.
type tally struct {
	flow  []grain // by link of all parts
	areas []areaTally
	hours [columns][]grain
	moved int
}

// The columns of hours.
const (
	loadColumn = iota
	directColumn
	fromStoreColumn
	boilerColumn
	unmetColumn
	offeredColumn
	toStoreColumn
	surplusColumn
	doubtColumn // how many areas are in doubt
	columns
)

// areaTally is that of an area.
type areaTally struct {
	load, direct, stored, boiler, unmet, open grain
	peak, peakLeft                            grain
	unknown, full, loaded                     int
}

func newTally(c *compiled) *tally {
	t := &tally{flow: make([]grain, c.links), areas: make([]areaTally, len(c.Areas))}
	for i := range t.hours {
		t.hours[i] = make([]grain, c.Hours)
	}
	return t
}

func (t *tally) clear() {
	clear(t.flow)
	clear(t.areas)
	for _, column := range t.hours {
		clear(column)
	}
	t.moved = 0
}

// add adds another tally.
func (t *tally) add(o *tally) {
	t.moved += o.moved
	for i, x := range o.flow {
		t.flow[i] += x
	}
	for i, column := range o.hours {
		for h, x := range column {
			t.hours[i][h] += x
		}
	}
	for i, x := range o.areas {
		a := &t.areas[i]
		a.load += x.load
		a.direct += x.direct
		a.stored += x.stored
		a.boiler += x.boiler
		a.unmet += x.unmet
		a.open += x.open
		a.peak, a.peakLeft = max(a.peak, x.peak), max(a.peakLeft, x.peakLeft)
		a.unknown += x.unknown
		a.full += x.full
		a.loaded += x.loaded
	}
}

// trace is what is kept by hour beside the sums. Each entry belongs to one part, so
// that parts and hours may be worked on at the same time.
type trace struct {
	sources []sourceTrace
	stores  []storeTrace
	boilers []boilerTrace
	// rest is what areas lack in each hour, for boilers of all areas; nil: there are
	// none, or the first of them gives all.
	rest []grain
}

// boilerTrace is that of a boiler: what it gave in each hour, and, where it is one of
// all areas, what to each area.
type boilerTrace struct{ given, areas []grain }

// sourceTrace is that of a source: given < 0 where its heat is not known.
type sourceTrace struct {
	given, stored, surplus []grain
	keptBack               []grain // nil where no return matters
	noFlow                 []bool  // likewise
}

// storeTrace is that of a store; in is at the end of each hour.
type storeTrace struct {
	in, taken, given, lost []grain
	start                  grain
	rounds                 int
	settled                bool
}

func newTrace(c *compiled) *trace {
	t := &trace{sources: make([]sourceTrace, len(c.Sources)), stores: make([]storeTrace, len(c.Stores)), boilers: make([]boilerTrace, len(c.Boilers))}
	column := func() []grain { return make([]grain, c.Hours) }
	for i := range t.sources {
		t.sources[i] = sourceTrace{given: column(), stored: column(), surplus: column()}
	}
	for i := range t.stores {
		t.stores[i] = storeTrace{in: column(), taken: column(), given: column(), lost: column(), rounds: 1, settled: true}
	}
	for i := range t.boilers {
		t.boilers[i].given = column()
	}
	for _, p := range c.parts {
		if p.warmth == nil {
			continue
		}
		for _, s := range p.sources {
			t.sources[s].keptBack, t.sources[s].noFlow = column(), make([]bool, c.Hours)
		}
	}
	if len(c.common) > 0 && !c.endless() {
		t.rest = make([]grain, c.Hours*len(c.Areas))
	}
	return t
}

// sum adds a column up.
func sum(column []grain) (all grain) {
	for _, x := range column {
		all += x
	}
	return all
}

func greatestOf(column []grain) grain {
	if len(column) == 0 {
		return 0
	}
	return slices.Max(column)
}
