package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"heatledger/energy"
	"heatledger/energy/exhibit"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
)

type expireCommand struct {
	Site   string   `required:"" help:"Site whose readings are meant." placeholder:"ID"`
	Before string   `required:"" help:"Local day: what ended by its beginning goes." placeholder:"YYYY-MM-DD"`
	Point  []string `help:"Point; may be given several times; without it, all points of the site." placeholder:"ID"`
	Policy string   `help:"Retention policy, as the log will name it." placeholder:"TEXT"`
	// Documents are expired by what they say of themselves, see exhibit.KeptYears.
	Documents bool `help:"Documents in place of readings: those whose time to be kept ended before the day."`
	Yes       bool `help:"Delete. Nothing brings back what is deleted."`
}

// Run shows what a retention policy deletes, and deletes it with --yes.
func (c *expireCommand) Run(p *process) (err error) {
	if p.line.Output == "csv" {
		return misuse("--output csv: expire answers as table or json")
	}
	if c.Documents && len(c.Point) > 0 {
		return misuse("--documents: documents are of a site, --point names readings")
	}
	if c.Yes && c.Policy == "" {
		return misuse("--yes needs --policy: the log names the rule under which readings were deleted")
	}
	day, err := energy.ParseDate(c.Before)
	if err != nil {
		return misuse("--before: %w", err)
	}
	cfg, err := p.configuration()
	if err != nil {
		return err
	}
	db, err := p.openDatabase(p.ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	l := ledger.New(db.Store, cfg.Timezone)
	points, calendar, err := c.points(p, l)
	if err != nil {
		return err
	}
	before := calendar.Day(day).From
	if !before.Before(time.Now()) {
		return misuse("--before %s: that day has not begun", c.Before)
	}
	if c.Documents {
		return c.documents(p, exhibit.New(db.Store), day)
	}
	expiring, err := db.Expirable(p.ctx, energy.SiteID(c.Site), points, before)
	if err != nil {
		return err
	}
	if err := c.say(p, expiring); err != nil || !c.Yes {
		return err
	}
	n, err := db.Expire(p.ctx, energy.SiteID(c.Site), points, before, c.Policy)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "heatledger: %d chunks deleted; the log will say so, and heatledger verify answers \"expired\" for them\n", n)
	return nil
}

// documents shows the documents whose time to be kept ended before a day, and deletes
// their bytes with --yes. Their digests and the facts that name them stay.
func (c *expireCommand) documents(p *process, shelf *exhibit.Shelf, before energy.Date) error {
	overdue, err := shelf.Overdue(p.ctx, energy.SiteID(c.Site), before)
	if err != nil {
		return err
	}
	if c.Yes {
		for i, e := range overdue {
			if overdue[i], err = shelf.Remove(p.ctx, e.Site, e.Digest, "expire", c.Policy); err != nil {
				return err
			}
		}
	}
	if p.line.Output == "json" {
		return json.NewEncoder(p.stdout).Encode(map[string]any{"site": c.Site, "before": c.Before, "deleted": c.Yes, "documents": append([]exhibit.Exhibit{}, overdue...)})
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DOCUMENT\tBYTES\tHANDED IN\tKEPT UNTIL\tSHA-256")
	for _, e := range overdue {
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\n", e.Name, e.Size, e.At.UTC().Format(time.DateOnly), e.KeptUntil, e.Digest)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	verb := "would go: run it again with --yes and --policy"
	if c.Yes {
		verb = "went"
	}
	_, err = fmt.Fprintf(p.stdout, "%d documents %s.\nThere stay: their digests, names and notes, who handed them in, and what was decided on them.\n", len(overdue), verb)
	return err
}

// points are those of the command, or all of the site.
func (c *expireCommand) points(p *process, l *ledger.Ledger) (points []energy.PointID, calendar energy.Calendar, err error) {
	r, err := l.Registry(p.ctx)
	if err != nil {
		return nil, calendar, err
	}
	site, ok := r.Site(energy.SiteID(c.Site))
	if !ok {
		return nil, calendar, noSite(p.ctx, l, c.Site)
	}
	for _, meter := range site.Meters {
		for _, point := range meter.Points {
			points = append(points, point.ID)
		}
	}
	for _, id := range c.Point {
		if !slices.Contains(points, energy.PointID(id)) {
			return nil, calendar, misuse("--point %s: site %s has no such point", id, c.Site)
		}
	}
	if len(c.Point) > 0 {
		points = points[:0]
		for _, id := range c.Point {
			points = append(points, energy.PointID(id))
		}
	}
	calendar, err = l.Calendar(r, site.ID)
	return points, calendar, err
}

// say shows what goes and what stays.
func (c *expireCommand) say(p *process, expiring []store.Expiring) error {
	if p.line.Output == "json" {
		return json.NewEncoder(p.stdout).Encode(map[string]any{"site": c.Site, "before": c.Before, "deleted": c.Yes, "points": expiring})
	}
	var chunks, readings, bytes, staying int64
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "POINT\tCHUNKS\tREADINGS\tFROM\tTO\tSTAYING\tGONE BEFORE")
	for _, e := range expiring {
		chunks, readings, bytes, staying = chunks+e.Chunks, readings+e.Readings, bytes+e.Bytes, staying+e.Staying
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\t%d\t%d\n", e.Point, e.Chunks, e.Readings, e.From.UTC().Format(time.RFC3339), e.To.UTC().Format(time.RFC3339), e.Staying, e.Gone)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	verb := "would go: run it again with --yes and --policy"
	if c.Yes {
		verb = "go"
	}
	_, err := fmt.Fprintf(p.stdout, "%d readings in %d chunks (%d bytes) %s.\nThere stay: %d readings of that time in chunks that are not complete or reach beyond; days, balances, figures and verdicts; facts and their digests in the log.\nThere end: answers by the reading, and as known at an earlier time, of what goes.\n",
		readings, chunks, bytes, verb, staying)
	return err
}
