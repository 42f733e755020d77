package main

import (
	"context"
	"fmt"
	"time"

	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/fieldbus/plantsim"
)

// Who decides in the demonstration: two people, as everywhere.
const (
	demoOffice  = "demo-office"
	demoCouncil = "demo-council"
)

// showSome lets planners and citizens of the demonstration see what the specifications
// of the sites say. A site about which anything was ever proposed is left as it is: so
// it may be repeated, and what a person decides stays.
func showSome(ctx context.Context, l *ledger.Ledger, sites []plantsim.SiteSpec) error {
	for _, site := range sites {
		known, err := l.Decisions(ctx, site.ID, time.Time{})
		if err != nil {
			return fmt.Errorf("look up what of %s is shown: %w", site.ID, err)
		}
		if len(known) > 0 {
			continue
		}
		for _, content := range site.Shown {
			d, err := l.Decide(ctx, site.ID, "", publication.Step{Action: publication.Propose, Content: &content, Who: demoOffice, Why: "virtual council decision 2024-31 on heat planning"})
			if err == nil {
				_, err = l.Decide(ctx, site.ID, d.ID, publication.Step{Action: publication.Confirm, Who: demoCouncil})
			}
			if err != nil {
				return fmt.Errorf("show something of %s: %w", site.ID, err)
			}
		}
	}
	return nil
}
