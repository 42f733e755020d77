package evidence_test

import (
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/evidence"
	"heatledger/energy/registry"
)

func day(y int, m time.Month, d int) energy.Date { return energy.Date{Year: y, Month: m, Day: d} }

// good is a guarantee of origin of which hafen has 7 and west 3 MWh.
func good() registry.Evidence {
	return registry.Evidence{ID: "good", Kind: registry.GuaranteeOfOrigin, IDs: registry.IDRange{First: "DE-01", Last: "DE-10"}, Supplier: "Supplier",
		Produced: registry.Month{Year: 2025, Month: time.March}, SupplyYear: 2025, Beneficiary: "op", VolumeMWh: 10,
		Cancellation: registry.Cancellation{Reference: "C-1", On: day(2026, 2, 11)},
		Allocations:  []registry.Allocation{{Site: "hafen", MWh: 7}, {Site: "west", MWh: 3}}}
}

func TestAGuaranteeCountsUnlessItBreaksARule(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*registry.Evidence)
		on     energy.Date
		want   evidence.Refusal
		mwh    int64
	}{
		{"keeps all rules", func(*registry.Evidence) {}, day(2026, 2, 12), "", 7},
		{"without ids", func(e *registry.Evidence) { e.IDs = registry.IDRange{} }, day(2026, 11, 22), evidence.NoIDs, 7},
		{"not cancelled", func(e *registry.Evidence) { e.Cancellation.On = energy.Date{} }, day(2026, 11, 22), evidence.NotCancelled, 7},
		{"without reference", func(e *registry.Evidence) { e.Cancellation.Reference = "" }, day(2026, 11, 22), evidence.NotCancelled, 7},
		{"by no supplier", func(e *registry.Evidence) { e.Supplier = "" }, day(2026, 11, 22), evidence.SupplierUnknown, 7},
		{"cancelled on the day asked for", func(*registry.Evidence) {}, day(2026, 2, 11), evidence.CancelledLater, 7},
		{"without a month", func(e *registry.Evidence) { e.Produced = registry.Month{} }, day(2026, 11, 22), evidence.ProductionUnknown, 7},
		{"of another year", func(e *registry.Evidence) { e.SupplyYear = 2026 }, day(2026, 11, 22), evidence.ProducedOtherYear, 7},
		{"cancelled before production", func(e *registry.Evidence) { e.Cancellation.On = day(2025, 2, 28) }, day(2026, 11, 22), evidence.CancelledTooEarly, 7},
		{"on the last day of 18 months", func(e *registry.Evidence) { e.Cancellation.On = day(2026, 9, 30) }, day(2026, 11, 22), "", 7},
		{"a day late", func(e *registry.Evidence) { e.Cancellation.On = day(2026, 10, 1) }, day(2026, 11, 22), evidence.CancelledTooLate, 7},
		{"for somebody else", func(e *registry.Evidence) { e.Beneficiary = "other" }, day(2026, 11, 22), evidence.OtherBeneficiary, 7},
		{"of less volume than was given", func(e *registry.Evidence) { e.VolumeMWh = 5 }, day(2026, 11, 22), "", 5},
	} {
		e := good()
		tt.change(&e)
		list := evidence.Of([]registry.Evidence{e}, registry.Site{ID: "hafen", Operator: "op"}, tt.on)
		if len(list) != 1 || list[0].Refusal != tt.want || list[0].MWh != tt.mwh {
			t.Errorf("a guarantee %s: %+v, want %d MWh refused as %q", tt.name, list, tt.mwh, tt.want)
		}
	}
	contract := good()
	contract.Kind = registry.PowerPurchase
	if list := evidence.Of([]registry.Evidence{contract, good()}, registry.Site{ID: "nord", Operator: "op"}, day(2026, 11, 22)); len(list) != 0 {
		t.Errorf("a contract, and a guarantee of others: %+v, want none", list)
	}
}

func TestWhatIsUsedTwiceCountsWhereItWasCancelledFirst(t *testing.T) {
	t.Parallel()
	hafen, west := registry.Site{ID: "hafen", Operator: "op"}, registry.Site{ID: "west", Operator: "op"}
	again := good()
	again.ID, again.IDs, again.Allocations = "again", registry.IDRange{First: "DE-09", Last: "DE-18"}, []registry.Allocation{{Site: "west", MWh: 10}}
	again.Cancellation.On = day(2026, 1, 5)
	all := []registry.Evidence{good(), again}
	at := evidence.Of(all, hafen, day(2026, 11, 22))
	if len(at) != 1 || at[0].Refusal != evidence.UsedTwice || at[0].Double.First.ID != "again" || at[0].Double.IDs.String() != "DE-09..DE-10" {
		t.Errorf("at the later place: %+v, want it used up with the other", at)
	}
	at = evidence.Of(all, west, day(2026, 11, 22))
	if len(at) != 2 || at[0].Refusal != evidence.UsedTwice || at[1].Refusal != "" || at[1].MWh != 10 || len(at[1].Elsewhere) != 1 {
		t.Errorf("at the place that was first: %+v, want its 10 MWh and the other named", at)
	}
}
