package demand

import (
	"fmt"
	"math"
	"slices"

	"heatledger/energy"
)

// Profile is the code of a standard load profile: a kind of building and a
// variant, as the German gas market writes them. "HMF33" is a block of flats by
// SigLinDe, "GKO04" offices and public bodies by the sigmoid function of TU München
// in windy places. [Flat] is no standard profile: the same power in every hour.
type Profile string

const (
	// DefaultProfile is that of areas which state none: blocks of flats, the
	// commonest building where networks are laid. An assumption of this project.
	DefaultProfile Profile = "HMF33"
	// Flat is a heat that knows no weather and no hour, such as of a process.
	Flat Profile = "FLAT"
)

// intervals are the ranges of temperature with their own distribution over the day.
const intervals = 10

// Curve is how the heat of a day follows the outdoor temperature, and how it falls
// on weekdays and hours.
//
// The heat of a day at the allocation temperature ϑ, relative to that of a day at
// 8 °C, is h(ϑ) = A / (1 + (B/(ϑ-40))^C) + D + max(MH·ϑ + BH, MW·ϑ + BW): BDEW/VKU/GEODE,
// Abwicklung von Standardlastprofilen Gas, 27 March 2026, figure 12. The
// sigmoid function of TU München (variants 03 and 04) has no linear part.
type Curve struct {
	Profile        Profile
	A, B, C, D     float64
	MH, BH, MW, BW float64
	// Weekdays are the factors of Monday to Sunday; public holidays are Sundays.
	Weekdays [7]float64
	// Hours are the shares of a day's heat by weekday, hour of the clock and
	// interval of temperature; see [Interval].
	Hours [7][24][intervals]float64
	// Source is the edition the coefficients are from, Confirmed tells whether
	// they were compared with it or with a second account of it.
	Source    string
	Confirmed bool
}

// pole is ϑ0 of the sigmoid function in °C, the same of all profiles.
const pole = 40.0

// Day is the heat of a day at an allocation temperature, relative to 8 °C.
func (c Curve) Day(t energy.Celsius) float64 {
	sigmoid := 0.0
	if t < pole {
		sigmoid = c.A / (1 + math.Pow(c.B/(float64(t)-pole), c.C))
	}
	return max(0, sigmoid+c.D+max(c.MH*float64(t)+c.BH, c.MW*float64(t)+c.BW))
}

// Interval is the range that an allocation temperature lies in, from 0: up to
// -15 °C, then steps of 5 K that include their upper end, and above 25 °C.
func Interval(t energy.Celsius) int {
	return int(min(intervals-1, max(0, math.Ceil(float64(t)/5)+3)))
}

// Profiles are the curves an area may name.
type Profiles struct {
	curves map[Profile]Curve
}

// NewProfiles makes profiles of curves. It errs where one cannot be computed.
func NewProfiles(curves []Curve) (*Profiles, error) {
	p := &Profiles{curves: make(map[Profile]Curve, len(curves))}
	for _, c := range curves {
		if _, twice := p.curves[c.Profile]; twice || c.Profile == "" || c.Profile == Flat {
			return nil, fmt.Errorf("make load profiles: the code %q stands twice, is reserved or missing", c.Profile)
		}
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("make load profile %s: %w", c.Profile, err)
		}
		p.curves[c.Profile] = c
	}
	return p, nil
}

// check errs where a curve does not give a positive heat on every day.
func (c Curve) check() error {
	for t := energy.Celsius(-40); t <= pole; t++ {
		if h := c.Day(t); !(h > 0) || math.IsInf(h, 0) {
			return fmt.Errorf("a heat of %g at %g °C: a positive one is expected", h, float64(t))
		}
	}
	for day, factor := range c.Weekdays {
		if !(factor > 0) || math.IsInf(factor, 0) {
			return fmt.Errorf("a factor of %g on weekday %d: a positive one is expected", factor, day+1)
		}
		for i := range intervals {
			sum := 0.0
			for hour := range c.Hours[day] {
				share := c.Hours[day][hour][i]
				if !(share >= 0) {
					return fmt.Errorf("a share of %g in hour %d of weekday %d", share, hour, day+1)
				}
				sum += share
			}
			if math.Abs(sum-1) > 0.01 {
				return fmt.Errorf("the shares of weekday %d in interval %d come to %g: 1 is expected", day+1, i+1, sum)
			}
		}
	}
	return nil
}

// Curve is the curve of a profile; ok is false for [Flat] and unknown codes.
func (p *Profiles) Curve(id Profile) (c Curve, ok bool) {
	c, ok = p.curves[id]
	return c, ok
}

// Known tells whether an area may name a profile.
func (p *Profiles) Known(id Profile) bool {
	_, ok := p.curves[id]
	return ok || id == Flat
}

// Codes are those of all profiles, sorted, [Flat] among them.
func (p *Profiles) Codes() []Profile {
	codes := []Profile{Flat}
	for code := range p.curves {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}
