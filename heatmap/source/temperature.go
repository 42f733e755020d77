package source

import (
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Held is how much of the time, and of the heat, had a flow temperature. It is kpi's
// heat_delivered_above_time_share and heat_delivered_above_share, of a series: steps
// in which heat flowed and its temperature is known; reached is reached.
type Held struct {
	Above       energy.Celsius
	Time, Known time.Duration
	Heat, All   heatmap.KilowattHours
}

// TimeShare is the share of the time; ok is false where no heat flowed.
func (h Held) TimeShare() (share float64, ok bool) {
	if h.Known == 0 {
		return 0, false
	}
	return float64(h.Time) / float64(h.Known), true
}

// HeatShare is the share of the heat; ok is false where none flowed.
func (h Held) HeatShare() (share float64, ok bool) {
	if h.All == 0 {
		return 0, false
	}
	return float64(h.Heat / h.All), true
}

// HeldAbove looks how the flow temperature of a series kept to a limit.
func HeldAbove(s heatmap.Series, limit energy.Celsius) Held {
	h := Held{Above: limit}
	for i, p := range s.Columns().Power {
		flow, ok := s.Flow(i)
		if !ok || !(p > 0) {
			continue
		}
		heat := p.Over(s.Step)
		h.Known += s.Step
		h.All += heat
		if flow >= limit {
			h.Time += s.Step
			h.Heat += heat
		}
	}
	return h
}

// powerClasses is into how many classes [Describe] divides the power.
const powerClasses = 10

// AtPower are the temperatures of the hours in which the power lay in [From, To);
// the last class holds its upper end too.
type AtPower struct {
	From, To      heatmap.Kilowatts
	Hours         int            // with a flow temperature; of none the rest means nothing
	P10, P50, P90 energy.Celsius // flow temperatures that 10, 50 and 90 % of them reach
	// Flow and Return are means, weighted with the heat; Return is that of the hours in
	// which it is known.
	Flow   energy.Celsius
	Return heatmap.Temperature
}

// TemperatureAtPower divides the hours with heat into n classes of power, each a
// share of the greatest hour; nil where no temperature is known.
func TemperatureAtPower(s heatmap.Series, n int) []AtPower {
	hours := s.Hourly()
	top := greatest(hours)
	if n < 1 || top <= 0 || !hours.HasTemperatures() {
		return nil
	}
	flows := make([][]energy.Celsius, n)
	sums := make([]struct{ flow, back, heat, backHeat float64 }, n)
	for i, p := range hours.Columns().Power {
		flow, ok := hours.Flow(i)
		if !ok || !(p > 0) {
			continue
		}
		class := min(n-1, int(float64(n)*float64(p/top)))
		flows[class] = append(flows[class], flow)
		sums[class].flow += float64(flow) * float64(p)
		sums[class].heat += float64(p)
		if back, ok := hours.Return(i); ok {
			sums[class].back += float64(back) * float64(p)
			sums[class].backHeat += float64(p)
		}
	}
	list := make([]AtPower, n)
	for k := range list {
		a := &list[k]
		a.From, a.To = top*heatmap.Kilowatts(k)/heatmap.Kilowatts(n), top*heatmap.Kilowatts(k+1)/heatmap.Kilowatts(n)
		if a.Hours = len(flows[k]); a.Hours == 0 {
			continue
		}
		slices.Sort(flows[k])
		a.P10, a.P50, a.P90 = exceeded(flows[k], 0.1), exceeded(flows[k], 0.5), exceeded(flows[k], 0.9)
		a.Flow = energy.Celsius(sums[k].flow / sums[k].heat)
		if sums[k].backHeat > 0 {
			a.Return = heatmap.At(energy.Celsius(sums[k].back / sums[k].backHeat))
		}
	}
	return list
}
