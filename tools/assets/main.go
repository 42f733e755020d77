// Command assets brings the files of others that we serve or run into the tree:
// assets.json names each npm package with its version, the SHA-512 of its
// archive and the files wanted. It is run by `go generate ./reporting/...`; what
// it brings is committed, so that building needs neither npm nor a network.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// asset is one npm package and what is wanted of it.
type asset struct {
	Package   string            `json:"package"`
	Version   string            `json:"version"`
	Integrity string            `json:"integrity"` // "sha512-" and base64, as npm's lock files have it
	Licence   string            `json:"licence"`   // SPDX
	Files     map[string]string `json:"files"`     // path in the package: path in this tree
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

// run works from the root of the tree, wherever it was started.
func run(ctx context.Context) error {
	root, err := findRoot()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(root, "tools/assets/assets.json"))
	if err != nil {
		return fmt.Errorf("read the list of assets: %w", err)
	}
	var list []asset
	if err := json.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("read the list of assets: %w", err)
	}
	for _, a := range list {
		if err := a.bring(ctx, root); err != nil {
			return fmt.Errorf("bring %s@%s: %w", a.Package, a.Version, err)
		}
	}
	return nil
}

func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the root of the tree: %w", err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "tools", "assets", "assets.json")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("find the root of the tree: no folder above this one holds tools/assets/assets.json")
		}
	}
}

// bring fetches the archive, checks it and writes the wanted files.
func (a asset) bring(ctx context.Context, root string) error {
	archive, err := a.fetch(ctx)
	if err != nil {
		return err
	}
	sum := sha512.Sum512(archive)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != a.Integrity {
		return fmt.Errorf("its archive is not the one that was chosen: %s, want %s", got, a.Integrity)
	}
	found, err := a.pick(archive)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(a.Files))
	for name := range a.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		content, ok := found[name]
		if !ok {
			return fmt.Errorf("it has no file %s", name)
		}
		state, err := write(filepath.Join(root, a.Files[name]), content)
		if err != nil {
			return err
		}
		digest := sha256.Sum256(content)
		fmt.Println(state, a.Files[name], hex.EncodeToString(digest[:]))
	}
	return nil
}

// fetch lets npm pack the package into a folder of its own. Install scripts do
// not run.
func (a asset) fetch(ctx context.Context) ([]byte, error) {
	dir, err := os.MkdirTemp("", "assets")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	pack := exec.CommandContext(ctx, "npm", "pack", "--ignore-scripts", "--silent", a.Package+"@"+a.Version)
	pack.Dir, pack.Stderr = dir, os.Stderr
	out, err := pack.Output()
	if err != nil {
		return nil, fmt.Errorf("npm pack: %w", err)
	}
	return os.ReadFile(filepath.Join(dir, filepath.Base(strings.TrimSpace(string(out)))))
}

// pick takes the wanted files out of a .tgz; everything lies below package/.
func (a asset) pick(archive []byte) (map[string][]byte, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, fmt.Errorf("open its archive: %w", err)
	}
	found := map[string][]byte{}
	for files := tar.NewReader(unzipped); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read its archive: %w", err)
		}
		name := strings.TrimPrefix(header.Name, "package/")
		if _, wanted := a.Files[name]; wanted {
			if found[name], err = io.ReadAll(files); err != nil {
				return nil, fmt.Errorf("read %s in its archive: %w", name, err)
			}
		}
	}
}

// write leaves a file alone that is as it should be, and says what it did.
func write(path string, content []byte) (string, error) {
	old, err := os.ReadFile(path)
	if err == nil && bytes.Equal(old, content) {
		return "verified", nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	return "written ", os.WriteFile(path, content, 0o644)
}
