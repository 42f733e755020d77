package registry_test

import (
	"strings"
	"testing"

	"heatledger/energy/registry"
)

const evidenceYAML = `municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites: [{id: hafen, name: Hafen, operator: op}, {id: nord, name: Nord, operator: op}]
evidence:
  - {id: go, kind: guarantee_of_origin, ids: "DE-1..DE-2", volume_mwh: 2, allocations: [{site: hafen, mwh: 2}]}
  - {id: ppa, kind: power_purchase_agreement, supply_year: 2024, volume_mwh: 3, allocations: [{site: hafen, mwh: 3}], guarantees: [go]}
  - {id: other, kind: power_purchase_agreement, sites: [nord], profile: {from: 2024-06-04T08:15:00Z, minutes: 15, wh: [1, 2]}}
  - {id: gc, kind: granular_certificate, sites: [hafen], ids: GC-1, issuer: R, device: {id: d, source: solar, storage: true}, profile: {from: 2024-06-04T08:00:00Z, minutes: 60, wh: [10, 20]}}
  - {id: mix, kind: supplier_mix, sites: [hafen], supply_year: 2024, carbon_g_per_kwh: 350, document: label}
  - {id: rest, kind: residual_mix, supply_year: 2024, carbon_g_per_kwh: 720.5, title: AIB}
  - {id: sold, kind: sold_guarantee, sites: [hafen], produced: 2024-07, supply_year: 2024, volume_mwh: 8}
  - {id: warm, kind: heat_guarantee, ids: "H-1..H-4", produced: 2024-07, volume_mwh: 4, allocations: [{site: hafen, mwh: 4}]}
`

func TestEvidenceSaysWhatItIsOfWhenAndWhose(t *testing.T) {
	t.Parallel()
	if r, faults := registry.Load("e.yaml", []byte(evidenceYAML)); len(faults) > 0 {
		t.Fatalf("a good file has faults: %v", faults)
	} else if gc := r.Evidence[0]; gc.ID != "gc" || gc.Profile == nil || gc.Profile.Wh[1] != 20 || gc.Device == nil || !gc.Device.Storage {
		t.Fatalf("the certificate came back as %+v", gc)
	}
	for _, tt := range []struct{ name, old, text, problem string }{
		{"a profile of a contract", "kind: granular_certificate", "kind: contract", "a profile of kind contract"},
		{"a profile of two sites", "sites: [hafen], ids: GC-1", "sites: [hafen, nord], ids: GC-1", "a profile for 2 sites"},
		{"a profile beside a volume", "ids: GC-1", "ids: GC-1, volume_mwh: 1", "a profile beside volume_mwh"},
		{"an interval of two hours", "minutes: 60", "minutes: 120", "minutes is 120"},
		{"intervals that begin between", "from: 2024-06-04T08:15:00Z", "from: 2024-06-04T08:20:00Z", "the intervals begin at 08:20:00"},
		{"less than nothing", "wh: [1, 2]", "wh: [1, -2]", "-2 Wh"},
		{"a mix without an intensity", "carbon_g_per_kwh: 350, ", "", "a supplier_mix without carbon_g_per_kwh"},
		{"a mix of no year", "supply_year: 2024, carbon_g_per_kwh: 720.5", "carbon_g_per_kwh: 720.5", "a residual_mix without supply_year"},
		{"a mix beyond all coal", "720.5", "7205", "carbon_g_per_kwh is 7205"},
		{"a mix that nobody published", ", title: AIB", "", "a residual_mix without a source"},
		{"a supplier of nobody", "kind: supplier_mix, sites: [hafen]", "kind: supplier_mix", "a supplier_mix for no site"},
		{"an intensity of a guarantee", "kind: sold_guarantee", "kind: sold_guarantee, carbon_g_per_kwh: 1", "an intensity of kind sold_guarantee"},
		{"sold, but how much", ", supply_year: 2024, volume_mwh: 8", "", "a sold guarantee without volume_mwh"},
		{"an agreement with a guarantee that is not there", "guarantees: [go]", "guarantees: [gone]", `no guarantee of origin "gone"`},
		{"a guarantee of two agreements", "sites: [nord], profile", "guarantees: [go], sites: [nord], profile", `guarantee "go" belongs to two agreements`},
		{"guarantees of a certificate", "ids: GC-1", "ids: GC-1, guarantees: [go]", "guarantees of kind granular_certificate"},
		{"heat and electricity of one id", `"H-1..H-4"`, `"DE-2..DE-5"`, "guarantees are used twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if strings.Count(evidenceYAML, tt.old) != 1 {
				t.Fatalf("%q stands in the file %d times", tt.old, strings.Count(evidenceYAML, tt.old))
			}
			_, faults := registry.Load("e.yaml", []byte(strings.Replace(evidenceYAML, tt.old, tt.text, 1)))
			if len(faults) == 0 || !strings.Contains(faults.Error(), tt.problem) {
				t.Fatalf("faults are %v, want %q", faults, tt.problem)
			}
			if faults[0].Line == 0 || faults[0].Remedy == "" {
				t.Errorf("%+v has no place or no remedy", faults[0])
			}
		})
	}
}
