package strictyaml

import "strings"

// texts keeps each text of a document once, and all of them close together. A
// program holds what it read for as long as it runs, while tokens and tree take
// a hundred times as much and are dropped; a text left lying among them would
// keep the memory around it from being given back.
type texts struct {
	known map[string]string
	chunk strings.Builder
}

// textChunk is how many bytes of texts lie together.
const textChunk = 4 << 10

// keep is s, kept.
func (t *texts) keep(s string) string {
	if s == "" {
		return ""
	}
	if kept, ok := t.known[s]; ok {
		return kept
	}
	if t.known == nil {
		t.known = map[string]string{}
	}
	var kept string
	if len(s) > textChunk/4 {
		kept = strings.Clone(s)
	} else {
		if t.chunk.Cap()-t.chunk.Len() < len(s) {
			t.chunk = strings.Builder{}
			t.chunk.Grow(textChunk)
		}
		from := t.chunk.Len()
		t.chunk.WriteString(s)
		kept = t.chunk.String()[from:]
	}
	t.known[kept] = kept
	return kept
}
