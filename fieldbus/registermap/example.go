package registermap

import _ "embed"

//go:embed example.yaml
var example []byte

// Example is the file of a model with every field explained.
func Example() []byte { return append([]byte(nil), example...) }
