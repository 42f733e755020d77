package sensorthings

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"strings"
)

// window is the page of a list that is answered, and how many entities the filter lets
// through. What it takes is counted before it is done.
func (o options) window(ctx context.Context, spent *budget, list []entity) (page []entity, matched int, err error) {
	if err := spent.work(ctx, len(list)*o.terms); err != nil {
		return nil, 0, err
	}
	if o.filter != nil {
		var through []entity
		for i := range list {
			if o.filter(&list[i]) {
				through = append(through, list[i])
			}
		}
		list = through
	}
	top := o.top
	if top < 0 {
		top = usualTop
	}
	first := min(o.skip, len(list))
	last := first + min(top, mostTop, len(list)-first)
	if len(o.order) == 0 || first == last {
		return list[first:last], len(list), nil
	}
	if err := spent.work(ctx, len(list)*len(o.order)*bits.Len(uint(last))); err != nil {
		return nil, 0, err
	}
	for _, at := range o.least(list, last)[first:] {
		page = append(page, list[at])
	}
	return page, len(list), nil
}

// least are the places of the first n of a list in the order asked for; equal ones stay
// as they stood. A heap of n holds them, the last on top: of a year of hours few are
// wanted.
func (o options) least(list []entity, n int) []int {
	after := func(i, j int) bool { return o.compare(&list[i], &list[j], i, j) > 0 }
	heap := make([]int, 0, n)
	for at := range list {
		switch {
		case len(heap) < n:
			heap = append(heap, at)
			for i := len(heap) - 1; i > 0 && after(heap[i], heap[(i-1)/2]); i = (i - 1) / 2 {
				heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
			}
		case after(heap[0], at):
			heap[0] = at
			for i := 0; ; {
				most := i
				for _, child := range [2]int{2*i + 1, 2*i + 2} {
					if child < n && after(heap[child], heap[most]) {
						most = child
					}
				}
				if most == i {
					break
				}
				heap[i], heap[most] = heap[most], heap[i]
				i = most
			}
		}
	}
	slices.SortFunc(heap, func(i, j int) int { return o.compare(&list[i], &list[j], i, j) })
	return heap
}

// compare puts two entities in order, those that are alike by their places.
func (o options) compare(a, b *entity, i, j int) int {
	for _, k := range o.order {
		c := compare(a, b, k.name)
		if k.down {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(i, j)
}

// compare puts two entities in order by a field; what has none comes first.
func compare(a, b *entity, name string) int {
	if name == "phenomenonTime" {
		if a.step == nil || b.step == nil {
			return 0
		}
		return a.step.From.Compare(b.step.From)
	}
	switch x := a.scalar(name).(type) {
	case float64:
		if y, ok := b.scalar(name).(float64); ok {
			return cmp.Compare(x, y)
		}
	case string:
		if y, ok := b.scalar(name).(string); ok {
			return strings.Compare(x, y)
		}
	}
	return 0
}
