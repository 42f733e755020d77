package notice_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/energy/validation"
	"heatledger/reporting/notice"
	"heatledger/reporting/signin"
	"heatledger/reporting/words"
)

const city = `
municipality: {ags: "06413000", name: Musterstadt}
operators: [{id: hafen-ag, name: Hafen AG}, {id: other, name: Andere}]
sites:
  - id: hafen
    name: Rechenzentrum Hafen
    operator: hafen-ag
    in_operation_since: 2019-03-01
    connected_load_kw: 4000
    meters:
      - {id: main, points: [{id: hafen/grid, quantity: active_energy_import, role: grid_import}]}
      - {id: it, points: [{id: hafen/it, quantity: active_energy_import, role: it_load, category: 3, parent: hafen/grid}]}
    commitments: [{id: law, rulebook: enefg-2023}]
  - id: west
    name: West
    operator: other
    meters: [{id: west-main, points: [{id: west/grid, quantity: active_energy_import, role: grid_import}]}]
`

// town is a town with a silent meter, and a writer.
type town struct {
	*notice.Writer
	t     *testing.T
	store *store.Store
}

// now is the day on which letters are written.
func now() time.Time { return time.Date(2026, 3, 24, 6, 0, 0, 0, time.UTC) }

func newTown(t *testing.T) *town {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("registry.yaml", []byte(city))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	o := &town{Writer: &notice.Writer{Store: s, Ledger: l, PublicURL: "https://heat.example.city", Log: slog.New(slog.DiscardHandler)}, t: t, store: s}
	o.read("hafen/grid", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), 240, 60)
	return o
}

// read delivers hourly counters of a point from an instant on, which begin at 0 and
// grow evenly, and closes the site.
func (o *town) read(point energy.PointID, from time.Time, hours, kwh int) {
	o.t.Helper()
	b := energy.Batch{Site: point.Site(), Source: "test", Epoch: energy.NewEpoch(), Lane: energy.Backlog, Sequence: 1}
	for i := range hours {
		b.Readings = append(b.Readings, energy.PointReading{Point: point,
			Reading: energy.Reading{At: from.Add(time.Duration(i) * time.Hour), Value: energy.Decimal(int64(i*kwh), 0), Quality: energy.Measured}})
	}
	if _, err := intake.New(o.Ledger, intake.Options{}).Deliver(o.t.Context(), b); err != nil {
		o.t.Fatal(err)
	}
	if _, err := closing.New(o.Ledger, o.Log).Site(o.t.Context(), point.Site()); err != nil {
		o.t.Fatal(err)
	}
}

// subscribe subscribes an address.
func (o *town) subscribe(s store.Subscription) store.Subscription {
	o.t.Helper()
	noted, err := o.store.SubscribeConfirmed(o.t.Context(), s)
	if err != nil {
		o.t.Fatal(err)
	}
	return noted
}

// letters are those that wait, by whom they go to.
func (o *town) letters() map[string][]store.Letter {
	o.t.Helper()
	all := map[string][]store.Letter{}
	for {
		l, ok, err := o.store.TakeMail(o.t.Context(), time.Hour)
		if err != nil {
			o.t.Fatal(err)
		}
		if !ok {
			return all
		}
		all[l.To] = append(all[l.To], l)
	}
}

func TestADigestSaysWhatHappenedWhyItMattersWhatToDoAndWhereMoreIs(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	o.read("hafen/grid", time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC), 200, 60) // a gap, and the counter begins anew
	ada := o.subscribe(store.Subscription{Address: "ada@example.city", Topic: store.TopicFindings, Severity: "warning", Language: "de", Sites: []energy.SiteID{"hafen"}})
	o.subscribe(store.Subscription{Address: "bob@example.city", Topic: store.TopicFindings, Severity: "error", Language: "en"})
	o.subscribe(store.Subscription{Address: "west@example.city", Topic: store.TopicFindings, Severity: "info", Language: "en", Sites: []energy.SiteID{"west"}})
	if err := o.Findings(t.Context(), now()); err != nil {
		t.Fatal(err)
	}
	first := o.letters()
	if len(first["ada@example.city"]) != 1 || len(first["bob@example.city"]) != 0 || len(first["west@example.city"]) != 0 {
		t.Fatalf("letters: %v; want one, to who wants warnings of hafen", first)
	}
	l := first["ada@example.city"][0]
	body := strings.ReplaceAll(l.Body, "\u00a0", " ")
	for _, want := range []string{"Guten Tag,", "Rechenzentrum Hafen, hafen/grid", "Der Zählerstand fiel von", "Dem Amt sagen, ob der Zähler getauscht", "Warum das zählt: ",
		"https://heat.example.city/sites/hafen", "Abbestellen, ohne Anmeldung: https://heat.example.city/subscriptions/" + ada.Token, "11. März 2026"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not in\n%s", want, body)
		}
	}
	if l.Unsubscribe != "https://heat.example.city/subscriptions/"+ada.Token || strings.Contains(body, "{") {
		t.Errorf("ends by %q:\n%s", l.Unsubscribe, body)
	}
	if err := o.Findings(t.Context(), now().Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, l := range o.letters()["ada@example.city"] {
		if strings.Contains(l.Body, "Der Zählerstand fiel") {
			t.Errorf("the same again on the next day:\n%s", l.Body)
		}
	}
}

