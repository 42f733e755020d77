package modbus

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/fieldbus"
	"heatledger/fieldbus/registermap"
)

// holed is a meter whose map does not say what its holes bear: the addresses of
// its registers, and which of the addresses between them it knows.
type holed struct {
	addresses []int
	known     func(address int) bool
}

// scattered draws addresses with holes of 1 to 6 between most of them.
func scattered(seed uint64, known func(address int) bool) holed {
	random := rand.New(rand.NewPCG(seed, 9))
	h := holed{known: known}
	for a := range 30 {
		if a > 0 {
			a = h.addresses[a-1] + 1 + max(0, random.IntN(9)-2)
		}
		h.addresses = append(h.addresses, a)
	}
	return h
}

// unit answers as the meter does; where it knows no address it refuses, or is
// mute.
func (h holed) unit(mute bool) *unit {
	u := &unit{refuse: map[int]exception{}, mute: map[int]bool{}}
	for a := range h.addresses[len(h.addresses)-1] {
		switch {
		case h.known(a) || slices.Contains(h.addresses, a):
		case mute:
			u.mute[a] = true
		default:
			u.refuse[a] = 2
		}
	}
	return u
}

// least is how many requests a poll needs when it is known what every hole bears.
func (h holed) least(most int) int {
	d := drawn{readable: map[int]bool{}, terms: terms{limits: limits{registers: most}}}
	for _, a := range h.addresses {
		d.fields = append(d.fields, field{registermap.Holding, a, 1})
	}
	for a := range h.addresses[len(h.addresses)-1] {
		d.readable[a] = h.known(a)
	}
	return d.fewestInOrder()
}

func TestWhatHolesBearIsLearnedAndNoPollLosesAReadingMeanwhile(t *testing.T) {
	t.Parallel()
	none, every := func(int) bool { return false }, func(int) bool { return true }
	some := func(a int) bool { return a/7%2 == 0 || a > 60 }
	for name, test := range map[string]struct {
		known func(int) bool
		mute  bool
		most  int
		hours int // within which it is learned, at a poll a minute
	}{
		"a meter that refuses every address between its registers": {none, false, 125, 1},
		"one that answers them all":                                {every, false, 125, 1},
		"one that answers some":                                    {some, false, 125, 1},
		"one that bears few registers in a request":                {every, false, 16, 1},
		"one that bears few, and some holes":                       {some, false, 16, 1},
		"one that is silent where it should refuse":                {none, true, 125, 150},
		"one that is silent at some":                               {some, true, 125, 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(ctx context.Context, t *testing.T) {
				h := scattered(4, test.known)
				least := h.least(test.most)
				p := &plant{units: map[uint8]*unit{1: h.unit(test.mute), 2: {}}}
				sink := &memorySink{}
				d := p.start(ctx, t, sink,
					Meter{ID: "m1", Unit: 1, Every: time.Minute, Limits: registermap.Limits{MaxRegisters: test.most}, Registers: registers("s1", h.addresses...)},
					Meter{ID: "m2", Unit: 2, Every: time.Minute, Registers: registers("s2", 1)})
				time.Sleep(30 * time.Second)
				synctest.Wait()
				first := len(p.questions(1))
				trials, learned := 0, 0
				for minute := range 60 * test.hours {
					time.Sleep(time.Minute)
					synctest.Wait()
					extra := len(p.questions(1)) - healthOf(t, d, "m1").Requests
					if extra > 0 {
						trials, learned = trials+1, minute+1
					}
				}
				polls := 60*test.hours + 1
				checkWhole(t, sink, polls, len(h.addresses))
				got := healthOf(t, d, "m1")
				t.Logf("%d requests at first, %d after %d polls, least %d; %d holes tried", first, got.Requests, learned, least, len(got.Holes))
				if got.Requests != least || got.LeastRequests != least || got.State != fieldbus.Healthy || len(got.Points) != 0 || got.Skipped != 0 {
					t.Errorf("%d requests in a poll where %d do: health %+v", got.Requests, least, got)
				}
				if test.mute == (got.Errors == 0) {
					t.Errorf("health %+v", got)
				}
				for _, o := range got.Holes {
					if whole := h.bears(o); o.Readable != whole || whole != (o.Reason == "") || whole != o.Retry.IsZero() {
						t.Errorf("hole %+v", o)
					}
				}
				// Nothing more is tried, until what was refused is tried again.
				p.questions(1)
				time.Sleep(10 * time.Hour)
				synctest.Wait()
				if n := len(p.questions(1)); n != 600*least {
					t.Errorf("%d requests in 600 polls", n)
				}
				if h := healthOf(t, d, "m2"); h.Skipped != 0 || h.State != fieldbus.Healthy || h.Readings != int64(polls+600) {
					t.Errorf("health of its neighbour %+v", h)
				}
			})
		})
	}
}

