package geo

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// A place is what an editor shows, in files of any length of lines and with blocks
// that end within characters.
func TestPlacesAreThoseOfAnEditor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for _, part := range rapid.SliceOfN(rapid.SampledFrom([]string{"a", "ü", "€", "𝄞", "\n", strings.Repeat("x", 700), strings.Repeat("ß", 600)}), 0, 20).Draw(t, "parts") {
			b.WriteString(part)
		}
		text := b.String()
		p := newPlaces([]byte(text))
		for offset := range text + " " { // each beginning of a character, and the end
			begin := strings.LastIndexByte(text[:offset], '\n') + 1
			line, column := p.of(offset)
			if wantLine, want := strings.Count(text[:offset], "\n")+1, utf8.RuneCountInString(text[begin:offset])+1; line != wantLine || column != want {
				t.Fatalf("offset %d: %d:%d, want %d:%d", offset, line, column, wantLine, want)
			}
		}
	})
}

// A file of one line takes as long for each feature as one of many lines.
func BenchmarkReadOneLine(b *testing.B) {
	lines := collection(strings.Split(strings.Repeat(goodPoint+"|", 5000)+goodPoint, "|")...)
	for name, text := range map[string]string{"one line": strings.ReplaceAll(lines, "\n", ""), "a line each": lines} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if read, faults := Read("b", []byte(text), Options{}); len(read.List) != 5001 || len(faults) > 0 {
					b.Fatal(faults)
				}
			}
		})
	}
}
