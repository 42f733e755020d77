package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// floor is the height of a package in the house (DESIGN.md): an arrow may only
// point down a floor, or stay within the same room.
func floor(room string) int {
	switch room {
	case "cmd":
		return 4
	case "reporting":
		return 3
	case "fieldbus", "heatmap", "config":
		return 2
	case "energy":
		return 1
	}
	return 0
}

type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps", "heatledger/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		packages = append(packages, p)
	}
}

func room(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, "heatledger/")
	if !ok {
		return "", false
	}
	name, _, _ := strings.Cut(rest, "/")
	return name, true
}

func TestArrowsPointDownAFloor(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		from, ours := room(p.ImportPath)
		if !ours {
			continue
		}
		for _, imported := range p.Imports {
			to, ours := room(imported)
			if ours && to != from && floor(to) >= floor(from) {
				t.Errorf("%s imports %s: floor %d must not know floor %d", p.ImportPath, imported, floor(from), floor(to))
			}
		}
	}
}

func TestRoomsKeepToThemselves(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		if _, ours := room(p.ImportPath); !ours {
			continue
		}
		inStore := strings.HasPrefix(p.ImportPath, "heatledger/energy/store")
		for _, imported := range p.Imports {
			switch {
			case strings.HasPrefix(imported, "github.com/jackc/") && !inStore:
				t.Errorf("%s imports %s: only energy/store knows the database driver", p.ImportPath, imported)
			case imported == "heatledger/config" && !strings.HasPrefix(p.ImportPath, "heatledger/cmd/"):
				t.Errorf("%s imports config: only cmd reads the process's file", p.ImportPath)
			case p.ImportPath == "heatledger/energy" && strings.Contains(imported, "."):
				t.Errorf("heatledger/energy imports %s: the vocabulary needs the standard library only", imported)
			case p.ImportPath == "heatledger/energy" && strings.HasPrefix(imported, "heatledger/"):
				t.Errorf("heatledger/energy imports %s: the vocabulary knows nothing of ours", imported)
			}
		}
	}
}