// TestALetterIsWordedForWhoReadsIt: who hands in is told what he can do himself, the
// office what it records, each in the language he chose.
func TestALetterIsWordedForWhoReadsIt(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	o.read("hafen/grid", time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC), 200, 60)
	hafen := []energy.SiteID{"hafen"}
	o.account("clerk@example.city", access.Grant{Role: access.Office, Everywhere: true, By: "test"})
	o.account("keeper@example.city", access.Grant{Role: access.Operator, Sites: hafen, By: "test"})
	const office, own = "Enter the meter exchange or the reset as an event.", "Tell the office whether the meter was exchanged or reset"
	want := map[string]string{
		"mailbox@example.city": office, // all sites, no account: the office's, as reminders have it
		"hafen@example.city":   own,    // named sites, no account: their operator's
		"clerk@example.city":   office, // named a site, and is of the office
		"keeper@example.city":  own,    // named none, and hands in for hafen
		"amt@example.city":     "Zählertausch oder Rücksetzung als Ereignis eintragen.",
		"betrieb@example.city": "Dem Amt sagen, ob der Zähler getauscht",
	}
	for address := range want {
		sub := store.Subscription{Address: address, Topic: store.TopicFindings, Severity: "warning", Language: "en"}
		if address == "amt@example.city" || address == "betrieb@example.city" {
			sub.Language = "de"
		}
		if address == "hafen@example.city" || address == "clerk@example.city" || address == "betrieb@example.city" {
			sub.Sites = hafen
		}
		o.subscribe(sub)
	}
	if err := o.Findings(t.Context(), now()); err != nil {
		t.Fatal(err)
	}
	sent := o.letters()
	for address, text := range want {
		if len(sent[address]) != 1 {
			t.Errorf("%s got %d letters, want 1", address, len(sent[address]))
			continue
		}
		if body := sent[address][0].Body; !strings.Contains(body, text) || text == office && strings.Contains(body, own) {
			t.Errorf("%s is not told %q:\n%s", address, text, body)
		}
	}
}

// account makes an account with an address and a grant.
func (o *town) account(address string, g access.Grant) {
	o.t.Helper()
	login, _, _ := strings.Cut(address, "@")
	if _, _, err := signin.Invite(o.t.Context(), o.store, signin.Invitation{Account: store.Account{Login: login, Mail: address, Language: "de"}, Grant: g}, now()); err != nil {
		o.t.Fatal(err)
	}
}

func TestErrorsAreToldAtOnceToThoseWhoWantThat(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	for address, urgent := range map[string]bool{"at-once@example.city": true, "daily@example.city": false} {
		o.subscribe(store.Subscription{Address: address, Topic: store.TopicFindings, Severity: "warning", Urgent: urgent, Language: "en"})
	}
	urgent := func(at time.Time) map[string][]store.Letter {
		if err := o.Urgent(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		return o.letters()
	}
	if sent := urgent(now()); len(sent) != 0 {
		t.Errorf("without an error: %v", sent)
	}
	o.read("hafen/it", time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), 48, 100) // more than all that came in
	sent := urgent(now().Add(time.Minute))
	if len(sent) != 1 || len(sent["at-once@example.city"]) != 1 {
		t.Fatalf("letters: %v; want one, at once", sent)
	}
	l := sent["at-once@example.city"][0]
	if l.Kind != notice.KindUrgent || !strings.Contains(l.Body, words.Severity(words.English, validation.Error)) || strings.Contains(l.Body, words.Severity(words.English, validation.Warning)) {
		t.Errorf("%s: %s", l.Subject, l.Body)
	}
	o.read("hafen/grid", time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC), 5, 60)
	if sent := urgent(now().Add(time.Hour)); len(sent) != 0 {
		t.Errorf("the same error again: %v", sent)
	}
}

func TestRemindersGoToOperatorAndOfficeOnceEach(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	o.subscribe(store.Subscription{Address: "office@example.city", Topic: store.TopicReminders, Severity: "info", Language: "de"})
	o.subscribe(store.Subscription{Address: "hafen@example.city", Topic: store.TopicReminders, Severity: "info", Language: "en", Sites: []energy.SiteID{"hafen"}})
	o.subscribe(store.Subscription{Address: "west@example.city", Topic: store.TopicReminders, Severity: "info", Language: "en", Sites: []energy.SiteID{"west"}})
	sent := map[string]int{}
	for day := range 12 { // 24 March to 4 April, twice a day
		for range 2 {
			if err := o.Reminders(t.Context(), now().AddDate(0, 0, day)); err != nil {
				t.Fatal(err)
			}
		}
		for address, list := range o.letters() {
			if len(list) > 1 {
				t.Errorf("%s got %d letters on one day", address, len(list))
			}
			if strings.Contains(list[0].Body, "Report to the register of data centres") || strings.Contains(list[0].Body, "Rechenzentrumsregister") {
				sent[fmt.Sprintf("%s %d", address, day)]++
			}
		}
	}
	want := map[string]int{}
	for _, address := range []string{"office@example.city", "hafen@example.city"} {
		for _, day := range []int{0, 6, 8} { // 7 days before, 1 day before, the day after
			want[fmt.Sprintf("%s %d", address, day)] = 1
		}
	}
	if fmt.Sprint(sent) != fmt.Sprint(want) {
		t.Errorf("the register was reminded on %v, want %v", sent, want)
	}
}

func TestAConfirmationNamesWhatItIsForAndWhere(t *testing.T) {
	t.Parallel()
	for _, l := range words.Langs() {
		m := notice.Confirmation("https://heat.example.city", store.Subscription{Address: "a@b", Topic: store.TopicFindings, Sites: []energy.SiteID{"hafen"}, Language: string(l), Token: "tok"}, "secret")
		if !strings.Contains(m.Body, "https://heat.example.city/subscriptions/confirm/secret") || !strings.Contains(m.Body, "hafen") || strings.Contains(m.Body, "{") || strings.Contains(m.Body, "tok\n") || m.Unsubscribe != "" {
			t.Errorf("%s: %s", l, m.Body)
		}
	}
}
