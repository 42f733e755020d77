package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// grantSaid is a grant with what says it in a language.
type grantSaid struct {
	speech
	Grant    access.Grant
	From, To string   // days; "": without that border
	Sites    []string // by name
	For      string   // the operator on whose behalf, by name; "": nobody's
}

// Say prepares a grant to be said: of an account or of a token.
func (p *page) Say(of any) grantSaid {
	var g access.Grant
	switch of := of.(type) {
	case store.HeldGrant:
		g = of.Grant
	case tokenView:
		g = of.Grant()
	case ownTokenView:
		g = of.Grant()
	case ownRight:
		g = of.Grant
		g.Only = nil // which of it a token gets is asked beside
	}
	day := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return p.Date(p.Calendar.Date(at))
	}
	said := grantSaid{speech: p.speech, Grant: g, From: day(g.From), For: p.operatorName(g.OnBehalfOf)}
	if !g.To.IsZero() {
		said.To = day(g.To.Add(-time.Nanosecond)) // the last day it holds on
	}
	for _, site := range g.Sites {
		said.Sites = append(said.Sites, p.siteName(site))
	}
	return said
}

// siteName is the name of a site, or its id where the reader may see nothing of it:
// a grant that has ended tells no more.
func (p *page) siteName(id energy.SiteID) string {
	if !p.who.reach(access.Read).Touches(id) {
		return string(id)
	}
	site, _ := p.registry.Site(id)
	return cmp.Or(site.Name, string(id))
}

// operatorName is the name of an operator, or his id where he has none or the reader
// may see nothing of his.
func (p *page) operatorName(id string) string {
	reach := p.who.reach(access.Read)
	if !slices.ContainsFunc(p.registry.Sites, func(s registry.Site) bool { return s.Operator == id && reach.Touches(s.ID) }) {
		return id
	}
	operator, _ := p.registry.Operator(id)
	return cmp.Or(operator.Name, id)
}

// grantForm is the part of a form that asks for a grant.
type grantForm struct {
	speech
	ID         string // distinguishes its fields from those of other forms of the page
	Roles      []access.Role
	Sites      []option
	Everywhere bool       // it may be offered
	Ends       bool       // it has to: whoever delegates names a day
	Entered    url.Values // what was entered, where it was refused
}

// refusedForm says which form of a page was refused, with all that was entered: it is
// shown again.
type refusedForm struct {
	ID     string
	Values url.Values
}

// refusedIn is the form of accounts or tokens that a request came from.
func refusedIn(r *http.Request) refusedForm {
	switch r.PathValue("what") {
	case "invite":
		return refusedForm{"new", r.PostForm}
	case "grant":
		return refusedForm{"g" + r.PostFormValue("account"), r.PostForm}
	case "create":
		return refusedForm{"t", r.PostForm}
	}
	return refusedForm{}
}

// of is what was entered into that form.
func (f refusedForm) of(id string) url.Values {
	if f.ID != id {
		return nil
	}
	return f.Values
}

// Form is such a part of this page.
func (p *page) Form(id string) grantForm {
	form := grantForm{speech: p.speech, ID: id}
	var sites []energy.SiteID
	switch body := p.Body.(type) {
	case accountsBody:
		form.Roles, sites, form.Everywhere, form.Ends, form.Entered = body.Roles, body.Sites, body.All, !body.All, body.Refused.of(id)
	case tokensBody:
		form.Roles, sites, form.Everywhere, form.Entered = body.Roles, body.Sites, p.who.may(access.Accounts, "", ""), body.Refused.of(id)
	}
	form.Roles = slices.DeleteFunc(slices.Clone(form.Roles), func(r access.Role) bool { return r == access.Public })
	for _, site := range sites {
		form.Sites = append(form.Sites, option{string(site), p.siteName(site), slices.Contains(form.Entered["site"], string(site))})
	}
	return form
}

// act is a button of an account.
type act struct {
	*page
	What string
	ID   store.AccountID
}

// Act is what is done to an account when the button is pressed.
func (p *page) Act(what string, id store.AccountID) act { return act{p, what, id} }

// Home is the page to which the forms of this one lead back.
func (p *page) Home() string { return home(p.request) }

func home(r *http.Request) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return "/" + first
}
