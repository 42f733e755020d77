package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fixture is a copy of the tariff with another list of equivalent mutants.
func fixture(t *testing.T, list string, lines ...string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/fixture")); err != nil {
		t.Fatal(err)
	}
	text := list + strings.Join(lines, "\n") + "\n"
	if err := os.WriteFile(filepath.Join(dir, "testdata", "mutants.txt"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestSurvivorsAndTheListAgreeOrItIsAnError(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile("testdata/fixture/testdata/mutants.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		sentence string
		list     string
		more     string
		error    bool
		says     string
	}{
		{"all survivors are listed", string(whole), "", false, "2 equivalent"},
		{"survivors that are not listed", "", "", true, "Fare: max(cents, 50) -> max(cents, 49)\tsurvived"},
		{"a listed mutant that a test notices", string(whole), "Fare: return 0, nil -> return 1, nil // no reason", true, "is listed as equivalent, and killed by TestFare"},
		{"a listed mutant that no longer exists", string(whole), "Fare: cents := 7 -> cents := 8 // gone", true, "does not exist"},
	} {
		var out strings.Builder
		err := run(context.Background(), []string{fixture(t, tt.list, tt.more)}, &out)
		if tt.error != errors.Is(err, errSurvivors) || !tt.error && err != nil || !strings.Contains(out.String(), tt.says) {
			t.Errorf("%s: %v, want an error: %v, and %q in\n%s", tt.sentence, err, tt.error, tt.says, out.String())
		}
	}
}

func TestEachKindOfMutantIsMade(t *testing.T) {
	t.Parallel()
	p, err := load(t.Context(), "testdata/fixture")
	if err != nil {
		t.Fatal(err)
	}
	p.find()
	keys := map[string]bool{}
	for _, m := range p.mutants {
		if keys[m.key()] {
			t.Errorf("two mutants are called %s", m.key())
		}
		keys[m.key()] = true
	}
	for _, want := range []string{
		"var free: free = 6 -> free = 7",
		"Fare: age < 0 || stops < 0 -> age <= 0 || stops < 0",
		"Fare: age < 0 || stops < 0 -> age >= 0 || stops < 0",
		"Fare: age < 0 || stops < 0 -> age < 0 && stops < 0",
		`Fare: return 0, errors.New("nobody is that young") -> return 0, nil`,
		"Fare: age <= free -> age < free",
		"Fare: cents := 100 -> cents := 101",
		"Fare: continue -> break",
		"Fare: continue -> nothing",
		"Fare: cents += 20 -> cents -= 20",
		"Fare: cents += 20 -> nothing",
	} {
		if !keys[want] {
			t.Errorf("there is no mutant %s among\n%v", want, keys)
		}
	}
}
