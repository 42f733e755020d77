package registermap

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// IdentityRegister is a register by which a meter tells what it is: a name, a
// serial number, a magic number. It is no reading; it is asked for when a meter
// is looked for, and to notice that another one stands in its place.
type IdentityRegister struct {
	What    string // such as "product name" or "serial number"
	Table   Table
	Address uint16
	Type    Type // String, an unsigned or a bcd type
	Order   Order
	Length  int  // registers of a String
	Half    Half // which bytes of a String's registers hold characters
	// Expect lists what the models of this map hold, as [IdentityRegister.Decode]
	// writes it, in capitals or not; a * at the end stands for anything. Empty: it
	// differs from meter to meter.
	Expect []string
	Source string // where this address was read, if not where the model was
}

// Words is the number of registers it takes.
func (i IdentityRegister) Words() int { return width(i.Type, i.Length) }

// Decode is the text, or the number in decimal digits. It errs with [ErrAbsent]
// when the text is empty.
func (i IdentityRegister) Decode(words []uint16) (string, error) {
	var text string
	var err error
	if i.Type == String {
		text, err = i.Half.text(i.Order, words, i.Words())
	} else {
		text, err = i.digits(words)
	}
	if err != nil {
		return "", fmt.Errorf("%s in %s %d: %w", i.What, i.Table, i.Address, err)
	}
	return text, nil
}

// digits is the number, as a serial number is written.
func (i IdentityRegister) digits(words []uint16) (string, error) {
	r := Register{Table: i.Table, Address: i.Address, Type: i.Type, Order: i.Order}
	p, err := r.pattern(words)
	if err != nil {
		return "", err
	}
	if !i.Type.bcd() {
		return strconv.FormatUint(p, 10), nil
	}
	number, err := r.digits(p)
	return number.String(), err
}

// Fits tells whether the words are those of a meter of this map. Without
// expectation everything that can be read fits.
func (i IdentityRegister) Fits(words []uint16) bool {
	text, err := i.Decode(words)
	return err == nil && (len(i.Expect) == 0 || slices.ContainsFunc(i.Expect, func(want string) bool {
		if start, open := strings.CutSuffix(want, "*"); open {
			return len(text) >= len(start) && strings.EqualFold(text[:len(start)], start)
		}
		return strings.EqualFold(text, want)
	}))
}

// identityEntry is an identity register as files write it.
type identityEntry struct {
	What    string   `yaml:"what,required"`
	Table   Table    `yaml:"table,required"`
	Address uint16   `yaml:"address,required"`
	Type    Type     `yaml:"type,required"`
	Order   Order    `yaml:"order"`
	Words   int      `yaml:"words"` // of a string
	Half    Half     `yaml:"half"`
	Expect  []string `yaml:"expect"`
	Source  string   `yaml:"source"`
}

// identity are the identity registers of the model and what is wrong with them.
func (f modelFile) identity() (all []IdentityRegister, found []finding) {
	for n, e := range f.Identity {
		if e.Table == "" || e.Type == "" {
			continue // noted as missing
		}
		i := IdentityRegister{What: e.What, Table: e.Table, Address: e.Address, Type: e.Type, Order: orABCD(e.Order),
			Length: e.Words, Half: e.Half, Expect: e.Expect, Source: e.Source}
		all = append(all, i)
		for _, x := range append(checkText(e.Type, e.Words, e.Half), i.lint()...) {
			found = append(found, finding{append([]any{"identity", n}, x.path...), x.problem, x.remedy})
		}
	}
	return all, found
}

// lint finds what cannot be meant.
func (i IdentityRegister) lint() []finding {
	var found []finding
	add := func(field, remedy, problem string, args ...any) {
		found = append(found, finding{[]any{field}, fmt.Sprintf(problem, args...), remedy})
	}
	if i.Table.Bits() {
		add("table", "holding or input is expected", "table %s holds single bits, no identity", i.Table)
	}
	if i.Type != String && !i.Type.unsigned() && !i.Type.bcd() {
		add("type", "string, an unsigned or a bcd type is expected", "%s is no identity", i.Type)
	}
	if end := int(i.Address) + i.Words(); end-1 > lastAddress {
		add("address", fmt.Sprintf("at most %d is expected", lastAddress+1-i.Words()), "%s at %d ends behind the last address %d", i.Type, i.Address, lastAddress)
	}
	return found
}
