package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// How long a request may take to come and an answer to go: long enough for a
// large file over a poor line, too short to keep buffers for nobody.
const exchangeTimeout = 10 * time.Minute

// Serve answers requests on listener by handler until ctx ends, then lets
// those under way finish for a few seconds.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       exchangeTimeout,
		WriteTimeout:      exchangeTimeout,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		return server.Close()
	}
	<-served
	return nil
}

// Waiting answers while the database is not there yet: the process is alive,
// which supervisors ask, and not ready.
func Waiting(version string) http.Handler {
	s := &Server{options: Options{Version: version}}
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", s.answer(s.showAlive))
	mux.Handle("/", s.answer(func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Retry-After", "5")
		return refuse(http.StatusServiceUnavailable, "database_away", "the database does not answer yet: try again in a few seconds")
	}))
	return secured(mux)
}
