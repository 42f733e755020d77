package opcua

import (
	"math/rand/v2"
	"time"
)

// backoff is a pause that doubles from least to most.
type backoff struct {
	least, most time.Duration
	tries       int
}

// next is the pause before the next try: between half and all of the doubled
// pause, so that many collectors do not come back at once.
func (b *backoff) next() time.Duration {
	full := b.most
	if b.tries < 30 && b.least<<b.tries < b.most {
		full = b.least << b.tries
	}
	b.tries++
	return full/2 + rand.N(full/2+1)
}

// reset begins anew at least.
func (b *backoff) reset() { b.tries = 0 }
