package main

import (
	"net/http"
	"sync/atomic"
)

// front is what the web shows now: first that the database is waited for, then
// the whole.
type front struct{ handler atomic.Pointer[http.Handler] }

func newFront(h http.Handler) *front {
	f := &front{}
	f.show(h)
	return f
}

func (f *front) show(h http.Handler) { f.handler.Store(&h) }

// ServeHTTP answers by what is shown now.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*f.handler.Load()).ServeHTTP(w, r)
}
