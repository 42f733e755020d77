package opcua

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gopcua/opcua/ua"
)

// address is a node's name as configuration gives it (OPC 10000-6, 5.3.1.10 and
// 5.3.1.11). A namespace given by its URI gets its index at each connect: the
// index may change when the server restarts, the URI does not.
type address struct {
	uri        string // namespace URI; empty: index counts
	index      uint16
	identifier string // "s=UPS1.Energy"
}

// parseAddress reads "nsu=URI;s=NAME", "ns=2;i=5", "i=2258", "g=GUID", "b=BASE64".
// The error says what is wrong and, after a colon, what is expected.
func parseAddress(text string) (address, error) {
	const expected = `nsu=URI;s=NAME, ns=2;s=NAME or another of i=, g=, b= is expected`
	var a address
	rest := text
	if found, ok := strings.CutPrefix(text, "nsu="); ok {
		uri, identifier, ok := strings.Cut(found, ";")
		if !ok || uri == "" {
			return a, fmt.Errorf("%q names no node: %s", text, expected)
		}
		// Part 6 writes a semicolon and a percent sign of the URI as %3B and %25.
		a.uri = strings.NewReplacer("%3B", ";", "%3b", ";", "%25", "%").Replace(uri)
		rest = identifier
	} else if found, ok := strings.CutPrefix(text, "ns="); ok {
		digits, identifier, ok := strings.Cut(found, ";")
		index, err := strconv.ParseUint(digits, 10, 16)
		if !ok || err != nil {
			return a, fmt.Errorf("%q has no namespace index: %s", text, expected)
		}
		a.index, rest = uint16(index), identifier
	}
	a.identifier = rest
	form, value, ok := strings.Cut(rest, "=")
	if !ok {
		return a, fmt.Errorf("%q names no node: %s", text, expected)
	}
	switch form {
	case "i":
		if _, err := strconv.ParseUint(value, 10, 32); err != nil {
			return a, fmt.Errorf("%q has no numeric identifier: i= and a number up to 4294967295 is expected", text)
		}
	case "s":
		if value == "" || len(value) > 4096 {
			return a, fmt.Errorf("%q has no usable name: s= and 1 to 4096 characters are expected", text)
		}
	case "g":
		if raw, err := hex.DecodeString(strings.ReplaceAll(value, "-", "")); err != nil || len(raw) != 16 || len(value) != 36 {
			return a, fmt.Errorf("%q has no GUID: g=00000000-0000-0000-0000-000000000000 is expected", text)
		}
	case "b":
		if raw, err := base64.StdEncoding.DecodeString(value); err != nil || len(raw) == 0 {
			return a, fmt.Errorf("%q has no opaque identifier: b= and base64 is expected", text)
		}
	default:
		return a, fmt.Errorf("%q names no node: %s", text, expected)
	}
	return a, nil
}

// resolve is the node's id on a server with these namespaces.
func (a address) resolve(namespaces []string) (*ua.NodeID, error) {
	index := a.index
	if a.uri != "" {
		i := slices.Index(namespaces, a.uri)
		if i < 0 {
			return nil, fmt.Errorf("namespace %s is not on the server", a.uri)
		}
		index = uint16(i)
	}
	id, err := ua.ParseNodeID(fmt.Sprintf("ns=%d;%s", index, a.identifier))
	if err != nil {
		return nil, fmt.Errorf("node %s: %w", a.identifier, err)
	}
	return id, nil
}
