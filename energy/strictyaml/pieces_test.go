package strictyaml

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// seedsOfPieces are texts that can be cut, or look as if they could.
func seedsOfPieces() []string {
	return []string{
		"id: a\nlist:\n  - {x: 1, y: [2, 3]}\n  - id: b\n    text: |\n      - no item\n      list:\n\n    more: 1\n\n  # a remark\n  - c\nlast: {z: 1}\n",
		"list:\n- a\n- b\n-   c: 1\n    d:\n    - e\n    - f\nother:\n- g\n- h\n",
		"list:\n  - \"a\n  - b\"\n  - c\n",           // an item that is none
		"list:\n  - 'a\n\nlist: b'\n  - c\n",         // a name that is none
		"list:\n  - {a: 1,\n  - b: 2}\n  - c\n",      // broken, in any case
		"list:\n  - a\n  - b\nlist:\n  - c\n  - d\n", // twice
		"list:\n  - a\n b: 1\n  - c\n",
		"note: |\n  list:\n  - a\n  - b\n",
		"list:\n  - a\n---\nlist:\n  - b\n  - c\n",
		"list: # with a remark\n  - a\n  - b\n",
		"list:\n  - &x a\n  - *x\n",
		"list:\n  -\n  - a\n  - \n  - b\n",
		"list:\n  - a\n  - - b\n    - c\n  - d: e\n",
		"list:\n  - a\n  -b\n  - c\n",
		"list:\n  - |\n   a\n  - b\n  - >-\n    c\n\n  - d\n\n\n",
		"list:\n  - a\n\t- b\n  - c\n",
		"list:\n  - a: b: c\n  - d\n",
		"{list: [a],\nother:\n  - a\n  - b\n}",
		"list:\n  - ? a\n    : b\n  - c\n",
		"list:\n    - a\n  - b\n  - c\n",
		"list:\n  - a\n    - b\n  - c\n",
		"list:\n  - a\n  - b",
		"0:\n- 0\n- \n1:",
		"t:\n-\nt:\n  - 0\n  - 00",
		"0: 0\n1:\n  - {\n  - 0\n}",
		"0:\n- 0\n- 00\n:",
	}
}

// check holds a text read in pieces against the whole: what is read must be the
// same to the last place, and what the whole refuses must not be read at all.
func check(t *testing.T, text string) (ok bool) {
	t.Helper()
	whole, faults := parse("f", []byte(text))
	pieces, ok := parseInPieces("f", text)
	switch {
	case ok && len(faults) > 0:
		t.Errorf("in pieces %q is read, as a whole it is refused: %v", text, faults)
	case ok && !reflect.DeepEqual(pieces, whole):
		t.Errorf("in pieces %q is read otherwise", text)
	}
	return ok
}

func TestPiecesAreTheWhole(t *testing.T) {
	t.Parallel()
	read := 0
	for _, text := range seedsOfPieces() {
		if check(t, text) {
			read++
		}
	}
	if read < 5 {
		t.Errorf("%d of the texts were read in pieces, want the first two and others", read)
	}
}

// TestALargeFileIsReadInPieces compares a file of thousands of meters, and sees
// that a mistake in its middle has the place and the words of the whole.
func TestALargeFileIsReadInPieces(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("data_dir: ./var\n# many\nconnections:\n")
	for n := range 3000 {
		fmt.Fprintf(&b, "  - id: c%d\n    modbus: {url: \"tcp://127.0.0.1:%d\"} # remark: %d\n    meters:\n      - id: m%d\n        registers:\n", n, n, n, n)
		for k := range 3 {
			fmt.Fprintf(&b, "          - {point: s/p%d-%d, address: %d, scale: 0.1}\n", n, k, 2*k)
		}
		b.WriteString("\n")
	}
	b.WriteString("spool: {dir: x}\n")
	text := b.String()
	if len(text) <= wholeSize {
		t.Fatalf("%d bytes are not large", len(text))
	}
	pieces, ok := parseInPieces("f", text)
	whole, faults := parseText("f", text, &texts{})
	if !ok || len(faults) > 0 || !reflect.DeepEqual(pieces, whole) {
		t.Fatalf("in pieces it is not what it is as a whole: %v, %v", ok, faults)
	}
	if got := pieces.pair("connections").value.items[2999].pair("id"); got.value.text != "c2999" || got.line != 4+2999*9 {
		t.Errorf("the last connection is %q on line %d, want c2999 on line %d", got.value.text, got.line, 4+2999*9)
	}
	broken := strings.Replace(text, "{point: s/p1500-1,", "{point: s/p1500-1", 1)
	_, faults = parse("f", []byte(broken))
	_, want := parseText("f", broken, &texts{})
	if len(faults) == 0 || !reflect.DeepEqual(faults, want) {
		t.Errorf("a mistake is reported as %v, want %v", faults, want)
	}
}

func FuzzPieces(f *testing.F) {
	for _, seed := range seedsOfPieces() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, wrong := unreadable([]byte(text)); wrong || strings.ContainsAny(text, "\r\uFEFF") {
			return // parse sees to it before
		}
		check(t, text)
	})
}
