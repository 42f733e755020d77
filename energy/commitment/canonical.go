package commitment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"heatledger/energy"
)

// Method is the version of the way in which rules are judged and forecasts are
// made. It is raised with every change that may turn a verdict or a digit.
const Method = 3

// Canonical forms begin with a line that names the form and its version. Form 2
// brought the method and the error of a forecast.
const (
	canonicalName    = "heatledger assessment "
	canonicalVersion = 2
)

// Canonical is the form the digest is made of: the version, then JSON with
// every field but prose, in the order of [Assessment], arguments by name.
func (a Assessment) Canonical() []byte {
	body, err := json.Marshal(a)
	if err != nil { // a value that is not finite: a mistake of the program
		panic(fmt.Sprintf("commitment: write an assessment of %s: %v", a.Site, err))
	}
	return append(fmt.Appendf(nil, "%s%d\n", canonicalName, canonicalVersion), body...)
}

// sealed is a with its digest.
func (a Assessment) sealed() Assessment {
	if a.Steps == nil {
		a.Steps = []Step{}
	}
	if a.Evidence == nil {
		a.Evidence = []string{}
	}
	a.Digest = digest(a.Canonical())
	return a
}

func digest(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// ErrForm says that something is no canonical form of an assessment, or one of a
// newer version of the program.
var ErrForm = errors.New("this is no canonical form of an assessment that is known here")

// Read reads a canonical form. What is no part of it (prose) is empty.
func Read(canonical []byte) (Assessment, error) {
	head, body, _ := bytes.Cut(canonical, []byte("\n"))
	var version int
	if _, err := fmt.Sscanf(string(head), canonicalName+"%d", &version); err != nil || version < 1 || version > canonicalVersion {
		return Assessment{}, fmt.Errorf("read %q: %w", head, ErrForm)
	}
	var a Assessment
	if err := json.Unmarshal(body, &a); err != nil {
		return Assessment{}, fmt.Errorf("read an assessment of form %d: %w", version, err)
	}
	a.Digest = digest(canonical)
	return a, nil
}

// Form is the version of a canonical form; 0 for what is none.
func Form(canonical []byte) (version int) {
	if _, err := fmt.Fscanf(bytes.NewReader(canonical), canonicalName+"%d\n", &version); err != nil {
		return 0
	}
	return version
}

// UnmarshalJSON reads a number, or null.
func (o *Optional) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*o = Optional{}
		return nil
	}
	o.OK = true
	return json.Unmarshal(text, &o.Number)
}

// UnmarshalJSON reads what MarshalJSON writes. A text that is a day is taken for
// one: it is written in the same way.
func (a *Arg) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte("{")) {
		var amount struct {
			Number float64     `json:"number"`
			Unit   energy.Unit `json:"unit"`
		}
		err := json.Unmarshal(text, &amount)
		*a = Amount(amount.Number, amount.Unit)
		return err
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	if day, err := energy.ParseDate(s); err == nil && day.String() == s {
		*a = Day(day)
		return nil
	}
	*a = Text(s)
	return nil
}
