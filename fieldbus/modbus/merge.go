package modbus

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Merge joins the configurations of each physical address into one, in the order
// in which the addresses come, so that one driver owns it: two that ask a serial
// line at once destroy each other's frames, and many gateways bear one socket.
// The meters keep the id of the connection they were configured with. Drivers of
// configurations that were merged together share their register maps.
//
// Where the configurations of an address state different things, the more
// careful one holds: the longer timeout and pause, the fewest registers and
// sockets of those stated. It errs where they contradict each other: another
// protocol at the same port, other parameters of a serial line, other keys.
func Merge(configs []Config) ([]Config, error) {
	var merged []Config
	var wrong []error
	at := map[string]int{} // by address
	known := newCatalogue()
	for _, c := range configs {
		c.known, c.Meters = known, slices.Clone(c.Meters)
		for i := range c.Meters {
			if c.Meters[i].Connection == "" {
				c.Meters[i].Connection = c.ID
			}
		}
		key := c.address()
		i, known := at[key]
		if !known {
			at[key] = len(merged)
			merged = append(merged, c)
			continue
		}
		if problem := merged[i].contradicts(c); problem != "" {
			wrong = append(wrong, fmt.Errorf("modbus connections %s and %s share %s: %s", merged[i].ID, c.ID, strings.TrimPrefix(key, "udp "), problem))
			continue
		}
		merged[i].join(c)
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return merged, nil
}

// address names what is physically there: a device, or a port. A port of UDP is
// another one than that of TCP.
func (c Config) address() string {
	scheme, place, _ := strings.Cut(c.URL, "://")
	switch scheme {
	case "rtu":
		// The links below /dev/serial all lead to the same device.
		if device, err := filepath.EvalSymlinks(place); err == nil {
			return device
		}
		return filepath.Clean(place)
	case "udp", "rtuoverudp":
		return "udp " + strings.ToLower(place)
	}
	return strings.ToLower(place)
}

// contradicts says what keeps o from sharing the socket of c.
func (c Config) contradicts(o Config) string {
	mine, _, _ := strings.Cut(c.URL, "://")
	theirs, _, _ := strings.Cut(o.URL, "://")
	switch {
	case mine != theirs:
		return fmt.Sprintf("one speaks %s and the other %s: the same url is expected", mine, theirs)
	case c.Serial != o.Serial && o.rtu():
		return fmt.Sprintf("the line is %+v for one and %+v for the other: the same speed, data bits, parity and stop bits are expected", c.Serial, o.Serial)
	case c.TLS != o.TLS && mine == "tcp+tls" && !c.TLS.same(o.TLS):
		return "they have different certificates: the same ones are expected"
	}
	return ""
}

// same tells whether two ends show and trust the same.
func (t TLS) same(o TLS) bool {
	if t.Certificate == nil || o.Certificate == nil || t.Roots == nil || o.Roots == nil {
		return false
	}
	return slices.EqualFunc(t.Certificate.Certificate, o.Certificate.Certificate, slices.Equal) && t.Roots.Equal(o.Roots)
}

// join adds the meters of o, with the more careful of both settings.
func (c *Config) join(o Config) {
	c.Timeout = max(cmp.Or(c.Timeout, usualTimeout), cmp.Or(o.Timeout, usualTimeout))
	c.Pause = max(c.Pause, o.Pause)
	c.MaxRegisters = fewest(c.MaxRegisters, o.MaxRegisters)
	c.Simultaneous = fewest(c.Simultaneous, o.Simultaneous)
	c.Meters = append(c.Meters, o.Meters...)
}

// fewest is the smaller of two numbers of which zero states nothing.
func fewest(a, b int) int {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}
