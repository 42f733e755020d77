package words_test

import (
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/desk"
	"heatledger/reporting/words"
)

func TestWhatIsDueHasWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, l := range words.Langs() {
		for _, code := range desk.Codes() {
			if !words.KnownDue(l, code) {
				t.Errorf("%s has no sentence in %s", code, l)
			}
		}
		for _, s := range desk.States() {
			if words.DueState(l, s) == string(s) && (l != words.English || s != desk.Open && s != desk.Done) {
				t.Errorf("%s has no name in %s", s, l)
			}
		}
		for _, name := range []string{"greeting", "closing", "end", "where", "why", "cites", "more", "findings_subject", "findings_lead", "urgent_subject", "reminder_subject",
			"reminder_lead", "confirm_subject", "confirm_body", "test_subject", "test_body", "all_sites"} {
			if words.Letter(l, name, nil) == name {
				t.Errorf("letters have no %s in %s", name, l)
			}
		}
	}
}

func TestWhatIsDueReadsAsASentence(t *testing.T) {
	t.Parallel()
	i := desk.Item{Code: desk.ReportDue, Args: commitment.Args{"duty": commitment.Text("register_transmission"), "period": commitment.Text("2025")}}
	due := energy.Date{Year: 2026, Month: 3, Day: 31}
	for _, c := range []struct{ got, want string }{
		{words.Due(words.German, i), "Meldung an das Rechenzentrumsregister für 2025."},
		{words.DueWhen(words.German, due, 7), "Fällig am 31. März 2026, in 7 Tagen."},
		{words.DueWhen(words.English, due, 1), "Due on 31 March 2026, which is tomorrow."},
		{words.DueWhen(words.English, due, -3), "Was due on 31 March 2026; nothing here says that it was done."},
	} {
		if strings.ReplaceAll(c.got, "\u00a0", " ") != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
