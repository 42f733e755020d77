package sensorthings

import (
	"net/http"
	"strings"
)

// step is a part of a path: an entity set, a link or a property, with a key where one
// stands in brackets.
type step struct {
	name  string
	key   string
	keyed bool
}

// longest is how many steps a path may have.
const longest = 8

// parsePath reads a path below the base: Things('hafen')/Datastreams. A text in quotes
// may hold slashes; two quotes stand for one.
func parsePath(path string) (steps []step, err error) {
	for _, part := range partsOf(strings.Trim(path, "/")) {
		s := step{name: part}
		if name, rest, keyed := strings.Cut(part, "("); keyed {
			key, closed := strings.CutSuffix(rest, ")")
			text, quoted := quotedText(key)
			if !closed || !quoted {
				return nil, refuse(http.StatusNotFound, "%.60q: the key is a text in single quotes, in brackets", part)
			}
			s = step{name, text, true}
		}
		steps = append(steps, s)
	}
	if len(steps) > longest {
		return nil, refuse(http.StatusNotFound, "the path has more than %d steps", longest)
	}
	return steps, nil
}

// partsOf cuts a path at slashes outside of quotes.
func partsOf(path string) []string {
	if path == "" {
		return nil
	}
	return apart(path, '/')
}
