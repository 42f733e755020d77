package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"heatledger/energy/access"
	"heatledger/reporting/openapi"
)

// operated answers an operation of the API: it lets in who may and not too often,
// refuses parameters that the operation does not declare, and says whether the
// caller has the answer already.
func (s *Server) operated(o operation) http.Handler {
	return s.answer(func(w http.ResponseWriter, r *http.Request) error {
		who, err := s.admitted(r, o)
		if err != nil {
			return err
		}
		if err := checkParameters(o, r); err != nil {
			return err
		}
		if o.Body != nil || r.Method != http.MethodGet && r.Method != http.MethodHead {
			return o.answers(w, r, who)
		}
		tagged, err := s.tagged(w, r, who)
		if err != nil {
			return err
		}
		return o.answers(tagged, r, who)
	})
}

// admitted is who asks, if he may and did not ask too often. Who is not known is
// counted by his address.
func (s *Server) admitted(r *http.Request, o operation) (caller, error) {
	if o.needs == everybody {
		if !strings.HasPrefix(r.URL.Path, "/api/") { // supervisors
			return caller{}, nil
		}
		return caller{}, s.rates.take(s.options.Requests, address(r), s.now())
	}
	needs := o.needs
	if needs == anybody {
		needs = access.Published
	}
	who, err := s.identify(r, needs)
	var refused *problem
	if o.needs == anybody && errors.As(err, &refused) && refused.Code == "no_token" { // nobody known
		return s.everybody(), s.rates.take(s.options.Requests, address(r), s.now())
	}
	switch {
	case err != nil:
		if limit := s.rates.take(s.options.Requests, address(r), s.now()); limit != nil {
			return caller{}, limit
		}
		return caller{}, err
	case who.actor == "" || o.needs == toCollect: // this host before there is an account; what meters said is never put off
		return who, nil
	}
	return who, s.rates.take(s.options.Requests, who.actor, s.now())
}

// longestParameter bounds parameters that declare no bound of their own.
const longestParameter = 4096

// checkParameters holds what a request says against what its operation declares.
// Outside the API proper (health, metrics) unknown parameters are ignored.
func checkParameters(o operation, r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return refuse(http.StatusBadRequest, "bad_parameter", "the part of the address behind the question mark is not readable: write %% as %%25, ; as %%3B")
	}
	declared := map[string]bool{}
	var names []string
	for _, p := range o.Parameters {
		var said []string
		switch p.In {
		case openapi.InQuery:
			said = query[p.Name]
			declared[p.Name], names = true, append(names, p.Name)
		case openapi.InPath:
			said = []string{r.PathValue(p.Name)}
		case openapi.InHeader:
			said = r.Header.Values(p.Name)
		}
		if err := checkParameter(p, said); err != nil {
			return err
		}
	}
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		return nil
	}
	for name := range query {
		if !declared[name] {
			return refuse(http.StatusBadRequest, "unknown_parameter", "there is no parameter %.40q here; there %s", name, listed(names))
		}
	}
	return nil
}

func listed(names []string) string {
	if len(names) == 0 {
		return "are none"
	}
	return "are " + strings.Join(names, ", ")
}

func checkParameter(p openapi.Parameter, said []string) error {
	if len(said) > 1 && !p.Many && p.In != openapi.InHeader {
		return refuse(http.StatusBadRequest, "bad_parameter", "%s is said %d times: say it once", p.Name, len(said))
	}
	longest := longestParameter
	if most, ok := p.Schema["maxLength"].(int); ok {
		longest = most
	}
	for _, text := range said {
		switch {
		case utf8.RuneCountInString(text) > longest:
			return refuse(http.StatusBadRequest, "bad_parameter", "%s has more than %d characters", p.Name, longest)
		case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
			return refuse(http.StatusBadRequest, "bad_parameter", "%s is no text in UTF-8 without control characters", p.Name)
		}
	}
	return nil
}
