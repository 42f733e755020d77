package words

import (
	"slices"
	"strings"

	"heatledger/energy/commitment"
)

// Office is a text of the office's letters and papers with its places filled.
func Office(l Lang, name string, values map[string]string) string {
	return fill(text(l, "office:"+name), values)
}

// Basis says where a value comes from.
func Basis(l Lang, b commitment.Basis) string {
	if b == "" {
		b = "none"
	}
	return text(l, "basis:"+string(b))
}

// Standing says whether a judgement is final, or until when it is not.
func Standing(l Lang, a commitment.Assessment) string {
	if a.Status == commitment.Provisional {
		return Office(l, "status_provisional", map[string]string{"date": Date(l, a.SettlesOn)})
	}
	return Office(l, "status_final", nil)
}

// OfficeTexts are the names of the texts of the office that a language has, in order.
func OfficeTexts(l Lang) []string {
	var names []string
	for name := range catalogues()[l] {
		if bare, ok := strings.CutPrefix(name, "office:"); ok {
			names = append(names, bare)
		}
	}
	slices.Sort(names)
	return names
}
