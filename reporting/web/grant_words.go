package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
)

// grantSaid is a grant with what says it in a language.
type grantSaid struct {
	speech
	Grant    access.Grant
	From, To string // days; "": without that border
}

// Say prepares a grant to be said: of an account or of a token.
func (p *page) Say(of any) grantSaid {
	var g access.Grant
	switch of := of.(type) {
	case store.HeldGrant:
		g = of.Grant
	case tokenView:
		g = of.Grant()
	}
	day := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return p.Date(p.Calendar.Date(at))
	}
	return grantSaid{p.speech, g, day(g.From), day(g.To)}
}

// grantForm is the part of a form that asks for a grant.
type grantForm struct {
	speech
	ID         string // distinguishes its fields from those of other forms of the page
	Roles      []access.Role
	Sites      []energy.SiteID
	Everywhere bool // it may be offered
	Ends       bool // it has to: whoever delegates names a day
}

// Form is such a part of this page.
func (p *page) Form(id string) grantForm {
	form := grantForm{speech: p.speech, ID: id}
	switch body := p.Body.(type) {
	case accountsBody:
		form.Roles, form.Sites, form.Everywhere, form.Ends = body.Roles, body.Sites, body.All, !body.All
	case tokensBody:
		form.Roles, form.Sites, form.Everywhere = body.Roles, body.Sites, p.who.may(access.Accounts, "", "")
	}
	form.Roles = slices.DeleteFunc(slices.Clone(form.Roles), func(r access.Role) bool { return r == access.Public })
	slices.Reverse(form.Roles) // what is chosen by mistake gives the least
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
