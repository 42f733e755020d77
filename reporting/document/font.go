package document

import (
	_ "embed" // the fonts
	"strings"
)

// Noto Sans, SIL Open Font License 1.1 (font/OFL.txt), from the npm package
// @expo-google-fonts/noto-sans 0.4.2. Only the glyphs used are written. Both
// have the same characters.
var (
	//go:embed font/NotoSans-Regular.ttf
	regularFont string
	//go:embed font/NotoSans-Bold.ttf
	boldFont string
)

// characters are those of the basic plane that a TrueType font draws: its
// character map of format 4 (OpenType 1.9, cmap).
func characters(font string) map[rune]bool {
	u16 := func(at int) int { return int(font[at])<<8 | int(font[at+1]) }
	u32 := func(at int) int { return u16(at)<<16 | u16(at+2) }
	has := map[rune]bool{}
	for i := range u16(4) {
		entry := 12 + 16*i
		if font[entry:entry+4] != "cmap" {
			continue
		}
		table := u32(entry + 8)
		for j := range u16(table + 2) {
			sub := table + u32(table+4+8*j+4)
			if u16(sub) != 4 {
				continue
			}
			segments := u16(sub+6) / 2
			for k := range segments {
				last, first := u16(sub+14+2*k), u16(sub+16+2*segments+2*k)
				for c := first; c <= last && c < 0xffff; c++ {
					has[rune(c)] = true
				}
			}
		}
	}
	return has
}

// drawable is text with what the fonts lack written in other characters: a
// reader sees "<=", never an empty box.
func (s *sheet) drawable(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case s.has[r]:
			out.WriteRune(r)
		case r == '≤':
			out.WriteString("<=")
		case r == '≥':
			out.WriteString(">=")
		case r == '→':
			out.WriteString("->")
		case r == '\n' || r == '\t':
			out.WriteByte(' ')
		default:
			out.WriteByte('?')
		}
	}
	return out.String()
}
