package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"heatledger/reporting/chart"
)

//go:embed assets/*.css assets/*.js assets/*.svg assets/vendored/*.woff2
var assetFiles embed.FS

// asset is a file the pages need, under an address that names its content: it
// may be kept for ever.
type asset struct {
	address string // "/assets/style-3f2a….css"
	kind    string // media type
	content []byte
	zipped  []byte // nil where it would not be smaller
}

// assets are all of them, by the name pages use ("style.css").
type assets map[string]asset

// loadAssets gathers the files. Style sheets may name other files ("name.woff2"):
// the addresses are put in their place.
func loadAssets() (assets, error) {
	all := assets{}
	all.add("echarts.js", []byte(chart.ECharts))
	all.add("functions.js", []byte(chart.Functions))
	var sheets []string
	err := fs.WalkDir(assetFiles, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if path.Ext(name) == ".css" {
			sheets = append(sheets, name)
			return nil
		}
		content, err := assetFiles.ReadFile(name)
		all.add(path.Base(name), content)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("gather the assets of the pages: %w", err)
	}
	for _, name := range sheets {
		content, err := assetFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("gather the assets of the pages: %w", err)
		}
		text := string(content)
		for other, a := range all {
			text = strings.ReplaceAll(text, `"`+other+`"`, `"`+a.address+`"`)
		}
		all.add(path.Base(name), []byte(text))
	}
	return all, nil
}

func (all assets) add(name string, content []byte) {
	digest := sha256.Sum256(content)
	extension := path.Ext(name)
	a := asset{address: "/assets/" + strings.TrimSuffix(name, extension) + "-" + hex.EncodeToString(digest[:6]) + extension, content: content}
	a.kind = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2"}[extension]
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(content) // a buffer takes everything
	_ = z.Close()
	if packed.Len() < len(content)*9/10 {
		a.zipped = packed.Bytes()
	}
	all[name] = a
}

// showAsset answers GET /assets/{name}.
func (s *Server) showAsset(w http.ResponseWriter, r *http.Request) error {
	for _, a := range s.pages.assets {
		if a.address != r.URL.Path {
			continue
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		content := a.content
		if a.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			content = a.zipped
		}
		_, err := w.Write(content)
		return err
	}
	return refuse(http.StatusNotFound, "no_asset", "there is no file %s", r.URL.Path)
}
