package registry

import (
	"bytes"
	"encoding/json"
	"fmt"

	"heatledger/energy"
)

// CheckFacts checks the facts of a site as [Load] checks those of a file: by the
// very same rules, since they are put into a file and read. at gives, of each
// fault, the position of its fact in the site's list. What is wrong with the rest
// of the registry is not asked about.
func (r *Registry) CheckFacts(site Site) (faults energy.Faults, at []int, err error) {
	bare := site
	bare.Facts = nil
	whole, err := json.Marshal(bare)
	if err != nil {
		return nil, nil, fmt.Errorf("write site %s to check its facts: %w", site.ID, err)
	}
	var file bytes.Buffer
	rest := map[string]any{"municipality": r.Municipality, "operators": r.Operators, "commitments": r.Commitments}
	for _, part := range []string{"municipality", "operators", "commitments"} {
		body, err := json.Marshal(rest[part])
		if err != nil {
			return nil, nil, fmt.Errorf("write the %s to check facts of %s: %w", part, site.ID, err)
		}
		if string(body) != "null" {
			fmt.Fprintf(&file, "%s: %s\n", part, body)
		}
	}
	fmt.Fprintf(&file, "sites: [%s, \"facts\": [\n", bytes.TrimSuffix(whole, []byte("}")))
	first := bytes.Count(file.Bytes(), []byte("\n")) + 1
	for _, fact := range site.Facts { // each on a line of its own: the line of a fault tells it
		body, err := json.Marshal(fact)
		if err != nil {
			return nil, nil, fmt.Errorf("write fact %s of %s to check it: %w", fact.Name, site.ID, err)
		}
		file.Write(append(body, ',', '\n'))
	}
	file.WriteString("]}]\n")
	_, all := Load("", file.Bytes())
	for _, fault := range all {
		if n := fault.Line - first; n >= 0 && n < len(site.Facts) {
			fault.Line, fault.Column = 0, 0 // of a file that nobody sees
			faults, at = append(faults, fault), append(at, n)
		}
	}
	return faults, at, nil
}