// bears tells whether the meter knows every address of a hole.
func (h holed) bears(o fieldbus.HoleHealth) bool {
	for a := o.From; a <= o.To; a++ {
		if !h.known(a) {
			return false
		}
	}
	return true
}

// checkWhole checks that every poll of the first meter gave all of its values,
// the right ones.
func checkWhole(t *testing.T, sink *memorySink, polls, values int) {
	t.Helper()
	sink.mu.Lock()
	defer sink.mu.Unlock()
	whole := 0
	for _, call := range sink.calls {
		if call[0].Point[:3] != "s1/" {
			continue
		}
		if whole++; len(call) != values {
			t.Fatalf("poll %d gave %d of %d values", whole, len(call), values)
		}
		for _, r := range call {
			var address int64
			if n, err := fmt.Sscanf(string(r.Point), "s1/r%d", &address); n != 1 || r.Value.Float64() != float64(address*10) {
				t.Fatalf("%s is %s (%v)", r.Point, r.Value, err)
			}
		}
	}
	if whole != polls {
		t.Errorf("%d whole polls of %d", whole, polls)
	}
}

// drawMeter draws a meter of values of one to four words and of holes that it
// knows, refuses, or knows in part.
func drawMeter(random *rand.Rand) (h holed, values []registermap.PointRegister) {
	known, address := map[int]bool{}, random.IntN(100)
	kinds := []registermap.Type{registermap.Uint16, registermap.Uint32, registermap.Uint48, registermap.Uint64}
	for range 5 + random.IntN(60) {
		kind := kinds[random.IntN(len(kinds))]
		values = append(values, typed(fmt.Sprintf("s1/r%d", address), registermap.Holding, uint16(address), kind, registermap.ABCD, "kWh"))
		for range kind.Words() {
			h.addresses = append(h.addresses, address)
			address++
		}
		bears := random.IntN(3) > 0
		for range max(0, random.IntN(20)-8) {
			known[address] = bears || random.IntN(2) == 0
			address++
		}
	}
	h.known = func(a int) bool { return known[a] }
	return h, values
}

