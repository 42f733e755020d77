package words

import (
	"fmt"
	"strings"
	"time"

	"heatledger/energy/proof"
)

// Finding says what an audit of the public ledger found, and where.
func Finding(l Lang, f proof.Finding) string {
	place := []string{text(l, "table:"+f.Table)}
	add := func(name, value string) {
		if value != "" {
			place = append(place, fill(text(l, "finding:"+name), map[string]string{"value": value}))
		}
	}
	add("site", string(f.Site))
	add("point", string(f.Point))
	if f.Fact != 0 {
		add("fact", fmt.Sprint(f.Fact))
	}
	if f.From != nil && f.To != nil {
		add("period", f.From.UTC().Format(time.RFC3339)+" – "+f.To.UTC().Format(time.RFC3339))
	}
	if f.Record != nil {
		add("record", fmt.Sprint(*f.Record))
	}
	if f.Size != 0 {
		add("checkpoint", fmt.Sprint(f.Size))
	}
	add("what", f.What)
	name := f.Table
	if f.Column != "" {
		name += "." + f.Column
	}
	add("row", name)
	verdict := string(f.Verdict)
	switch f.Table {
	case "day", "span", "balance": // derived: no log has them, the facts do
		verdict += ".derived"
	}
	return fill(text(l, "finding:"+verdict), map[string]string{"where": strings.Join(place, ", ")})
}
