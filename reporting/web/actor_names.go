package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
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

// parties are those who act as somebody who hands in for the whole site may know
// them: his colleagues there by name, the office as such. Whoever may see who did what
// sees everybody by name ([Server.names]), others nobody.
func (s *Server) parties(ctx context.Context, who caller, say speech, site energy.SiteID) (map[string]string, error) {
	known, err := s.names(ctx, who, site)
	if err != nil || known != nil || !who.may(access.Submit, site, "") {
		return known, err
	}
	roles, called, err := s.actors(ctx, site)
	if err != nil {
		return nil, err
	}
	known = map[string]string{}
	for actor, role := range roles {
		switch role {
		case access.Admin, access.Office:
			known[actor] = say.T("worklist.office")
		case access.Operator:
			known[actor] = called[actor]
		case access.MeterOperator:
			known[actor] = say.T("grant.role:" + string(role))
		}
	}
	return known, nil
}

// actors are those who act with an account or a token, by how facts name them: the role
// in which each acts at a site, and what he is called. Who is of the site's operator and
// of the office too is of the operator there: his colleagues know him.
func (s *Server) actors(ctx context.Context, site energy.SiteID) (roles map[string]access.Role, called map[string]string, err error) {
	roles, called = map[string]access.Role{}, map[string]string{}
	add := func(actor string, g access.Grant) {
		here := g.Everywhere || slices.Contains(g.Sites, site) || slices.ContainsFunc(g.Points, func(p energy.PointID) bool { return p.Site() == site })
		before, known := roles[actor]
		own := g.Role == access.Operator
		if here && (!known || own || before != access.Operator && slices.Index(access.Roles(), g.Role) < slices.Index(access.Roles(), before)) {
			roles[actor] = g.Role
		}
	}
	accounts, err := s.options.Store.Accounts(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range accounts {
		called[a.ID.Actor()] = cmp.Or(a.Name, a.Login, a.ID.Actor())
	}
	grants, err := s.options.Store.Grants(ctx, 0)
	if err != nil {
		return nil, nil, err
	}
	for _, g := range grants {
		add(g.Account.Actor(), g.Grant)
	}
	tokens, err := s.options.Store.Tokens(ctx)
	for _, t := range tokens {
		actor := fmt.Sprintf("token:%d", t.ID)
		called[actor] = t.Name
		add(actor, t.Grant())
	}
	return roles, called, err
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
