package web

import (
	"strconv"

	"heatledger/energy/access"
	"heatledger/energy/registry"
)

// desk are the pages of a site on which the office judges, decides and records, as
// far as the reader may see them.
func (p *page) desk(site registry.Site) (list []deed) {
	at, papers := "/sites/"+string(site.ID), "papers.list"
	if p.who.may(access.Configure, site.ID, "") {
		papers = "papers.nav"
	}
	if p.who.may(access.Read, site.ID, "") {
		list = append(list, deed{p.T("judgements"), p.To(at + "/judgements")}, deed{p.T("publication"), p.To(at + "/publication")}, deed{p.T("history"), p.To(at + "/history")})
	}
	if p.who.may(access.Audit, site.ID, "") {
		list = append(list, deed{p.T(papers), p.To(at + "/papers")})
	}
	if p.who.may(access.Configure, site.ID, "") {
		list = append(list, deed{p.T("events.nav"), p.To(at + "/events")})
	}
	return list
}

// deed is something that the reader can do for a site, with the page to do it on.
type deed struct{ Name, Address string }

// deeds are what the reader can do for a site: hand in, read a meter, answer the
// questionnaire, show documents and what is complete. Year is the one looked at; 0:
// each page begins with its own.
func (p *page) deeds(site registry.Site, year int) (list []deed) {
	of := "/sites/" + string(site.ID)
	in := ""
	if year != 0 {
		in = "?year=" + strconv.Itoa(year)
	}
	if own := p.handInSite(site); own.Points > 0 {
		list = append(list, deed{p.T("deed.handin"), p.To("/hand-in")})
		if own.Room {
			list = append(list, deed{p.T("deed.read"), own.Read})
		}
	}
	if p.who.may(access.Read, site.ID, "") {
		list = append(list, deed{p.T("deed.questionnaire"), p.To(of + "/questionnaire" + in)}, deed{p.T("deed.evidence"), p.To(of + "/evidence")}, deed{p.T("deed.completeness"), p.To(of + "/completeness" + in)})
	}
	return list
}

// shownDeeds are the deeds of a site to be shown.
type shownDeeds struct {
	*page
	Name string
	List []deed
}

// Deeds are what the reader can do for the site of that name, to be shown.
func (p *page) Deeds(list []deed, name string) shownDeeds { return shownDeeds{p, name, list} }
