package network

import "math"

// The coefficients of Winter, Haslauer and Obernberger 2001.
const (
	diversityA = 0.449677646267461
	diversityB = 0.551234688
	diversityC = 53.84382392
	diversityD = 1.762743268
)

// Diversity is the share of the sum of their powers that n connections take at the
// same time: 1 for one, falling to the floor for very many. With the floor of the
// source it is a + b / (1 + (n/c)^d), below 1 from two connections; with another the
// fall is stretched or shrunk to end there.
func Diversity(n int, floor float64) float64 {
	if n <= 1 {
		return 1
	}
	b := diversityB * (1 - floor) / (1 - diversityA)
	return floor + b/(1+math.Pow(float64(n)/diversityC, diversityD))
}
