package desk_test

import (
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/desk"
)

func TestWhatTheOfficeSaysOfItsTasksIsShown(t *testing.T) {
	t.Parallel()
	on := energy.Date{Year: 2026, Month: 9, Day: 20}
	q := desk.Question{Registry: load(t, city), On: on, Office: true}
	paper := func(list []desk.Item, year int) desk.Item {
		t.Helper()
		n := slices.IndexFunc(list, func(i desk.Item) bool { return i.Code == desk.CouncilPaper && i.Due.Year == year })
		if n < 0 {
			t.Fatalf("no council paper of %d in %v", year, list)
		}
		return list[n]
	}
	before := paper(desk.List(q), 2026)
	if before.State != desk.Open || !before.Markable() || before.Marked {
		t.Fatalf("before anybody said a word: %+v", before)
	}
	day := energy.Date{Year: 2026, Month: 9, Day: 18}
	for _, tt := range []struct {
		says  string
		mark  desk.Mark
		state desk.State
	}{
		{"a day that has come", desk.Mark{Item: before.Key(), Done: day, Note: "Vorlage 12"}, desk.Done},
		{"taken back", desk.Mark{Item: before.Key()}, desk.Open},
		{"a day to come", desk.Mark{Item: before.Key(), Done: on.AddDays(1)}, desk.Open},
		{"of another year", desk.Mark{Item: paper(desk.List(q), 2025).Key(), Done: day}, desk.Open},
	} {
		q.Marks = []desk.Mark{tt.mark}
		after := paper(desk.List(q), 2026)
		if after.State != tt.state || after.Marked != (tt.state == desk.Done) || tt.state == desk.Done && (after.Done != day || after.Note != "Vorlage 12") {
			t.Errorf("%s: %+v, want %s", tt.says, after, tt.state)
		}
	}
	if done := paper(desk.List(q), 2025); done.Marked || done.Done != (energy.Date{Year: 2025, Month: 10, Day: 2}) {
		t.Errorf("what the registry says is overruled: %+v", done)
	}
}

func TestALetterStandsBesideWhatItIsAbout(t *testing.T) {
	t.Parallel()
	q := desk.Question{Registry: load(t, city), On: energy.Date{Year: 2026, Month: 1, Day: 20}, Office: true}
	for _, i := range desk.List(q) {
		q.Letters = []desk.Letter{{Kind: desk.RequestLetter, Item: i.Key(), Digest: "ab"}, {Kind: desk.RequestLetter, Item: "other"}}
		for _, now := range desk.List(q) {
			if want := now.Key() == i.Key(); want != (len(now.Letters) == 1) {
				t.Errorf("a letter about %s: %s has %v", i.Key(), now.Key(), now.Letters)
			}
		}
		kind, ok := i.Letter()
		if want := i.Code == desk.OperatorRequest && i.State != desk.Done; ok != want || want && kind != desk.RequestLetter {
			t.Errorf("%s has a letter %q, %v", i.Key(), kind, ok)
		}
	}
}
