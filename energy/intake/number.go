package intake

import (
	"strings"

	"heatledger/energy"
)

// digits says how a file writes numbers: the decimal sign, and what groups
// thousands. 0: it is not settled, or there is none.
type digits struct{ decimal, thousands byte }

// signsIn tells what a number says of the decimal sign of its file: the sign it
// cannot but have, or whether it may be read either way, as 1.234 and 1,234.
func signsIn(text string) (decimal byte, open bool) {
	text = bareNumber(text)
	if e := strings.IndexAny(text, "eE"); e > 0 {
		text = text[:e]
	}
	points, commas := strings.Count(text, "."), strings.Count(text, ",")
	switch {
	case points == 0 && commas == 0:
		return 0, false
	case points > 0 && commas > 0:
		if strings.LastIndexByte(text, '.') > strings.LastIndexByte(text, ',') {
			return '.', false
		}
		return ',', false
	case points > 1:
		return ',', false
	case commas > 1:
		return '.', false
	}
	sign := byte('.')
	if commas == 1 {
		sign = ','
	}
	before, after, _ := strings.Cut(text, string(sign))
	grouped := len(after) == 3 && len(before) >= 1 && len(before) <= 3 && before[0] != '0'
	return sign, grouped
}

// bareNumber is a number without its sign and the spaces around.
func bareNumber(text string) string {
	return strings.TrimLeft(strings.TrimSpace(text), "+-")
}

// looksLikeNumber tells whether a text is a number in some country's form.
func looksLikeNumber(text string) bool {
	bare := bareNumber(text)
	return bare != "" && strings.Trim(bare, "0123456789.,eE+-'\u00a0\u202f ") == "" && bare[0] >= '0' && bare[0] <= '9' && strings.Count(bare, ":") == 0
}

// number reads a number of a text cell. On failure code and the rest say why.
func (d digits) number(text string) (v energy.Value, code Code, reason, hint string) {
	plain := text
	for _, group := range []string{" ", "\u00a0", "\u202f", "'", "’"} {
		if strings.Contains(plain, group) && looksLikeNumber(strings.ReplaceAll(plain, "’", "'")) {
			if d.thousands == 0 {
				return v, CodeThousands, quote(text) + " seems to group its digits", "state the thousands separator of the file, or write the digits without one"
			}
			plain = strings.ReplaceAll(plain, group, "")
		}
	}
	decimal, open := signsIn(plain)
	switch {
	case decimal == 0:
	case d.decimal == 0 && open:
		return v, CodeDecimal, quote(text) + " can be read in two ways", "state the decimal sign of the file: nothing in it settles whether this is a fraction or thousands"
	case d.decimal == 0:
		d.decimal = decimal
	}
	other := byte(',')
	if d.decimal == ',' {
		other = '.'
	}
	if strings.IndexByte(plain, other) >= 0 {
		if d.thousands != other {
			if strings.IndexByte(plain, d.decimal) < 0 && strings.Count(plain, string(other)) == 1 && !open {
				return v, CodeDecimal, quote(text) + " has another decimal sign than the file", "write the decimal sign " + string(d.decimal) + " throughout"
			}
			return v, CodeThousands, quote(text) + " seems to have a thousands separator", "state the thousands separator of the file, or write the digits without one"
		}
		if !grouped(plain, other, d.decimal) {
			return v, CodeValue, quote(text) + " does not group its digits by threes", "write the digits without a thousands separator"
		}
		plain = strings.ReplaceAll(plain, string(other), "")
	}
	if d.decimal == ',' {
		plain = strings.Replace(plain, ",", ".", 1)
	}
	v, err := energy.ParseValue(plain)
	if err != nil {
		return v, CodeValue, quote(text) + " is no number", "leave the cell empty where there is no value"
	}
	return v, "", "", ""
}

// grouped tells whether the whole part has a separator before every three digits.
func grouped(text string, separator, decimal byte) bool {
	whole, fraction, _ := strings.Cut(bareNumber(text), string(decimal))
	groups := strings.Split(whole, string(separator))
	for i, group := range groups {
		if i > 0 && len(group) != 3 || i == 0 && (len(group) < 1 || len(group) > 3) {
			return false
		}
	}
	return strings.IndexByte(fraction, separator) < 0
}
