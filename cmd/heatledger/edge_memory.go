package main

import "heatledger/config"

// A collector is to run in 64 MB on a small board. Of these about 24 are the
// program's own pages; the rest is bounded here. The collector of garbage works
// the harder the nearer it comes; what lives must fit well below.
const (
	edgeHeap         = 32 << 20 // bytes, for what every collector has
	edgeHeapPerMeter = 64 << 10 // for driver, connection and what waits
)

// boundMemory lets the process keep to the memory that a collector of these
// meters is to need, unless the environment says how much it may take.
func (p *process) boundMemory(cfg *config.Config) {
	if p.limitMemory == nil || p.getenv("GOMEMLIMIT") != "" {
		return
	}
	meters := 0
	for _, c := range cfg.Connections {
		meters += len(c.Meters)
	}
	p.limitMemory(edgeHeap + int64(meters)*edgeHeapPerMeter)
}
