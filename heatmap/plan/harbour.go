package plan

import (
	"embed"
	"io/fs"
)

//go:embed harbour
var harbour embed.FS

// Harbour is the sample: scenario.yaml and the files it names, around a site of the
// virtual city. All in it is invented, and says so.
func Harbour() fs.FS {
	below, err := fs.Sub(harbour, "harbour")
	if err != nil {
		panic("plan: the sample is part of the program: " + err.Error())
	}
	return below
}
