package opcua

import (
	"context"
	"testing"
	"time"
)

// One read tells source time and server time of every node, also of those that
// have no value, in the order in which they were asked for.
func TestReadingTellsTheTimesOfAValue(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir(), "--born", born(time.Minute))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	o := hasty(t)
	o.Timeout = 20 * time.Second
	begun := time.Now()
	all, err := Read(ctx, Config{ID: "bms", Endpoint: p.endpoint()}, o,
		[]string{namespace + "s=Int64", "nsu=http://nobody.example/;s=X", namespace + "s=Bad", namespace + "s=Nobody", "nonsense"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Good", "", "BadDeviceFailure", "BadNodeIdUnknown", ""}
	for i, c := range all {
		if c.Status != want[i] || (c.Err != nil) != (want[i] == "") {
			t.Errorf("node %d is %q, %v; want %q", i, c.Status, c.Err, want[i])
		}
	}
	value := all[0]
	if age := value.Asked.Sub(begun); age < 0 || age > time.Since(begun) {
		t.Errorf("asked at %s, begun at %s", value.Asked, begun)
	}
	if value.Source.IsZero() || value.Server.IsZero() || value.Source.After(time.Now().Add(time.Minute)) || value.Server.Before(begun.Add(-time.Minute)) {
		t.Errorf("source %s, server %s, asked at %s", value.Source, value.Server, value.Asked)
	}
}
