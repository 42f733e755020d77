package match

// settle writes down what the hour came to.
func (d *desk) settle(h int, offers []grain) {
	t := d.tally
	var got [columns]grain
	d.settleFlows(&got)
	d.settleSources(h, offers, &got)
	d.settleStores(h)
	for i, b := range d.p.boilers {
		d.trace.boilers[b].given[h] = orEndless(d.c.Boilers[b].Power) - d.giving.left[len(d.p.sources)+len(d.p.stores)+i]
	}
	for i, a := range d.p.areas {
		d.settleArea(&t.areas[a], i)
		if d.trace.rest != nil {
			d.trace.rest[h*len(d.c.Areas)+a] = d.giving.need[i]
		}
	}
	got[loadColumn], got[unmetColumn], got[doubtColumn] = sum(d.load), d.giving.lack, grain(len(d.doubted))
	for i, x := range got {
		t.hours[i][h] += x
	}
}

// settleFlows adds up what flowed along the links.
func (d *desk) settleFlows(got *[columns]grain) {
	t, net := d.tally, &d.p.net
	sources, stores := int32(len(d.p.sources)), int32(len(d.p.sources)+len(d.p.stores))
	add := func(l int32, x grain) {
		t.flow[d.p.base+int(l)] += x
		a := &t.areas[d.p.areas[net.to[l]]]
		switch g := net.by[l]; {
		case g < sources:
			a.direct += x
			got[directColumn] += x
		case g < stores:
			a.stored += x
			got[fromStoreColumn] += x
		default:
			a.boiler += x
			got[boilerColumn] += x
		}
		if g := net.by[l]; g >= stores {
			d.boiled[net.to[l]] += x
		}
	}
	d.giving.drain(add)
	for _, l := range d.extras {
		add(l, d.extra[l])
		d.extra[l] = 0
	}
	d.extras = d.extras[:0]
}

// settleArea writes down what an area got; left is what neither sources nor stores
// served.
func (d *desk) settleArea(a *areaTally, i int) {
	load, unmet := d.load[i], d.giving.need[i]
	left := unmet + d.boiled[i]
	d.boiled[i] = 0
	a.load += load
	a.unmet += unmet
	a.peak, a.peakLeft = max(a.peak, load), max(a.peakLeft, left)
	if d.doubt[i] {
		a.unknown++
		a.open += left
	}
	if load > 0 {
		a.loaded++
		if left == 0 {
			a.full++
		}
	}
}

// settleSources writes down what became of the sources' heat: the fill is what giving
// left and filling took.
func (d *desk) settleSources(h int, offers []grain, got *[columns]grain) {
	for i, s := range d.p.sources {
		trace := &d.trace.sources[s]
		if offers[i] < 0 {
			trace.given[h], trace.stored[h], trace.surplus[h] = -1, -1, -1
			continue
		}
		left := d.giving.left[i]
		after := left
		if len(d.p.stores) > 0 {
			after = d.filling.left[i]
		}
		trace.given[h], trace.stored[h], trace.surplus[h] = d.offered[i]-left-d.kept[i], left-after, after+d.kept[i]
		if trace.keptBack != nil {
			trace.keptBack[h] = d.kept[i]
		}
		got[offeredColumn] += d.offered[i]
		got[toStoreColumn] += left - after
		got[surplusColumn] += after + d.kept[i]
	}
}

// settleStores writes down what stores lost, gave and took.
func (d *desk) settleStores(h int) {
	if len(d.p.stores) == 0 {
		return
	}
	for i, s := range d.p.stores {
		took := d.room[i] - d.filling.need[i]
		d.content[i] += took
		trace := &d.trace.stores[s]
		trace.in[h], trace.taken[h], trace.given[h], trace.lost[h] = d.content[i], took, d.gives[i], d.lost[i]
	}
	d.filling.drain(func(int32, grain) {})
}
