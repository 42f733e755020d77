package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
)

// iot is an answer of the SensorThings API, as far as the tests look at it.
type iot struct {
	Count int    `json:"@iot.count"`
	Next  string `json:"@iot.nextLink"`
	Value []struct {
		ID             string `json:"@iot.id"`
		Result         float64
		ResultQuality  string
		PhenomenonTime string
		Parameters     struct{ Limit string }
	}
}

// TestThingsShowWhatTheRulesAllow asks for the datastreams of the town as different
// people: hours for whom they were agreed with, months for everybody they were
// published for, and nothing of a source of which nothing may be seen.
func TestThingsShowWhatTheRulesAllow(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "anna", "petra")
	for _, tt := range []struct {
		login   string
		streams []string
	}{
		{"anna", []string{"fern.derived.energy", "fern.derived.power", "nord.delivered.energy", "nord.delivered.power", "nord.recoverable.energy", "nord.recoverable.power", "nord.rejected.energy", "nord.rejected.power", "west.delivered.energy", "west.delivered.power"}},
		{"petra", []string{"nord.delivered.energy", "nord.delivered.power", "nord.recoverable.energy", "nord.recoverable.power", "nord.rejected.energy", "nord.rejected.power", "west.delivered.energy"}},
		{"", []string{"west.delivered.energy"}},
	} {
		p := o.person(t)
		if tt.login != "" {
			p.in(tt.login)
		}
		var streams iot
		p.read("/sensorthings/v1.1/Datastreams", &streams)
		var ids []string
		for _, s := range streams.Value {
			ids = append(ids, s.ID)
		}
		if slices.Sort(ids); !slices.Equal(ids, tt.streams) {
			t.Errorf("%s: %v, want %v", tt.login, ids, tt.streams)
		}
	}
}

// TestObservationsAreTheHoursOfTheSeries reads the January of a source by the hour and
// by the month.
func TestObservationsAreTheHoursOfTheSeries(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "petra")
	p := o.person(t)
	p.in("petra")
	var hours, months iot
	p.read("/sensorthings/v1.1/Datastreams('nord.delivered.power')/Observations?$count=true&$top=2&$orderby="+url.QueryEscape("phenomenonTime desc"), &hours)
	if hours.Count != 31*24 || hours.Next == "" || len(hours.Value) != 2 {
		t.Fatalf("%+v", hours)
	}
	if one := hours.Value[0]; one.Result != 200 || one.ResultQuality != "measured" || one.Parameters.Limit != "demand_limited" || one.PhenomenonTime != "2025-01-31T22:00:00Z/2025-01-31T23:00:00Z" {
		t.Errorf("%+v", one)
	}
	p.read("/sensorthings/v1.1/Datastreams('nord.recoverable.energy')/Observations", &months)
	if len(months.Value) != 1 || months.Value[0].Result != 300*31*24 {
		t.Errorf("%+v", months)
	}
	for path, want := range map[string]int{"/sensorthings/v1.1/Things('fern')": http.StatusNotFound, "/sensorthings/v1.1/Datastreams('west.delivered.power')": http.StatusNotFound,
		"/sensorthings/v1.1/Things?$apply=x": http.StatusBadRequest, "/sensorthings/v1.1": http.StatusOK} {
		if got := p.get(path).code; got != want {
			t.Errorf("%s is answered %d, want %d", path, got, want)
		}
	}
}
