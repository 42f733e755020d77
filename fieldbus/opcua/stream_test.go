package opcua

import (
	"testing"
	"time"

	"heatledger/energy"
)

// noon is when the values of these tests arrive.
func noon() time.Time { return time.Date(2024, 6, 3, 12, 0, 0, 0, time.UTC) }

func TestAReadingHasTheBestTimeThereIs(t *testing.T) {
	t.Parallel()
	arrival, absent := noon(), time.Time{}
	back := func(d time.Duration) time.Time { return arrival.Add(-d) }
	for _, c := range []struct {
		is                   string
		last, source, server time.Time
		want                 time.Time
	}{
		{"the source knows best", back(time.Minute), back(2 * time.Second), back(time.Second), back(2 * time.Second)},
		{"a source up to the tolerance ahead is believed", back(time.Minute), back(-5 * time.Minute), back(time.Second), back(-5 * time.Minute)},
		{"a source farther ahead is not", back(time.Minute), back(-5*time.Minute - time.Millisecond), back(time.Second), back(time.Second)},
		{"a source up to the tolerance behind is believed", back(time.Hour), back(5 * time.Minute), back(time.Second), back(5 * time.Minute)},
		{"a source farther behind is not", back(time.Hour), back(5*time.Minute + time.Millisecond), back(time.Second), back(time.Second)},
		{"without a source the server's time counts", back(time.Minute), absent, back(time.Second), back(time.Second)},
		{"without either the arrival counts", back(time.Minute), absent, absent, arrival},
		{"a server astray is not believed either", back(time.Minute), absent, back(time.Hour), arrival},
		{"a frozen source is passed over", back(2 * time.Second), back(2 * time.Second), back(time.Second), back(time.Second)},
		{"a source that runs back is passed over", back(2 * time.Second), back(3 * time.Second), back(time.Second), back(time.Second)},
		{"with both clocks frozen the arrival counts", back(time.Second), back(time.Second), back(time.Second), arrival},
		{"a second value of one report comes right after the first", arrival, absent, absent, arrival.Add(time.Microsecond)},
		{"our clock set back by an hour is followed", back(-time.Hour), absent, absent, arrival},
		{"a last reading that its source dated ahead is not gone back behind", back(-time.Minute), back(-time.Minute), absent, back(-time.Minute).Add(time.Microsecond)},
		{"an instant is rounded to whole microseconds", back(time.Minute), back(1500 * time.Nanosecond), absent, back(time.Microsecond)},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			s := stream{last: c.last}
			if got := s.stamp(c.source, c.server, arrival, 5*time.Minute); !got.Equal(c.want) {
				t.Errorf("the instant is %s, want %s", got, c.want)
			}
		})
	}
}

func TestAClockOfOursThatIsSetBackALittleIsFollowed(t *testing.T) {
	t.Parallel()
	var s stream
	at := s.stamp(time.Time{}, time.Time{}, noon(), time.Hour)
	s.reading(at, energy.Decimal(1, 0), energy.Measured)
	set := noon().Add(-10 * time.Second)
	if at := s.stamp(time.Time{}, time.Time{}, set, time.Hour); !at.Equal(set) {
		t.Errorf("after our clock was set back to %s a reading is of %s", set, at)
	}
}

func TestAValueIsStatedAgainOnlyWhileItIsKnownToStand(t *testing.T) {
	t.Parallel()
	var s stream
	if r, ok := s.restate(noon(), time.Minute); ok {
		t.Fatalf("nothing was ever read, and %v is stated", r)
	}
	s.reading(noon(), energy.Decimal(5, 0), energy.Suspect)
	if r, ok := s.restate(noon().Add(time.Minute-time.Millisecond), time.Minute); ok {
		t.Errorf("%v is stated before a minute is over", r)
	}
	r, ok := s.restate(noon().Add(time.Minute), time.Minute)
	if want := (energy.Reading{At: noon().Add(time.Minute), Value: energy.Decimal(5, 0), Quality: energy.Suspect}); !ok || !r.Same(want) {
		t.Errorf("after a minute %v, %t is stated, want %v", r, ok, want)
	}
	if r, ok := s.restate(noon().Add(time.Minute+time.Second), time.Minute); ok {
		t.Errorf("%v is stated a second after the last", r)
	}
	s.forget()
	if r, ok := s.restate(noon().Add(time.Hour), time.Minute); ok {
		t.Errorf("%v is stated across a break", r)
	}
	if at := s.stamp(noon().Add(30*time.Second), time.Time{}, noon().Add(2*time.Minute), time.Hour); !at.After(noon().Add(time.Minute)) {
		t.Errorf("a reading of %s comes before the last one, although the break lies between", at)
	}
}

func TestThePauseDoublesAndIsNeverTheSameForAll(t *testing.T) {
	t.Parallel()
	b := backoff{least: time.Second, most: time.Minute}
	for try, full := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60} {
		full *= time.Second
		if got := b.next(); got < full/2 || got > full {
			t.Errorf("pause %d is %s, want between %s and %s", try, got, full/2, full)
		}
	}
	for range 100 {
		if got := b.next(); got < 30*time.Second || got > time.Minute {
			t.Errorf("a late pause is %s, want between 30 s and 1 min", got)
		}
	}
	b.reset()
	if got := b.next(); got > time.Second {
		t.Errorf("after a reset the pause is %s, want at most 1 s", got)
	}
}
