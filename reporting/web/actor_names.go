package web

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
)

// names are what those who act are called, for whoever may see who did what; nil
// for others. Who is not among them is shown by his number.
func (s *Server) names(ctx context.Context, who caller, site energy.SiteID) (map[string]string, error) {
	if !who.may(access.Audit, site, "") {
		return nil, nil //nolint:nilnil // nobody is named
	}
	accounts, err := s.options.Store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, a := range accounts {
		names[a.ID.Actor()] = cmp.Or(a.Name, a.Login, a.ID.Actor())
	}
	tokens, err := s.options.Store.Tokens(ctx)
	for _, t := range tokens {
		names[fmt.Sprintf("token:%d", t.ID)] = t.Name
	}
	return names, err
}

// party is who did a step: by name, or else which side he was on.
func (p *page) party(names map[string]string, actor string, operator bool) string {
	if names != nil {
		if name, ok := names[actor]; ok {
			return name
		}
		return strings.ReplaceAll(actor, ":", " ")
	}
	if operator {
		return p.T("operator")
	}
	return p.T("worklist.office")
}