func TestRandomMetersAreReadWithTheFewestRequestsAfterLearning(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var first, last, fewest int
	t.Run("meters", func(t *testing.T) {
		for seed := range uint64(40) {
			t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(ctx context.Context, t *testing.T) {
					random := rand.New(rand.NewPCG(seed, 5))
					h, values := drawMeter(random)
					most := []int{125, 60, 20, 8}[random.IntN(4)]
					d := drawn{readable: map[int]bool{}, terms: terms{limits: limits{registers: most}}}
					for _, v := range values {
						d.fields = append(d.fields, field{v.Table, int(v.Address), v.Words()})
					}
					for a := range h.addresses[len(h.addresses)-1] {
						d.readable[a] = h.known(a)
					}
					least := d.fewestInOrder()
					p := &plant{units: map[uint8]*unit{1: h.unit(false)}}
					sink := &memorySink{}
					driver := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: time.Minute, Limits: registermap.Limits{MaxRegisters: most}, Registers: values})
					time.Sleep(30 * time.Second)
					synctest.Wait()
					atFirst := len(p.questions(1))
					time.Sleep(70 * time.Minute)
					synctest.Wait()
					p.questions(1)
					time.Sleep(time.Minute)
					synctest.Wait()
					got := len(p.questions(1))
					if health := healthOf(t, driver, "m"); got != least || health.Requests != least || health.State != fieldbus.Healthy || health.Readings != int64(72*len(values)) {
						t.Errorf("%d requests in a poll where %d do; health %+v", got, least, health)
					}
					mu.Lock()
					defer mu.Unlock()
					first, last, fewest = first+atFirst, last+got, fewest+least
				})
			})
		}
	})
	t.Logf("requests per poll of 40 meters: %d before learning, %d after it, %d at least", first, last, fewest)
}

func TestAHoleIsNeverReadWhereTheMapSaysSo(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}}
		d := p.start(ctx, t, &memorySink{}, Meter{ID: "m", Unit: 1, Every: time.Minute, Limits: registermap.Limits{GapStated: true}, Registers: registers("s", 1, 3, 4, 6)})
		time.Sleep(10*time.Hour + time.Second)
		synctest.Wait()
		for _, q := range p.questions(1) {
			for _, a := range []int{2, 5} {
				if q.address <= a && a < q.end() {
					t.Fatalf("%d is read: %+v", a, q.request)
				}
			}
		}
		if h := healthOf(t, d, "m"); h.Requests != 3 || h.LeastRequests != 3 || len(h.Holes) != 0 {
			t.Errorf("health %+v", h)
		}
	})
}

func TestARefusedHoleIsTriedAgainADayLater(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {refuse: map[int]exception{2: 2}}}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: time.Minute, Registers: registers("s", 1, 3)})
		time.Sleep(23 * time.Hour)
		synctest.Wait()
		h := healthOf(t, d, "m")
		if h.Requests != 2 || len(h.Holes) != 1 || h.Holes[0].Readable || h.Holes[0].Retry.Sub(h.Holes[0].Since) != 24*time.Hour ||
			h.Holes[0].Reason != "exception 2 (illegal data address)" || h.Holes[0].Table != "holding" || h.Holes[0].From != 2 || h.Holes[0].To != 2 {
			t.Fatalf("health %+v", h)
		}
		p.change(func() { p.units[1].refuse = nil })
		time.Sleep(time.Hour + 3*time.Minute)
		synctest.Wait()
		if h := healthOf(t, d, "m"); h.Requests != 1 || !h.Holes[0].Readable || !h.Holes[0].Retry.IsZero() || h.Errors != 0 || h.Skipped != 0 {
			t.Errorf("health %+v", h)
		}
	})
}

func TestAHoleThatIsRefusedLaterOnCostsNoReading(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: time.Minute, Registers: registers("s", 1, 3)})
		time.Sleep(time.Hour)
		p.change(func() { p.units[1].refuse = map[int]exception{2: 2} }) // another firmware
		time.Sleep(time.Hour)
		synctest.Wait()
		h := healthOf(t, d, "m")
		if h.Requests != 2 || h.State != fieldbus.Healthy || h.Errors != 1 || h.Readings != 2*120 {
			t.Errorf("health %+v", h)
		}
	})
}

func TestAUnitThatIsBusyIsNotTakenForRefusingAHole(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {refuse: map[int]exception{2: 6}}}} // busy with that
		d := p.start(ctx, t, &memorySink{}, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 1, 3)})
		time.Sleep(65 * time.Second)
		p.change(func() { p.units[1].refuse = nil })
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if h := healthOf(t, d, "m"); h.Requests != 1 || len(h.Holes) != 1 || !h.Holes[0].Readable || h.Errors != 0 {
			t.Errorf("health %+v", h)
		}
	})
}
