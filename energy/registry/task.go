package registry

import (
	"fmt"
	"slices"

	"heatledger/energy"
)

// Task is something the office does once a year by a day that it has set itself.
type Task struct {
	ID   string `yaml:"id,required" json:"id"`
	Name string `yaml:"name" json:"name,omitzero"` // what it is called; [CouncilPaper] and [OperatorRequest] have words of their own
	// Due is the last day, Begin the first on which it is seen as open; without it
	// 30 days before.
	Due   energy.MonthDay `yaml:"due,required" json:"due"`
	Begin energy.MonthDay `yaml:"begin" json:"begin,omitzero"`
	// Done are the days on which it was done. One counts for the year in which the
	// task fell due last, or next while that is open.
	Done []energy.Date `yaml:"done" json:"done,omitempty"`
}

// The tasks that have words of their own.
const (
	CouncilPaper    = "council_paper"    // the report goes to the council
	OperatorRequest = "operator_request" // operators are asked for the year before
)

// mostRemindDays bounds how long before something is due anybody is reminded.
const mostRemindDays = 366

// tasks checks what the office set itself.
func (c *checker) tasks(at path) {
	seen := map[string]bool{}
	for i, t := range c.r.Municipality.Tasks {
		here := at.to("tasks", i)
		if c.given(here.to("id")) {
			switch {
			case !energy.IsID(t.ID):
				c.fault(here.to("id"), fmt.Sprintf("%q is no id", t.ID), "up to 63 lower-case letters, digits, hyphens and underscores are expected")
			case seen[t.ID]:
				c.fault(here.to("id"), fmt.Sprintf("task %q is given twice", t.ID), "one task with all its days is expected")
			case t.Name == "" && !slices.Contains([]string{CouncilPaper, OperatorRequest}, t.ID):
				c.fault(here.to("id"), fmt.Sprintf("task %q has no name", t.ID), "name: what people call it is expected; only council_paper and operator_request have words of their own")
			}
			seen[t.ID] = true
		}
		leapDay := energy.MonthDay{Month: 2, Day: 29}
		for field, day := range map[string]energy.MonthDay{"due": t.Due, "begin": t.Begin} {
			if c.given(here.to(field)) && day == leapDay {
				c.fault(here.to(field), field+" is a day that most years lack", "02-28 or 03-01 is expected")
			}
		}
	}
	for i, days := range c.r.Municipality.RemindDays {
		if here := at.to("remind_days", i); c.given(here) && (days < 0 || days > mostRemindDays) {
			c.fault(here, fmt.Sprintf("remind_days has %d", days), fmt.Sprintf("days before something is due, 0 to %d, are expected", mostRemindDays))
		}
	}
}
