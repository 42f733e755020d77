package web_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// seenRow are the names of the sources in the table of a page.
var seenRow = regexp.MustCompile(`<th scope="row" role="rowheader"><a href="/heat/([a-z]+)\?`)

func rowsOf(text string) string {
	var names []string
	for _, m := range seenRow.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return strings.Join(names, " ")
}

// plainText is a page without its marks.
func plainText(text string) string {
	return html.UnescapeString(regexp.MustCompile(`\s+`).ReplaceAllString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, " "), " "))
}

// TestPagesOfHeatShowWhatTheRulesAllow asks for the sources, for each of them and for
// the numbers of a picture, as the roles that see something different.
func TestPagesOfHeatShowWhatTheRulesAllow(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "rita", "olga", "petra", "paula")
	for _, tt := range []struct {
		login, list                              string
		nord, west, fern, westHours, westBalance int
	}{
		{"rita", "fern nord west hafen kaiserlei", 200, 200, 200, 200, 200},
		{"olga", "west", 404, 200, 404, 200, 200},
		{"petra", "nord west", 200, 200, 404, 404, 200},
		{"paula", "west", 404, 200, 404, 404, 200},
		{"", "west", 404, 200, 404, 404, 200},
	} {
		p := o.person(t)
		if tt.login != "" {
			p.in(tt.login)
		}
		list := p.get("/heat" + ofJanuary)
		if got := rowsOf(list.text); got != tt.list {
			t.Errorf("%q sees %q, want %q", tt.login, got, tt.list)
		}
		for _, one := range []struct {
			path string
			want int
		}{
			{"/heat/nord", tt.nord}, {"/heat/west", tt.west}, {"/heat/fern", tt.fern}, {"/heat/nowhere", 404}, {"/heat/nord/charts/carpet.csv", tt.nord},
			{"/heat/west/charts/carpet.csv", tt.westHours}, {"/heat/west/charts/balance.csv", tt.westBalance}, {"/heat/west/charts/nothing.csv", 404}, {"/heat/west/charts/flows.csv", 404},
		} {
			if a := p.get(one.path + ofJanuary); a.code != one.want {
				t.Errorf("%q is answered %d about %s, want %d", tt.login, a.code, one.path, one.want)
			}
		}
		if exact := strings.Contains(list.text, "240 kW"); exact != (tt.westHours == 200) {
			t.Errorf("%q reads the exact power of west: %v", tt.login, exact)
		}
		for _, bad := range []string{"/heat?period=soon", "/heat?power=much", "/heat/west?period=1"} {
			if a := p.get(bad); a.code != 400 {
				t.Errorf("%q is answered %d to %s", tt.login, a.code, bad)
			}
		}
	}
}

// TestASourceSaysWhatItsNumbersAre: of nord both meters are known, west shows what the
// network took, fern its IT load; and January is no year.
func TestASourceSaysWhatItsNumbersAre(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "rita", "petra")
	rita, petra, nobody := o.person(t).in("rita"), o.person(t).in("petra"), o.person(t)
	for _, tt := range []struct {
		sentence string
		who      *person
		path     string
		says     []string
		not      []string
	}{
		{"delivered heat is the network's appetite", rita, "/heat/west?period=2025-01&lang=de", []string{"zeigen den Appetit des Netzes, nicht den der Quelle", "Datengüte: gemessen"}, nil},
		{"and in English too", rita, "/heat/west?period=2025-01&lang=en", []string{"show the network's appetite, not the source's", "Data grade: measured"}, nil},
		{"both meters together are what the source had", petra, "/heat/nord?period=2025-01&lang=de", []string{"was die Quelle hergab, nicht nur, was abgenommen wurde", "300 kW", "gesichert: 300 kW in 98 % der Stunden"}, []string{"Appetit"}},
		{"what was delivered of it is appetite again", petra, "/heat/nord?period=2025-01&kind=delivered&lang=de", []string{"Appetit des Netzes", "gesichert: 200 kW in 98 % der Stunden"}, nil},
		{"heat of the IT load is derived, and by which assumption", rita, "/heat/fern?period=2025-01&lang=de", []string{"nicht an der Wärme gemessen", "Der gesamte Strom der IT wird zu nutzbarer Wärme"}, nil},
		{"a month has no seasonal band, and says why", petra, "/heat/nord?period=2025-01&lang=de", []string{"Monatsbänder gibt es hier nicht: es sind weniger als zwölf Monate bekannt.", "Werktage"}, []string{"Bänder nach Monat"}},
		{"a planner is told what is not shown and why", petra, "/heat/west?period=2025-01&lang=de", []string{"Stundenwerte zeigt diese Seite nicht: vereinbart ist nur eine gröbere Auflösung", "abgegebene Wärme"}, []string{"Geordnete Dauerlinie", "Betreiber:"}},
		{"everybody is told that he sees classes", nobody, "/heat?period=2025-01&lang=de", []string{"Sie sehen Klassen", "100 bis unter 500 kW"}, []string{"240 kW"}},
	} {
		a := tt.who.get(tt.path)
		text := plainText(a.text)
		for _, want := range tt.says {
			if a.code != 200 || !strings.Contains(text, want) {
				t.Errorf("%s: %s (%d) does not say %q", tt.sentence, tt.path, a.code, want)
			}
		}
		for _, not := range tt.not {
			if strings.Contains(text, not) {
				t.Errorf("%s: %s says %q", tt.sentence, tt.path, not)
			}
		}
	}
}

