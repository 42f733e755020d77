package disclosure_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/reporting/disclosure"
	"heatledger/reporting/document"
)

var update = flag.Bool("update", false, "write what the forms say now into testdata")

// TestFormsOfTheDemoCityAreWhatWasReadAndFoundGood compares every form of the
// city's past year with what was read and found good (-update writes it anew).
func TestFormsOfTheDemoCityAreWhatWasReadAndFoundGood(t *testing.T) {
	t.Parallel()
	hafen, leer := gathered(t)
	for _, s := range []*disclosure.Sources{hafen, leer} {
		for _, d := range disclosure.Definitions() {
			got := readable(fill(t, s, d.ID))
			file := filepath.Join("testdata", string(s.Site.ID)+"-"+string(d.ID)+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s of %s differs from %s:\n%s", d.ID, s.Site.ID, file, got)
			}
		}
	}
}

// readable is a form as a person reads it, without what changes with each run.
func readable(f disclosure.Form) string {
	var b strings.Builder
	w := disclosure.In(document.English)
	have, all := f.Complete()
	fmt.Fprintf(&b, "%s: %s, %d, %s, %s, %d of %d; %s\n", w.Title(f.ID), f.Name, f.Year, f.Status, f.Class, have, all, strings.Join(w.Notes(f.Notes), "; "))
	for _, field := range f.InOrder() {
		if !field.Value.OK() {
			fmt.Fprintf(&b, "%s | %s | missing: %s\n", field.Number, w.FullLabel(field), w.Remedies(field))
			continue
		}
		fmt.Fprintf(&b, "%s | %s | %s %s | %s, %s | %s | %s", field.Number, w.FullLabel(field), field.Value, field.Unit, field.Basis, field.Status, sources(field), strings.Join(w.Notes(field.Notes), "; "))
		if field.Declared != nil || field.Published != nil {
			fmt.Fprintf(&b, " | %s / %s / %s", w.Stated(field.Metered), w.Stated(field.Declared), w.Stated(field.Published))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func sources(f disclosure.Field) string {
	var names []string
	for _, s := range f.Sources {
		names = append(names, string(s.Kind)+":"+s.ID)
	}
	return strings.Join(names, " ")
}

func TestFiguresInFormsAreThoseOfTheAPIToTheLastDigit(t *testing.T) {
	t.Parallel()
	hafen, _ := gathered(t)
	figure := func(name string) kpi.Figure {
		i := slices.IndexFunc(hafen.Figures, func(f kpi.Figure) bool { return f.Name == name })
		if i < 0 || !hafen.Figures[i].OK {
			t.Fatalf("hafen has no %s", name)
		}
		return hafen.Figures[i]
	}
	for _, tt := range []struct {
		form        disclosure.FormID
		field, want string
	}{
		{disclosure.EnEfGAnnex3, "enefg-2f", disclosure.Float(figure("pue").Value).String()},
		{disclosure.EnEfGAnnex3, "enefg-2g", disclosure.Float(figure("erf").Value).String()},
		{disclosure.EnEfGAnnex3, "enefg-2b", disclosure.Float(figure("ref").Value).String()},
		{disclosure.EnEfGAnnex3, "enefg-2i", disclosure.Float(figure("wue_2").Value).String()},
		{disclosure.EnEfGAnnex3, "enefg-2d-temperature", disclosure.Float(figure("heat_delivered_flow_temperature").Value).String()},
		{disclosure.EnEfGAnnex3, "enefg-2a-total", figure("green_share_annual").Denominator.String()},
		{disclosure.UnionDatabase, "eu-edc", figure("pue").Numerator.String()},
		{disclosure.UnionDatabase, "eu-eit", figure("pue").Denominator.String()},
		{disclosure.UnionDatabase, "eu-ereuse", figure("erf").Numerator.String()},
		{disclosure.UnionDatabase, "eu-win", figure("wue_2").Numerator.String()},
		{disclosure.UnionDatabase, "eu-eres-tot", figure("ref").Numerator.String()},
		{disclosure.Carbon, "ghg-location", figure("cue_location").Numerator.String()},
		{disclosure.Carbon, "ghg-market", figure("cue_market").Numerator.String()},
		{disclosure.HeatPlan, "wpg-4c-heat", figure("heat_delivered").Numerator.String()},
	} {
		f, ok := fill(t, hafen, tt.form).Field(tt.field)
		if got := f.Value.String(); !ok || !sameNumber(t, got, tt.want) {
			t.Errorf("%s is %s, the figure %s", tt.field, got, tt.want)
		}
	}
}

// sameNumber compares decimals exactly: 12.50 is 12.5.
func sameNumber(t *testing.T, a, b string) bool {
	t.Helper()
	x, errX := energy.ParseValue(a)
	y, errY := energy.ParseValue(b)
	if errX != nil || errY != nil {
		return false
	}
	return x.Equal(y)
}

func TestThePartsOfRenewableEnergyAddUpToTheTotal(t *testing.T) {
	t.Parallel()
	hafen, _ := gathered(t)
	form := fill(t, hafen, disclosure.UnionDatabase)
	sum := energy.Amount(0)
	for _, code := range []string{"eu-eres-goo", "eu-eres-ppa", "eu-eres-os"} {
		sum += amountOf(t, form, code)
	}
	if total := amountOf(t, form, "eu-eres-tot"); sum != total || amountOf(t, form, "eu-eres-os") == 0 || amountOf(t, form, "eu-eres-goo") == 0 {
		t.Errorf("the parts are %d mWh, the total %d", sum, total)
	}
}

func amountOf(t *testing.T, form disclosure.Form, code string) energy.Amount {
	t.Helper()
	f, _ := form.Field(code)
	v, err := energy.ParseValue(f.Value.String())
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	a, err := energy.ActiveEnergyImport.Fixed(v)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return a
}

func TestEverySourceOfAFieldCanBeFound(t *testing.T) {
	t.Parallel()
	hafen, leer := gathered(t)
	known := []string{"name", "operator", "it_load_kw", "connected_load_kw", "address.postcode", "address.street", "address.town", "address.lau", "type", "in_operation_since"}
	for _, s := range []*disclosure.Sources{hafen, leer} {
		for _, d := range disclosure.Definitions() {
			for _, f := range fill(t, s, d.ID).Fields {
				if f.Value.OK() && len(f.Sources) == 0 {
					t.Errorf("%s of %s has a value and no source", f.Code, s.Site.ID)
				}
				for _, source := range f.Sources {
					if !found(s, source, known) {
						t.Errorf("%s rests on %s %q, which is nowhere", f.Code, source.Kind, source.ID)
					}
				}
			}
		}
	}
}

func found(s *disclosure.Sources, source disclosure.Source, known []string) bool {
	switch source.Kind {
	case disclosure.FromPoint:
		_, _, _, ok := s.Registry.Point(energy.PointID(source.ID))
		return ok
	case disclosure.FromFigure:
		return slices.ContainsFunc(s.Figures, func(f kpi.Figure) bool { return f.Name == source.ID })
	case disclosure.FromFact:
		return slices.ContainsFunc(s.Site.Facts, func(f registry.Fact) bool { return f.ID() == source.ID })
	case disclosure.FromDeclaration:
		return slices.ContainsFunc(s.Site.Declarations, func(d registry.Declaration) bool { return d.ID() == source.ID })
	case disclosure.FromEvidence:
		return slices.ContainsFunc(s.Registry.Evidence, func(e registry.Evidence) bool { return e.ID == source.ID })
	case disclosure.FromGrid:
		_, err := os.Stat("../../" + source.Document)
		return err == nil
	}
	return source.Kind == disclosure.FromRegistry && slices.Contains(known, source.ID)
}

func TestASiteWithAlmostNothingGivesFormsOfRemedies(t *testing.T) {
	t.Parallel()
	_, leer := gathered(t)
	words := disclosure.In(document.German)
	for _, d := range disclosure.Definitions() {
		form := fill(t, leer, d.ID)
		if have, all := form.Complete(); have > 1 || all == 0 { // a name is all there is
			t.Errorf("%s has %d of %d values", d.ID, have, all)
		}
		for _, f := range form.InOrder()[:len(form.Missing)] {
			if f.Value.OK() || len(f.Missing) == 0 || words.Remedies(f) == "" {
				t.Errorf("%s is missing (%q) and nothing is said of what would give it", f.Code, f.Value)
			}
		}
	}
}

func TestNothingMissingIsZero(t *testing.T) {
	t.Parallel()
	hafen, leer := gathered(t)
	for _, s := range []*disclosure.Sources{hafen, leer} {
		for _, d := range disclosure.Definitions() {
			for _, f := range fill(t, s, d.ID).Fields {
				if value, ok := f.Value.Float64(); ok && value == 0 && !slices.Contains([]string{"enefg-2a-feed-in", "eu-eres-ppa", "ghg-market"}, f.Code) {
					t.Errorf("%s of %s is 0", f.Code, s.Site.ID)
				}
			}
		}
	}
}

func TestFactsFeedTheFieldsTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	_, leer := gathered(t)
	fed := map[string][]string{} // fact: fields that lack it
	for _, d := range disclosure.Definitions() {
		for _, f := range fill(t, leer, d.ID).Fields {
			for _, l := range f.Missing {
				name, _, _ := strings.Cut(l.Name, "@")
				if l.Kind == disclosure.LackFact {
					fed[name] = append(fed[name], f.Label)
				}
			}
		}
	}
	for _, code := range registry.FactCodes() {
		for _, field := range code.Feeds {
			if !slices.ContainsFunc(disclosure.Codes(), func(c string) bool { return c == field || strings.HasPrefix(c, field+"-") }) && field != "ghg-thermal" {
				t.Errorf("%s feeds %s, which no form has", code.Name, field)
			}
		}
		for _, field := range fed[code.Name] {
			if !slices.Contains(code.Feeds, field) {
				t.Errorf("%s is asked for by %s, and its code does not say so", code.Name, field)
			}
		}
		delete(fed, code.Name)
	}
	for name, fields := range fed {
		t.Errorf("%v ask for a fact %q without a code", fields, name)
	}
}

func TestEveryCodeHasWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, lang := range document.Langs() {
		words := disclosure.In(lang)
		for _, d := range disclosure.Definitions() {
			for _, key := range []string{"form:" + string(d.ID), "to:" + string(d.ID), "class:" + string(d.Class)} {
				if text, ok := words.Say(key); !ok || text == "" {
					t.Errorf("%s has no words in %s", key, lang)
				}
			}
		}
		_, leer := gathered(t)
		for _, d := range disclosure.Definitions() {
			for _, f := range fill(t, leer, d.ID).Fields {
				if text, ok := words.Say(f.Label); !ok || text == "" {
					t.Errorf("field %s has no words in %s", f.Label, lang)
				}
			}
		}
		for _, code := range registry.FactCodes() {
			if name := words.Fact(code.Name); name == code.Name {
				t.Errorf("fact %s has no words in %s", code.Name, lang)
			}
			if who, ok := words.Say("knows:" + string(code.Knows)); !ok || who == "" {
				t.Errorf("nobody knows %s in %s", code.Name, lang)
			}
		}
	}
}

func TestWhatWasKnownThenFillsTheSameForm(t *testing.T) {
	t.Parallel()
	l := newCity(t)
	now, err := disclosure.Gather(t.Context(), l, "hafen", cityYear, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	then, err := disclosure.Gather(t.Context(), l, "hafen", cityYear, now.AsKnown)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range disclosure.Definitions() {
		a, b := fill(t, now, d.ID), fill(t, then, d.ID)
		if a.Digest() != b.Digest() {
			t.Errorf("%s: asked as of its own instant the digest differs:\n%s\n%s", d.ID, readable(a), readable(b))
		}
	}
	if _, err := disclosure.Gather(t.Context(), l, "nowhere", cityYear, time.Time{}); !errors.Is(err, ledger.ErrNoSite) {
		t.Error("a site that is not there has forms")
	}
	running, err := disclosure.Gather(t.Context(), l, "hafen", 2026, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if form := fill(t, running, disclosure.EnEfGAnnex3); form.Year != 2026 || len(form.Missing) == 0 {
		t.Errorf("of a year without readings %d fields are missing", len(form.Missing))
	}
}

func TestRenewableEnergyWithoutEvidenceIsMissingNotZero(t *testing.T) {
	t.Parallel()
	hafen, _ := gathered(t)
	bare := *hafen
	bare.Guarantees, bare.Purchases = nil, nil
	bare.Site.Meters = slices.DeleteFunc(slices.Clone(bare.Site.Meters), func(m registry.Meter) bool { return m.ID == "hafen-roof" })
	for form, codes := range map[disclosure.FormID][]string{disclosure.EnEfGAnnex3: {"enefg-2b"}, disclosure.UnionDatabase: {"eu-eres-tot", "eu-eres-goo", "eu-eres-ppa", "eu-eres-os", "eu-ref"}} {
		for _, code := range codes {
			if f, _ := fill(t, &bare, form).Field(code); f.Value.OK() || len(f.Missing) == 0 {
				t.Errorf("%s is %q without any evidence: %+v", code, f.Value, f.Missing)
			}
		}
	}
	told := bare
	told.Site.Facts = append(slices.Clone(bare.Site.Facts), registry.Fact{Name: "has_green_purchase", Value: no(t), Year: cityYear})
	if f, _ := fill(t, &told, disclosure.EnEfGAnnex3).Field("enefg-2b"); !f.Value.OK() {
		t.Error("though the operator says that nothing green was bought, the share is missing")
	}
}

func no(t *testing.T) (v registry.FactValue) {
	t.Helper()
	if err := v.UnmarshalText([]byte("no")); err != nil {
		t.Fatal(err)
	}
	return v
}
