package main

import (
	"runtime"
	"runtime/debug"

	"heatledger/config"
)

// A collector is to run in 64 MB on a small board. Of these about 18 are pages of
// the program itself; the rest is bounded here.
const (
	edgeGarbage       = 20       // percent of what lives, before it is collected: a poll leaves hardly any
	edgeHeap          = 32 << 20 // bytes, for what every collector has
	edgeHeapPerMeter  = 64 << 10 // bytes, for stack, connection and what waits
	edgeLive          = 4 << 20  // bytes that live at the start of a small collector
	edgeHeapPerLiving = 3        // bytes for each that lives beyond
)

// boundMemory gives back what the start took and bounds what follows, unless the
// environment says how. The limit is a net: were it near what lives, nearly all
// the time would go into collecting garbage.
func (p *process) boundMemory(meters int) {
	if !p.alone {
		return
	}
	if p.getenv("GOGC") == "" {
		debug.SetGCPercent(edgeGarbage)
	}
	debug.FreeOSMemory()
	if err := releaseProgram(); err != nil {
		p.log.Debug("the start's pages of the program stay in memory", "err", err)
	}
	if p.getenv("GOMEMLIMIT") != "" {
		return
	}
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	debug.SetMemoryLimit(edgeHeap + int64(meters)*edgeHeapPerMeter + edgeHeapPerLiving*max(0, int64(now.HeapAlloc)-edgeLive))
}

// withoutMeters is what is needed of a configuration once its meters are read:
// the text of many thousand registers is not to be kept.
func withoutMeters(c *config.Config) *config.Config {
	return &config.Config{Database: c.Database, DataDir: c.DataDir, Timezone: c.Timezone, Collector: c.Collector, Spool: c.Spool, Push: c.Push}
}
