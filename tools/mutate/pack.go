package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// pack is a package with its types and its mutants.
type pack struct {
	dir     string
	path    string // import path
	fset    *token.FileSet
	files   []*file
	info    *types.Info
	types   *types.Package
	imports types.Importer
	rapid   bool // its tests use pgregory.net/rapid
	mutants []*mutant
	edits   []*edit
}

// file is one source file that is not a test.
type file struct {
	name  string // without folder
	text  []byte
	tree  *ast.File
	named map[string]string // import path: name in this file
}

// load parses and types the package in a folder.
func load(ctx context.Context, dir string) (*pack, error) {
	p := &pack{dir: dir, fset: token.NewFileSet()}
	list, err := p.goList(ctx, "-f", `{{.ImportPath}}{{"\n"}}{{join .GoFiles "\n"}}`, ".")
	if err != nil {
		return nil, err
	}
	path, names, _ := strings.Cut(list, "\n")
	p.path = path
	for name := range strings.FieldsSeq(names) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("read a source file: %w", err)
		}
		tree, err := parser.ParseFile(p.fset, name, text, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("parse a source file: %w", err)
		}
		p.files = append(p.files, &file{name: name, text: text, tree: tree})
	}
	tested, err := p.goList(ctx, "-f", `{{join .TestImports "\n"}}{{"\n"}}{{join .XTestImports "\n"}}`, ".")
	if err != nil {
		return nil, err
	}
	p.rapid = strings.Contains(tested, "pgregory.net/rapid")
	if err := p.findImports(ctx); err != nil {
		return nil, err
	}
	p.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Implicits: map[ast.Node]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: p.imports}
	var trees []*ast.File
	for _, f := range p.files {
		trees = append(trees, f.tree)
	}
	if p.types, err = config.Check(p.path, p.fset, trees, p.info); err != nil {
		return nil, fmt.Errorf("type the package: %w", err)
	}
	for _, f := range p.files {
		f.named = map[string]string{}
		for _, spec := range f.tree.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			if spec.Name != nil {
				f.named[path] = spec.Name.Name
			} else if imported, err := p.imports.Import(path); err == nil {
				f.named[path] = imported.Name()
			}
		}
	}
	return p, nil
}

// findImports reads what the package imports as the compiler exported it.
func (p *pack) findImports(ctx context.Context) error {
	list, err := p.goList(ctx, "-deps", "-export", "-f", "{{.ImportPath}}\t{{.Export}}", ".", "os", "strconv", "sync") // those of the switch too
	if err != nil {
		return err
	}
	exports := map[string]string{}
	for line := range strings.Lines(list) {
		if path, export, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			exports[path] = export
		}
	}
	p.imports = importer.ForCompiler(p.fset, "gc", func(path string) (io.ReadCloser, error) {
		export, ok := exports[path]
		if !ok {
			return nil, errors.New("not among the imports")
		}
		return os.Open(export)
	})
	return nil
}

func (p *pack) goList(ctx context.Context, args ...string) (string, error) {
	return goCommand(ctx, p.dir, append([]string{"list"}, args...)...)
}

// goCommand runs go in a folder and gives what it prints.
func goCommand(ctx context.Context, dir string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, "go", args...)
	c.Dir = dir
	var out, complaint bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaint
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("run go %s: %w\n%s", args[0], err, complaint.String())
	}
	return out.String(), nil
}
