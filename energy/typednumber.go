package energy

import (
	"fmt"
	"strings"
)

// AmbiguousNumberError says that a number may be read in two ways: 1.204 as
// one and a bit, and as 1204.
type AmbiguousNumberError struct {
	Text     string
	Grouped  Value // what it is if the sign groups thousands
	Fraction Value // what it is if the sign is the decimal sign
}

// Error names both readings.
func (e *AmbiguousNumberError) Error() string {
	return fmt.Sprintf("%q may be %s or %s", e.Text, e.Grouped, e.Fraction)
}

// spacesInNumbers are the spaces and apostrophes by which people and pages group
// digits: they never are decimal signs.
const spacesInNumbers = " \u00a0\u2009\u202f'’"

// ParseTypedNumber reads a number as a person types it, or copies it from a page of
// either language: 1234,5 and 1234.5, 1.234.567,5 and 1,234,567.5, 1 234 567 and
// 1'234'567. Digits are grouped by threes. What may be read in two ways is an
// [AmbiguousNumberError]; for files, where a column tells more than one cell does,
// see package intake.
func ParseTypedNumber(text string) (Value, error) {
	bare := strings.Replace(strings.TrimSpace(text), "\u2212", "-", 1) // as pages write it
	sign := ""
	if strings.HasPrefix(bare, "-") || strings.HasPrefix(bare, "+") {
		sign, bare = strings.TrimPrefix(bare[:1], "+"), strings.TrimSpace(bare[1:])
	}
	none := fmt.Errorf("%q is no number: digits and one decimal sign are expected", text)
	whole, fraction, decimal := bare, "", strings.LastIndexAny(bare, ".,")
	if decimal >= 0 && (strings.ContainsAny(bare[:decimal], spacesInNumbers) || strings.Count(bare, bare[decimal:decimal+1]) == 1) {
		whole, fraction = bare[:decimal], bare[decimal+1:]
		if fraction == "" {
			return Value{}, none
		}
	}
	plain, grouped := withoutGroups(whole)
	if plain == "" || strings.Trim(plain+fraction, "0123456789") != "" {
		return Value{}, none
	}
	if fraction == "" {
		return ParseValue(sign + plain)
	}
	v, err := ParseValue(sign + plain + "." + fraction)
	if err == nil && !grouped && len(fraction) == 3 && len(plain) <= 3 && plain[0] != '0' {
		other, err := ParseValue(sign + plain + fraction)
		if err != nil {
			return Value{}, err
		}
		return Value{}, &AmbiguousNumberError{Text: text, Grouped: other, Fraction: v}
	}
	return v, err
}

// withoutGroups gives the digits of a whole number, and whether they were grouped;
// "": they are grouped by other than threes, or by more than one sign.
func withoutGroups(whole string) (digits string, grouped bool) {
	mark := strings.IndexAny(whole, ".,"+spacesInNumbers)
	if mark < 0 {
		return whole, false
	}
	sign := string([]rune(whole[mark:])[:1])
	groups := strings.Split(whole, sign)
	for i, group := range groups {
		if i > 0 && len(group) != 3 || len(group) < 1 || len(group) > 3 || strings.Trim(group, "0123456789") != "" {
			return "", true
		}
	}
	return strings.Join(groups, ""), true
}
