package store

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// The audit's own tree is that of the library, at every size.
func TestTheFrontierIsTheTreeOfTheLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var edge frontier
		var kept []tlog.Hash
		reader := tlog.HashReaderFunc(func(places []int64) ([]tlog.Hash, error) {
			list := make([]tlog.Hash, len(places))
			for i, place := range places {
				list[i] = kept[place]
			}
			return list, nil
		})
		for n, body := range rapid.SliceOfN(rapid.SliceOf(rapid.Byte()), 1, 70).Draw(t, "records") {
			hash := tlog.RecordHash(body)
			want, err := tlog.StoredHashesForRecordHash(int64(n), hash, reader)
			if err != nil {
				t.Fatal(err)
			}
			got := edge.add(hash)
			if len(got) != len(want) {
				t.Fatalf("record %d completes %d hashes, want %d", n, len(got), len(want))
			}
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("hash %d of record %d is %s, want %s", i, n, got[i], want[i])
				}
			}
			kept = append(kept, want...)
			if root, err := tlog.TreeHash(int64(n)+1, reader); err != nil || root != edge.root() {
				t.Fatalf("root of %d records is %s, want %s (%v)", n+1, edge.root(), root, err)
			}
		}
	})
}
