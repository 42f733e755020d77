package words_test

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
	"heatledger/reporting/words"
)

func TestEveryCodeHasASentenceInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, l := range words.Langs() {
		for _, code := range commitment.Codes() {
			if !words.Known(l, code) {
				t.Errorf("%s has no sentence in %s", code, l)
			}
		}
		for _, verdict := range commitment.Verdicts() {
			for _, comparator := range []registry.Comparator{registry.AtLeast, registry.AtMost} {
				for _, citation := range []string{"EnEfG § 11 Abs. 1", "Ratsbeschluss"} {
					a := commitment.Assessment{Verdict: verdict, Comparator: comparator, Citation: citation}
					if got := words.Verdict(l, a); strings.Contains(got, string(verdict)+".") || got == "" || strings.Contains(got, "{") {
						t.Errorf("%s with %s in %s is %q", verdict, comparator, l, got)
					}
				}
			}
		}
	}
}

func TestEveryNameOfARulebookHasWords(t *testing.T) {
	t.Parallel()
	for _, id := range commitment.Rulebooks() {
		book, _, err := commitment.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range words.Langs() {
			for _, rule := range book.Rules {
				if name := cmp.Or(rule.Metric, rule.Duty); words.Metric(l, name) == name {
					t.Errorf("%s has no name in %s", name, l)
				}
				for _, p := range rule.Proofs {
					for _, fact := range append(p.Facts, p.Without...) {
						step := commitment.Step{Code: commitment.ProofFactAbsent, Args: commitment.Args{"evidence": commitment.Text("e"), "fact": commitment.Text(fact)}}
						if got := words.Step(l, commitment.Assessment{}, step); strings.HasSuffix(got, " "+fact+".") || strings.Contains(got, "{") {
							t.Errorf("the lack of %s is %q in %s", fact, got, l)
						}
					}
				}
				for _, x := range rule.Exceptions {
					if words.Exception(l, x.ID) == x.ID {
						t.Errorf("%s has no name in %s", x.ID, l)
					}
					for _, fact := range append(x.Facts, x.Without...) {
						a := commitment.Assessment{Metric: rule.Metric}
						step := commitment.Step{Code: commitment.ExceptionFactAbsent, Args: commitment.Args{
							"exception": commitment.Text(x.ID), "evidence": commitment.Text("e"), "fact": commitment.Text(fact)}}
						if got := words.Step(l, a, step); strings.HasSuffix(got, " "+fact+".") || strings.Contains(got, "{") {
							t.Errorf("the lack of %s is %q in %s", fact, got, l)
						}
					}
				}
			}
		}
	}
}

func TestNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ got, want string }{
		{words.Number(words.German, 1.62, 2), "1,62"},
		{words.Number(words.English, 1.62, 2), "1.62"},
		{words.Number(words.German, 1234567.8, 1), "1.234.567,8"},
		{words.Number(words.English, 1234567.8, 1), "1,234,567.8"},
		{words.Number(words.German, -999, 0), "−999"},
		{words.Number(words.German, -0.001, 2), "0,00"},
		{words.Number(words.SimpleGerman, 1000, 0), "1.000"},
		{words.Share(words.German, 0.5), "50\u00a0%"},
		{words.Share(words.English, 0.432), "43.2%"},
		{words.Share(words.German, 1), "100\u00a0%"},
		{words.Share(words.German, 0.9999), "99,9\u00a0%"},
		{words.Share(words.German, 0.996), "99,6\u00a0%"},
		{words.Amount(words.German, 4_100_000, "kWh"), "4,10\u00a0GWh"},
		{words.Amount(words.German, 9000, "MWh"), "9.000\u00a0MWh"},
		{words.Amount(words.English, 300, "kW"), "300\u00a0kW"},
		{words.Period(words.German, commitment.Span{Label: "2025"}), "2025"},
		{words.Period(words.English, commitment.Span{Label: "2025-06"}), "June 2025"},
		{words.Period(words.German, commitment.Span{Label: "P12M/2026-10"}), "zwölf Monate bis Oktober 2026"},
		{words.Period(words.English, commitment.Span{Label: "2025-04-01/2026-04-01"}), "1 April 2025 – 31 March 2026"},
		{words.Date(words.German, energy.Date{Year: 2027, Month: 7, Day: 1}), "1. Juli 2027"},
		{words.Date(words.English, energy.Date{Year: 2027, Month: 7, Day: 1}), "1 July 2027"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}

func TestTheLanguageIsChosenByTheBrowser(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]words.Lang{
		"":                                    words.German,
		"fr, es;q=0.8":                        words.German,
		"en":                                  words.English,
		"en-GB,en;q=0.9":                      words.English,
		"de;q=0.7, en;q=0.3":                  words.German,
		"fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7": words.English,
		"de-simple, de;q=0.5":                 words.SimpleGerman,
		"de-AT":                               words.German,
		"en;q=nonsense":                       words.German,
	} {
		if got := words.Choose(accept); got != want {
			t.Errorf("%q gives %s, want %s", accept, got, want)
		}
	}
}

