package config

import _ "embed"

//go:embed schema.json
var schema string

//go:embed example.yaml
var example string

// Schema is the JSON Schema (2020-12) of the file, for editors. It knows shapes
// and bounds; [Parse] knows more.
func Schema() []byte { return []byte(schema) }

// Example is a file with every field and what it means. It loads as it stands.
func Example() []byte { return []byte(example) }
