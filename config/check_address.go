package config

import (
	"fmt"
	"net/url"
	"strings"
)

// setting is a field of a Modbus connection that all connections to one address
// must have alike: one owner speaks for them all. Of the others, such as timeout,
// it takes the more careful.
type setting struct {
	field string
	value any // with its default
}

// settings lists them, in the order in which the example shows them.
func (m Modbus) settings() []setting {
	m.fill()
	list := []setting{{"certificate", m.Certificate}, {"key", m.Key}, {"ca", m.CA}}
	switch m.Scheme() {
	case schemeRTU:
		list = append(list, setting{"data_bits", m.DataBits}, setting{"parity", m.Parity}, setting{"stop_bits", m.StopBits}, setting{"speed", m.Speed})
	case schemeOver, schemeOUDP:
		list = append(list, setting{"speed", m.Speed})
	}
	return list
}

// address is what is dialled: the same for tcp, tcp+tls and rtuovertcp, which
// all take one TCP port, and for udp and rtuoverudp.
func (m Modbus) address() string {
	scheme := m.Scheme()
	switch scheme {
	case schemeRTU:
		return m.URL
	case schemeUDP, schemeOUDP:
		scheme = schemeUDP
	default:
		scheme = schemeTCP
	}
	_, host, _ := strings.Cut(m.URL, "://")
	if u, err := url.Parse("tcp://" + host); err == nil {
		host = u.Host
	}
	return scheme + "://" + strings.ToLower(host)
}

// addresses finds connections to one address that contradict each other: their
// meters are read over one connection, which cannot be both.
func (c *checker) addresses() {
	first := map[string]int{}
	for i, k := range c.config.Connections {
		at := path{"connections", i, "modbus"}
		if k.Modbus == nil || !c.given(at.to("url")) {
			continue
		}
		j, shared := first[k.Modbus.address()]
		if !shared {
			first[k.Modbus.address()] = i
			continue
		}
		other := c.config.Connections[j]
		line := c.config.Fault("", "", "connections", j, "modbus", "url").Line
		if a, b := k.Modbus.Scheme(), other.Modbus.Scheme(); a != b {
			c.fault(at.to("url"), fmt.Sprintf("%s to an address that connection %q speaks %s to", a, other.ID, b),
				fmt.Sprintf("one scheme is expected: line %d has the other", line))
			continue
		}
		c.contradictions(k.Modbus, other, at, line)
	}
}

// contradictions names each setting that other, on an earlier line, has otherwise.
func (c *checker) contradictions(m *Modbus, other Connection, at path, line int) {
	theirs := other.Modbus.settings()
	for i, s := range m.settings() {
		if s.value == theirs[i].value {
			continue
		}
		place := at.to("url")
		if c.config.present(at.to(s.field)...) {
			place = at.to(s.field)
		}
		c.fault(place, fmt.Sprintf("%s is %s here and %s for connection %q with the same address", s.field, shown(s.value), shown(theirs[i].value), other.ID),
			fmt.Sprintf("state the same in both, or put these meters below that connection (line %d)", line))
	}
}

// shown is a setting as a message says it.
func shown(value any) string {
	if value == "" {
		return "not given"
	}
	return fmt.Sprint(value)
}
