package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"heatledger/reporting/chart"
	"heatledger/reporting/openapi"
)

// apiPage documents the API from the table that serves it.
type apiPage struct {
	Groups []apiGroup
	Limits string
}

// apiGroup is a topic with its operations.
type apiGroup struct {
	Name, Says string
	Operations []apiLine
}

// apiLine is an operation as people read it.
type apiLine struct {
	ID, Method, Path    string
	Summary, Says, Body string
	Parameters          []apiParameter
	Answers, Problems   []apiAnswer
	Curl                string
}

type apiParameter struct{ Name, Where, Kind, Says, Example string }

type apiAnswer struct {
	Status     int
	Code, Says string
}

// everyones is a page that asks for nobody.
func (s *Server) everyones(name string, h pageHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := s.barePage(r)
		s.meet(r, p)
		err := h(w, r, p)
		if err == nil {
			err = s.show(w, p.answerCode(), name, p)
		}
		if err != nil {
			s.showError(w, r, err)
		}
	})
}

// showAPIPage answers GET /api.
func (s *Server) showAPIPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	p.Title = p.T("api.title")
	limits := s.options.Requests.orUsual()
	body := apiPage{Limits: p.T("api.limits", p.Number(limits.PerSecond, 0), p.Number(float64(limits.Burst), 0))}
	d := s.document()
	base := cmp.Or(s.options.PublicURL, "http://"+r.Host)
	for _, tag := range d.Tags {
		group := apiGroup{Name: tag.Name, Says: p.in(tag.Says)}
		for _, route := range d.Routes {
			if route.Tag != tag.Name {
				continue
			}
			line, err := p.apiLine(d, route, base)
			if err != nil {
				return err
			}
			group.Operations = append(group.Operations, line)
		}
		body.Groups = append(body.Groups, group)
	}
	p.Body = body
	return nil
}

// in is a text in the language of the page.
func (p *page) in(t openapi.Text) string {
	if p.Lang == chart.German {
		return t.DE
	}
	return t.EN
}

func (p *page) apiLine(d openapi.Document, route openapi.Route, base string) (apiLine, error) {
	line := apiLine{ID: route.ID, Method: route.Method, Path: route.Path, Summary: p.in(route.Summary), Says: p.in(route.Says), Curl: curl(route, base)}
	for _, one := range route.Parameters {
		where := p.T("api.in." + one.In)
		if one.Required {
			where += ", " + p.T("api.required")
		}
		line.Parameters = append(line.Parameters, apiParameter{one.Name, where, p.kindOf(one.Schema), p.in(one.Says), one.Example})
	}
	if route.Body != nil {
		var kinds []string
		for _, c := range route.Body.Content {
			kinds = append(kinds, c.Kind)
		}
		line.Body = strings.TrimSpace(strings.Join(kinds, ", ") + ". " + p.in(route.Body.Says))
	}
	for _, a := range route.Answers {
		var kinds []string
		for _, c := range a.Content {
			kinds = append(kinds, c.Kind)
		}
		line.Answers = append(line.Answers, apiAnswer{a.Status, strings.Join(kinds, ", "), p.in(a.Says)})
	}
	refusals, err := d.Refusals(route)
	for status, problems := range refusals {
		for _, one := range problems {
			line.Problems = append(line.Problems, apiAnswer{status, one.Code, p.in(one.Says)})
		}
	}
	slices.SortFunc(line.Problems, func(a, b apiAnswer) int {
		return cmp.Or(a.Status-b.Status, cmp.Compare(a.Code, b.Code))
	})
	return line, err
}

// kindOf says what a parameter takes.
func (p *page) kindOf(schema openapi.Schema) string {
	if enum, ok := schema["enum"].([]any); ok {
		return strings.Trim(strings.ReplaceAll(fmt.Sprint(enum), " ", ", "), "[]")
	}
	if schema["type"] == "integer" {
		return p.T("api.number")
	}
	return p.T("api.text")
}

// curl is a command that asks an operation with its examples; what it asks for
// stands in the virtual city of `make run`.
func curl(route openapi.Route, base string) string {
	path, query := route.Path, url.Values{}
	for _, one := range route.Parameters {
		switch {
		case one.In == openapi.InPath:
			path = strings.ReplaceAll(path, "{"+one.Name+"}", url.PathEscape(one.Example))
		case one.In == openapi.InQuery && one.Required:
			query.Set(one.Name, one.Example)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	words := []string{"curl"}
	if route.Method != http.MethodGet && (route.Method != http.MethodPost || route.Body == nil) {
		words = append(words, "-X", route.Method)
	}
	if !route.Open {
		words = append(words, `-H "Authorization: Bearer $TOKEN"`)
	}
	if route.Body != nil && len(route.Body.Content) > 0 {
		content := route.Body.Content[0]
		switch {
		case content.Kind == "multipart/form-data":
			words = append(words, "-F file=@readings.csv")
		case content.Example == "" || content.Kind == "text/csv":
			words = append(words, "-H "+quoted("Content-Type: "+content.Kind), "--data-binary @"+map[bool]string{true: "readings.csv", false: "body"}[content.Kind == "text/csv"])
		default:
			words = append(words, "-H "+quoted("Content-Type: "+content.Kind), "-d "+quoted(content.Example))
		}
	}
	return strings.Join(append(words, quoted(base+path)), " ")
}

// quoted is a word for a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
