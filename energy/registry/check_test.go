package registry_test

import (
	"strings"
	"testing"

	"heatledger/energy/registry"
)

// TestEveryMistakeIsNamedWithItsPlace edits full.yaml, one mistake a row; old
// stands in the file once. place is where the fault must stand: the text that
// begins there in the edited file.
func TestEveryMistakeIsNamedWithItsPlace(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, old, new, place, problem string }{
		{"an AGS of seven digits", `ags: "06413000"`, `ags: "0641300"`, `"0641300"`, `no AGS`},
		{"an AGS of no Land", `ags: "06413000"`, `ags: "17413000"`, `"17413000"`, `no AGS`},
		{"an unquoted AGS", `ags: "06413000"`, `ags: 06413000`, `06413000, name`, `read differently`},
		{"a zone that does not exist", `Europe/Lisbon`, `Europe/Lisboa`, `Europe/Lisboa`, `no time zone`},
		{"the zone Local", `timezone: Europe/Berlin`, `timezone: Local`, `Local`, `no time zone`},
		{"an operator twice", `id: stadt`, `id: op`, `op, name: Stadt`, `operator "op" is given twice`},
		{"an id in capitals", `id: stadt`, `id: Stadt`, `Stadt, name`, `"Stadt" is no id`},
		{"an operator nobody knows", `    operator: op`, `    operator: opp`, `opp`, `no operator "opp": did you mean "op"?`},
		{"a postcode of four digits", `postcode: "63067"`, `postcode: "6306"`, `"6306"`, `no postcode`},
		{"a latitude beyond the pole", `lat: 50.1`, `lat: 150.1`, `150.1`, `lat is 150.1`},
		{"a longitude beyond the date line", `lon: 8.7`, `lon: -187`, `-187`, `lon is -187`},
		{"a place of one coordinate", `{lat: 50.1, lon: 8.7}`, `{lat: 50.1}`, `{lat: 50.1}`, `missing field "lon"`},
		{"a load that is not positive", `4800.5`, `0`, "0\n    from", `connected_load_kw is 0`},
		{"an end before the beginning", `to: 2034-01-01`, `to: 2023-01-01`, `2023-01-01`, `to (2023-01-01) is not after from (2024-01-01)`},
		{"a day that does not exist", `to: 2034-01-01`, `to: 2034-02-30`, `2034-02-30`, `no date`},
		{"a site kind", `timezone: Europe/Lisbon`, `kind: datacentre`, `datacentre`, `unknown kind of site "datacentre": did you mean "data_centre"?`},
		{"an accuracy class", `class: "0.2S"`, `class: "0.3"`, `"0.3"`, `unknown accuracy class "0.3"`},
		{"a class beside a percentage", `{percent: 1.0}`, `{percent: 1.0, class: "1"}`, `1.0, class`, `a percentage beside a class`},
		{"a ratio of nothing", `ct: 800`, `ct: -1`, `-1, vt`, `ct is -1`},
		{"a regime", `        serial: B2`, "        serial: B2\n        verification: {regime: eich}", `eich}`, `unknown regime "eich"`},
		{"a meter twice", `id: north-virtual`, `id: north-main`, "north-main\n        points", `meter "north-main" is given twice: it stands on line`},
		{"a point twice", `id: north/power`, `id: north/grid`, `north/grid, quantity: active_power`, `point "north/grid" is given twice`},
		{"a point of another site", `id: north/power`, `id: south/power`, `south/power`, `point "south/power" stands under site "north": the site before the slash is expected: north/power`},
		{"a point without site", `id: north/power`, `id: power`, `power, quantity`, `no point: SITE/NAME`},
		{"a quantity", `quantity: active_power`, `quantity: active_powr`, `active_powr`, `unknown quantity "active_powr": did you mean "active_power"?`},
		{"a role", `role: cooling`, `role: colling`, `colling`, `unknown role "colling": did you mean "cooling"?`},
		{"a primary point without role", `role: cooling, `, ``, `{id: north/rest`, `point "north/rest" has no role: add a role, or use: info`},
		{"a use", `use: info`, `use: infos`, `infos`, `unknown use "infos": did you mean "info"?`},
		{"a role of another kind of energy", `role: heat_delivered`, `role: it_load`, `it_load, resolution`, `role it_load of quantity heat_energy`},
		{"a series", `series: mean`, `series: average`, `average`, `unknown series "average"`},
		{"a counter of power", `series: mean`, `series: counter`, `counter`, `series counter of quantity active_power: instant or mean is expected`},
		{"an instant of energy", `role: cooling, `, `role: cooling, series: instant, `, `instant, formula`, `series instant of quantity active_energy_import: counter or interval is expected`},
		{"a category beyond three", `category: 1`, `category: 4`, `4, parent`, `category is 4`},
		{"a category of heat", `resolution: 0.1 MWh`, `category: 1`, `1}`, `a category of role heat_delivered: only it_load`},
		{"a customer in capitals", `resolution: 0.1 MWh`, `resolution: 0.1 MWh, customer: Acme`, `Acme`, `"Acme" is no name of a customer`},
		{"a fact that is no number", `value: 24.5`, `value: mild`, `mild`, `it_inlet_setpoint_c is "mild": a number in °C is expected`},
		{"a fact in another unit", `5200.50, unit: m2`, `5200.50, unit: ft2`, `5200.50`, `the unit of floor_area_total is "ft2": m² is expected`},
		{"a fact without its unit", `5200.50, unit: m2`, `5200.50`, `5200.50`, `the unit of floor_area_total is ""`},
		{"a fact beyond what is plausible", `value: 24.5`, `value: 245`, `245`, `it_inlet_setpoint_c is 245: a value from 10 to 45 °C is plausible`},
		{"a redundancy that is none", `2(N+1)`, `N+7`, `N+7`, `redundancy_rack is "N+7"`},
		{"a misspelt fact", `it_inlet_setpoint_c`, `it_inlet_setpiont_c`, `it_inlet_setpiont_c`, `no form asks for a fact "it_inlet_setpiont_c": did you mean "it_inlet_setpoint_c"?`},
		{"a part larger than the whole", `{name: refrigerant,`, "{name: floor_area_computer_rooms, value: 6000, unit: m2, year: 2025}\n      - {name: refrigerant,", `6000`, `computer rooms of 6000 m² in a data centre of 5300 m²`},
		{"a declaration to nobody", `to: municipality`, `to: mayor`, `mayor`, `unknown recipient "mayor"`},
		{"a declaration of no year", `municipality, year: 2024`, `municipality, year: 24`, `24, field`, `year is 24`},
		{"a declaration twice", `to: federal_register`, `to: municipality`, `enefg-2f, value: 1.4}`, `declaration of north "municipality/enefg-2f@2024" is given twice`},
		{"a parent that does not exist", `parent: north/it}`, `parent: north/itt}`, `north/itt`, `no point "north/itt": did you mean "north/it"?`},
		{"a circle of parents", `role: grid_import, modulus: 42949672.96 kWh`, `role: grid_import, parent: north/fans`, `north/grid, from`, `"north/it" is above itself`},
		{"a deduction from what is no IT", `deduct_from: north/it`, `deduct_from: north/grid`, `north/grid, parent`, `"north/grid" is no it_load`},
		{"a resolution without unit", `resolution: 0.1 MWh`, `resolution: 0.1`, `0.1}`, `0.1 has no unit: a unit is expected, such as 0.1 kWh`},
		{"a resolution in an unknown unit", `resolution: 0.1 MWh`, `resolution: 0.1 Mwh`, `0.1 Mwh`, `unknown unit "Mwh"`},
		{"a resolution in another dimension", `resolution: 0.1 MWh`, `resolution: 0.1 m³`, `0.1 m³`, `0.1 m³ is no amount of heat_energy`},
		{"a resolution of nothing", `resolution: 0.1 MWh`, `resolution: 0 MWh`, `0 MWh`, `resolution is 0 MWh`},
		{"a modulus of what cannot wrap", `series: mean}`, `series: mean, modulus: 4 kW}`, `4 kW`, `a modulus of series mean`},
		{"a modulus beyond measure", `42949672.96 kWh`, `429496729600000 kWh`, `429496729600000 kWh`, `out of range`},
		{"a formula that is none", `north/grid - 0.5 * north/it`, `north/grid-north/it`, `"north/grid-north/it"`, `no point`},
		{"a formula of other units", `north/grid - 0.5 * north/it`, `north/grid - north/power`, `"north/grid - north/power"`, `"north/power" is of quantity active_power: points in kWh`},
		{"a formula of itself", `north/grid - 0.5 * north/it`, `north/grid - north/rest`, `"north/grid - north/rest"`, `"north/rest" is calculated from itself`},
		{"a circle over two points", `north/grid - 0.5 * north/it`, `north/grid - north/chiller`, `{of: north/rest`, `"north/chiller" is calculated from itself`},
		{"a share above one", `fallback: 0.25`, `fallback: 25`, `25, basis`, `fallback is 25`},
		{"a share of nothing", `by: north/it, fallback: 0.25, `, ``, `{of: north/rest`, `a share of nothing: by or fallback`},
		{"a share by a point without parent", `by: north/it,`, `by: north/grid,`, `north/grid, fallback`, `"north/grid" has no parent`},
		{"a boundary", `boundary: outside`, `boundary: outsid`, `outsid`, `unknown boundary "outsid": did you mean "outside"?`},
		{"a heat pump's sink", `sink: north/heat`, `sink: north/hot`, `north/hot`, `no point "north/hot"`},
		{"a fact twice at once", `to: 2025-01-01}`, `to: 2025-01-02}`, `floor_area_total, value: 5300`, `fact "floor_area_total" holds twice at once`},
		{"a fact of a year and a day", `year: 2024, document: F-gas`, `year: 2024, from: 2024-01-01, document: F-gas`, `2024, from`, `a year beside from or to`},
		{"a kind of event", `kind: outage`, `kind: power_cut`, `power_cut`, `unknown kind of event "power_cut": meter_exchange, confirmed_reset, outage, boundary_change or substitution is expected`},
		{"an exchange of a meter nobody knows", `meter: north-ups`, `meter: north-usp`, `north-usp`, `no meter "north-usp": did you mean "north-ups"?`},
		{"an exchange that names another meter's point", `old: {serial: A1, final: {north/grid`, `old: {serial: A1, final: {north/heat`, `north/heat: 412`, `"north/heat" is no point of meter "north-main"`},
		{"a final state in another dimension", `41250000.0 kWh`, `41250000.0 m3`, `41250000.0 m3`, `41250000.0 m3 is no amount of active_energy_import`},
		{"a negative state", `41250000.0 kWh`, `-41250000.0 kWh`, `-41250000.0 kWh`, `is negative`},
		{"a final state without a first one", `, start: {north/grid: 0.0 kWh}`, ``, `north/grid: 4125`, `"north/grid" has a final but no start`},
		{"a serial that the next exchange does not know", `old: {serial: B1}`, `old: {serial: B3}`, `B3}, new`, `the old meter is "B3": "B1" is expected`},
		{"a serial that does not hang there", `new: {serial: B2}`, `new: {serial: B4}`, `B4}}`, `the new meter is "B4": "B2" is expected`},
		{"an exchange without an instant", `at: 2025-05-14T09:30:00+02:00, `, ``, `{kind: meter_exchange, meter: north-main, old: {serial: B1}`, `event meter_exchange without at`},
		{"an instant without offset", `at: 2024-08-01T00:00:00Z`, `at: 2024-08-01T00:00:00`, `2024-08-01T00:00:00,`, `an instant such as`},
		{"an event twice", `at: 2025-05-14T09:30:00+02:00, old: {serial: B1}`, `at: 2024-05-14T07:30:00Z, old: {serial: B1}`, `{kind: meter_exchange, meter: north-main, at: 2024-05-14T07:30:00Z`, `the event is given twice`},
		{"an outage that ends before it begins", `to: 2024-07-02T00:00:00Z`, `to: 2024-06-02T00:00:00Z`, `2024-06-02T`, `to is not after from`},
		{"an outage with counters", `reason: works`, `old: {serial: A}`, `{serial: A}`, `old in an event outage`},
		{"a commitment twice", `id: law`, `id: green`, `green, metric`, `commitment "green" is given twice`},
		{"a rulebook with a metric", `rulebook: enefg-2023`, `rulebook: enefg-2023, metric: pue`, `metric: pue}`, `metric beside a rulebook`},
		{"neither rulebook nor metric", `, rulebook: enefg-2023`, ``, `{id: law}`, `neither rulebook nor metric`},
		{"a metric", `metric: pue,`, `metric: peu,`, `peu`, `unknown metric "peu": did you mean "pue"?`},
		{"a threshold in the wrong unit", `at_least: 4.5 GWh`, `at_least: 4.5 GW`, `4.5 GW`, `the threshold is in GW: kWh or MWh`},
		{"a threshold that is no amount", `at_least: 4.5 GWh`, `at_least: "4,5 GWh"`, `"4,5 GWh"`, `no amount`},
		{"a part of a ratio", `at_most: 1.3`, `at_most: 1.3, pro_rata: true`, `true, per: P12M`, `pro_rata of pue: an amount that grows with time`},
		{"taking at most", `at_least: 2 GWh`, `at_most: 2 GWh`, `true, force_majeure`, `take_or_pay of heat_delivered: at least so much`},
		{"degree-days without effect", `normal: 3000`, `normal: 0`, `{fact: heating`, `degree_days without an effect`},
		{"a guard band in another unit", `amount: 10 MWh`, `amount: 10 kW`, `{amount: 10 kW`, `the guard band is 10 kW`},
		{"a guard band for nobody", `favours: operator`, `favours: nature`, `{amount: 10 MWh`, `the guard band favours "nature"`},
		{"more than the whole", `minimum_coverage: 0.8`, `minimum_coverage: 80`, `80}`, `minimum_coverage is 80: a share from 0 to 1`},
		{"a scope nobody knows", `scope: operator`, `scope: town`, `town, pro_rata`, `unknown scope "town"`},
		{"a campus of no sites", `scope: operator`, `scope: campus`, `campus, pro_rata`, `scope campus without sites`},
		{"terms beside a rulebook", `rulebook: enefg-2023`, `rulebook: enefg-2023, pro_rata: true`, `pro_rata: true}`, `pro_rata beside a rulebook`},
		{"two thresholds", `at_most: 1.3`, `at_most: 1.3, at_least: 1`, `{id: pue`, `metric pue with 2 thresholds`},
		{"no threshold", `at_most: 1.3, `, ``, `{id: pue`, `metric pue with 0 thresholds`},
		{"a comparator without threshold", `threshold: {2024: 50 %, 2027: 100 %}, `, ``, `{id: green`, `one of comparator and threshold is missing`},
		{"a threshold of no year", `{2024: 50 %,`, `{24: 50 %,`, `24: 50 %`, `24 is no year`},
		{"a rule without period", `per: P12M, `, ``, `{id: pue`, `a rule without per`},
		{"a contract year without a beginning", `per: contract_year, from: 2025-10-01`, `per: contract_year`, `contract_year, sites`, `a contract year without from`},
		{"an authority", `enforced_by: BAFA`, `enforced_by: bafa`, `bafa`, `unknown authority "bafa": did you mean "BAFA"?`},
		{"a commitment for a site nobody knows", `sites: [north]}`, `sites: [nord]}`, `nord]}`, `no site "nord": did you mean "north"?`},
		{"a kind of evidence", `kind: certificate`, `kind: zertifikat`, `zertifikat`, `unknown kind of evidence "zertifikat"`},
		{"an allocation to a site nobody knows", `{site: north, mwh: 60}`, `{site: south, mwh: 60}`, `south`, `no site "south"`},
		{"an allocation of more than there is", `mwh: 40}`, `mwh: 41}`, `41}`, `41 MWh where 40 of 100 MWh are left`},
		{"an allocation of less than nothing", `mwh: 40}`, `mwh: -40}`, `-40}`, `mwh is -40`},
		{"a volume that is not the range", `volume_mwh: 100, allocations`, `volume_mwh: 101, allocations`, `DE-2025-0000001..`, `100 guarantees for 101 MWh`},
		{"a guarantee used twice", `DE-2025-0000101..DE-2025-0000200`, `DE-2025-0000100..DE-2025-0000199`, `DE-2025-0000100..DE-2025-0000199`, `guarantees are used twice: evidence "go1" on line`},
		{"a range that runs backwards", `DE-2025-0000101..DE-2025-0000200`, `DE-2025-0000201..DE-2025-0000200`, `DE-2025-0000201..`, `no range of guarantees`},
		{"a guarantee without volume", `0000200, volume_mwh: 100`, `0000200`, `{id: go2`, `a guarantee of origin without volume_mwh`},
		{"a month of thirteen", `produced: 2025-03`, `produced: 2025-13`, `2025-13`, `no month`},
		{"a country in small letters", `country: DE`, `country: de`, `de, produced`, `no country`},
		{"a digest that is none", `digest: sha256:0f`, `digest: sha256:xx`, `sha256:xx`, `no digest`},
		{"evidence twice", `id: go2`, `id: go1`, `go1, kind: guarantee_of_origin, ids: DE-2025-0000101`, `evidence "go1" is given twice`},
	}
	original := source(t, "full.yaml")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if n := strings.Count(original, tt.old); n != 1 {
				t.Fatalf("%q stands in the file %d times", tt.old, n)
			}
			src := strings.Replace(original, tt.old, tt.new, 1)
			_, faults := registry.Load("full.yaml", []byte(src))
			if len(faults) != 1 {
				t.Fatalf("%d faults:\n%v", len(faults), faults)
			}
			if f := faults[0]; !strings.Contains(f.Error(), tt.problem) || !strings.HasPrefix(from(src, f.Line, f.Column), tt.place) || f.File != "full.yaml" || f.Remedy == "" {
				t.Errorf("got %v\nwant %q at %q", f, tt.problem, tt.place)
			}
		})
	}
}

