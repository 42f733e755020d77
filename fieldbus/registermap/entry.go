package registermap

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// entry is a register as files write it; models and configurations share it.
type entry struct {
	Quantity  energy.Quantity `yaml:"quantity"`
	Table     Table           `yaml:"table,required"`
	Address   uint16          `yaml:"address,required"` // on the wire, from 0
	Type      Type            `yaml:"type,required"`
	Bit       *uint8          `yaml:"bit"`            // of a bool in a register
	Order     Order           `yaml:"order"`          // ABCD
	Scale     *energy.Value   `yaml:"scale"`          // 1
	ScaleFrom *scaleEntry     `yaml:"scale_register"` // multiplies scale
	Offset    energy.Value    `yaml:"offset"`         // 0, added after scaling
	Unit      energy.Unit     `yaml:"unit"`           // or unit_register
	UnitFrom  *unitEntry      `yaml:"unit_register"`  // where the meter names the unit by a code
	Absent    []pattern       `yaml:"absent"`         // what the register holds when it has no value
	Modulus   energy.Value    `yaml:"modulus"`        // where the counter starts anew
}

// unitEntry is a unit register as files write it.
type unitEntry struct {
	Address uint16                 `yaml:"address,required"`
	Type    Type                   `yaml:"type,required"`
	Order   Order                  `yaml:"order"`
	Words   int                    `yaml:"words"` // of a string
	Half    Half                   `yaml:"half"`
	Mask    *pattern               `yaml:"mask"` // the bits of the code
	Codes   map[string]energy.Unit `yaml:"codes"`
}

// scaleEntry is a scale register as files write it.
type scaleEntry struct {
	Address uint16    `yaml:"address,required"`
	Type    Type      `yaml:"type,required"`
	Order   Order     `yaml:"order"`
	As      ScaleForm `yaml:"as,required"`
	Absent  []pattern `yaml:"absent"`
}

// unreadable tells whether a part of e is missing without which nothing can be
// said of it. That it is missing is noted already.
func (e entry) unreadable() bool {
	return e.Table == "" || e.Type == "" || e.UnitFrom != nil && e.UnitFrom.Type == "" ||
		e.ScaleFrom != nil && (e.ScaleFrom.Type == "" || e.ScaleFrom.As == "")
}

// register is the register that e describes. Whether it makes sense is found by
// lint; here only what is not representable is found.
func (e entry) register() (Register, []finding) {
	r := Register{
		Quantity: e.Quantity, Table: e.Table, Address: e.Address, Type: e.Type, Order: orABCD(e.Order),
		Scale: energy.Decimal(1, 0), Offset: e.Offset, Unit: e.Unit, Modulus: e.Modulus,
	}
	if e.Scale != nil {
		r.Scale = shortest(*e.Scale)
	}
	if e.Type == Bool && e.Unit == "" && e.UnitFrom == nil {
		r.Unit = energy.One
	}
	found := e.checkBit()
	if e.Bit != nil {
		r.Bit = *e.Bit & 15
	}
	patterns := func(path []any, from []pattern, of Type) (all []uint64) {
		for i, p := range from {
			if p == "" {
				continue // it is no register content, which is noted
			}
			bits, ok := p.bits(of)
			if !ok {
				found = append(found, finding{append(slices.Clone(path), i), fmt.Sprintf("%s does not fit %s", p, of),
					"the register's content as the manual prints it is expected, such as 0x8000 or -32768"})
				continue
			}
			all = append(all, bits)
		}
		return all
	}
	r.Absent = patterns([]any{"absent"}, e.Absent, e.Type)
	if s := e.ScaleFrom; s != nil {
		r.ScaleFrom = &ScaleRegister{Address: s.Address, Type: s.Type, Order: orABCD(s.Order), As: s.As}
		r.ScaleFrom.Absent = patterns([]any{"scale_register", "absent"}, s.Absent, s.Type)
	}
	if u := e.UnitFrom; u != nil {
		from, wrong := u.register(r)
		r.UnitFrom, found = from, append(found, wrong...)
	}
	return r, found
}

// checkBit finds a bit where there is none to choose, and none where there is.
func (e entry) checkBit() []finding {
	inRegister := e.Type == Bool && !e.Table.Bits()
	switch {
	case inRegister && e.Bit == nil:
		return []finding{{[]any{"type"}, fmt.Sprintf("table %s holds registers, no bool", e.Table),
			"bit: with the number of the bit, 0 to 15, is expected beside it, or another type or table"}}
	case !inRegister && e.Bit != nil:
		return []finding{{[]any{"bit"}, "there is no bit to choose", "bit: belongs to a bool in the table holding or input"}}
	case e.Bit != nil && *e.Bit > 15:
		return []finding{{[]any{"bit"}, fmt.Sprintf("bit is %d", *e.Bit), "0, the lowest, to 15 is expected"}}
	}
	return nil
}

