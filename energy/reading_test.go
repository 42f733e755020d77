package energy_test

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
)

func TestAPointIsASiteAndAName(t *testing.T) {
	t.Parallel()
	for _, p := range []energy.PointID{"kaiserlei/grid-energy", "a/b", "1/2_x", energy.PointID(strings.Repeat("a", 63) + "/" + strings.Repeat("b", 63))} {
		if err := p.Check(); err != nil {
			t.Error(err)
		}
	}
	for _, p := range []energy.PointID{
		"", "/", "kaiserlei", "kaiserlei/", "/grid", "a/b/c", "Kaiserlei/grid", "a/grid energy", "-a/b", "a/_b", "a/bö", "a/b\n", "a.b/c",
		energy.PointID(strings.Repeat("a", 64) + "/b"),
	} {
		if err := p.Check(); err == nil {
			t.Errorf("%q is a point", string(p))
		} else if !strings.Contains(err.Error(), "SITE/NAME") {
			t.Errorf("%q: the error does not say what is expected: %v", string(p), err)
		}
	}
	p := energy.PointID("kaiserlei/grid-energy")
	if p.Site() != "kaiserlei" || p.Name() != "grid-energy" {
		t.Errorf("%s is %q of %q", p, p.Name(), p.Site())
	}
}

func TestQualitiesHaveNames(t *testing.T) {
	t.Parallel()
	for q := energy.Missing; q <= energy.Suspect; q++ {
		text, err := q.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back energy.Quality
		if err := back.UnmarshalText(text); err != nil || back != q {
			t.Errorf("%s came back as %s (%v)", q, back, err)
		}
	}
	var q energy.Quality
	if err := q.UnmarshalText([]byte("guessed")); err == nil {
		t.Errorf("guessed is %s", q)
	}
	if energy.Quality(99).String() != "quality(99)" {
		t.Errorf("an unknown quality is called %s", energy.Quality(99))
	}
}

func TestRolesKeepTheirNumbers(t *testing.T) {
	t.Parallel()
	// Stored in databases: a new role goes to the end.
	for number, role := range map[int16]energy.Role{
		0: "ballast", 1: energy.GridImport, 9: energy.ITLoad, 15: energy.HeatDelivered, 25: energy.ITInletTemperature,
	} {
		if role.Number() != number || role.Known() != (number > 0) {
			t.Errorf("%s has the number %d, want %d", role, role.Number(), number)
		}
	}
	for number, q := range map[energy.Quality]string{0: "missing", 1: "measured", 2: "distributed", 3: "calculated", 4: "substitute", 5: "declared", 6: "suspect"} {
		if number.String() != q {
			t.Errorf("quality %d is %s, want %s", number, number, q)
		}
	}
}

func batch() energy.Batch {
	return energy.Batch{
		Site: "kaiserlei", Source: "edge-1", Lane: energy.Live, Sequence: 7,
		Readings: []energy.PointReading{
			{Point: "kaiserlei/grid", Reading: energy.Reading{At: time.Date(2024, 6, 3, 10, 0, 0, 1000, time.UTC), Value: energy.Decimal(10, -2), Quality: energy.Measured}},
			{Point: "kaiserlei/heat", Reading: energy.Reading{At: time.Date(2024, 6, 3, 10, 0, 1, 0, time.UTC), Length: 15 * time.Minute, Value: energy.Float(0.1), Quality: energy.Substitute}},
		},
	}
}

func TestADigestIsTheSameForEver(t *testing.T) {
	t.Parallel()
	digest := batch().Digest()
	if got, want := hex.EncodeToString(digest[:]), "08b33f1de56de1d31b6c2b9e5c3d82d25022638965b088dc3126f11b796f7b3d"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestADigestTellsAnyChangeOfAReading(t *testing.T) {
	t.Parallel()
	digest := batch().Digest()
	for sentence, change := range map[string]func(*energy.Batch){
		"another point":     func(b *energy.Batch) { b.Readings[0].Point = "kaiserlei/grie" },
		"another instant":   func(b *energy.Batch) { b.Readings[0].At = b.Readings[0].At.Add(time.Microsecond) },
		"another length":    func(b *energy.Batch) { b.Readings[1].Length += time.Microsecond },
		"another number":    func(b *energy.Batch) { b.Readings[0].Value = energy.Decimal(11, -2) },
		"another form":      func(b *energy.Batch) { b.Readings[0].Value = energy.Decimal(1, -1) },
		"another quality":   func(b *energy.Batch) { b.Readings[0].Quality = energy.Suspect },
		"another order":     func(b *energy.Batch) { b.Readings[0], b.Readings[1] = b.Readings[1], b.Readings[0] },
		"one reading less":  func(b *energy.Batch) { b.Readings = b.Readings[:1] },
		"one reading twice": func(b *energy.Batch) { b.Readings = append(b.Readings, b.Readings[1]) },
	} {
		changed := batch()
		change(&changed)
		if changed.Digest() == digest {
			t.Errorf("%s: the digest is the same", sentence)
		}
	}
	same := batch()
	same.Readings[0].At = same.Readings[0].At.In(time.FixedZone("elsewhere", 3600))
	if same.Digest() != digest {
		t.Error("the same instant in another zone: the digest differs")
	}
}

func TestReadingsThatSayTheSame(t *testing.T) {
	t.Parallel()
	r := batch().Readings[1].Reading
	same := r
	same.At = r.At.In(time.FixedZone("elsewhere", 3600))
	if !r.Same(same) || !r.End().Equal(r.At.Add(15*time.Minute)) {
		t.Errorf("%v does not say the same as %v", r, same)
	}
	other := r
	other.Value = energy.Decimal(1, -1)
	if r.Same(other) {
		t.Error("the decimal 0.1 is not the float 0.1")
	}
}

func TestEpochsDiffer(t *testing.T) {
	t.Parallel()
	if a, b := energy.NewEpoch(), energy.NewEpoch(); a == b || len(a.String()) != 32 {
		t.Errorf("%s, %s", a, b)
	}
}

func TestFaultsNameTheirPlace(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]energy.Fault{
		`registry.yaml:3:7: unknown field "nmae": did you mean "name"?`: {File: "registry.yaml", Line: 3, Column: 7, Problem: `unknown field "nmae"`, Remedy: `did you mean "name"?`},
		"a.csv: empty": {File: "a.csv", Problem: "empty"},
		"3:7: no":      {Line: 3, Column: 7, Problem: "no"},
		"no":           {Problem: "no"},
	} {
		if got := f.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if err := (energy.Faults{}).Err(); err != nil {
		t.Errorf("no faults are an error: %v", err)
	}
	two := energy.Faults{{Problem: "one"}, {Problem: "two"}}
	if err := two.Err(); err == nil || err.Error() != "one\ntwo" {
		t.Errorf("%v", err)
	}
}
