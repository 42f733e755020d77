package kpi

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Share is one point's part of a sum with the accuracy of its meter.
type Share struct {
	Amount   energy.Amount
	Percent  float64 // accuracy class of the whole chain, in per cent; see ClassPercent
	HasClass bool
	// Meter is the instrument: what it gets wrong, it gets wrong in the same way
	// in all its parts of a sum. "" is one of its own.
	Meter energy.MeterID
}

// Uncertainty is the relative expanded uncertainty (k = 2) of numerator ÷
// denominator: each class c is a rectangular distribution with standard
// uncertainty c/√3, meters are independent (GUM, JCGM 100:2008, 4.3.7 and
// 5.1.2), the parts of one meter on a side are not. ok is false when a meter's class is not known or a side is zero.
func Uncertainty(numerator, denominator []Share) (relative float64, ok bool) {
	n, okN := relativeVariance(numerator)
	d, okD := relativeVariance(denominator)
	if !okN || !okD {
		return 0, false
	}
	return 2 * math.Sqrt(n+d), true
}

// AmountUncertainty is the relative expanded uncertainty (k = 2) of a sum.
func AmountUncertainty(shares []Share) (relative float64, ok bool) {
	variance, ok := relativeVariance(shares)
	return 2 * math.Sqrt(variance), ok
}

func relativeVariance(shares []Share) (float64, bool) {
	var sum, variance float64
	var meters []energy.MeterID // in the order of shares: floats add up alike only in one order
	errors := map[energy.MeterID]float64{}
	for _, s := range shares {
		if !s.HasClass {
			return 0, false
		}
		a := float64(s.Amount)
		u := a * s.Percent / 100 / math.Sqrt(3)
		sum += a
		if s.Meter == "" {
			variance += u * u
			continue
		}
		if !slices.Contains(meters, s.Meter) {
			meters = append(meters, s.Meter)
		}
		errors[s.Meter] += u
	}
	for _, meter := range meters {
		variance += errors[meter] * errors[meter]
	}
	if sum == 0 {
		return 0, false
	}
	return variance / (sum * sum), true
}

// ClassPercent combines the classes of a measuring chain (meter, current and
// voltage transformers) into one: the root of the sum of squares.
func ClassPercent(classes ...float64) float64 {
	var sum float64
	for _, c := range classes {
		sum += c * c
	}
	return math.Sqrt(sum)
}

// MeterPercent is the accuracy of a meter's whole measuring chain in per cent
// of the value: its stated percentage or electricity class with the class of
// its transformers. ok is false when the registry does not say, or says a heat
// meter's class, whose limits depend on flow and temperature difference.
func MeterPercent(m registry.Meter) (percent float64, ok bool) {
	percent = m.Accuracy.Percent.Float64()
	if percent == 0 {
		if percent, ok = classPercent(m.Accuracy.Class); !ok || m.Accuracy.QP.Sign() != 0 {
			return 0, false
		}
	}
	if m.Transformers.Class == "" {
		return percent, true
	}
	class, ok := classPercent(m.Transformers.Class)
	if m.Transformers.CT.Sign() != 0 && m.Transformers.VT.Sign() != 0 { // one of each, both of the class
		return ClassPercent(percent, class, class), ok
	}
	return ClassPercent(percent, class), ok
}

// classPercent reads an accuracy class: "0.5", "0.2S" (IEC 62053-22, IEC
// 61869-2), or A, B, C (EN 50470-3: 2, 1 and 0.5 per cent at reference conditions).
func classPercent(class string) (float64, bool) {
	switch class {
	case "A":
		return 2, true
	case "B":
		return 1, true
	case "C":
		return 0.5, true
	}
	percent, err := strconv.ParseFloat(strings.TrimRight(class, "Ss"), 64)
	return percent, err == nil && percent > 0
}
