package document

import "testing"

func TestTextIsNeverAFormula(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ sentence, text, want string }{
		{"an equals sign", "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
		{"a plus", "+1", "'+1"}, {"a minus", "-1+1", "'-1+1"}, {"an at sign", "@SUM(A1)", "'@SUM(A1)"},
		{"a tab", "\t=1", "'\t=1"}, {"a line break", "\n=1", "'\n=1"},
		{"a name stays", "Hafen", "Hafen"}, {"a dash stays", "–", "–"}, {"nothing stays", "", ""},
	} {
		if got := neutralText(row.text); got != row.want {
			t.Errorf("%s: %q, want %q", row.sentence, got, row.want)
		}
	}
}
