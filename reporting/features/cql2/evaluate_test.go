package cql2_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/heatmap/geo"
	"heatledger/reporting/features/cql2"
)

type row map[string]any

func (r row) Value(name string) (any, bool) {
	v, ok := r[name]
	return v, ok
}

// kinds of the row below; nothing has no value.
var kinds = map[string]cql2.Kind{"name": cql2.Text, "nothing": cql2.Text, "p": cql2.Number, "none": cql2.Number, "active": cql2.Boolean,
	"since": cql2.Date, "until": cql2.Date, "at": cql2.Timestamp, "g": cql2.Geometry, "nowhere": cql2.Geometry}

func hafen() row {
	return row{"name": "Hafen 100%", "p": 500.0, "active": true, "since": cql2.Day("2019-03-01"), "until": cql2.Day("2029-12-31"),
		"at": time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC), "g": geo.Point{X: 8.76, Y: 50.11}}
}

func TestAFilterIsTrueFalseOrUnknown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]cql2.Truth{
		`name = 'Hafen 100%'`:                       cql2.True,
		`name = 'hafen 100%'`:                       cql2.False,
		`name < 'Z' AND 'A' < name`:                 cql2.True,
		`p >= 500 AND p <= 500`:                     cql2.True,
		`p > 500 OR p < 500`:                        cql2.False,
		`p <> 500`:                                  cql2.False,
		`active = TRUE`:                             cql2.True,
		`active > FALSE`:                            cql2.True,
		`nothing = 'x'`:                             cql2.Unknown,
		`nothing <> 'x'`:                            cql2.Unknown,
		`NOT nothing = 'x'`:                         cql2.Unknown,
		`nothing = nothing`:                         cql2.Unknown,
		`nothing IS NULL`:                           cql2.True,
		`nothing IS NOT NULL`:                       cql2.False,
		`name IS NULL`:                              cql2.False,
		`(nothing = 'x') IS NULL`:                   cql2.True,
		`(name = 'x') IS NULL`:                      cql2.False,
		`p = 500 OR nothing = 'x'`:                  cql2.True,
		`p = 1 OR nothing = 'x'`:                    cql2.Unknown,
		`p = 500 AND nothing = 'x'`:                 cql2.Unknown,
		`p = 1 AND nothing = 'x'`:                   cql2.False,
		`p BETWEEN 500 AND 600`:                     cql2.True,
		`p NOT BETWEEN 400 AND 500`:                 cql2.False,
		`p BETWEEN 600 AND 400`:                     cql2.False,
		`none BETWEEN 1 AND 2`:                      cql2.Unknown,
		`p BETWEEN 1 AND none`:                      cql2.Unknown,
		`p IN (1, 500)`:                             cql2.True,
		`p NOT IN (1, 2)`:                           cql2.True,
		`none IN (1)`:                               cql2.Unknown,
		`p IN (1, none)`:                            cql2.Unknown,
		`p IN (500, none)`:                          cql2.True,
		`name LIKE 'Haf%'`:                          cql2.True,
		`name LIKE 'Haf'`:                           cql2.False,
		`name LIKE '%'`:                             cql2.True,
		`name LIKE '_afen ___\%'`:                   cql2.True,
		`name LIKE 'Hafen 100\_'`:                   cql2.False,
		`name NOT LIKE '%x%'`:                       cql2.True,
		`nothing LIKE '%'`:                          cql2.Unknown,
		`since = DATE('2019-03-01')`:                cql2.True,
		`since < DATE('2019-02-28')`:                cql2.False,
		`at > TIMESTAMP('2025-06-01T11:59:59.5Z')`:  cql2.True,
		`S_INTERSECTS(g, BBOX(8.7,50.1,8.8,50.2))`:  cql2.True,
		`S_INTERSECTS(g, BBOX(8.77,50.1,8.8,50.2))`: cql2.False,
		`S_INTERSECTS(g, BBOX(170,50,9,51))`:        cql2.True, // across the antimeridian
		`S_INTERSECTS(g, BBOX(170,50,8,51))`:        cql2.False,
		`S_INTERSECTS(POINT(8.76 50.11), g)`:        cql2.True,
		`S_INTERSECTS(g, POLYGON((8 50,9 50,9 51,8 51,8 50),(8.7 50.15,8.8 50.15,8.8 50.2,8.7 50.15)))`: cql2.True,
		`S_INTERSECTS(g, POLYGON((8 50,9 50,9 51,8 51,8 50),(8.7 50.1,8.8 50.1,8.7 50.2,8.7 50.1)))`:    cql2.False, // in the hole
		`S_INTERSECTS(g, LINESTRING(8 50.11, 9 50.11))`:                                                 cql2.True,
		`S_INTERSECTS(nowhere, POINT(8.76 50.11))`:                                                      cql2.Unknown,
		`T_BEFORE(since, DATE('2020-01-01'))`:                                                           cql2.True,
		`T_AFTER(since, DATE('2019-03-01'))`:                                                            cql2.False,
		`T_INTERSECTS(INTERVAL(since, until), DATE('2029-12-31'))`:                                      cql2.True,
		`T_INTERSECTS(INTERVAL('..', until), INTERVAL('2030-01-01','..'))`:                              cql2.False,
		`T_DURING(INTERVAL('2020-01-01','2021-01-01'), INTERVAL(since,until))`:                          cql2.True,
		`T_EQUALS(at, TIMESTAMP('2025-06-01T12:00:00Z'))`:                                               cql2.True,
		`TRUE`:      cql2.True,
		`NOT FALSE`: cql2.True,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			n, err := cql2.ParseText(text)
			if err != nil {
				t.Fatal(err)
			}
			if faults := cql2.Check(n, kinds); len(faults) > 0 {
				t.Fatal(faults)
			}
			if got := cql2.Evaluate(n, hafen()); got != want {
				t.Errorf("is %d, want %d", got, want)
			}
		})
	}
}

