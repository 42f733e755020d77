package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/web"
)

// BenchmarkTheSecondWall asks for values and figures with and without the second
// wall, in turn: by the office, by one operator, and by two operators in turn. The
// ratio is that of the medians (goal: 1.1).
func BenchmarkTheSecondWall(b *testing.B) {
	y := newMeteredYear(b, "hafen/grid-energy", "hafen/it-energy")
	token := func(t store.Token) string {
		text, err := y.store.CreateToken(b.Context(), t)
		if err != nil {
			b.Fatal(err)
		}
		return text
	}
	office := token(store.Token{Name: "office", Role: access.Office})
	operator := token(store.Token{Name: "operator", Role: access.Operator, Sites: []energy.SiteID{"hafen"}})
	another := token(store.Token{Name: "another", Role: access.Operator, Sites: []energy.SiteID{"hafen", y.town.Sites[1].ID}})
	serve := func(change func(*web.Server)) string {
		server, err := web.New(b.Context(), web.Options{Listen: "127.0.0.1:0", Version: "test", Store: y.store, Ledger: y.ledger, Intake: y.intake,
			Requests: web.Requests{PerSecond: 1e6, Burst: 1e6}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		change(server)
		h := httptest.NewServer(server.Handler())
		b.Cleanup(h.Close)
		return h.URL
	}
	with, without := serve(func(*web.Server) {}), serve((*web.Server).Unbounded)
	ask := func(address, token string) time.Duration {
		begun := time.Now()
		request, err := http.NewRequestWithContext(b.Context(), "GET", address, nil)
		if err != nil {
			b.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, answer.Body)
		if err != nil || answer.Body.Close() != nil || answer.StatusCode != 200 || n < 100 {
			b.Fatalf("%s: %d, %d bytes, %v", address, answer.StatusCode, n, err)
		}
		return time.Since(begun)
	}
	for _, what := range []struct{ name, path string }{
		{"values of a day", "/api/v1/sites/hafen/points/it-energy/values?from=2025-06-03&to=2025-06-04"},
		{"values of a year", "/api/v1/sites/hafen/points/it-energy/values?from=2025-01-01&to=2026-01-01&format=columns&limit=40000"},
		{"figures of a year", "/api/v1/sites/hafen/kpis?period=2025"},
	} {
		for _, who := range []struct {
			name   string
			tokens []string
		}{{"office", []string{office}}, {"operator", []string{operator}}, {"two operators in turn", []string{operator, another}}} {
			b.Run(what.name+"/"+who.name, func(b *testing.B) {
				var took [2][]time.Duration
				for i := 0; b.Loop(); i++ {
					token := who.tokens[i%len(who.tokens)]
					took[0] = append(took[0], ask(without+what.path, token))
					took[1] = append(took[1], ask(with+what.path, token))
				}
				slices.Sort(took[0])
				slices.Sort(took[1])
				plain, walled := took[0][len(took[0])/2], took[1][len(took[1])/2]
				b.ReportMetric(float64(plain.Microseconds()), "µs-without")
				b.ReportMetric(float64(walled.Microseconds()), "µs-with")
				b.ReportMetric(float64(walled)/float64(plain), "ratio")
			})
		}
	}
}
