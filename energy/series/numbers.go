package series

import "heatledger/energy"

// The forms in which values are kept. Their numbers are stored.
const (
	allDecimal = 0
	allBinary  = 1
	mixedForms = 2 // a column says which is which (0 decimal, 1 binary)

	decimalPlain  = 0 // mantissas as they are
	decimalScaled = 1 // mantissas brought to the least exponent
	decimalPrint  = 2 // float32 bits; the decimals are their prints with the given exponents

	binary64 = 0 // float64 bits, ordered
	binary32 = 1 // float32 bits, ordered, times a power of ten
)

// appendValues appends the values of readings whose count the reader knows,
// decimals and binary floats in columns of their own:
//
//	byte 0 all decimal, 1 all binary, 2 mixed: then a column of 0 and 1
//	decimals: column of exponents, byte form, column of mantissas or float bits
//	binaries: byte form, for float32 varint n (times 10^n), column of ordered bits
func appendValues(dst []byte, rs []energy.Reading) []byte {
	var room [few]int64
	forms := roomFor(room[:], len(rs))
	count := 0
	for i := range rs {
		if !rs[i].Value.IsDecimal() {
			forms[i] = 1
			count++
		}
	}
	switch count {
	case 0:
		return appendDecimals(append(dst, allDecimal), rs)
	case len(rs):
		return appendBinaries(append(dst, allBinary), rs)
	}
	var decimals, binaries []energy.Reading
	for i, r := range rs {
		if forms[i] == 0 {
			decimals = append(decimals, r)
		} else {
			binaries = append(binaries, r)
		}
	}
	dst = appendColumn(append(dst, mixedForms), forms)
	return appendBinaries(appendDecimals(dst, decimals), binaries)
}

// values reads the value of each of rs.
func (c *cursor) values(rs []energy.Reading) {
	form := c.byte()
	switch {
	case c.err != nil:
		return
	case form == allDecimal:
		c.decimals(rs)
		return
	case form == allBinary:
		c.binaries(rs)
		return
	case form != mixedForms:
		c.spoil()
		return
	}
	forms := c.column(len(rs))
	if least, most := forms.limits(len(rs)); c.err != nil || least < 0 || most > 1 {
		c.spoil()
		return
	}
	count := 0
	for i := range rs {
		count += int(forms.at(i))
	}
	decimals, binaries := make([]energy.Reading, len(rs)-count), make([]energy.Reading, count)
	if len(decimals) == 0 || count == 0 {
		c.spoil()
		return
	}
	c.decimals(decimals)
	c.binaries(binaries)
	for i := range rs {
		if forms.at(i) == 0 {
			rs[i], decimals = decimals[0], decimals[1:]
		} else {
			rs[i], binaries = binaries[0], binaries[1:]
		}
	}
}
