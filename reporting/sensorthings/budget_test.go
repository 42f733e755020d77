package sensorthings

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// years is a town with one datastream of so many hours.
type years int

func (years) Things(context.Context) ([]Thing, error) {
	return []Thing{{ID: "hafen", Datastreams: []Datastream{{ID: "heat"}}}}, nil
}

func (n years) Observations(context.Context, Datastream) ([]Observation, error) {
	list := make([]Observation, n)
	for i := range list {
		list[i].From = begin.Add(time.Duration(i) * time.Hour)
		list[i].To = list[i].From.Add(time.Hour)
	}
	return list, nil
}

func TestAnAnswerIsBounded(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, path, query, says string
	}{
		{"the most that a page may hold", "Datastreams('heat')/Observations", "$top=10000&$expand=Datastream", ""},
		{"the latest hour of each", "Things", "$expand=Datastreams/Observations($top=1;$orderby=phenomenonTime desc)", ""},
		{"hours of hours are a hundred million", "Datastreams('heat')/Observations", "$top=10000&$expand=Datastream/Observations($top=10000)", "more than 25000 entities"},
		{"what is looked through for nothing counts as well", "Datastreams('heat')/Observations", "$top=10000&$expand=Datastream/Observations($top=0)", "looked through"},
		{"the greatest hours of all", "Datastreams('heat')/Observations", "$top=10&$orderby=result desc", ""},
		{"a filter of hundreds of conditions for each hour", "Datastreams('heat')/Observations", "$top=1&$filter=" + strings.Repeat("id eq 1 or ", 600) + "id eq 1", "comparisons"},
		{"all hours through a filter and in the order of many names", "Datastreams('heat')/Observations", "$skip=50000&$top=1&$filter=" + strings.Repeat("result ge 0 and ", 90) + "result ge 0&$orderby=" + strings.Repeat("result,", 31) + "result", "comparisons"},
		{"a query as long as a book", "Things", "$filter=" + strings.Repeat("name eq 'x' or ", 1000) + "name eq 'x'", "bytes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			query, err := ParseQuery(row.query)
			if err == nil {
				_, err = API{"https://town.example", years(52_560)}.Answer(t.Context(), row.path, query)
			}
			var r *Refusal
			switch {
			case row.says == "" && err != nil:
				t.Error(err)
			case row.says != "" && (!errors.As(err, &r) || r.Status < http.StatusBadRequest || !strings.Contains(r.Problem, row.says)):
				t.Errorf("%v, want a refusal about %q", err, row.says)
			}
		})
	}
}

func TestAnAnswerNobodyWaitsForEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (API{"https://town.example", years(1)}).Answer(ctx, "Things", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
