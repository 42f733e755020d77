package proof_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/proof"
	"heatledger/energy/series"
)

var noon = time.Date(2025, 1, 15, 12, 0, 0, 0, time.UTC)

func newKey(t testing.TB) *proof.Key {
	t.Helper()
	key, err := proof.EnsureKey(filepath.Join(t.TempDir(), "log", "key"), "log.example")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestAKeyIsDrawnOnceAndForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "log", "key")
	first, err := proof.EnsureKey(path, "log.example")
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v (%v), want 0600", info.Mode(), err)
	}
	second, err := proof.EnsureKey(path, "other.example")
	if err != nil || second.Public != first.Public || !strings.HasPrefix(first.Public, "log.example+") {
		t.Errorf("second key %v (%v), want the first, %s", second, err, first.Public)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := proof.EnsureKey(path, "log.example"); !errors.Is(err, proof.ErrKeyFile) {
		t.Errorf("a key that others may read: %v, want ErrKeyFile", err)
	}
	for sentence, text := range map[string]string{"an empty file": "", "one line": first.Public, "halves of two keys": "PRIVATE+KEY+log.example+c0ffee00+AQ==\n" + first.Public} {
		broken := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(broken, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := proof.LoadKey(broken); !errors.Is(err, proof.ErrKeyFile) {
			t.Errorf("%s: %v, want ErrKeyFile", sentence, err)
		}
	}
}

func TestACheckpointIsReadAsItWasSigned(t *testing.T) {
	t.Parallel()
	key, other := newKey(t), newKey(t)
	root := tlog.RecordHash([]byte("x"))
	signed, err := key.Sign(7, root, noon, 5)
	if err != nil {
		t.Fatal(err)
	}
	read, err := proof.OpenCheckpoint(signed.Note, key.Public)
	if err != nil || read != signed || read.Size != 7 || read.Root != root || !read.At.Equal(noon) || read.Restored != 5 {
		t.Errorf("read %+v (%v), want %+v", read, err, signed)
	}
	if _, err := proof.OpenCheckpoint(strings.ReplaceAll(signed.Note, "\n", "\r\n")+"\r\n\r\n", key.Public); err != nil {
		t.Errorf("pasted with other line ends: %v", err)
	}
	for sentence, text := range map[string]string{
		"another size":      strings.Replace(signed.Note, "\n7\n", "\n8\n", 1),
		"another instant":   strings.Replace(signed.Note, "2025", "2024", 1),
		"without a restore": strings.Replace(signed.Note, "restored from checkpoint 5\n", "", 1),
		"no signature":      signed.Note[:strings.Index(signed.Note, "\n\n")+1],
		"nothing":           "",
	} {
		if _, err := proof.OpenCheckpoint(text, key.Public); !errors.Is(err, proof.ErrCheckpoint) {
			t.Errorf("%s: %v, want ErrCheckpoint", sentence, err)
		}
	}
	if _, err := proof.OpenCheckpoint(signed.Note, other.Public); !errors.Is(err, proof.ErrCheckpoint) {
		t.Errorf("with another key of the same name: %v, want ErrCheckpoint", err)
	}
}

// An inclusion proves exactly what was logged: any other record, digest, place
// or fact is refused.
func TestAnInclusionProvesNothingElse(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	salt, digest := proof.NewSalt(), []byte("what was handed in")
	lines := "submission " + proof.Of(salt, "submission", digest).String() + "\n"
	record := proof.FactRecord("hafen", 17, noon, proof.Digest{1}, []byte(lines))
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(places []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(places))
		for i, place := range places {
			list[i] = hashes[place]
		}
		return list, nil
	})
	const size, index = 11, 6
	for n := range int64(size) {
		body := "heatledger publication 1\n"
		if n == index {
			body = record
		}
		stored, err := tlog.StoredHashes(n, []byte(body), reader)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, stored...)
	}
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err := key.Sign(size, root, noon, 0)
	if err != nil {
		t.Fatal(err)
	}
	path, err := tlog.ProveRecord(size, index, reader)
	if err != nil {
		t.Fatal(err)
	}
	in := proof.Inclusion{Site: "hafen", Fact: 17, Record: record, Salt: salt, Index: index, Size: size, Proof: path, Checkpoint: checkpoint.Note, Key: key.Public}
	if got, err := in.Check(key.Public, digest); err != nil || got.Size != size {
		t.Fatalf("check: %v, %v", got, err)
	}
	for _, tt := range []struct {
		sentence string
		change   func(i *proof.Inclusion) (digest []byte)
		want     error
	}{
		{"another content", func(*proof.Inclusion) []byte { return []byte("something else") }, proof.ErrDigest},
		{"another salt", func(i *proof.Inclusion) []byte { i.Salt[0]++; return digest }, proof.ErrDigest},
		{"another fact", func(i *proof.Inclusion) []byte { i.Fact++; return digest }, proof.ErrOther},
		{"another site", func(i *proof.Inclusion) []byte { i.Site = "nord"; return digest }, proof.ErrOther},
		{"a fitting record that is not in", func(i *proof.Inclusion) []byte {
			i.Fact, i.Record = 18, strings.Replace(i.Record, "fact 17", "fact 18", 1)
			return digest
		}, proof.ErrNotIn},
		{"another place", func(i *proof.Inclusion) []byte { i.Index++; return digest }, proof.ErrNotIn},
		{"a place beyond the log", func(i *proof.Inclusion) []byte { i.Index = size; return digest }, proof.ErrNotIn},
		{"a negative place", func(i *proof.Inclusion) []byte { i.Index = -1; return digest }, proof.ErrNotIn},
		{"a hash less", func(i *proof.Inclusion) []byte { i.Proof = i.Proof[1:]; return digest }, proof.ErrNotIn},
		{"no checkpoint", func(i *proof.Inclusion) []byte { i.Checkpoint = ""; return digest }, proof.ErrCheckpoint},
	} {
		changed := in
		given := tt.change(&changed)
		if _, err := changed.Check(key.Public, given); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.sentence, err, tt.want)
		}
	}
}

