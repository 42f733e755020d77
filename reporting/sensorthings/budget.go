package sensorthings

import (
	"context"
	"net/http"
)

// What one answer may take. An expansion multiplies: the ten thousand observations of a
// datastream, each with its datastream and all of that one's observations, are a short
// address and a hundred million entities.
const (
	mostMade = 25_000     // entities in it, expanded ones with them
	mostSeen = 3_000_000  // observations looked through for it: those of six years of 57 datastreams by the hour
	mostWork = 30_000_000 // comparisons by $filter and $orderby: a second or two
)

// budget counts what an answer takes.
type budget struct{ made, seen, compared int }

// make counts an entity of the answer. It errs beyond [mostMade], and when nobody waits
// for the answer any more.
func (b *budget) make(ctx context.Context) error {
	if b.made++; b.made > mostMade {
		return refuse(http.StatusBadRequest, "the answer would hold more than %d entities: ask for fewer with $top or $filter, or expand less", mostMade)
	}
	return ctx.Err()
}

// look counts observations that are looked through. It errs beyond [mostSeen], and when
// nobody waits for the answer any more.
func (b *budget) look(ctx context.Context, n int) error {
	if b.seen += n; b.seen > mostSeen {
		return refuse(http.StatusBadRequest, "more than %d observations would have to be looked through: ask for those of fewer Datastreams, with $filter or $top", mostSeen)
	}
	return ctx.Err()
}

// work counts comparisons. It errs beyond [mostWork], and when nobody waits for the
// answer any more.
func (b *budget) work(ctx context.Context, n int) error {
	if b.compared += n; b.compared > mostWork {
		return refuse(http.StatusBadRequest, "the answer would take more than %d comparisons: ask for those of fewer Datastreams, with a shorter $filter or $orderby, or fewer with $top and $skip", mostWork)
	}
	return ctx.Err()
}
