package web

import (
	"net/http"

	"heatledger/energy/access"
	"heatledger/energy/store"
)

// onBehalf lets everything that is read for a request be read on behalf of whoever
// asks: nothing until it is known who that is. Handlers need do no more for it than
// ask with the request's context.
func onBehalf(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(store.OnBehalf(r.Context())))
	})
}

// identify finds who asks and whether he may ([Server.recognise]), and opens the
// second wall as far as he reaches: where he may do what he asks for, and where he
// may read. To plan, or to see what was published, opens nothing: what decisions show
// the program reads, after them.
func (s *Server) identify(r *http.Request, p access.Permission) (caller, error) {
	who, err := s.recognise(r, p)
	if err == nil {
		reach := who.reach(access.Read)
		if p != "" && p != access.Plan && p != access.Published {
			reach = reach.Or(who.reach(p))
		}
		store.Reaches(r.Context(), reach, who.actor)
	}
	if s.mistaken != nil {
		return s.mistaken(r, who, p, err)
	}
	return who, err
}
