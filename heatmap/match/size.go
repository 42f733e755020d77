package match

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"heatledger/heatmap"
)

// Curve is what a store brings by its size.
type Curve struct {
	Store string
	Sizes []Sized // ascending
}

// Sized is a store of a size, with all else as it is.
type Sized struct {
	Capacity heatmap.KilowattHours
	Served   Served // all areas
	Store    StoreResult
	// Marginal is what each kWh of capacity above the size before brought: kWh that
	// sources and stores served more, for each kWh of store. ok is false of the first.
	Marginal float64
	OK       bool
}

// Size matches again for each size of a store, each once; 0 stands for none of it. What
// it starts with is cut to its size; its powers stay as stated. Sizes are matched at
// the same time, for a store's hours follow one after the other.
func Size(ctx context.Context, in Input, store string, sizes []heatmap.KilowattHours) (Curve, error) {
	at := slices.IndexFunc(in.Stores, func(s Store) bool { return s.ID == store })
	if at < 0 {
		return Curve{}, fmt.Errorf("size store %s: there is none of that id", store)
	}
	sizes = slices.Compact(slices.Sorted(slices.Values(sizes)))
	curve := Curve{Store: store, Sizes: make([]Sized, len(sizes))}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	errs := make([]error, len(sizes))
	for i, size := range sizes {
		group.Go(func() error {
			curve.Sizes[i], errs[i] = in.sized(ctx, at, size)
			return nil
		})
	}
	_ = group.Wait() // the errors come in the order of the sizes
	for i, err := range errs {
		if err != nil {
			return Curve{}, fmt.Errorf("size store %s with %g kWh: %w", store, sizes[i], err)
		}
		if i > 0 {
			s, before := &curve.Sizes[i], curve.Sizes[i-1]
			more := s.Served.Direct + s.Served.Stored - before.Served.Direct - before.Served.Stored
			s.Marginal, s.OK = float64(more/(s.Capacity-before.Capacity)), true
		}
	}
	return curve, nil
}

// sized is the answer with another size of the store at a place of the list.
func (in Input) sized(ctx context.Context, at int, size heatmap.KilowattHours) (Sized, error) {
	in.Stores = slices.Clone(in.Stores)
	in.Stores[at].Capacity = size
	in.Stores[at].Start = min(in.Stores[at].Start, size)
	r, err := Run(ctx, in)
	if err != nil {
		return Sized{}, err
	}
	store := slices.IndexFunc(r.Stores, func(s StoreResult) bool { return s.ID == in.Stores[at].ID })
	return Sized{Capacity: size, Served: r.Total.Served, Store: r.Stores[store]}, nil
}

// Bend is the size at which the curve is farthest above the straight line from its
// first size to its last, in shares of both axes (Satopää et al. 2011, Finding a
// "Kneedle" in a haystack): where more store begins to bring less, whatever it costs.
// It depends on the sizes that were tried; ok is false under three, or where a larger
// store brings nothing.
func (c Curve) Bend() (s Sized, ok bool) {
	if len(c.Sizes) < 3 {
		return Sized{}, false
	}
	first, last := c.Sizes[0], c.Sizes[len(c.Sizes)-1]
	brought := func(s Sized) heatmap.KilowattHours {
		return s.Served.Direct + s.Served.Stored - first.Served.Direct - first.Served.Stored
	}
	if brought(last) <= 0 {
		return Sized{}, false
	}
	most := 0.0
	for _, x := range c.Sizes[1 : len(c.Sizes)-1] {
		above := float64(brought(x)/brought(last) - (x.Capacity-first.Capacity)/(last.Capacity-first.Capacity))
		if above > most {
			s, most, ok = x, above, true
		}
	}
	return s, ok
}