func TestWhatASentenceDoesNotSay(t *testing.T) {
	t.Parallel()
	offence := regexp.MustCompile(`(?i)verstoß|verstöße|violat|breach|illegal|rechtswidrig`)
	for _, l := range words.Langs() {
		for _, code := range commitment.Codes() {
			a := commitment.Assessment{Verdict: commitment.Missed, Reason: code, Metric: "pue"}
			if got := words.Because(l, a); offence.MatchString(got) {
				t.Errorf("%s in %s speaks of an offence: %q", code, l, got)
			}
		}
	}
}

func TestTheSentencesOfTheHouse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a    commitment.Assessment
		want string
	}{
		{commitment.Assessment{Verdict: commitment.Missed, Comparator: registry.AtMost, Citation: "EnEfG § 11 Abs. 1", Reason: commitment.AboveThreshold}, "Messwert über dem Grenzwert des §\u00a011"},
		{commitment.Assessment{Verdict: commitment.Met, Basis: commitment.Declared}, "eingehalten (laut Betreiber)"},
		{commitment.Assessment{Verdict: commitment.Undetermined, Reason: commitment.EvidenceMissing}, "nicht feststellbar: Nachweis fehlt"},
		{commitment.Assessment{Verdict: commitment.NotDue, Metric: "pue", Unit: energy.One, Value: commitment.Some(1.6249)}, "noch nicht fällig (heute: 1,62)"},
		{commitment.Assessment{Verdict: commitment.NotDue, Metric: "pue", Unit: energy.One, Value: commitment.Some(1.6249), Period: commitment.Span{Label: "2025", Closed: true}}, "noch nicht fällig (2025: 1,62)"},
		{commitment.Assessment{Verdict: commitment.NotDue}, "noch nicht fällig"},
	} {
		for _, l := range []words.Lang{words.German, words.SimpleGerman} {
			if got := words.Verdict(l, test.a); got != test.want {
				t.Errorf("in %s: %q, want %q", l, got, test.want)
			}
		}
	}
}

// TestNoSentenceOfTheCasesHasAGap reads what the cases of energy/commitment
// came to: every argument that a sentence needs is there.
func TestNoSentenceOfTheCasesHasAGap(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../energy/commitment/testdata/*/want.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	type step struct {
		Code commitment.Code
		Args map[string]json.RawMessage
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []struct {
			Reason  commitment.Code `json:"reason_code"`
			Args    map[string]json.RawMessage
			Verdict commitment.Verdict
			Steps   []step
		}
		if err := json.Unmarshal(src, &list); err != nil {
			t.Fatal(err)
		}
		for _, found := range list {
			a := commitment.Assessment{Verdict: found.Verdict, Reason: found.Reason, Args: arguments(t, found.Args), Metric: "pue"}
			for _, s := range found.Steps {
				a.Steps = append(a.Steps, commitment.Step{Code: s.Code, Args: arguments(t, s.Args)})
			}
			for _, l := range words.Langs() {
				sentences := []string{words.Because(l, a), words.Verdict(l, a)}
				for _, s := range a.Steps {
					sentences = append(sentences, words.Step(l, a, s))
				}
				for _, got := range sentences {
					if strings.ContainsAny(got, "{}") || strings.Contains(got, "  ") || got == "" {
						t.Errorf("%s in %s: %q", file, l, got)
					}
				}
			}
		}
	}
}

// arguments reads arguments as they are written.
func arguments(t *testing.T, written map[string]json.RawMessage) commitment.Args {
	t.Helper()
	args := commitment.Args{}
	for name, src := range written {
		var amount struct {
			Number float64
			Unit   energy.Unit
		}
		var text string
		if json.Unmarshal(src, &amount) == nil {
			args[name] = commitment.Amount(amount.Number, amount.Unit)
		} else if err := json.Unmarshal(src, &text); err != nil {
			t.Fatalf("argument %s is %s: %v", name, src, err)
		} else if day, err := energy.ParseDate(text); err == nil {
			args[name] = commitment.Day(day)
		} else {
			args[name] = commitment.Text(text)
		}
	}
	return args
}
