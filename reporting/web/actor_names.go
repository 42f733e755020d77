package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
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

// parties are those who act as somebody who hands in for the whole site may know
// them: his colleagues there by name, the office as such. Whoever may see who did what
// sees everybody by name ([Server.names]), others nobody.
func (s *Server) parties(ctx context.Context, p *page, site energy.SiteID) (map[string]string, error) {
	known, err := s.names(ctx, p.who, site)
	if err != nil || known != nil || !p.who.may(access.Submit, site, "") {
		return known, err
	}
	accounts, err := s.options.Store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	grants, err := s.options.Store.Grants(ctx, 0)
	if err != nil {
		return nil, err
	}
	called := map[store.AccountID]string{}
	for _, a := range accounts {
		called[a.ID] = cmp.Or(a.Name, a.Login)
	}
	known = map[string]string{}
	for _, g := range grants {
		actor := g.Account.Actor()
		switch {
		case g.Role == access.Operator && (g.Everywhere || slices.Contains(g.Sites, site)):
			known[actor] = called[g.Account]
		case known[actor] == "" && (g.Role == access.Office || g.Role == access.Admin):
			known[actor] = p.T("worklist.office")
		}
	}
	return known, nil
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
