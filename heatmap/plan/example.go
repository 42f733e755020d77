package plan

import _ "embed"

//go:embed example.yaml
var example string

//go:embed schema.json
var schema string

// Example is a scenario with every field and what it means. It has no faults; the
// files it names are invented and not there.
func Example() []byte { return []byte(example) }

// Schema is the JSON Schema (2020-12) of the file, for editors. It knows shapes and
// bounds; [Parse] knows more.
func Schema() []byte { return []byte(schema) }
