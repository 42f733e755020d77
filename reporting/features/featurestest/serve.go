package featurestest

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"heatledger/reporting/features"
)

// Serve serves collections over HTTP as plainly as it can be done: pages have a
// heading and nothing else.
func Serve(t *testing.T, api features.API) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	api.Base = server.URL + "/ogc"
	for pattern, resource := range map[string]features.Resource{"": features.Landing, "/{$}": features.Landing, "/conformance": features.Conformance, "/api": features.Definition, "/collections": features.Collections,
		"/collections/{collection}": features.OfOne, "/collections/{collection}/queryables": features.Queryables, "/collections/{collection}/schema": features.Schema, "/collections/{collection}/schema/geojson": features.GeoJSONSchema,
		"/collections/{collection}/items": features.Items, "/collections/{collection}/items/{feature}": features.Item} {
		mux.HandleFunc("GET /ogc"+pattern, func(w http.ResponseWriter, r *http.Request) {
			api := api
			api.Now = time.Now()
			answer, err := api.Answer(r.Context(), features.Request{Resource: resource, Collection: r.PathValue("collection"), Feature: r.PathValue("feature"), Query: r.URL.Query(), Accept: r.Header.Get("Accept")})
			var refused *features.Refusal
			if errors.As(err, &refused) {
				w.Header().Set("Content-Type", "application/problem+json")
				w.WriteHeader(refused.Status)
				_ = json.NewEncoder(w).Encode(map[string]any{"status": refused.Status, "detail": refused.Detail, "code": refused.Code}) // the client sees half of it
				return
			}
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Type", answer.Kind)
			if answer.ContentCRS != "" {
				w.Header().Set("Content-Crs", answer.ContentCRS)
			}
			_, _ = w.Write([]byte(cmp.Or(string(answer.Body), "<h1>"))) // the client sees half of it
		})
	}
	return server
}
