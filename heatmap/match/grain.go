package match

import (
	"math"

	"heatledger/heatmap"
)

// grain is an amount of heat, or the mean power of an hour, in whole numbers of
// 2⁻¹⁶ kWh: a power of two, so that float64 holds every sum of them up to greatest
// exactly.
type grain = int64

const (
	grainsPerKilowattHour = 1 << 16
	// greatest is the most heat that all sources, or all areas, may come to: 2⁵³
	// grains, 137 TWh, more than the heat of any German city in a year.
	greatest = 1 << 53
	// endless is as much as anybody needs, and can be added to greatest.
	endless grain = math.MaxInt64 / 4
)

// grains rounds a known amount.
func grains[T heatmap.Kilowatts | heatmap.KilowattHours](x T) grain {
	return grain(math.RoundToEven(float64(x) * grainsPerKilowattHour))
}

// orEndless is a bound of which zero means that there is none.
func orEndless[T heatmap.Kilowatts | heatmap.KilowattHours](x T) grain {
	if x == 0 {
		return endless
	}
	return grains(x)
}

func kilowatts(x grain) heatmap.Kilowatts { return heatmap.Kilowatts(x) / grainsPerKilowattHour }

func kilowattHours(x grain) heatmap.KilowattHours {
	return heatmap.KilowattHours(x) / grainsPerKilowattHour
}
