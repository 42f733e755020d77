package plantsim

import "math"

// mix is the finaliser of SplitMix64: it spreads x over all 64 bits.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// seedOf gives a thing its own randomness by its name.
func seedOf(seed uint64, name string) uint64 {
	for _, c := range []byte(name) {
		seed = mix(seed ^ uint64(c))
	}
	return mix(seed)
}

// jitter is a number in [−1, 1) that depends on nothing but its arguments.
func jitter(seed, kind uint64, n int64) float64 {
	return float64(int64(mix(mix(seed^kind)^uint64(n)))) / (1 << 63)
}

// drift is a smooth random course in [−1, 1): hashed values at whole x, joined
// by half cosines.
func drift(seed, kind uint64, x float64) float64 {
	whole := math.Floor(x)
	a, b := jitter(seed, kind, int64(whole)), jitter(seed, kind, int64(whole)+1)
	u := x - whole
	return a + (b-a)*u*u*(3-2*u)
}

// The kinds of noise, so that no two things share a course.
const (
	noiseWeatherFront uint64 = iota + 1
	noiseWeatherHours
	noiseCloudDays
	noiseCloudHours
	noiseLoadWeeks
	noiseLoadHours
	noiseLoadQuarters
	noiseSupply
	noiseRipple // plus the stream's number
)
