package evidence_test

import (
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/evidence"
	"heatledger/energy/registry"
)

var nine = time.Date(2025, 6, 3, 9, 0, 0, 0, time.UTC)

// certificate is one of four quarter-hours with 100, 200, 300 and 400 Wh.
func certificate(change func(*registry.Evidence)) registry.Evidence {
	e := registry.Evidence{ID: "gc", Kind: registry.GranularCertificate, Sites: []energy.SiteID{"hafen"}, IDs: registry.IDRange{First: "GC-1", Last: "GC-1"}, SupplyYear: 2025,
		Cancellation: registry.Cancellation{Reference: "X", On: day(2025, 6, 20)},
		Profile:      &registry.Profile{From: nine, Minutes: 15, Wh: []int64{100, 200, 300, 400}}}
	if change != nil {
		change(&e)
	}
	return e
}

func TestACertificateCountsInItsIntervalsAlone(t *testing.T) {
	t.Parallel()
	hafen, on := registry.Site{ID: "hafen", Operator: "op"}, day(2026, 1, 1)
	given := evidence.Of([]registry.Evidence{certificate(nil)}, hafen, on)
	at := func(minutes int) time.Time { return nine.Add(time.Duration(minutes) * time.Minute) }
	for _, tt := range []struct {
		name     string
		from, to time.Time
		wh       energy.Amount
	}{
		{"its hour", at(0), at(60), 1000},
		{"one of its quarters", at(15), at(30), 200},
		{"the last", at(45), at(60), 400},
		{"a border within a quarter leaves that out", at(7), at(45), 500},
		{"the hour before", at(-60), at(0), 0},
		{"the hour after", at(60), at(120), 0},
		{"more than all of it", at(-600), at(600), 1000},
	} {
		if got := evidence.Matched(given, nil, tt.from, tt.to); got != tt.wh*1000 {
			t.Errorf("%s: %d mWh, want %d Wh", tt.name, got, tt.wh)
		}
	}
	for _, tt := range []struct {
		name    string
		change  func(*registry.Evidence)
		refusal evidence.Refusal
	}{
		{"as it is", nil, ""},
		{"without an id nobody could see a double use", func(e *registry.Evidence) { e.IDs = registry.IDRange{} }, evidence.NoIDs},
		{"not cancelled", func(e *registry.Evidence) { e.Cancellation = registry.Cancellation{} }, evidence.NotCancelled},
		{"cancelled after the day asked for", func(e *registry.Evidence) { e.Cancellation.On = on }, evidence.CancelledLater},
		{"cancelled before it was produced", func(e *registry.Evidence) { e.Cancellation.On = day(2025, 6, 2) }, evidence.CancelledTooEarly},
		{"cancelled on the day itself", func(e *registry.Evidence) { e.Cancellation.On = day(2025, 6, 3) }, ""},
		{"for another operator", func(e *registry.Evidence) { e.Beneficiary = "other" }, evidence.OtherBeneficiary},
	} {
		list := evidence.Of([]registry.Evidence{certificate(tt.change)}, hafen, on)
		if len(list) != 1 || list[0].Refusal != tt.refusal {
			t.Errorf("%s: %+v, want refusal %q", tt.name, list, tt.refusal)
		}
	}
	if list := evidence.Of([]registry.Evidence{certificate(nil)}, registry.Site{ID: "nord"}, on); len(list) != 0 {
		t.Errorf("nord has the certificate of hafen: %+v", list)
	}
}

func TestACertificateAndAGuaranteeOfOneIdAreOneAmount(t *testing.T) {
	t.Parallel()
	guarantee := good()
	guarantee.IDs = registry.IDRange{First: "GC-1", Last: "GC-1"}
	guarantee.Cancellation.On = day(2025, 6, 10)
	list := evidence.Of([]registry.Evidence{certificate(nil), guarantee}, registry.Site{ID: "hafen", Operator: "op"}, day(2026, 11, 22))
	if len(list) != 2 || list[0].Refusal != evidence.UsedTwice || list[0].Double.First.ID != guarantee.ID || list[1].Refusal != "" {
		t.Errorf("%+v, want the certificate, cancelled later, void for the guarantee", list)
	}
}

