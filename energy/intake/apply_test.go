package intake_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// TestAStartUndoesNothingThatAPersonRecorded: the file of the configuration is
// applied at every start. What a person recorded since stays, the rest of the
// file comes in, and a command that somebody runs decides both.
func TestAStartUndoesNothingThatAPersonRecorded(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	ctx := t.Context()
	meter := func() (body []byte) {
		r, err := d.ledger.Registry(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range r.Entries() {
			if e.Kind == string(registry.KindMeter) {
				body = e.Body
			}
		}
		return body
	}
	exchanged := bytes.Replace(meter(), []byte("{"), []byte(`{"serial":"4711",`), 1)
	if _, err := d.Amend(ctx, "hafen", func(ctx context.Context, f *store.Fact) error {
		return f.Entry(ctx, string(registry.KindMeter), "hafen-main", time.Time{}, "account:7", exchanged)
	}); err != nil {
		t.Fatal(err)
	}
	file, faults := registry.Load("registry.yaml", []byte(strings.Replace(registryYAML, "name: Hafen", "name: Am Hafen", 1)))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for range 2 { // a second start does nothing more
		_, kept, err := d.Configure(ctx, file, "configuration")
		if err != nil || len(kept) != 1 || kept[0].ID != "hafen-main" {
			t.Fatalf("Configure keeps %v, %v, want the meter alone", kept, err)
		}
		if !bytes.Contains(meter(), []byte("4711")) {
			t.Fatalf("after a start the meter is %s, want what the person recorded", meter())
		}
	}
	r, err := d.ledger.Registry(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if site, ok := r.Site("hafen"); !ok || site.Name != "Am Hafen" {
		t.Errorf("the site is called %q, want the file's new name", site.Name)
	}
	if _, err := d.Apply(ctx, file, "heatledger apply", false, false); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(meter(), []byte("4711")) {
		t.Error("a command that somebody runs leaves the meter as the person recorded it")
	}
	if applied, kept, err := d.Configure(ctx, file, "configuration"); len(applied)+len(kept) > 0 || err != nil {
		t.Errorf("Configure after it = %v, %v, %v, want nothing to do", applied, kept, err)
	}
}
