package registry_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/registry"
)

func TestTheOfficesTasksAreKeptAndTheirMistakesNamed(t *testing.T) {
	t.Parallel()
	load := func(tasks string) (*registry.Registry, energy.Faults) {
		return registry.Load("r.yaml", fmt.Appendf(nil, "municipality:\n  ags: \"06413000\"\n  name: M\n  %s\n", tasks))
	}
	r, faults := load("tasks: [{id: council_paper, due: 10-15, begin: 09-01, done: [2025-10-02]}, {id: round, name: Runde, due: 05-05}]\n  remind_days: [60, 14]")
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := registry.Task{ID: registry.CouncilPaper, Due: energy.MonthDay{Month: 10, Day: 15}, Begin: energy.MonthDay{Month: 9, Day: 1}, Done: []energy.Date{{Year: 2025, Month: 10, Day: 2}}}
	if m := r.Municipality; len(m.Tasks) != 2 || !reflect.DeepEqual(m.Tasks[0], want) || !reflect.DeepEqual(m.RemindDays, []int{60, 14}) {
		t.Errorf("kept as %+v", m)
	}
	for tasks, problem := range map[string]string{
		"tasks: [{id: Council, due: 10-15}]":                                        "no id",
		"tasks: [{id: round, due: 10-15}]":                                          "has no name",
		"tasks: [{id: council_paper}]":                                              "due",
		"tasks: [{id: council_paper, due: 13-01}]":                                  "13-01",
		"tasks: [{id: council_paper, due: 02-29}]":                                  "most years lack",
		"tasks: [{id: council_paper, due: 03-01, begin: 02-29}]":                    "most years lack",
		"tasks: [{id: council_paper, due: 03-01}, {id: council_paper, due: 04-01}]": "given twice",
		"remind_days: [400]":                                                        "remind_days has 400",
		"remind_days: [-1]":                                                         "remind_days has -1",
	} {
		if _, faults := load(tasks); len(faults) != 1 || faults[0].Line != 4 || !strings.Contains(faults[0].Problem+faults[0].Remedy, problem) {
			t.Errorf("%s: %v, want %q on line 4", tasks, faults, problem)
		}
	}
}
