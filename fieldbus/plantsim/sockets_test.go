package plantsim

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
)

// serve starts a plant and stops it with the test.
func serve(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the plant: %v", err)
		}
	})
	return s
}

// serveAt serves the small town at a standing instant.
func serveAt(t *testing.T, at string) *Server {
	t.Helper()
	now := instant(t, at)
	return serve(t, Options{Seed: 1, Now: func() time.Time { return now }})
}

func url(t *testing.T, s *Server, connection string) string {
	t.Helper()
	for _, c := range s.Connections() {
		if c.ID == connection {
			return c.URL
		}
	}
	t.Fatalf("no connection %s", connection)
	return ""
}

// canonical is the model's value of a point at the server's instant, as a float.
func canonical(t *testing.T, s *Server, point energy.PointID, at time.Time) float64 {
	t.Helper()
	v, ok := s.Plant().Value(point, at)
	if !ok {
		t.Fatalf("no point %s", point)
	}
	return v.Float64()
}

func portOf(t *testing.T, url string) int {
	t.Helper()
	_, port, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(url, "opc."), "tcp://"), ":")
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
