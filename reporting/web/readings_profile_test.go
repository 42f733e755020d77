package web_test

import (
	"net/http"
	"strings"
	"testing"

	"heatledger/energy/access"
	"heatledger/energy/intake"
)

func TestALoadProfileInLocalTimeIsTakenOverTheAPI(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	body := "point,at,value,unit\n"
	for _, at := range strings.Fields("01:45 02:00 02:15 02:30 02:45 02:00 02:15 02:30 02:45 03:00") {
		body += "hafen/invoice,26.10.2025 " + at + ",2,kWh\n"
	}
	var receipt intake.Receipt
	s.call(t, "POST", "/api/v1/readings?label=start&step=15m&zone=Europe/Berlin", office, strings.NewReader(body), csvHeader(), &receipt)
	if receipt.Accepted != 10 || len(receipt.Rejected) != 0 {
		t.Fatalf("both passes of the hour that is run twice: %+v, want 10 accepted", receipt)
	}
	if _, err := s.closer.Site(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
	var values []value
	s.call(t, "GET", "/api/v1/sites/hafen/points/invoice/values?from=2025-10-25T23:45:00Z&to=2025-10-26T02:15:00Z", office, nil, nil, &values)
	for _, v := range values {
		if v.Value == nil || *v.Value != 2 {
			t.Errorf("%s: %+v, want 2 kWh", v.From, v)
		}
	}
	if len(values) != 10 {
		t.Errorf("%d quarter-hours, want 10", len(values))
	}
	var later intake.Receipt
	s.call(t, "POST", "/api/v1/readings?label=end&step=15m&zone=Europe/Berlin", office, strings.NewReader(body), csvHeader(), &later)
	if later.Receipt == receipt.Receipt || later.Accepted != 1 || later.Duplicate != 9 {
		t.Errorf("the same body labelled at the end: %+v, want another submission, a quarter-hour earlier", later)
	}
}

func TestTimesThatTheClockShowsTwiceOrNeverAreRejectedOverTheAPI(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	body := "point,at,value\nhafen/invoice,2025-03-30 01:45,1\nhafen/invoice,2025-03-30 02:15,1\nhafen/invoice,2025-10-26 02:15,1\nhafen/invoice,2025-10-26 02:30B,1\n"
	var receipt intake.Receipt
	s.call(t, "POST", "/api/v1/readings?label=start&step=15m&zone=Europe/Berlin", office, strings.NewReader(body), csvHeader(), &receipt)
	if receipt.Accepted != 2 || len(receipt.Rejected) != 2 {
		t.Fatalf("%+v, want two rows taken and two rejected", receipt)
	}
	for i, want := range []struct {
		row    int
		remedy string
	}{{3, "does not exist"}, {4, "A or B"}} {
		r := receipt.Rejected[i]
		if r.Row != want.row || r.Column != "at" || r.Code != intake.CodeTime || !strings.Contains(r.Hint, want.remedy) {
			t.Errorf("%+v, want row %d, column at and a remedy with %q", r, want.row, want.remedy)
		}
	}
}

func TestAProfileThatMeansNothingIsRefusedOverTheAPI(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	for query, code := range map[string]string{
		"label=middle": "bad_label", "label=": "bad_label", "step=15m": "no_label", "label=end&step=soon": "bad_step", "label=end&step=-1h": "bad_step",
		"zone=Offenbach": "bad_zone", "zone=": "bad_zone", "lable=end": "unknown_parameter",
	} {
		var problem struct{ Code string }
		answer := s.call(t, "POST", "/api/v1/readings?"+query, office, strings.NewReader(dayCSV()), csvHeader(), &problem)
		if answer.StatusCode != http.StatusBadRequest || problem.Code != code {
			t.Errorf("%s: %d %s, want 400 %s", query, answer.StatusCode, problem.Code, code)
		}
	}
}