func TestAPurchaseIsGreenAsFarAsItsGuaranteesAre(t *testing.T) {
	t.Parallel()
	hafen, on := registry.Site{ID: "hafen", Operator: "op"}, day(2026, 11, 22)
	ppa := func(id string, mwh int64, guarantees ...string) registry.Evidence {
		return registry.Evidence{ID: id, Kind: registry.PowerPurchase, SupplyYear: 2025, VolumeMWh: mwh, Guarantees: guarantees, Allocations: []registry.Allocation{{Site: "hafen", MWh: mwh}}}
	}
	guarantee := good() // 2 MWh of hafen's
	guarantee.VolumeMWh, guarantee.Allocations = 2, []registry.Allocation{{Site: "hafen", MWh: 2}}
	late := guarantee
	late.ID, late.IDs, late.Cancellation.On = "late", registry.IDRange{First: "ZZ-1", Last: "ZZ-2"}, day(2030, 1, 1)
	for _, tt := range []struct {
		name   string
		all    []registry.Evidence
		proven []int64 // Wh of each agreement
	}{
		{"all of it", []registry.Evidence{guarantee, ppa("a", 2, guarantee.ID)}, []int64{2_000_000}},
		{"no more than was delivered", []registry.Evidence{guarantee, ppa("a", 1, guarantee.ID)}, []int64{1_000_000}},
		{"the rest is subtracted", []registry.Evidence{guarantee, ppa("a", 5, guarantee.ID)}, []int64{2_000_000}},
		{"without guarantees nothing", []registry.Evidence{guarantee, ppa("a", 5)}, []int64{0}},
		{"by one that is not cancelled yet nothing", []registry.Evidence{late, ppa("a", 5, "late")}, []int64{0}},
		{"a guarantee of two agreements is the first one's", []registry.Evidence{ppa("b", 2, guarantee.ID), guarantee, ppa("a", 2, guarantee.ID)}, []int64{0, 2_000_000}},
	} {
		list := evidence.Purchases(tt.all, hafen, on)
		if len(list) != len(tt.proven) {
			t.Errorf("%s: %+v, want %d agreements", tt.name, list, len(tt.proven))
			continue
		}
		for i, p := range list {
			if p.ProvenWh != tt.proven[i] || p.Wh != p.VolumeMWh*1_000_000 {
				t.Errorf("%s: %s proves %d of %d Wh, want %d", tt.name, p.ID, p.ProvenWh, p.Wh, tt.proven[i])
			}
		}
	}
	both := evidence.Purchases([]registry.Evidence{ppa("b", 2, guarantee.ID), guarantee, ppa("a", 2, guarantee.ID)}, hafen, on)
	if both[0].Elsewhere == nil || both[0].Elsewhere.ID != "a" || both[1].Elsewhere != nil {
		t.Errorf("%+v, want b to name a as the other place", both)
	}
}

func TestAMixIsTheSuppliersElseTheResidual(t *testing.T) {
	t.Parallel()
	supplier := registry.Evidence{ID: "s", Kind: registry.SupplierMix, SupplyYear: 2025, Sites: []energy.SiteID{"hafen"}}
	residual := registry.Evidence{ID: "r", Kind: registry.ResidualMix, SupplyYear: 2025}
	all := []registry.Evidence{residual, supplier}
	for _, tt := range []struct {
		site energy.SiteID
		year int
		want string
	}{{"hafen", 2025, "s"}, {"nord", 2025, "r"}, {"hafen", 2024, ""}} {
		mix, ok := evidence.Mix(all, tt.site, tt.year)
		if mix.ID != tt.want || ok != (tt.want != "") {
			t.Errorf("mix of %s in %d = %q, %v, want %q", tt.site, tt.year, mix.ID, ok, tt.want)
		}
	}
}

func TestHeatGuaranteesCountWithinTheirTime(t *testing.T) {
	t.Parallel()
	heat := func(produced registry.Month, cancelled energy.Date) registry.Evidence {
		return registry.Evidence{ID: "h", Kind: registry.HeatGuarantee, IDs: registry.IDRange{First: "H-1", Last: "H-3"}, Produced: produced, VolumeMWh: 3,
			Cancellation: registry.Cancellation{On: cancelled}, Allocations: []registry.Allocation{{Site: "hafen", MWh: 3}}}
	}
	may := registry.Month{Year: 2025, Month: time.May}
	for _, tt := range []struct {
		name      string
		evidence  registry.Evidence
		mwh, void int64
	}{
		{"issued and held", heat(may, energy.Date{}), 3, 0},
		{"cancelled on the last day of 18 months", heat(may, day(2026, 11, 30)), 3, 0},
		{"cancelled a day later", heat(may, day(2026, 12, 1)), 0, 3},
		{"cancelled before it was produced", heat(may, day(2025, 4, 30)), 0, 3},
		{"of another year", heat(registry.Month{Year: 2024, Month: time.May}, energy.Date{}), 0, 0},
	} {
		if mwh, void := evidence.Heat([]registry.Evidence{tt.evidence}, registry.Site{ID: "hafen"}, 2025, day(2027, 1, 1)); mwh != tt.mwh || void != tt.void {
			t.Errorf("%s: %d and %d void, want %d and %d", tt.name, mwh, void, tt.mwh, tt.void)
		}
	}
	other := heat(may, energy.Date{})
	other.ID, other.IDs = "i", registry.IDRange{First: "H-3", Last: "H-5"}
	if mwh, void := evidence.Heat([]registry.Evidence{heat(may, energy.Date{}), other}, registry.Site{ID: "hafen"}, 2025, day(2027, 1, 1)); mwh != 3 || void != 3 {
		t.Errorf("with a common id: %d and %d void, want 3 and 3", mwh, void)
	}
}

func TestSoldGuaranteesBelongToTheirYear(t *testing.T) {
	t.Parallel()
	sold := registry.Evidence{ID: "s", Kind: registry.SoldGuarantee, Sites: []energy.SiteID{"hafen"}, VolumeMWh: 8, SupplyYear: 2026}
	produced := sold
	produced.Produced = registry.Month{Year: 2025, Month: time.May}
	for year, want := range map[int]int64{2024: 0, 2025: 8, 2026: 8} {
		if got := evidence.Sold([]registry.Evidence{sold, produced}, "hafen", evidence.OfYear(year)); got != want {
			t.Errorf("sold of %d = %d MWh, want %d", year, got, want)
		}
	}
	if day(2026, 7, 1) != evidence.Settles(2025) {
		t.Errorf("the account of 2025 settles on %s, want 1 July 2026", evidence.Settles(2025))
	}
}
