package main

import (
	"strings"
	"testing"
)

func TestWhatAManualPrintsOtherwiseIsDoubted(t *testing.T) {
	t.Parallel()
	const head = "id: town/own\nmanufacturer: T\nname: N\nsource: s\nlimits: {max_registers: 20}\nrefresh: 1s\nregisters:\n"
	for sentence, test := range map[string]struct{ registers, doubt string }{
		"Modicon numbers": {"  - {quantity: active_power, table: holding, address: 40101, type: int16, unit: kW, confirmed: true}\n",
			"all addresses look like Modicon numbers, such as 40101: the address on the wire is expected, from 0: 40101 would be 100"},
		"a high address among low ones": {"  - {quantity: active_power, table: holding, address: 40101, type: int16, unit: kW, confirmed: true}\n" +
			"  - {quantity: frequency, table: holding, address: 101, type: int16, unit: Hz, confirmed: true}\n", ""},
		"a modulus of few steps": {"  - {quantity: heat_energy, table: holding, address: 1, type: uint16, unit: kWh, modulus: 100, confirmed: true}\n",
			"the counter heat_energy starts anew at 100, after less than 1000 of its steps"},
		"a modulus of the display": {"  - {quantity: heat_energy, table: holding, address: 1, type: uint32, order: CDAB, unit: kWh, modulus: 1000000, confirmed: true}\n", ""},
		"no order": {"  - {quantity: heat_energy, table: holding, address: 1, type: uint64, unit: kWh, confirmed: true}\n",
			"the order of the words of heat_energy is not stated"},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			file := write(t, t.TempDir(), "own.yaml", head+test.registers)
			got := command(t, "", "meters", "check", file).want(t, exitFine).stdout
			if !strings.Contains(got, test.doubt) || test.doubt == "" && !strings.Contains(got, "no faults, 0 warnings") {
				t.Errorf("%s\n%q is expected", got, test.doubt)
			}
		})
	}
}

func TestTheExampleOfAModelIsAModel(t *testing.T) {
	t.Parallel()
	file := write(t, t.TempDir(), "own.yaml", command(t, "", "meters", "example").want(t, exitFine).stdout)
	command(t, "", "meters", "check", file).want(t, exitFine)
}
