package registry_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

const zoneYAML = `municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
sites:
  - id: north
    name: North
    timezones: %s
`

func TestASiteChangesItsZone(t *testing.T) {
	t.Parallel()
	r, faults := registry.Load("registry.yaml", fmt.Appendf(nil, zoneYAML, "[{zone: Europe/Lisbon, from: 2024-06-03}, {zone: Europe/Berlin, from: 2025-01-01}]"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	again, err := registry.FromEntries(r.Entries()) // as a database gives it back
	if err != nil {
		t.Fatal(err)
	}
	c, err := again.Calendar("north", "UTC")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ at, zone string }{
		{"2024-06-02T21:59:59Z", "Europe/Berlin"}, {"2024-06-02T22:00:00Z", "Europe/Lisbon"}, {"2024-12-31T23:59:59Z", "Europe/Lisbon"}, {"2025-01-01T00:00:00Z", "Europe/Berlin"},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if zone := c.Zone(at); zone != tt.zone {
			t.Errorf("at %s the zone is %s, want %s", tt.at, zone, tt.zone)
		}
	}
	if day := c.Day(energy.Date{Year: 2024, Month: 6, Day: 3}); day.Length() != 25*time.Hour {
		t.Errorf("the day of the change has %s, want 25 h", day.Length())
	}
	if other, err := again.Calendar("nowhere", "UTC"); err != nil || other.Zone(time.Now()) != "Europe/Berlin" {
		t.Errorf("a site nobody knows has %s, %v; want the municipality's", other.Zone(time.Now()), err)
	}
}

func TestEveryMistakeInAChangeOfTheZoneIsNamedWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ sentence, zones, place, problem string }{
		{"no zone", "[{zone: Europe/Lisboa, from: 2024-06-03}]", "Europe/Lisboa", `"Europe/Lisboa" is no time zone`},
		{"no day", "[{zone: Europe/Lisbon}]", "{zone", `missing field "from"`},
		{"a day that does not exist", "[{zone: Europe/Lisbon, from: 2024-06-31}]", "2024-06-31", "no date"},
		{"not in order", "[{zone: Europe/Lisbon, from: 2024-06-03}, {zone: Europe/Berlin, from: 2024-06-01}]", "2024-06-01", "the change of 2024-06-01 is not after that of 2024-06-03"},
		{"twice on a day", "[{zone: Europe/Lisbon, from: 2024-06-03}, {zone: Europe/Madrid, from: 2024-06-03 }]", "2024-06-03 }", "is not after"},
		{"to the zone that holds", "[{zone: Europe/Berlin, from: 2024-06-03}]", "Europe/Berlin, from", "Europe/Berlin holds before 2024-06-03 already"},
		{"a day without length", "[{zone: Pacific/Pago_Pago, from: 2024-06-03}, {zone: Pacific/Kiritimati, from: 2024-06-09}]", "2024-06-09", "2024-06-09 has no length"},
		{"a field nobody knows", "[{zone: Europe/Lisbon, from: 2024-06-03, to: 2024-07-01}]", "to:", `unknown field "to"`},
	} {
		text := fmt.Sprintf(zoneYAML, tt.zones)
		_, faults := registry.Load("registry.yaml", []byte(text))
		if len(faults) != 1 || !strings.Contains(faults[0].Problem, tt.problem) || faults[0].Remedy == "" {
			t.Errorf("%s: %v, want %q and a remedy", tt.sentence, faults, tt.problem)
			continue
		}
		line := strings.Split(text, "\n")[faults[0].Line-1]
		if faults[0].Column < 1 || !strings.HasPrefix(line[faults[0].Column-1:], tt.place) {
			t.Errorf("%s: the fault stands at %d:%d, want it at %q", tt.sentence, faults[0].Line, faults[0].Column, tt.place)
		}
	}
}