// TestSourcesAreChosenOrderedAndAddedUp: fern 320, nord 300, west 240 kW, none with a
// known temperature.
func TestSourcesAreChosenOrderedAndAddedUp(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "rita", "petra")
	rita := o.person(t).in("rita")
	for query, want := range map[string]string{
		"":                       "fern nord west hafen kaiserlei",
		"&down=true&sort=power":  "hafen kaiserlei west nord fern",
		"&sort=name":             "fern hafen kaiserlei nord west",
		"&sort=name&down=true":   "west nord kaiserlei hafen fern",
		"&power=250":             "fern nord",
		"&power=300,5":           "fern",
		"&temperature=10":        "",
		"&power=250&temperature": "fern nord",
	} {
		if got := rowsOf(rita.get("/heat" + ofJanuary + query).text); got != want {
			t.Errorf("%q shows %q, want %q", query, got, want)
		}
	}
	for query, want := range map[string]string{
		"&site=nord&site=fern":   "In 98 % der gemeinsam bekannten Stunden gaben diese Quellen zusammen mindestens 620 kW",
		"&site=nord":             "Kreuzen Sie mindestens zwei Quellen an.",
		"&site=nord&site=hafen":  "dann gibt es keine gemeinsame Zahl",
		"&site=nord&site=nowhee": "nichts, das Sie sehen dürfen",
	} {
		a := rita.get("/heat" + ofJanuary + "&lang=de" + query)
		if !strings.Contains(strings.ToLower(plainText(a.text)), strings.ToLower(want)) {
			t.Errorf("%q (%d) does not say %q", query, a.code, want)
		}
	}
	if a := o.person(t).in("petra").get("/heat" + ofJanuary + "&lang=de&site=nord&site=west"); !strings.Contains(a.text, "keine Stundenwerte sehen") {
		t.Error("a planner is given a sum of hours that he may not see")
	}
}

// TestPicturesOfHeatGiveTheirNumbers: January 2025 has 744 hours; nord gave 200 and let
// 100 kW go.
func TestPicturesOfHeatGiveTheirNumbers(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "petra")
	petra := o.person(t).in("petra")
	for chart, want := range map[string]struct {
		lines       int
		first, last string
	}{
		"carpet.csv":  {745, "from,to,power_kw,flow_c,return_c,grade,limit", "2025-01-31T23:00:00+01:00,2025-02-01T00:00:00+01:00,300,,,measured,supply_limited"},
		"curve.csv":   {745, "hours,power_kw", "744,300"},
		"bands.csv":   {73, "when,hour,p90_kw,p50_kw,p10_kw,hours,of", "sunday_or_holiday,23,300,300,300,5,5"},
		"balance.csv": {2, "period,abgegebene Wärme (MWh),Wärme an die Luft (MWh)", "2025-01,148.8,74.4"},
	} {
		a := petra.get("/heat/nord/charts/" + chart + ofJanuary + "&lang=de")
		lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(a.text, "\r\n", "\n")), "\n")
		if a.code != 200 || len(lines) != want.lines || lines[0] != want.first || lines[len(lines)-1] != want.last {
			t.Errorf("%s (%d) has %d lines from %q to %q, want %d from %q to %q", chart, a.code, len(lines), lines[0], lines[len(lines)-1], want.lines, want.first, want.last)
		}
	}
	page := petra.get("/heat/nord" + ofJanuary + "&lang=de")
	for _, m := range regexp.MustCompile(`<figure id="([a-z]+)"`).FindAllStringSubmatch(page.text, -1) {
		figure, _, _ := strings.Cut(page.text[strings.Index(page.text, `<figure id="`+m[1]+`"`):], "</figure>")
		link := regexp.MustCompile(`<a href="(/heat/nord/charts/[^"]+)" download>`).FindStringSubmatch(figure)
		if link == nil || !strings.Contains(figure, "<table") || !strings.Contains(figure, "<figcaption><h2>") {
			t.Errorf("picture %s lacks a title, a table or a file", m[1])
			continue
		}
		if u, err := url.Parse(html.UnescapeString(link[1])); err != nil || petra.get(u.String()).code != 200 {
			t.Errorf("the file of %s is not there: %s", m[1], link[1])
		}
	}
}

