package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// faultCodes are the codes that faults of some folders are given, as the sources
// write them: Code in a fault, or the second argument of the registry's say.
func faultCodes(t *testing.T, folders ...string) map[string]bool {
	t.Helper()
	codes := map[string]bool{}
	add := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if code, err := strconv.Unquote(lit.Value); err == nil {
				codes[code] = true
			}
		}
	}
	seen := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if method, ok := n.Fun.(*ast.SelectorExpr); ok && method.Sel.Name == "say" && len(n.Args) == 5 {
				add(n.Args[1])
			}
		case *ast.CompositeLit:
			fields := map[string]ast.Expr{}
			for _, element := range n.Elts {
				if pair, ok := element.(*ast.KeyValueExpr); ok {
					if name, ok := pair.Key.(*ast.Ident); ok {
						fields[name.Name] = pair.Value
					}
				}
			}
			if fields["Problem"] != nil && fields["Code"] != nil {
				add(fields["Code"])
			}
		}
		return true
	}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err == nil {
				ast.Inspect(file, seen)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return codes
}

// TestEveryFaultWithACodeIsSaidInBothLanguages: a code is promised to have words,
// what is wrong and what to do; words that no fault has are not kept.
func TestEveryFaultWithACodeIsSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	words := pageWords()
	codes := faultCodes(t, "../../energy/registry", "../../energy/submission", "../../energy/exhibit", "../../energy/intake", ".")
	if len(codes) < 30 {
		t.Fatalf("only %d codes are found", len(codes))
	}
	for code := range codes {
		for _, key := range []string{"fault:" + code, "fault:" + code + ".mend"} {
			if s, ok := words[key]; !ok || s.de == "" || s.en == "" || s.de == s.en && !strings.Contains(s.de, "%s") {
				t.Errorf("there are no words for %s", key)
			}
		}
	}
	for key := range recordFaultWords() {
		if code := strings.TrimSuffix(strings.TrimPrefix(key, "fault:"), ".mend"); !codes[code] {
			t.Errorf("no fault has the code of %s", key)
		}
	}
}
