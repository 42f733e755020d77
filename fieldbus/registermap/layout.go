package registermap

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// Table is one of the four address spaces of a Modbus unit.
type Table string

// The tables (Modbus Application Protocol V1.1b3, 4.3): two of 16-bit
// registers, two of single bits.
const (
	Holding  Table = "holding"
	Input    Table = "input"
	Coil     Table = "coil"
	Discrete Table = "discrete"
)

// Bits tells whether the table holds single bits.
func (t Table) Bits() bool { return t == Coil || t == Discrete }

// UnmarshalText reads the name.
func (t *Table) UnmarshalText(text []byte) error {
	return oneOf(t, string(text), "table", Holding, Input, Coil, Discrete)
}

// Type is how a number is written in registers.
type Type string

// The types. Integers are two's complement, floats are IEEE 754, the bcd types
// hold one decimal digit in four bits. Six-byte integers occur as counters (ABB,
// Socomec). A String is no reading: it names units and meters.
const (
	Bool    Type = "bool"
	Uint16  Type = "uint16"
	Int16   Type = "int16"
	Uint32  Type = "uint32"
	Int32   Type = "int32"
	Uint48  Type = "uint48"
	Int48   Type = "int48"
	Uint64  Type = "uint64"
	Int64   Type = "int64"
	Float32 Type = "float32"
	Float64 Type = "float64"
	BCD16   Type = "bcd16"
	BCD32   Type = "bcd32"
	BCD48   Type = "bcd48"
	BCD64   Type = "bcd64"
	String  Type = "string"
)

// Types lists those of numbers: all but String.
func Types() []Type {
	return []Type{
		Bool, Uint16, Int16, Uint32, Int32, Uint48, Int48, Uint64, Int64, Float32, Float64,
		BCD16, BCD32, BCD48, BCD64,
	}
}

// Words is how many registers the type takes; a bool takes one bit. It is 0
// for an unknown type and for String, whose length the map tells.
func (t Type) Words() int {
	switch t {
	case Bool, Uint16, Int16, BCD16:
		return 1
	case Uint32, Int32, Float32, BCD32:
		return 2
	case Uint48, Int48, BCD48:
		return 3
	case Uint64, Int64, Float64, BCD64:
		return 4
	}
	return 0
}

// UnmarshalText reads the name.
func (t *Type) UnmarshalText(text []byte) error {
	return oneOf(t, string(text), "type", append(Types(), String)...)
}

// unsigned and signed tell the integers apart from the rest, which is neither.
func (t Type) unsigned() bool { return t == Uint16 || t == Uint32 || t == Uint48 || t == Uint64 }

func (t Type) signed() bool { return t == Int16 || t == Int32 || t == Int48 || t == Int64 }

func (t Type) bcd() bool { return t == BCD16 || t == BCD32 || t == BCD48 || t == BCD64 }

func (t Type) float() bool { return t == Float32 || t == Float64 }

// width is how many registers a number or a text of that length takes.
func width(t Type, length int) int {
	if t == String {
		return length
	}
	return t.Words()
}

// mask has a one for every bit of the type.
func (t Type) mask() uint64 {
	if t == Bool {
		return 1
	}
	return ^uint64(0) >> (64 - 16*t.Words())
}

// Order is how the bytes of a number are spread over registers, written as its
// bytes A (highest) to D in the order of the wire. The four names hold for
// every width: a CDAB number of eight bytes is GHEFCDAB.
type Order string

// The orders: high word first as the protocol recommends, low word first, and
// both with the bytes of each register swapped.
const (
	ABCD Order = "ABCD"
	CDAB Order = "CDAB"
	BADC Order = "BADC"
	DCBA Order = "DCBA"
)

// UnmarshalText reads an order, also in the full spelling of two, six or eight
// bytes. The spelling need not be as long as the number: manuals are not always
// careful there, and the meaning is the same.
func (o *Order) UnmarshalText(text []byte) error {
	switch string(text) {
	case "AB", "ABCDEF", "ABCDEFGH":
		*o = ABCD
	case "BA", "BADCFE", "BADCFEHG":
		*o = BADC
	case "EFCDAB", "GHEFCDAB":
		*o = CDAB
	case "FEDCBA", "HGFEDCBA":
		*o = DCBA
	default:
		return oneOf(o, string(text), "order", ABCD, CDAB, BADC, DCBA)
	}
	return nil
}

// word is word i, counted from the highest, of a number whose words came over
// the wire in this order. Arranging twice gives the words back.
func (o Order) word(wire []uint16, i int) uint16 {
	if o == CDAB || o == DCBA {
		i = len(wire) - 1 - i
	}
	if o == BADC || o == DCBA {
		return bits.ReverseBytes16(wire[i])
	}
	return wire[i]
}

// oneOf sets into to the text, which must be one of the known names. The error
// has the form "problem: remedy" that strict YAML makes faults of.
func oneOf[T ~string](into *T, text, what string, known ...T) error {
	if !slices.Contains(known, T(text)) {
		names := make([]string, len(known))
		for i, k := range known {
			names[i] = string(k)
		}
		return fmt.Errorf("%q is no %s: %s is expected", text, what, strings.Join(names, ", "))
	}
	*into = T(text)
	return nil
}
