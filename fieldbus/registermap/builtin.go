package registermap

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// The register maps that ship with the program, MANUFACTURER/MODEL.yaml. Beside
// each stand the frames it is tested with, MODEL.frames.yaml.
//
//go:embed */*.yaml
var shipped embed.FS

// Builtins lists the models that ship with the program, by their ids.
func Builtins() []string {
	files, err := fs.Glob(shipped, "*/*.yaml")
	if err != nil {
		panic(fmt.Sprintf("list built-in register maps: %v", err)) // the pattern is ours
	}
	files = slices.DeleteFunc(files, func(file string) bool { return strings.HasSuffix(file, ".frames.yaml") })
	for i, file := range files {
		files[i] = strings.TrimSuffix(file, ".yaml")
	}
	slices.Sort(files) // the glob's order counts the suffix
	return files
}

// Builtin is the model of that id; ok is false when none ships with the program.
func Builtin(id string) (m *Model, ok bool) {
	if !slices.Contains(Builtins(), id) {
		return nil, false
	}
	file := id + ".yaml"
	src, err := shipped.ReadFile(file)
	if err != nil {
		panic(fmt.Sprintf("read built-in register map: %v", err))
	}
	m, faults := Parse(file, src)
	if len(faults) > 0 {
		panic(fmt.Sprintf("built-in register map %v", faults)) // tests parse them all
	}
	return m, true
}
