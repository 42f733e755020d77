package signin

import (
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The attempts that are let through. Of one account fewer than a hundred wrong
// ones an hour (ASVS 2.2.1), wherever they come from; from one network fewer
// still for the same account, so that a stranger does not lock its owner out.
const (
	pairBurst, pairEvery       = 6, time.Minute
	accountBurst, accountEvery = 50, 90 * time.Second
	addressBurst, addressEvery = 30, 5 * time.Second
	limitsKept                 = 20_000
)

// Limits count attempts by account, by network and by both.
type Limits struct {
	mutex sync.Mutex
	kept  map[string]*rate.Limiter
}

// NewLimits have counted nothing yet.
func NewLimits() *Limits { return &Limits{kept: map[string]*rate.Limiter{}} }

// attempt counts an attempt; it errs with [TooManyError] when there were too many.
func (l *Limits) attempt(now time.Time, login, address string) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	login, address = strings.ToLower(login), network(address)
	all := []*rate.Limiter{
		l.limiter(now, "pair\n"+login+"\n"+address, pairEvery, pairBurst),
		l.limiter(now, "account\n"+login, accountEvery, accountBurst),
		l.limiter(now, "address\n"+address, addressEvery, addressBurst),
	}
	for _, one := range all {
		if missing := 1 - one.TokensAt(now); missing > 0 {
			return TooManyError{time.Duration(missing / float64(one.Limit()) * float64(time.Second))}
		}
	}
	for _, one := range all {
		one.AllowN(now, 1)
	}
	return nil
}

// succeed forgets what was counted against whoever has now proved who he is.
func (l *Limits) succeed(login, address string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	login, address = strings.ToLower(login), network(address)
	delete(l.kept, "pair\n"+login+"\n"+address)
	delete(l.kept, "account\n"+login)
}

func (l *Limits) limiter(now time.Time, key string, every time.Duration, burst int) *rate.Limiter {
	if one, ok := l.kept[key]; ok {
		return one
	}
	if len(l.kept) >= limitsKept {
		l.sweep(now)
	}
	one := rate.NewLimiter(rate.Every(every), burst)
	l.kept[key] = one
	return one
}

// sweep drops those that hold nothing against anybody; when there are too many of
// the others, it drops those of pairs, which strangers can make without end.
func (l *Limits) sweep(now time.Time) {
	for key, one := range l.kept {
		if one.TokensAt(now) >= float64(one.Burst()) {
			delete(l.kept, key)
		}
	}
	for key := range l.kept {
		if len(l.kept) >= limitsKept && !strings.HasPrefix(key, "address\n") {
			delete(l.kept, key)
		}
	}
}
