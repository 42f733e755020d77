package plantsim

import (
	"time"

	"heatledger/energy"
)

// Stream is one flow of energy or water through a site. Water is counted beside
// the energies because it adds up in the same way: rate times time.
type Stream uint8

// The streams. All but Water and WaterIn are powers in W with energies in mWh;
// Water is the carrier of the delivered heat, in l/h and ml.
const (
	IT Stream = iota // at the UPS output
	Losses
	CoolingPower
	OtherPower
	Solar
	HeatDelivered
	Water
	GridImport
	HeatPumpPower
	HeatSource // what the heat pump takes
	WaterIn    // what evaporates, in l/h and ml
	streams
)

// String names the stream.
func (x Stream) String() string {
	return [streams]string{"IT", "losses", "cooling", "other", "solar", "heat", "water", "grid import",
		"heat pump", "heat source", "water intake"}[x]
}

// State is a site at one instant. It computes what it is asked for; asking
// twice gives the same.
type State struct {
	site *Site
	day  *day
	ms   int64 // since midnight, UTC
}

// At is the instant: UTC, whole milliseconds.
func (s State) At() time.Time { return time.UnixMilli(s.day.number*millisPerDay + s.ms).UTC() }

// begun tells whether anything flows yet.
func (s State) begun() bool { return s.day.number >= s.site.first }

// Power of a stream; of water its flow in l/h.
func (s State) Power(x Stream) energy.Watts {
	if !s.begun() {
		return 0
	}
	return energy.Watts(s.site.rate(s.day, x, s.ms))
}

// Energy is the integral of a stream's power since the site began, in mWh,
// rounded down; of water its volume in ml.
func (s State) Energy(x Stream) energy.Amount {
	if !s.begun() {
		return 0
	}
	return s.site.amount(s.day, x, s.ms)
}

// Outdoor is the modelled air temperature.
func (s State) Outdoor() energy.Celsius {
	return energy.Celsius(between(s.day.outdoor[:], s.ms) / 1000)
}

// Flow is the temperature of the heat carrier on its way to the network.
func (s State) Flow() energy.Celsius { return energy.Celsius(between(s.day.flow[:], s.ms) / 1000) }

// Return is the temperature at which it comes back.
func (s State) Return() energy.Celsius { return energy.Celsius(between(s.day.back[:], s.ms) / 1000) }
