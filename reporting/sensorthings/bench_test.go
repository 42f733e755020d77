package sensorthings

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// large is a town of so many datastreams of six years by the hour each.
type large struct {
	streams int
	hours   []Observation
}

func newLarge(streams int) large {
	l := large{streams, make([]Observation, 52_560)}
	for i := range l.hours {
		at := begin.Add(time.Duration(i) * time.Hour)
		l.hours[i] = Observation{at, at.Add(time.Hour), float64(i * 7919 % 10007), "measured", "demand_limited"}
	}
	return l
}

func (l large) Things(context.Context) ([]Thing, error) {
	one := Thing{ID: "hafen"}
	for i := range l.streams {
		one.Datastreams = append(one.Datastreams, Datastream{ID: fmt.Sprint("heat", i)})
	}
	return []Thing{one}, nil
}

func (l large) Observations(context.Context, Datastream) ([]Observation, error) { return l.hours, nil }

// BenchmarkAnswer asks the questions that look through the most that is allowed.
func BenchmarkAnswer(b *testing.B) {
	most := newLarge(mostSeen / 52_560)
	for name, text := range map[string]string{
		"the latest of each":     "$expand=Observations($top=1;$orderby=phenomenonTime desc)",
		"the greatest of each":   "$expand=Observations($top=1;$orderby=result desc)",
		"many conditions":        "$expand=Observations($top=1;$filter=result gt 9000 and resultQuality eq 'measured' and phenomenonTime ge 2026-01-01T00:00:00Z)",
		"in order of many names": "$expand=Observations($top=1;$orderby=resultQuality,resultQuality,resultQuality,resultQuality,result desc)",
	} {
		b.Run(name, func(b *testing.B) {
			query, err := ParseQuery(text)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := (API{"https://town.example", most}).Answer(b.Context(), "Datastreams", query); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("a page of ten thousand", func(b *testing.B) {
		query, err := ParseQuery("$top=10000&$expand=Datastream")
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := (API{"https://town.example", most}).Answer(b.Context(), "Datastreams('heat0')/Observations", query); err != nil {
				b.Fatal(err)
			}
		}
	})
}
