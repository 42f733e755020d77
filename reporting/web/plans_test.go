package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/plantest"
	"heatledger/heatmap/plan/shelf"
)

const planYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
sites:
  - id: dock
    name: Dockhaus
    meters:
      - {id: dock-ups, points: [{id: dock/it, quantity: active_energy_import, role: it_load, category: 1}]}
evidence:
  - {id: planning, kind: agreement, title: Heat planning, sites: [dock], from: 2024-01-01}
`

// newPlanOffice is an office with a year of the IT load of one site, and the sample
// kept twice: as it stands, and with another boiler. It gives the facts of both.
func newPlanOffice(t *testing.T) (o *office, first, second int64) {
	t.Helper()
	o = newOffice(t, false)
	l := ledger.New(o.store, "Europe/Berlin")
	promise(t, l, planYAML)
	begin := time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC)
	_, err := intake.New(l, intake.Options{}).Backfill(t.Context(), "file", "dock", func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) {
		yield("dock/it", func(yield func(energy.Reading) bool) {
			for hour := range 8761 {
				if !yield(energy.Reading{At: begin.Add(time.Duration(hour) * time.Hour), Value: energy.Decimal(int64(180*hour), 0), Quality: energy.Measured}) {
					return
				}
			}
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	o.close(t, "dock")
	plans := shelf.New(l, atlas.New(l))
	first = keepPlan(t, plans, harbour, "site: hafen", "site: dock")
	second = keepPlan(t, plans, harbour, "site: hafen", "site: dock", "best: 5", "best: 4", "fuel_eur_per_mwh: 60", "fuel_eur_per_mwh: 90", "high: 80, source", "high: 90, source")
	return o, first, second
}

// harbour is the folder of the sample.
const harbour = "../../heatmap/plan/harbour"

// keepPlan runs the scenario of a folder with other text and keeps it.
func keepPlan(t *testing.T, plans *shelf.Shelf, dir string, edits ...string) int64 {
	t.Helper()
	s, in := plantest.Load(t, filepath.Join(dir, "scenario.yaml"), edits...)
	var err error
	if in.Sites, err = plans.Gather(t.Context(), s, time.Time{}); err != nil {
		t.Fatal(err)
	}
	r, _, err := plan.Run(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	saved, _, err := plans.Keep(t.Context(), shelf.Keeping{Scenario: s, Inputs: in, Result: r, Actor: "office"})
	if err != nil {
		t.Fatal(err)
	}
	return saved.Fact
}

// TestPlansAreForThoseWhoPlanAndMaySeeTheirHours asks as every role, before and after
// an agreement shows planners the hours of the site.
func TestPlansAreForThoseWhoPlanAndMaySeeTheirHours(t *testing.T) {
	t.Parallel()
	o, first, _ := newPlanOffice(t)
	for login, role := range map[string]access.Role{"anna": access.Office, "adam": access.Admin, "petra": access.Planner, "rita": access.Auditor, "paula": access.Public} {
		o.account(t, login, access.Grant{Role: role, Everywhere: true})
	}
	o.account(t, "olga", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"dock"}})
	fact := strconv.FormatInt(first, 10)
	paths := []string{"/api/v1/heat/scenarios/" + fact, "/api/v1/heat/scenarios/harbour?format=csv", "/api/v1/heat/scenarios/" + fact + "?format=geojson", "/api/v1/heat/scenarios/" + fact + "/hours", "/api/v1/heat/scenarios/" + fact + "?format=dhnx", "/api/v1/heat/scenarios/" + fact + "?format=pandapipes", "/api/v1/heat/scenarios/" + fact + "/file", "/heat/scenarios/" + fact, "/heat/scenarios/compare?id=" + fact}
	ask := func(login string, code int) {
		t.Helper()
		p := o.person(t).in(login)
		for _, path := range paths {
			if a := p.get(path); a.code != code {
				t.Errorf("%s: %s is answered %d, want %d: %.200s", login, path, a.code, code, a.text)
			}
		}
		if code != 200 && code != 404 {
			return
		}
		var list []struct{ Fact int64 }
		if err := json.Unmarshal([]byte(p.get("/api/v1/heat/scenarios").text), &list); err != nil || (len(list) == 2) != (code == 200) || len(list) != 0 && code == 404 {
			t.Errorf("%s: the list is %v (%v)", login, list, err)
		}
		if page := p.get("/heat/scenarios"); page.code != 200 || strings.Contains(page.text, "harbour") != (code == 200) {
			t.Errorf("%s: the page of all plans is answered %d", login, page.code)
		}
	}
	ask("anna", 200)
	ask("adam", 200)
	ask("rita", 403)
	ask("paula", 403)
	ask("olga", 403)
	ask("petra", 404) // a planner, and nothing of the site is agreed
	content := publication.Content{Class: publication.Restricted, What: []string{"heat_available"}, Resolution: publication.Hour, Agreement: "planning",
		From: energy.Date{Year: 2025, Month: 1, Day: 1}, To: energy.Date{Year: 2026, Month: 1, Day: 1}}
	l := ledger.New(o.store, "Europe/Berlin")
	d, err := l.Decide(t.Context(), "dock", "", publication.Step{Action: publication.Propose, Content: &content, Who: "account:1", Why: "resolution 12"})
	if err == nil {
		_, err = l.Decide(t.Context(), "dock", d.ID, publication.Step{Action: publication.Confirm, Who: "account:2"})
	}
	if err != nil {
		t.Fatal(err)
	}
	ask("petra", 200)
	if a := o.person(t).get("/api/v1/heat/scenarios"); a.code != 401 {
		t.Errorf("nobody: %d", a.code)
	}
}

func TestAPlanIsCitedAndComparedOnPages(t *testing.T) {
	t.Parallel()
	o, first, second := newPlanOffice(t)
	o.account(t, "anna", access.Grant{Role: access.Office, Everywhere: true})
	anna := o.person(t).in("anna")
	var one struct {
		Citation string
		Digest   string `json:"result_sha256"`
		Of       plan.Result
	}
	if err := json.Unmarshal([]byte(anna.get(fmt.Sprintf("/api/v1/heat/scenarios/%d", first)).text), &one); err != nil {
		t.Fatal(err)
	}
	if sum, err := one.Of.Sum(); err != nil || sum != one.Digest || one.Of.Digest != one.Digest {
		t.Errorf("the result has the digest %s (%v), the plan says %s", sum, err, one.Digest)
	}
	page := anna.get(fmt.Sprintf("/heat/scenarios/%d", first)).text
	for _, want := range []string{fmt.Sprintf("Plan harbour, fact %d of the municipality, result sha256:%s", first, one.Digest), fmt.Sprintf("A later version of this plan is fact %d", second),
		"Dockhaus", "sources cover", "assumption to be replaced", "<svg", "Sensitivity", "derived from the IT load by a stated factor"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	compared := anna.get(fmt.Sprintf("/heat/scenarios/compare?id=%d&id=%d", first, second)).text
	for _, want := range []string{"≠ 90", "Boiler: price of the fuel", "not served", "less", fmt.Sprintf("Fact %d and Fact %d have 10 areas in common.", first, second), fmt.Sprintf("Served only in Fact %d: ", first)} {
		if !strings.Contains(strings.ReplaceAll(compared, "\u00a0", " "), want) {
			t.Errorf("the comparison does not say %q", want)
		}
	}
	if few := anna.get(fmt.Sprintf("/heat/scenarios/compare?id=%d", first)); few.code != 200 || !strings.Contains(few.text, "choose two to four") {
		t.Errorf("one plan alone: %d", few.code)
	}
	if many := anna.get("/heat/scenarios/compare?id=1&id=2&id=3&id=4&id=5"); many.code != 400 {
		t.Errorf("five plans: %d", many.code)
	}
}

// TestThePageOfAPlanIsSaidInOneUnitATable reads the German page of a plan: energies of
// a table have one unit, which its heads name, and all that the plan rests on is there.
func TestThePageOfAPlanIsSaidInOneUnitATable(t *testing.T) {
	t.Parallel()
	o, first, _ := newPlanOffice(t)
	o.account(t, "anna", access.Grant{Role: access.Office, Everywhere: true})
	page := strings.ReplaceAll(o.person(t).in("anna").get(fmt.Sprintf("/heat/scenarios/%d?lang=de", first)).text, "\u00a0", " ")
	for _, want := range []string{"Wärmebedarf im Jahr in MWh", "Wärmeliniendichte in MWh/m", "Weg zur nächsten Quelle in m", "Vergleichskosten in €/MWh", "Angebotene Wärme in MWh",
		"Speichergröße in MWh", "Trassenlänge in m", "CO₂-Äquivalente im Jahr in kg", "Unteres Ende der Spanne: Kosten in €/MWh",
		"Abkühlung der Quelle, wo ihr Rücklauf nicht gemessen ist (spread_k)", "Vorlauftemperatur der abgeleiteten Wärme (derive.flow_c)", "Leistung beim Laden (charge_kw)", "vom Szenario gesetzt", "Vorgabe des Programms", "das Szenario, ohne Beleg"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, table := range strings.Split(page, "<table")[1:] {
		table, _, _ = strings.Cut(table, "</table>")
		units := map[string]bool{}
		for _, m := range regexp.MustCompile(`\d (kWh|MWh|GWh)\b|in (kWh|MWh|GWh)\b`).FindAllStringSubmatch(table, -1) {
			units[m[1]+m[2]] = true
		}
		if len(units) > 1 {
			t.Errorf("a table mixes %v: %.300s", units, table)
		}
	}
	text := regexp.MustCompile(`(?s)<(script|style|code)[^>]*>.*?</(script|style|code)>|<[^>]*>`).ReplaceAllString(page, " ")
	if iso := regexp.MustCompile(`\b20\d\d-\d\d\b`).FindString(text); iso != "" {
		t.Errorf("a month is written %s", iso)
	}
	for _, wrong := range []string{" Liniendichte", "hergeleitet", "vom Betreiber angegeben", "spread_k:", ">scenario<"} {
		if strings.Contains(text, wrong) {
			t.Errorf("the page says %q", wrong)
		}
	}
}

// TestThePlansSayHowTheirAreasAndInputsDiffer holds a plan against one whose file of
// areas lacks an area, has another and wants more heat in a third.
func TestThePlansSayHowTheirAreasAndInputsDiffer(t *testing.T) {
	t.Parallel()
	o, first, _ := newPlanOffice(t)
	l := ledger.New(o.store, "Europe/Berlin")
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(harbour)); err != nil {
		t.Fatal(err)
	}
	areas, err := os.ReadFile(filepath.Join(dir, "areas.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	areas = []byte(strings.NewReplacer(`"id":"school"`, `"id":"clinic"`, "School by the dock", "Clinic by the dock", `"heat_mwh":420`, `"heat_mwh":440`).Replace(string(areas)))
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "areas.geojson"), areas, 0o644), os.Rename(filepath.Join(dir, "bakery.csv"), filepath.Join(dir, "more.csv"))); err != nil {
		t.Fatal(err)
	}
	third := keepPlan(t, shelf.New(l, atlas.New(l)), dir, "site: hafen", "site: dock", "file: bakery.csv", "file: more.csv", "capacity_kwh: 4000", "capacity_kwh: 5000")
	o.account(t, "anna", access.Grant{Role: access.Office, Everywhere: true})
	page := strings.ReplaceAll(o.person(t).in("anna").get(fmt.Sprintf("/heat/scenarios/compare?id=%d&id=%d", first, third)).text, "\u00a0", " ")
	for _, want := range []string{fmt.Sprintf("Fact %d and Fact %d have 9 areas in common.", first, third), fmt.Sprintf("Only in Fact %d: School by the dock (invented).", first),
		fmt.Sprintf("Only in Fact %d: Clinic by the dock (invented).", third), "With another demand: Housing cooperative (invented).", "20 MWh more", "not in the scenario",
		"demand: areas.geojson", "another content", "sources: bakery.csv", "not used", "sources: more.csv", "the same content as bakery.csv", "Storage tank: size"} {
		if !strings.Contains(page, want) {
			t.Errorf("the comparison does not say %q", want)
		}
	}
	if strings.Contains(page, "streets: streets.geojson") {
		t.Error("a file that is the same is shown as different")
	}
}

func TestPlansInABrowser(t *testing.T) {
	t.Parallel()
	o, first, second := newPlanOffice(t)
	o.account(t, "anna", access.Grant{Role: access.Office, Everywhere: true})
	script, shots := axeAndShots(t)
	chromium := browser(t)
	ctx, cancel := chromedp.NewContext(chromium)
	defer cancel()
	ctx, cancelTime := context.WithTimeout(ctx, 3*time.Minute)
	defer cancelTime()
	if _, err := open(ctx, o.URL+"/signin", 1280); err != nil {
		t.Fatal(err)
	}
	enter(t, ctx, "anna")
	if _, err := open(ctx, fmt.Sprintf("%s/heat/scenarios/%d?lang=de", o.URL, first), 1280); err != nil {
		t.Fatal(err)
	}
	hidden, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll("main table.reasons")].filter(t => !t.offsetWidth || t.offsetWidth > t.parentElement.clientWidth + 1).map(t => t.closest("section").querySelector("h2").textContent)`))
	if err != nil || len(hidden) > 0 {
		t.Errorf("at 1280 px these tables are not seen whole: %q, %v", hidden, err)
	}
	for name, path := range map[string]string{"plans": "/heat/scenarios?lang=de", "plan": fmt.Sprintf("/heat/scenarios/%d?lang=de", first), "plan-en": fmt.Sprintf("/heat/scenarios/%d?lang=en", second),
		"plans-compare": fmt.Sprintf("/heat/scenarios/compare?id=%d&id=%d&lang=de", first, second)} {
		for _, width := range []int64{320, 360, 1280} {
			if name == "plan-en" && width != 360 {
				continue
			}
			checkPage(t, chromium, o.URL+path, fmt.Sprintf("%s at %d px", name, width), width, script, filepath.Join(shots, fmt.Sprintf("%s-%d.png", name, width)))
		}
	}
}
