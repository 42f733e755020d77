package words

import (
	"strconv"

	"heatledger/energy"
	"heatledger/energy/desk"
)

// Due says what is to be done.
func Due(l Lang, i desk.Item) string {
	values := map[string]string{}
	for key, arg := range i.Args {
		switch key {
		case "duty", "metric":
			values[key] = Metric(l, arg.Text)
		case "period":
			values[key] = periodOf(l, arg.Text)
		case "paper":
			values[key] = text(l, "paper:"+arg.Text)
		default:
			values[key] = arg.Text
		}
	}
	return fill(text(l, "desk:"+string(i.Code)), values)
}

// KnownDue tells whether a code has a sentence in the language itself.
func KnownDue(l Lang, code desk.Code) bool {
	_, ok := catalogues()[l]["desk:"+string(code)]
	return ok
}

// DueState is how an item stands.
func DueState(l Lang, s desk.State) string { return text(l, "desk_state:"+string(s)) }

// DueWhen says when a reminder's item falls due, or fell.
func DueWhen(l Lang, due energy.Date, left int) string {
	name := "due_in"
	switch {
	case left < 0:
		name = "due_past"
	case left == 0:
		name = "due_today"
	case left == 1:
		name = "due_tomorrow"
	}
	return Letter(l, name, map[string]string{"date": Date(l, due), "days": strconv.Itoa(left)})
}

// Letter is a text of a letter with its places filled.
func Letter(l Lang, name string, values map[string]string) string {
	return fill(text(l, "letter:"+name), values)
}

// Topic is what a subscription is about.
func Topic(l Lang, topic string) string { return text(l, "topic:"+topic) }
