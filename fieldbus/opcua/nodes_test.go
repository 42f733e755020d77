package opcua

import (
	"slices"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

func parse(t testing.TB, yaml string) ([]Node, energy.Faults) {
	t.Helper()
	var file struct {
		Nodes strictyaml.Node `yaml:"nodes"`
	}
	if _, faults := strictyaml.Decode("config.yaml", []byte(yaml), &file); len(faults) > 0 {
		t.Fatal(faults)
	}
	return ParseNodes(file.Nodes)
}

func TestNodesAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	nodes, faults := parse(t, `nodes:
  - {point: kaiserlei/it-energy, node: "nsu=http://example.org/dc;s=UPS1.Energy", unit: kWh}
  - {point: kaiserlei/fuel, node: "ns=3;i=17", unit: l, quantity: fuel_volume, scale: 0.1}
  - {point: kaiserlei/heat, node: "g=72962B91-FA75-4AE6-8D28-B404DC7DAF63", unit: GJ}
  - {point: kaiserlei/flow, node: "ns=1;b=M/RbKBsRVkePCePcx24oRA==", unit: l/s}
  - {point: kaiserlei/power, node: "ns=1;i=1", unit: kW, deadband: 0.5, queue: 20}
  - {point: kaiserlei/inlet, node: "ns=1;i=2", unit: °C, deadband: 1%}
`)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := []Node{
		{Point: "kaiserlei/it-energy", Node: "nsu=http://example.org/dc;s=UPS1.Energy", Unit: "kWh"},
		{Point: "kaiserlei/fuel", Node: "ns=3;i=17", Unit: "l", Quantity: energy.FuelVolume, Scale: energy.Decimal(1, -1)},
		{Point: "kaiserlei/heat", Node: "g=72962B91-FA75-4AE6-8D28-B404DC7DAF63", Unit: "GJ"},
		{Point: "kaiserlei/flow", Node: "ns=1;b=M/RbKBsRVkePCePcx24oRA==", Unit: "l/s"},
		{Point: "kaiserlei/power", Node: "ns=1;i=1", Unit: "kW", Deadband: Deadband{Value: 0.5}, Queue: 20},
		{Point: "kaiserlei/inlet", Node: "ns=1;i=2", Unit: "°C", Deadband: Deadband{Value: 1, Percent: true}},
	}
	if !slices.Equal(nodes, want) {
		t.Errorf("nodes are %+v, want %+v", nodes, want)
	}
}

func TestEveryFaultOfTheNodesIsToldWithItsPlace(t *testing.T) {
	t.Parallel()
	nodes, faults := parse(t, `nodes:
  - {point: it-energy, node: "ns=2;s=A", unit: kWh}
  - {point: k/a, node: "UPS1.Energy", unit: kWh}
  - {point: k/b, node: "ns=70000;i=1", unit: kWh}
  - {point: k/c, node: "i=4294967296", unit: kWh}
  - {point: k/d, node: "ns=2;g=1234", unit: kWh}
  - {point: k/e, node: "ns=2;b=***", unit: kWh}
  - {point: k/f, node: "nsu=http://example.org/dc", unit: kWh}
  - {point: k/g, node: "ns=2;s=", unit: kWh}
  - {point: k/h, node: "ns=2;s=H", unit: kWhh}
  - {point: k/i, node: "ns=2;s=I", unit: "%"}
  - {point: k/j, node: "ns=2;s=J", unit: kW, quantity: heat_energy}
  - {point: k/k, node: "ns=2;s=K", unit: kWh, quantity: warmth}
  - {point: k/l, node: "ns=2;s=L"}
  - {point: k/m, node: "ns=2;s=M", unit: kWh}
  - {point: k/m, node: "ns=2;s=N", unit: kWh}
  - {point: k/n, nod: "ns=2;s=N", unit: kWh}
  - {point: k/o, node: "ns=2;s=O", unit: kWh, deadband: half}
  - {point: k/p, node: "ns=2;s=P", unit: kWh, deadband: 101%}
  - {point: k/q, node: "ns=2;s=Q", unit: kWh, queue: -1}
`)
	want := []string{
		`2:13: "it-energy" is no point: SITE/NAME`,
		`3:24: "UPS1.Energy" names no node: nsu=URI;s=NAME`,
		`4:24: "ns=70000;i=1" has no namespace index: nsu=URI;s=NAME`,
		`5:24: "i=4294967296" has no numeric identifier: i= and a number`,
		`6:24: "ns=2;g=1234" has no GUID: g=0000`,
		`7:24: "ns=2;b=***" has no opaque identifier: b= and base64`,
		`8:24: "nsu=http://example.org/dc" names no node: nsu=URI;s=NAME`,
		`9:24: "ns=2;s=" has no usable name: s= and 1 to 4096`,
		`10:42: unknown unit "kWhh": a unit such as`,
		`11:42: no quantity is measured in %: a unit such as`,
		`12:42: heat_energy is not measured in kW: a unit that converts to kWh`,
		`13:42: unknown quantity "warmth": a quantity such as`,
		`14:5: missing field "unit": `,
		`16:13: point k/m stands twice: entry 14 has it already`,
		`17:5: missing field "node": `,
		`17:18: unknown field "nod": did you mean "node"?`,
		`18:57: "half" is no deadband: a number`,
		`19:57: a deadband of 101%: at most 100%`,
		`20:54: a queue of -1: 1 to 100000 values`,
	}
	for i, f := range faults {
		f.File = ""
		if i >= len(want) || !strings.HasPrefix(f.Error(), want[i]) {
			t.Errorf("fault %d is %q, want %q", i, f.Error(), want[min(i, len(want)-1)])
		}
	}
	if len(faults) != len(want) {
		t.Errorf("%d faults, want %d", len(faults), len(want))
	}
	if len(nodes) != 1 || nodes[0].Node != "ns=2;s=M" {
		t.Errorf("nodes without a fault are %+v, want k/m alone", nodes)
	}
}

func TestANamespaceIsFoundByItsURI(t *testing.T) {
	t.Parallel()
	server := []string{"http://opcfoundation.org/UA/", "urn:x", "http://example.org/dc;a%b"}
	for text, want := range map[string]string{
		"nsu=http://example.org/dc%3Ba%25b;s=a;b=c": "ns=2;s=a;b=c",
		"nsu=urn:x;i=70000":                         "ns=1;i=70000",
		"ns=300;i=5":                                "ns=300;i=5",
		"i=2258":                                    "i=2258",
		"s=x":                                       "s=x",
	} {
		a, err := parseAddress(text)
		if err != nil {
			t.Errorf("parseAddress(%q): %v", text, err)
			continue
		}
		if id, err := a.resolve(server); err != nil || id.String() != want {
			t.Errorf("%q is %s, %v; want %s", text, id, err, want)
		}
	}
}

// A node id that is accepted at load never fails at connect for its form.
func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"nsu=http://example.org/dc;s=UPS1.Energy", "ns=2;i=5", "g=72962B91-FA75-4AE6-8D28-B404DC7DAF63", "b=AA==", "ns=2;s=a;b", "=", ";"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := parseAddress(text)
		if err != nil {
			return
		}
		if _, err := a.resolve([]string{"", a.uri}); err != nil {
			t.Errorf("parseAddress takes %q, resolve does not: %v", text, err)
		}
	})
}
