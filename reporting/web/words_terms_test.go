package web

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestHeatHasOneWordForOneThing reads what pages, papers and layers say of heat in
// German: a planner who meets two words looks for two things.
func TestHeatHasOneWordForOneThing(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	for key, s := range pageWords() {
		if topic, _, _ := strings.Cut(key, "."); topic == "heat" || topic == "plans" || topic == "ogc" {
			said[key] = s.de
		}
	}
	for _, file := range []string{"../words/sentences/heat.de.yaml", "../words/sentences/plan.de.yaml"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		said[file] = string(b)
	}
	if len(said) < 100 {
		t.Fatalf("only %d texts", len(said))
	}
	for _, term := range []struct{ other, ours string }{
		{`(^|[^e])[Ll]iniendichte`, "Wärmeliniendichte"}, {`[Hh]er(ge)?leit`, "abgeleitet"}, {`vom Betreiber angegeben(;|"|$)`, "angegeben"},
	} {
		wrong := regexp.MustCompile(term.other)
		for where, text := range said {
			if found := wrong.FindString(text); found != "" {
				t.Errorf("%s says %q, the others %q", where, found, term.ours)
			}
		}
	}
}

// A later table of plans would silently take the place of an earlier one's sentence.
func TestNoSentenceOfPlansIsGivenTwice(t *testing.T) {
	t.Parallel()
	tables := 0
	for _, topic := range planTopics() {
		tables += len(topic)
	}
	if all := len(planWords()); all != tables {
		t.Errorf("%d sentences stand in the tables, %d are said", tables, all)
	}
}