// TestACitizenFindsTheHeatAndReadsIt: whoever is nobody is led to the sources, and told
// in a sentence what each gives.
func TestACitizenFindsTheHeatAndReadsIt(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "rita")
	nobody := o.person(t)
	nobody.header.Set("Accept-Language", "de")
	if _, menu, _ := strings.Cut(nobody.get("/published").text, "<nav"); !strings.Contains(menu[:strings.Index(menu, "</nav>")], `href="/heat"`) {
		t.Error("the menu of what is published does not lead to the heat")
	}
	list := nobody.get("/heat" + ofJanuary).text
	for _, want := range []string{"Rechenzentren machen aus Strom Wärme", "Was die Wörter bedeuten", "in 98 % der Stunden", "Genaue Zahlen und Stundenwerte"} {
		if !strings.Contains(list, want) {
			t.Errorf("%q does not stand above the sources", want)
		}
	}
	source := nobody.get("/heat/west" + ofJanuary).text
	if want := "Kurz gesagt: In fast jeder Stunde (98 % der bekannten Stunden) nahm das Netz hier eine Wärmeleistung von 100 bis unter 500 kW ab."; !strings.Contains(source, want) {
		t.Errorf("%q does not stand on the page of west", want)
	}
	bare := newOffice(t, true)
	bare.account(t, "rita")
	stranger := bare.person(t)
	stranger.header.Set("Accept-Language", "de")
	if empty := stranger.get("/heat"); empty.code != 200 || !strings.Contains(empty.text, "von keiner Wärmequelle etwas veröffentlicht") {
		t.Errorf("a town of which nothing was published: %d", empty.code)
	}
}

// TestTheAvailabilityThatIsAskedForIsSaid, and that of classes stays.
func TestTheAvailabilityThatIsAskedForIsSaid(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "petra")
	petra := o.person(t).in("petra")
	for query, wanted := range map[string][]string{"": {"there in 98 % of the known hours.</p>"}, "&availability=0.9": {"there in 90 % of the known hours. Classes are always those of 98 %.", `name="availability" value="0.9"`}} {
		list := petra.get("/heat" + ofJanuary + query).text
		for _, want := range wanted {
			if !strings.Contains(list, want) {
				t.Errorf("%q is not said of %q", want, query)
			}
		}
	}
	if source := petra.get("/heat/nord" + ofJanuary + "&availability=0.9").text; !strings.Contains(source, "In short: In 90 % of the known hours, a heat power of at least 300 kW was there.") {
		t.Errorf("the sentence of nord: %.300s", source[strings.Index(source, "In short"):])
	}
}

// TestARunningYearSaysHowFarItHasCome to people and programs, in the year itself.
func TestARunningYearSaysHowFarItHasCome(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "rita")
	o.ahead.Store(int64(-time.Since(time.Date(2025, 6, 10, 10, 0, 0, 0, time.UTC))))
	nobody := o.person(t)
	nobody.header.Set("Accept-Language", "de")
	var sheet struct {
		SupplyWhy string   `json:"supply_why"`
		SupplyKWh *float64 `json:"supply_kwh"`
		Heat      []struct {
			Whole     *struct{} `json:"whole"`
			WholeWhy  string    `json:"whole_why"`
			WholeFrom string    `json:"whole_from"`
			SoFar     *struct {
				From, To string
				KWh      float64
			} `json:"so_far"`
		}
	}
	nobody.read("/api/v1/heat/sources/west?period=2025", &sheet)
	if sheet.SupplyWhy != "still_running" || sheet.SupplyKWh != nil || len(sheet.Heat) != 1 {
		t.Fatalf("west in 2025: %+v", sheet)
	}
	// Months are published 30 days after their end: until 30 April. 744 h of 240 kW are known.
	if a := sheet.Heat[0]; a.Whole != nil || a.WholeWhy != "still_running" || a.WholeFrom != "2026-01-31" || a.SoFar == nil || a.SoFar.From != "2025-01-01" || a.SoFar.To != "2025-05-01" || a.SoFar.KWh != 744*240 {
		t.Errorf("west in 2025: %+v, so far %+v", a, a.SoFar)
	}
	for after, want := range []string{"2025-06-10", "2025-06-11"} { // what was answered yesterday is not answered today
		o.ahead.Store(int64(-time.Since(time.Date(2025, 6, 10+after, 10, 0, 0, 0, time.UTC))))
		o.person(t).in("rita").read("/api/v1/heat/sources/west?period=2025", &sheet)
		if a := sheet.Heat[0]; a.Whole == nil || a.WholeWhy != "still_running" || a.SoFar == nil || a.SoFar.To != want {
			t.Errorf("who reads west on %s: %+v, so far %+v", want, a, a.SoFar)
		}
	}
	page := nobody.get("/heat/west?period=2025").text
	for _, want := range []string{"Was die Quelle vom 1. Januar 2025 bis 30. April 2025 hergab", "Wärme vom 1. Januar 2025 bis 30. April 2025", "178,6 MWh", "der Zeitraum läuft noch; vollständig ab 31. Januar 2026", "abgegebene Wärme 178,6 MWh bis 30. April 2025"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q does not stand on the page of west", want)
		}
	}
}
