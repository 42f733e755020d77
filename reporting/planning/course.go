package planning

import (
	"fmt"

	"heatledger/heatmap/demand"
	"heatledger/heatmap/plan"
)

// MostSequences is of how many consumers a folder has the hours: those of a thousand
// are some 60 MB of text.
const MostSequences = 1000

// Sequences tells whether a folder has the hours of its consumers, or why it has none.
type Sequences string

// The reasons. What a plan kept of hours is their sum: those of each area are computed
// again from its inputs, and checked against the sum.
const (
	WithSequences Sequences = ""
	TooMany       Sequences = "too_many"    // consumers: more than [MostSequences]
	OtherHours    Sequences = "other_hours" // the program computes them otherwise by now, or does not read the inputs any more
)

// LayOver gives the consumers of a plan's network their hours, by the year over which
// the plan laid its heat. It errs where the year does not know a load profile.
func (n *Net) LayOver(year *demand.Year, r plan.Result) (Sequences, error) {
	if len(n.Consumers) > MostSequences {
		return TooMany, nil
	}
	areas := map[string]plan.Area{}
	for _, a := range r.Areas {
		areas[a.ID] = a
	}
	n.Load = map[string]Course{}
	for _, c := range n.Consumers {
		a := areas[c.ID]
		shares, err := year.Shares(demand.Profile(a.Profile))
		if err != nil {
			return OtherHours, fmt.Errorf("lay the heat of %s over its hours: %w", c.ID, err)
		}
		n.Load[c.ID] = Course{a.Heat, shares}
	}
	return WithSequences, nil
}

// About is what an archive says of its folder to people, in German and English: which
// plan it is of, and of the hours of consumers, or why there are none.
func About(citation string, n Net, s Sequences) File {
	begin := n.From.UTC().Format("2006-01-02T15:04:05Z")
	de, en := fmt.Sprintf("sequences/consumers-heat_flow.csv hat je Stunde den Wärmebedarf jedes Verbrauchers in kW; Stunde 0 beginnt um %s. Er ist aus den Eingaben des Plans neu gerechnet und stimmt mit seinen festgehaltenen Stunden überein.", begin),
		fmt.Sprintf("sequences/consumers-heat_flow.csv has for each hour the heat that each consumer asks for, in kW; hour 0 begins at %s. It was computed again from the inputs of the plan and agrees with the hours that it kept.", begin)
	switch s {
	case TooMany:
		de, en = fmt.Sprintf("Ohne Stunden je Verbraucher: es sind mehr als %d. Fassen Sie Gebäude zu Blöcken zusammen und rechnen Sie den Plan neu.", MostSequences),
			fmt.Sprintf("Without hours of each consumer: there are more than %d. Put buildings together to blocks and run the plan again.", MostSequences)
	case OtherHours:
		de, en = "Ohne Stunden je Verbraucher: Festgehalten ist nur ihre Summe, und neu gerechnet ergeben sie eine andere, weil das Programm seither anders rechnet. Rechnen Sie den Plan neu und halten Sie ihn fest.",
			"Without hours of each consumer: only their sum was kept, and computed again they come to another one, since the program computes otherwise by now. Run the plan again and keep it."
	}
	return File{Name: "about.txt", Data: []byte(citation + "\n\n" + de + "\n\n" + en + "\n")}
}
