package proof_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"heatledger/energy/proof"
)

// TestAHandoverLeadsFromEitherKeyToTheOther rotates a key twice and checks what
// holders of the first, the second and the third key can prove.
func TestAHandoverLeadsFromEitherKeyToTheOther(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.May, 4, 12, 0, 0, 0, time.UTC)
	key := func(name string) *proof.Key {
		k, err := proof.EnsureKey(filepath.Join(t.TempDir(), "key"), name)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	first, second, third, stranger := key("log"), key("log"), key("log"), key("log")
	sign := func(k, next *proof.Key, size int64) string {
		c, err := k.Sign(size, tlog.Hash{byte(size)}, at, 0)
		if next != nil {
			c, err = k.HandOver(next, size, tlog.Hash{byte(size)}, at, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		return c.Note
	}
	toSecond, toThird := sign(first, second, 10), sign(second, third, 20)
	taken := sign(first, stranger, 15) // whoever stole the first key
	early := sign(first, stranger, 5)
	handovers := []string{taken, toThird, "no note", toSecond, early}
	for _, row := range []struct {
		sentence, key string
		handovers     []string
		note          string
		opens         bool
	}{
		{"the first key opens what it signed", first.Public, nil, sign(first, nil, 3), true},
		{"and nothing of the second", first.Public, nil, sign(second, nil, 12), false},
		{"the handover leads to the second", first.Public, []string{toSecond}, sign(second, nil, 12), true},
		{"two lead to the third", first.Public, []string{toThird, toSecond}, sign(third, nil, 30), true},
		{"and back from the third to the first", third.Public, handovers[1:4], sign(first, nil, 3), true},
		{"the handover itself opens with either key", second.Public, nil, toSecond, true},
		{"the first key signs nothing behind it", first.Public, []string{toSecond}, sign(first, nil, 11), false},
		{"nor for who trusts the third", third.Public, handovers[1:4], sign(first, nil, 11), false},
		{"the second signs nothing behind its own", third.Public, handovers[1:4], sign(second, nil, 21), false},
		{"one who stole the first key later leads nobody away from the third", third.Public, handovers, sign(stranger, nil, 16), false},
		{"nor one who says that he was earlier", third.Public, handovers, sign(stranger, nil, 6), false},
		{"what only one of the two signed hands nothing over", first.Public, []string{withoutLast(toSecond)}, sign(second, nil, 12), false},
	} {
		trust, err := proof.Trust(row.key, row.handovers)
		if err != nil {
			t.Errorf("%s: %v", row.sentence, err)
			continue
		}
		if _, err := proof.OpenCheckpoint(row.note, trust); (err == nil) != row.opens {
			t.Errorf("%s: %v", row.sentence, err)
		}
	}
	c, err := proof.OpenCheckpoint(toSecond, first.Public)
	if err != nil || c.Next != second.Public || c.Size != 10 {
		t.Errorf("the handover is read as %+v, %v", c, err)
	}
	for _, bad := range []string{"", "nonsense", first.Public + " until never", first.Public + " until 0"} {
		if _, err := proof.Trust(bad, nil); err == nil {
			t.Errorf("%q is taken for keys", bad)
		}
	}
}

// withoutLast is a note without its last signature.
func withoutLast(note string) string {
	lines := strings.SplitAfter(strings.TrimSuffix(note, "\n"), "\n")
	return strings.Join(lines[:len(lines)-1], "")
}

func TestACheckpointIsReadAsItIsPasted(t *testing.T) {
	t.Parallel()
	key, err := proof.EnsureKey(filepath.Join(t.TempDir(), "key"), "log.example")
	if err != nil {
		t.Fatal(err)
	}
	c, err := key.Sign(7, tlog.Hash{1}, time.Date(2026, time.May, 4, 12, 0, 0, 0, time.UTC), 0)
	if err != nil {
		t.Fatal(err)
	}
	whole := strings.TrimSpace(c.Note)
	middle := len(whole) - 30
	for _, row := range []struct {
		sentence, text string
		opens          bool
	}{
		{"as signed", c.Note, true},
		{"with blanks at the ends of lines", strings.ReplaceAll(c.Note, "\n", "  \r\n"), true},
		{"without its empty line", strings.ReplaceAll(c.Note, "\n\n", "\n"), true},
		{"with empty lines around", "\n\n" + c.Note + "\n\n", true},
		{"with the signature in two lines", whole[:middle] + "\n" + whole[middle:], true},
		{"with another size", strings.Replace(c.Note, "\n7\n", "\n8\n", 1), false},
		{"without a signature", withoutLast(c.Note), false},
	} {
		if _, err := proof.OpenCheckpoint(row.text, key.Public); (err == nil) != row.opens {
			t.Errorf("%s: %v", row.sentence, err)
		}
	}
}

func TestAKeyIsReplacedInItsFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, draft := filepath.Join(dir, "key"), filepath.Join(dir, "key.next")
	key, err := proof.EnsureKey(path, "log")
	if err != nil {
		t.Fatal(err)
	}
	first := key.Public
	for i, size := range []int64{10, 20} {
		next, err := key.NextKey(draft)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := key.NextKey(draft); err != nil || again.Public != next.Public {
			t.Fatalf("drawn again it is another: %v", err)
		}
		if err := key.Replace(path, draft, next, size); err != nil {
			t.Fatal(err)
		}
		if key, err = proof.LoadKey(path); err != nil || key.Public != next.Public || strings.Count(key.Trusted, "\n") != i+1 {
			t.Fatalf("the file holds %+v, %v", key, err)
		}
	}
	if !strings.Contains(key.Trusted, first+" until 10") {
		t.Errorf("the first key is trusted in %q", key.Trusted)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key lies there with %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(draft); !os.IsNotExist(err) {
		t.Errorf("the draft is still there: %v", err)
	}
}