// register is the unit register that u describes, of the value r.
func (u unitEntry) register(r Register) (*UnitRegister, []finding) {
	from := &UnitRegister{Address: u.Address, Type: u.Type, Order: orABCD(u.Order), Length: u.Words, Half: u.Half}
	found := checkText(u.Type, u.Words, u.Half)
	add := func(problem, remedy string, path ...any) { found = append(found, finding{path, problem, remedy}) }
	if u.Mask != nil && *u.Mask != "" {
		mask, ok := u.Mask.bits(u.Type)
		if ok && mask != 0 && u.Type != String {
			from.Mask = mask
		} else {
			add(fmt.Sprintf("mask %s does not fit %s", *u.Mask, u.Type), "the bits that make the code are expected, such as 0x00FF", "mask")
		}
	}
	if u.Type == String {
		from.Texts = map[string]energy.Unit{}
	} else {
		from.Codes = map[uint64]energy.Unit{}
	}
	for _, written := range slices.Sorted(maps.Keys(u.Codes)) {
		unit := u.Codes[written]
		if problem, remedy, ok := r.checkUnit(unit); !ok {
			add(problem, remedy, "codes", written)
		}
		at := []any{"codes", strictyaml.Key(written)}
		if u.Type == String {
			if most := u.Words * u.Half.perWord(); most > 0 && (written != strings.Trim(written, blanks) || written == "" || len(written) > most) {
				add(fmt.Sprintf("%q is no text of up to %d characters", written, most), "the text is expected as the meter writes it, without blanks around it", at...)
			}
			from.Texts[written] = unit
			continue
		}
		code, err := strconv.ParseUint(written, 0, 64)
		_, doubled := from.Codes[code]
		switch {
		case err != nil:
			add(fmt.Sprintf("%q is no code", written), "a whole number is expected", at...)
		case doubled:
			add(fmt.Sprintf("code %s is given already", written), "keep one of them", at...)
		case u.Type.unsigned() && (code > u.Type.mask() || from.Mask != 0 && code&^from.Mask != 0):
			add(fmt.Sprintf("code %s does not fit", written), "a code that the register can hold is expected", at...)
		}
		from.Codes[code] = unit
	}
	for i := range found {
		found[i].path = append([]any{"unit_register"}, found[i].path...)
	}
	return from, found
}

// checkText finds what is wrong with the extent of a text, or with one given to
// a number.
func checkText(t Type, words int, half Half) []finding {
	switch {
	case t == String && (words < 1 || words > maxTextWords):
		return []finding{{[]any{"words"}, fmt.Sprintf("a string of %d registers", words), fmt.Sprintf("words: 1 to %d is expected", maxTextWords)}}
	case t != String && words != 0:
		return []finding{{[]any{"words"}, fmt.Sprintf("%s has its own length", t), "words: belongs to a string"}}
	case t != String && half != Both:
		return []finding{{[]any{"half"}, fmt.Sprintf("%s fills its registers", t), "half: belongs to a string"}}
	}
	return nil
}

// maxTextWords is the longest text that is read, in registers.
const maxTextWords = 32

// orABCD is the order, or the protocol's own where the file names none.
func orABCD(o Order) Order {
	if o == "" {
		return ABCD
	}
	return o
}

// pattern is a register's content as manuals print it: the bits (0x8000), or
// the number they stand for (-32768, 9999).
type pattern string

// UnmarshalText takes a whole number, decimal or 0x….
func (p *pattern) UnmarshalText(text []byte) error {
	digits, isHex := strings.CutPrefix(string(text), "0x")
	var err error
	if isHex {
		_, err = strconv.ParseUint(digits, 16, 64)
	} else {
		_, err = energy.ParseValue(string(text))
	}
	if err != nil {
		return fmt.Errorf("%q is no register content: 0x… or a number is expected", text)
	}
	*p = pattern(text)
	return nil
}

// bits is the pattern as a register of type t would hold it; ok is false when it does not fit.
func (p pattern) bits(t Type) (uint64, bool) {
	if digits, isHex := strings.CutPrefix(string(p), "0x"); isHex {
		n, err := strconv.ParseUint(digits, 16, 64)
		return n, err == nil && n <= t.mask()
	}
	v, err := energy.ParseValue(string(p))
	if err != nil || !v.Finite() {
		return 0, false
	}
	n := exact(v)
	if t == String || !t.float() && !n.IsInt() {
		return 0, false
	}
	return (&Register{Type: t}).bits(n)
}
