package web_test

import (
	"encoding/csv"
	"math"
	"strconv"
	"strings"
	"testing"
)

type shownPooled struct {
	Name          string   `json:"kpi"`
	WeightedByEDC *float64 `json:"weighted_by_edc"`
	PlainRatio    *float64 `json:"plain_ratio"`
	Numerator     float64  `json:"numerator"`
	Denominator   float64  `json:"denominator"`
	EDC           float64  `json:"edc_kwh"`
	Sites         int      `json:"sites"`
	Of            int      `json:"of"`
}

func TestFiguresOfTheCityStandSideBySideInBothWays(t *testing.T) {
	t.Parallel()
	city := &site{Server: newCity(t)}
	var all []shownPooled
	answer := city.call(t, "GET", "/api/v1/kpis?period=2025", "", nil, nil, &all)
	if answer.StatusCode != 200 || len(all) != 5 || len(answer.Header.Values("Heatledger-Fact")) != 3 {
		t.Fatalf("%d, %+v, facts %v", answer.StatusCode, all, answer.Header.Values("Heatledger-Fact"))
	}
	// What the sites' own figures say, put together by hand.
	var numerator, denominator, weighted float64
	for _, id := range []string{"hafen", "kaiserlei"} {
		var figures []struct {
			Name        string   `json:"kpi"`
			Value       *float64 `json:"value"`
			Numerator   float64  `json:"numerator"`
			Denominator float64  `json:"denominator"`
		}
		city.call(t, "GET", "/api/v1/sites/"+id+"/kpis?period=2025", "", nil, nil, &figures)
		for _, f := range figures {
			if f.Name == "pue" {
				numerator, denominator, weighted = numerator+f.Numerator, denominator+f.Denominator, weighted+*f.Value*f.Numerator
			}
		}
	}
	pue := all[0]
	if pue.Name != "pue" || pue.Sites != 2 || pue.Of != 3 || math.Abs(*pue.WeightedByEDC-weighted/numerator) > 1e-9 || math.Abs(*pue.PlainRatio-numerator/denominator) > 1e-9 || *pue.WeightedByEDC == *pue.PlainRatio {
		t.Errorf("%+v, %v, %v; want %v weighted and %v as one", pue, *pue.WeightedByEDC, *pue.PlainRatio, weighted/numerator, numerator/denominator)
	}
	if water := all[1]; water.WeightedByEDC != nil || water.PlainRatio != nil || water.Of != 3 {
		t.Errorf("no site measures water: %+v, want null", water)
	}
	var one []shownPooled
	city.call(t, "GET", "/api/v1/kpis?period=2025&kpi=pue&site=hafen", "", nil, nil, &one)
	if len(one) != 1 || one[0].Of != 1 || math.Abs(*one[0].WeightedByEDC-*one[0].PlainRatio) > 1e-12 {
		t.Errorf("of one site both are the same: %+v", one)
	}
	city.call(t, "GET", "/api/v1/kpis?period=2025&kpi=pue&as_known_at=2020-01-01", "", nil, nil, &one)
	if len(one) != 1 || one[0].WeightedByEDC != nil || one[0].Of != 3 {
		t.Errorf("before anything was known: %+v, want nothing of three sites", one)
	}
	for path, code := range map[string]int{"": 400, "period=2025&kpi=cer": 400, "period=2025&site=nowhere": 404, "period=2025&metric=pue": 400} {
		if answer := city.call(t, "GET", "/api/v1/kpis?"+path, "", nil, nil, nil); answer.StatusCode != code {
			t.Errorf("%s: %d, want %d", path, answer.StatusCode, code)
		}
	}
}

func TestTheOverviewAndItsFileShowBothWays(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	_, file, _ := get(t, city.URL+"/api/v1/kpis?period=2025&format=csv", "en")
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil || len(rows) != 6 || strings.Join(rows[0][:3], " ") != "kpi weighted_by_edc plain_ratio" {
		t.Fatalf("%q, %v", file, err)
	}
	for language, labels := range map[string][]string{"de": {"gewichtet mit E_DC (EU)", "Verhältnis der Summen", "2 von 3"}, "en": {"Weighted with E_DC (EU)", "Ratio of the sums", "2 of 3"}} {
		_, page, _ := get(t, city.URL+"/?year=2025", language)
		for _, want := range append(labels, `href="/api/v1/kpis?format=csv&amp;period=2025"`) {
			if !strings.Contains(page, want) {
				t.Errorf("the overview in %s does not say %q", language, want)
			}
		}
		for _, cell := range rows[1][1:3] {
			value, err := strconv.ParseFloat(cell, 64)
			shown := strconv.FormatFloat(value, 'f', 3, 64)
			if language == "de" {
				shown = strings.Replace(shown, ".", ",", 1)
			}
			if err != nil || !strings.Contains(page, "<strong>"+shown+"</strong>") {
				t.Errorf("the overview in %s does not show %s", language, shown)
			}
		}
	}
}
