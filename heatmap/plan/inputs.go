package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Inputs are what a scenario names, brought from where it lies.
type Inputs struct {
	// Files are the bytes of the files, by their paths as the scenario writes them.
	Files map[string][]byte
	// Unread are the faults of files that are there and cannot be used, by their paths.
	// What stands in neither is not there.
	Unread map[string]energy.Fault
	// Sites are the stored days of the sites over the plan's year, with their entries
	// in the registry. One that is missing is a fault: it is not known here.
	Sites map[energy.SiteID]heatmap.Stored
}

// File is a file that a scenario names.
type File struct {
	Path string // as the scenario writes it
	Use  string // sources, heat_pumps, demand, weather, streets, pipes or prices
	at   path
}

// Files are those that the scenario names, in its order, each path once.
func (s Scenario) Files() []File {
	var files []File
	add := func(name, use string, at ...any) {
		if name != "" && !slices.ContainsFunc(files, func(f File) bool { return f.Path == name }) {
			files = append(files, File{name, use, at})
		}
	}
	for i, source := range s.Sources {
		add(source.File, "sources", "sources", i, "file")
	}
	for i, p := range s.HeatPumps {
		add(p.Table, "heat_pumps", "heat_pumps", i, "table")
	}
	for i, d := range s.Demand {
		add(d.File, "demand", "demand", i, "file")
	}
	if s.Weather != nil {
		add(s.Weather.File, "weather", "weather", "file")
	}
	add(s.Streets.File, "streets", "streets", "file")
	add(s.Network.Pipes, "pipes", "network", "pipes")
	add(s.Network.Prices, "prices", "network", "prices")
	return files
}

// Fault is a fault at the place where the scenario names the file.
func (s Scenario) Fault(f File, problem, remedy string) energy.Fault {
	return s.doc.Fault(problem, remedy, f.at...)
}

// missing are faults for the files that the scenario names and the inputs lack.
func (s Scenario) missing(in Inputs) (faults energy.Faults) {
	for _, f := range s.Files() {
		if _, ok := in.Files[f.Path]; ok {
			continue
		}
		fault, unread := in.Unread[f.Path]
		if !unread {
			fault = s.Fault(f, fmt.Sprintf("the file %s is not there", f.Path), "name a file that is there; paths are relative to the scenario")
		}
		faults = append(faults, fault)
	}
	return faults
}

// unknown are faults for the sites that the scenario names and the inputs lack.
func (s Scenario) unknown(in Inputs) (faults energy.Faults) {
	for i, source := range s.Sources {
		if _, ok := in.Sites[source.Site]; source.Site != "" && !ok {
			faults = append(faults, s.doc.Fault(fmt.Sprintf("there is no site %q", source.Site), "name a site of this Heatledger; see /api/v1/sites", "sources", i, "site"))
		}
	}
	return faults
}

// digest is the SHA-256 of some bytes in hex.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