// TestEachTemporalFunctionHasItsInstance gives each function a pair of intervals for
// which of the thirteen relations of intervals (Allen 1983) it alone holds.
func TestEachTemporalFunctionHasItsInstance(t *testing.T) {
	t.Parallel()
	relations := map[string][4]string{
		"t_before": {"01", "02", "03", "04"}, "t_after": {"03", "04", "01", "02"}, "t_meets": {"01", "02", "02", "04"}, "t_metby": {"02", "04", "01", "02"},
		"t_overlaps": {"01", "03", "02", "04"}, "t_overlappedby": {"02", "04", "01", "03"}, "t_starts": {"01", "02", "01", "04"}, "t_startedby": {"01", "04", "01", "02"},
		"t_during": {"02", "03", "01", "04"}, "t_contains": {"01", "04", "02", "03"}, "t_finishes": {"03", "04", "01", "04"}, "t_finishedby": {"01", "04", "03", "04"},
		"t_equals": {"01", "02", "01", "02"},
	}
	for name, r := range relations {
		day := func(d string) string { return "'2025-01-" + d + "'" }
		for other := range relations {
			n, err := cql2.ParseText(strings.ToUpper(other) + "(INTERVAL(" + day(r[0]) + "," + day(r[1]) + "),INTERVAL(" + day(r[2]) + "," + day(r[3]) + "))")
			if err != nil {
				t.Fatal(err)
			}
			if got, want := cql2.Evaluate(n, row{}) == cql2.True, name == other; got != want {
				t.Errorf("%s of intervals of which %s holds: %t", other, name, got)
			}
		}
		apart := name == "t_before" || name == "t_after"
		for op, want := range map[string]bool{"T_DISJOINT": apart, "T_INTERSECTS": !apart} {
			n, err := cql2.ParseText(op + "(INTERVAL(" + day(r[0]) + "," + day(r[1]) + "),INTERVAL(" + day(r[2]) + "," + day(r[3]) + "))")
			if err != nil {
				t.Fatal(err)
			}
			if got := cql2.Evaluate(n, row{}) == cql2.True; got != want {
				t.Errorf("%s of intervals of which %s holds: %t", op, name, got)
			}
		}
	}
}

func TestAllFaultsOfNamesAndKindsAreNamedAtOnce(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`nmae = 'x' AND P > 5`:                            {`1: there is no property "nmae"`, `16: there is no property "P"`},
		`name = 5 OR p LIKE 'x'`:                          {"8: a text is compared with a number", "13: LIKE takes a text"},
		`since > '2019-01-01'`:                            {"9: a date is compared with a text"},
		`at > DATE('2019-01-01')`:                         {"6: a timestamp is compared with a date"},
		`name BETWEEN 1 AND 'x'`:                          {"1: BETWEEN takes a number", "20: BETWEEN takes a number"},
		`g = POINT(1 1)`:                                  {"1: = does not compare", "5: = does not compare"},
		`p IN (1, 'x', TRUE)`:                             {"10: a number is compared with a text", "15: a number is compared with a true or false"},
		`S_INTERSECTS(name, POINT(1 1))`:                  {"14: S_INTERSECTS takes a geometry"},
		`T_AFTER(name, since)`:                            {"9: T_AFTER takes times"},
		`T_AFTER(at, since)`:                              {"13: a timestamp is compared with a date"},
		`T_DURING(since, INTERVAL('..','..'))`:            {"10: T_DURING compares intervals"},
		`T_MEETS(INTERVAL(name,'..'),INTERVAL(since,at))`: {"18: an interval ends at a time", "44: the interval goes from a date to a timestamp"},
		`xyz IS NULL`:                                     {`1: there is no property "xyz"`},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			n, err := cql2.ParseText(text)
			if err != nil {
				t.Fatal(err)
			}
			faults := cql2.Check(n, kinds)
			if len(faults) != len(want) {
				t.Fatalf("%d faults, want %d: %v", len(faults), len(want), faults)
			}
			for i, fault := range faults {
				if !strings.HasPrefix(fault.Error(), "filter:1:"+want[i]) || fault.Remedy == "" {
					t.Errorf("%v, want %s", fault, want[i])
				}
			}
		})
	}
}

// TestNotTurnsEveryTruth holds De Morgan's laws of three-valued logic for any filters.
func TestNotTurnsEveryTruth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawPredicate(t, 2), drawPredicate(t, 2)
		call := func(op cql2.Op, args ...cql2.Node) cql2.Node { return cql2.Call{Op: op, Args: args} }
		r := row{}
		for _, name := range rapid.SliceOf(rapid.StringMatching(`[a-zA-Zäß_ .-]{1,8}`)).Draw(t, "names") {
			r[name] = 1.0
		}
		left := cql2.Evaluate(call(cql2.Not, call(cql2.And, a, b)), r)
		right := cql2.Evaluate(call(cql2.Or, call(cql2.Not, a), call(cql2.Not, b)), r)
		if left != right {
			t.Fatalf("not (a and b) is %d, not a or not b is %d", left, right)
		}
	})
}

func BenchmarkEvaluate(b *testing.B) {
	n, err := cql2.ParseText(`p >= 100 AND (name LIKE '%fen%' OR active = FALSE) AND S_INTERSECTS(g, POLYGON((8 50,9 50,9 51,8 51,8 50)))`)
	if err != nil {
		b.Fatal(err)
	}
	r := hafen()
	for b.Loop() {
		if cql2.Evaluate(n, r) != cql2.True {
			b.Fatal("not true")
		}
	}
}
