package web

import (
	_ "embed"
	"net/http"
)

// openAPI describes the API; a test compares it with the route table.
//
//go:embed openapi.json
var openAPI []byte

// showOpenAPI answers GET /api/v1/openapi.json.
func (s *Server) showOpenAPI(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(openAPI)
	return err
}
