package strictyaml

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
)

// setter sets a Go value from the text of a scalar.
type setter struct {
	want string              // what is expected, for messages
	set  func(n *node) error // errUnfit: n is not what is wanted
}

// errUnfit says that a scalar is not what is expected; the message tells both.
var errUnfit = errors.New("scalar does not fit")

// special is how the types are set that have a form of their own in files.
func special(v reflect.Value) (setter, bool) {
	switch target := v.Addr().Interface().(type) {
	case *energy.Value:
		return setter{"a number", func(n *node) (err error) { *target, err = number(n); return err }}, true
	case *time.Duration:
		return setter{"a duration such as 1s or 500ms", func(n *node) error {
			span, err := time.ParseDuration(n.text)
			if err != nil {
				return errUnfit
			}
			*target = span
			return nil
		}}, true
	case *time.Time:
		return setter{"an instant such as 2024-05-14T09:30:00+02:00", func(n *node) error {
			at, err := time.Parse(time.RFC3339, n.text)
			if err != nil {
				return errUnfit
			}
			*target = at
			return nil
		}}, true
	case encoding.TextUnmarshaler:
		return setter{"a value", func(n *node) error { return target.UnmarshalText([]byte(n.text)) }}, true
	}
	return setter{}, false
}

// plain is how the kinds of Go are set. It panics for what no scalar can set.
func plain(v reflect.Value) setter {
	switch v.Kind() {
	case reflect.String:
		return setter{"a text", func(n *node) error {
			if !n.quoted && ambiguous(n.text) {
				return fmt.Errorf("%s is read differently by other programs: write %q", n.text, n.text)
			}
			v.SetString(n.text)
			return nil
		}}
	case reflect.Bool:
		return setter{"true or false", func(n *node) error {
			if n.quoted || n.text != "true" && n.text != "false" {
				return errUnfit
			}
			v.SetBool(n.text == "true")
			return nil
		}}
	case reflect.Float32, reflect.Float64:
		return setter{"a number", func(n *node) error {
			x, err := number(n)
			if err != nil {
				return err
			}
			if v.OverflowFloat(x.Float64()) || !x.Finite() {
				return errUnfit
			}
			v.SetFloat(x.Float64())
			return nil
		}}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return signed(v)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return unsigned(v)
	}
	panic(fmt.Sprintf("strictyaml: decode into %s: no file can say that", v.Type()))
}

// signed and unsigned set the integers; their message names the bounds of types
// that hold less than any number a person would write.
func signed(v reflect.Value) setter {
	bits := v.Type().Bits()
	want := "a whole number"
	if bits < 64 {
		want = fmt.Sprintf("a whole number from %d to %d", -1<<(bits-1), 1<<(bits-1)-1)
	}
	return setter{want, func(n *node) error {
		digits, base := whole(n)
		x, err := strconv.ParseInt(digits, base, bits)
		if err != nil {
			return errUnfit
		}
		v.SetInt(x)
		return nil
	}}
}

func unsigned(v reflect.Value) setter {
	bits := v.Type().Bits()
	most := uint64(math.MaxUint64) >> (64 - bits)
	return setter{fmt.Sprintf("a whole number from 0 to %d", most), func(n *node) error {
		digits, base := whole(n)
		x, err := strconv.ParseUint(digits, base, bits)
		if err != nil {
			return errUnfit
		}
		v.SetUint(x)
		return nil
	}}
}

// whole is the digits of a whole number and their base: "0x8000", "-12". Forms
// that programs read differently (017, 1_000) give digits that do not parse.
func whole(n *node) (digits string, base int) {
	if n.quoted {
		return "", 10
	}
	if hex, ok := strings.CutPrefix(n.text, "0x"); ok && !strings.HasPrefix(hex, "-") && !strings.HasPrefix(hex, "+") {
		return hex, 16
	}
	if d := strings.TrimLeft(n.text, "+-"); len(d) > 1 && d[0] == '0' {
		return "", 10
	}
	return n.text, 10
}

// number reads an unquoted number as [energy.ParseValue] does.
func number(n *node) (energy.Value, error) {
	if n.quoted {
		return energy.Value{}, errUnfit
	}
	v, err := energy.ParseValue(n.text)
	if err != nil {
		return energy.Value{}, errUnfit
	}
	return v, nil
}

// ambiguous tells whether an unquoted text is something else to a reader of
// YAML 1.1 or 1.2 that does not know that a text is wanted, so that it would
// hand on other characters than those written: 01067 (the number 1067, or
// octal), 1.50, 1e3, 0x10, 1_000, .inf, true, ~, and numbers beyond 15 digits.
func ambiguous(text string) bool {
	switch strings.ToLower(text) {
	case "true", "false", "null", "~", ".inf", "-.inf", "+.inf", ".nan":
		return true
	}
	digits := strings.TrimLeft(text, "+-")
	if sexagesimal(digits) {
		return true
	}
	if digits == "" || strings.Trim(digits, "0123456789abcdefABCDEFxXoO_.+-") != "" || !strings.ContainsAny(digits[:1], "0123456789.") {
		return false
	}
	if x, err := strconv.ParseFloat(strings.ReplaceAll(digits, "_", ""), 64); err == nil {
		return strconv.FormatFloat(x, 'f', -1, 64) != text && "-"+strconv.FormatFloat(x, 'f', -1, 64) != text || len(digits) > 15
	}
	_, err := strconv.ParseInt(digits, 0, 64) // 0x10, 0o17, 0b1
	return err == nil
}

// sexagesimal tells whether YAML 1.1 reads the digits to the base of 60: 12:30
// is 750 there.
func sexagesimal(digits string) bool {
	parts := strings.Split(digits, ":")
	for i, part := range parts {
		if n, err := strconv.Atoi(part); err != nil || n < 0 || i > 0 && (n > 59 || len(part) > 2) {
			return false
		}
	}
	return len(parts) > 1
}