// from is the text from a place on; columns count characters.
func from(src string, line, column int) string {
	lines := strings.SplitAfter(src, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	characters := []rune(lines[line-1])
	if column < 1 || column > len(characters) {
		return ""
	}
	return string(characters[column-1:]) + strings.Join(lines[line:], "")
}

func TestAllMistakesOfAFileAreNamedInItsOrder(t *testing.T) {
	t.Parallel()
	src := source(t, "full.yaml")
	for _, edit := range [][2]string{
		{`ags: "06413000"`, `ags: "1"`},
		{`    operator: op`, `    operator: opp`},
		{`lat: 50.1`, `lat: [50]`},
		{`quantity: active_power`, `qantity: active_power`},
		{`fallback: 0.25`, `fallback: 25`},
		{`boundary: outside`, `boundary: up`},
		{`meter: north-ups`, `meter: south`},
		{`per: P12M`, `per: century`},
		{`mwh: 40}`, `mwh: 400}`},
	} {
		src = strings.Replace(src, edit[0], edit[1], 1)
	}
	_, faults := registry.Load("f", []byte(src))
	want := []string{
		"no AGS", "no operator", "lat is a list", `missing field "quantity"`, `unknown field "qantity"`, "fallback is 25",
		"unknown boundary", "no meter", "unknown period", "400 MWh where 40",
	}
	if len(faults) != len(want) {
		t.Fatalf("%d faults, want %d:\n%v", len(faults), len(want), faults)
	}
	for i, f := range faults {
		if !strings.Contains(f.Error(), want[i]) {
			t.Errorf("fault %d is %v, want %q", i+1, f, want[i])
		}
	}
}

func TestAnEmptyFileSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	_, faults := registry.Load("r.yaml", nil)
	if want := `r.yaml:1:1: missing field "municipality": a mapping is expected`; faults.Error() != want {
		t.Errorf("got %v, want %s", faults, want)
	}
}
