package web_test

import (
	"flag"
	"os"
	"testing"

	"heatledger/reporting/web"
)

var update = flag.Bool("update", false, "write testdata/openapi.json anew")

// TestTheDescriptionIsTheOneThatWasReviewed shows in review what changes for those
// whose programs rely on the API.
func TestTheDescriptionIsTheOneThatWasReviewed(t *testing.T) {
	t.Parallel()
	got, err := web.Description()
	if err != nil {
		t.Fatalf("describe the API: %v", err)
	}
	if *update {
		if err := os.WriteFile("testdata/openapi.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("the description differs from testdata/openapi.json: look at what changed for others' programs, then run go test ./reporting/web -run TestTheDescription -update")
	}
}