// What sealing did at a site is the same text however it is read back.
func TestSealingIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		state := proof.NewSealing("hafen")
		known := map[string]proof.Digest{}
		contradicted := false
		for range rapid.IntRange(0, 8).Draw(t, "turns") {
			turn := proof.Turn{Upto: rapid.Int64Range(0, 50).Draw(t, "upto")}
			for range rapid.IntRange(0, 3).Draw(t, "gone") {
				turn.Gone = append(turn.Gone, proof.Gone{Fact: rapid.Int64Range(0, 60).Draw(t, "fact"), Meter: 1, Part: int16(rapid.IntRange(0, 2).Draw(t, "part"))})
			}
			for range rapid.IntRange(0, 3).Draw(t, "changes") {
				item := proof.ChunkItem("hafen/grid", noon, -int32(rapid.IntRange(1, 3).Draw(t, "chunk")))
				c := proof.Change{Item: item, Before: known[item], After: proof.Digest{rapid.Byte().Draw(t, "digest"), 1}, Closed: rapid.Bool().Draw(t, "closed")}
				if rapid.IntRange(0, 20).Draw(t, "tampered") == 0 {
					c.Before[5]++
					contradicted = true
				}
				if known[item] = c.After; c.Closed {
					known[item] = proof.Digest{}
				}
				turn.Changes = append(turn.Changes, c)
			}
			state.Apply(turn)
		}
		text := state.Record().Text()
		again, err := proof.ParseSealing(text)
		if err != nil || again.Record().Text() != text {
			t.Fatalf("read back (%v):\n%s", err, text)
		}
		if contradicted != (len(state.Contradicted) > 0) || contradicted != strings.Contains(text, "\ncontradicted ") {
			t.Errorf("contradicted %v:\n%s", contradicted, text)
		}
		for item, digest := range known {
			if open := state.Open[item]; open != digest {
				t.Errorf("%s is %s, want %s", item, open, digest)
			}
		}
	})
}

// Whatever is changed in a chunk, its digest is another.
func TestTheDigestOfAChunkCoversEverything(t *testing.T) {
	t.Parallel()
	make := func() proof.Chunk {
		return proof.Chunk{Site: "hafen", Point: "hafen/grid", From: noon.Truncate(24 * time.Hour), Part: -1, Cut: 'd', Runs: []series.Run{
			{Seq: 3, RecordedAt: noon, Source: 1, Rank: 10, Readings: []energy.Reading{
				{At: noon, Value: energy.Decimal(15, -1), Quality: energy.Measured}, {At: noon.Add(time.Minute), Value: energy.Float(2), Quality: energy.Measured}}},
			{Seq: 4, RecordedAt: noon.Add(time.Second), Source: 2, Rank: 5, Readings: []energy.Reading{{At: noon, Length: time.Hour, Value: energy.Decimal(15, -1), Quality: energy.Declared}}}}}
	}
	names := func(n int32) string { return []string{"", "collector", "office"}[n] }
	salt := proof.Salt{1}
	seen := map[proof.Digest]string{make().Digest(salt, names): "nothing"}
	for sentence, change := range map[string]func(c *proof.Chunk){
		"the site":          func(c *proof.Chunk) { c.Site = "nord" },
		"the point":         func(c *proof.Chunk) { c.Point = "hafen/it" },
		"the window":        func(c *proof.Chunk) { c.From = c.From.AddDate(0, 0, 1) },
		"the part":          func(c *proof.Chunk) { c.Part-- },
		"the cut":           func(c *proof.Chunk) { c.Cut = 'm' },
		"a fact":            func(c *proof.Chunk) { c.Runs[0].Seq = 2 },
		"when it was known": func(c *proof.Chunk) { c.Runs[0].RecordedAt = noon.Add(time.Millisecond) },
		"a source":          func(c *proof.Chunk) { c.Runs[0].Source = 2 },
		"a rank":            func(c *proof.Chunk) { c.Runs[0].Rank = 9 },
		"an instant":        func(c *proof.Chunk) { c.Runs[0].Readings[0].At = noon.Add(time.Microsecond) },
		"an interval":       func(c *proof.Chunk) { c.Runs[1].Readings[0].Length = time.Minute },
		"a mantissa":        func(c *proof.Chunk) { c.Runs[0].Readings[0].Value = energy.Decimal(16, -1) },
		"an exponent":       func(c *proof.Chunk) { c.Runs[0].Readings[0].Value = energy.Decimal(15, 0) },
		"the form":          func(c *proof.Chunk) { c.Runs[0].Readings[1].Value = energy.Decimal(2, 0) },
		"a quality":         func(c *proof.Chunk) { c.Runs[0].Readings[0].Quality = energy.Substitute },
		"a reading less":    func(c *proof.Chunk) { c.Runs[0].Readings = c.Runs[0].Readings[:1] },
		"a run less":        func(c *proof.Chunk) { c.Runs = c.Runs[:1] },
	} {
		c := make()
		change(&c)
		d := c.Digest(salt, names)
		if other, ok := seen[d]; ok {
			t.Errorf("%s is changed and the digest is that of %s", sentence, other)
		}
		seen[d] = sentence
	}
	if make().Digest(proof.Salt{2}, names) == make().Digest(salt, names) {
		t.Error("another salt, the same digest")
	}
}
