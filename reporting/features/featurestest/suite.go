package featurestest

import (
	"embed"
	"encoding/csv"
	"slices"
	"testing"
)

//go:embed testdata/abstract_tests.csv
var table embed.FS

// suite is a server under test with what it said of itself.
type suite struct {
	Client
	landing, definition object
	collections         []object
}

// Run holds a server against every abstract test, each as a test of its own.
func Run(t *testing.T, c Client) {
	t.Helper()
	s := &suite{Client: c}
	s.landing = s.document(t, "", "application/json")
	s.definition = s.document(t, linked(t, s.landing, "service-desc", openAPI), openAPI)
	s.collections = list(t, s.document(t, linked(t, s.landing, "data", "application/json"), "application/json"), "collections")
	if len(s.collections) == 0 {
		t.Fatal("there are no collections: nothing would be tested")
	}
	tests := map[string]func(*testing.T){}
	for id, test := range s.core() {
		tests[id] = test
	}
	for id, test := range s.systems() {
		tests[id] = test
	}
	for id, test := range s.schemas() {
		tests[id] = test
	}
	for _, id := range listed(t) {
		test, ok := tests[id]
		if !ok {
			t.Errorf("testdata/abstract_tests.csv lists %s, and nothing holds it", id)
			continue
		}
		delete(tests, id)
		t.Run(id, test)
	}
	for id := range tests {
		t.Errorf("testdata/abstract_tests.csv does not list %s", id)
	}
}

// listed are the abstract tests of the table, by id.
func listed(t *testing.T) []string {
	t.Helper()
	file, err := table.Open("testdata/abstract_tests.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, row := range rows[1:] {
		if !slices.Contains(ids, row[3]) { // two of the suite's may be one here
			ids = append(ids, row[3])
		}
	}
	return ids
}

// each runs a test of every collection.
func (s *suite) each(t *testing.T, test func(t *testing.T, collection object, items string)) {
	t.Helper()
	for _, collection := range s.collections {
		items := linked(t, collection, "items", geoJSON)
		if items == "" {
			t.Fatalf("collection %v has no link to its items", collection["id"])
		}
		test(t, collection, items)
	}
}
