package web

import (
	"net/http"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
)

// profileOf reads label, step and zone: how the rows of a load profile are meant
// that do not say it themselves. Without them it is the zero Profile.
func profileOf(r *http.Request) (p intake.Profile, err error) {
	query := r.URL.Query()
	p = intake.Profile{Label: intake.Label(query.Get("label")), Most: rowLimit}
	if query.Has("label") && p.Label != intake.LabelStart && p.Label != intake.LabelEnd {
		return p, refuse(http.StatusBadRequest, "bad_label", "label=%.40q is no border of an interval: start or end is expected", string(p.Label))
	}
	if query.Has("step") {
		if p.Step, err = time.ParseDuration(query.Get("step")); err != nil || p.Step <= 0 || p.Step%time.Second != 0 {
			return p, refuse(http.StatusBadRequest, "bad_step", "step=%.40q is no length of an interval: 15m, 1h or another of whole seconds is expected", query.Get("step"))
		}
		if p.Label == "" {
			return p, refuse(http.StatusBadRequest, "no_label", "step=%.40q needs label=start or label=end: which border of its interval a row gives", query.Get("step"))
		}
	}
	if query.Has("zone") {
		if p.Zone, err = energy.LoadCalendar(query.Get("zone")); err != nil {
			return p, refuse(http.StatusBadRequest, "bad_zone", "zone=%.40q is no time zone: an IANA name such as Europe/Berlin is expected", query.Get("zone"))
		}
	}
	return p, nil
}
