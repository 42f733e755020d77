// Package correspondence writes the office's letters to operators: the request in
// January, a reminder, a question about what was handed in, the letter that opens
// a hearing. It is pure: what is known comes in, a [document.Letter] comes out,
// which is written as PDF or as plain text. It knows no database and sends
// nothing.
package correspondence

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

// Office is who writes, when, and in which language.
type Office struct {
	Registry *registry.Registry
	Lang     words.Lang
	On       energy.Date // the date of the letters
	// URL is where people find the server, without a slash at the end; "": it is
	// not known.
	URL string
}

// Addressed is a letter with whom it is for.
type Addressed struct {
	document.Letter
	Operator string // id
	// Unaddressed: the registry has no address for the operator.
	Unaddressed bool
}

func (o Office) say(name string, pairs ...string) string {
	values := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return words.Office(o.Lang, name, values)
}

// blank is a letter to an operator, without its text.
func (o Office) blank(operator registry.Operator, title string) Addressed {
	town := o.Registry.Municipality
	own := town.Office.Address.Lines()
	l := Addressed{Operator: operator.ID, Letter: document.Letter{Lang: document.Lang(words.Spoken(o.Lang)), At: o.On.UTC(), Title: title}}
	l.Head = append(present(town.Name, town.Office.Name), own...)
	l.Return = strings.Join(append([]string{cmp.Or(town.Office.Name, town.Name)}, own...), " · ")
	address := o.AddressOf(operator)
	l.To = append(present(operator.Name, operator.Contact), address.Lines()...)
	l.Unaddressed = len(address.Lines()) == 0
	for _, row := range [][]string{{o.say("phone"), town.Office.Phone}, {o.say("mail"), town.Office.Mail}, {o.say("date"), words.Date(o.Lang, o.On)}} {
		if row[1] != "" {
			l.About = append(l.About, row)
		}
	}
	l.Opens = o.say("greeting")
	if operator.Contact != "" {
		l.Opens = o.say("greeting_name", "name", operator.Contact)
	}
	l.Closes = append([]string{o.say("regards")}, present(cmp.Or(town.Office.Signs, town.Office.Name, town.Name))...)
	return l
}

// AddressOf is where letters to an operator go.
func (o Office) AddressOf(operator registry.Operator) registry.Address {
	if len(operator.Address.Lines()) > 0 {
		return operator.Address
	}
	for _, s := range o.Registry.Sites {
		if s.Operator == operator.ID && len(s.Address.Lines()) > 0 {
			return s.Address
		}
	}
	return registry.Address{}
}

// operatorOf is who runs a site; a site without an operator is written to by its
// own name.
func (o Office) operatorOf(id energy.SiteID) registry.Operator {
	site, _ := o.Registry.Site(id)
	if operator, ok := o.Registry.Operator(site.Operator); ok {
		return operator
	}
	return registry.Operator{Name: cmp.Or(site.Name, string(id)), Address: site.Address}
}

// Operators are those who run sites on the day, in their order.
func (o Office) Operators() []registry.Operator {
	return slices.DeleteFunc(slices.Clone(o.Registry.Operators), func(op registry.Operator) bool {
		return !slices.ContainsFunc(o.Registry.Sites, func(s registry.Site) bool { return s.Operator == op.ID && runsOn(s, o.On) })
	})
}

// runsOn tells whether a site is kept on a day.
func runsOn(s registry.Site, on energy.Date) bool {
	return !on.Before(s.From) && (s.To == energy.Date{} || on.Before(s.To))
}

// name is what a site is called.
func (o Office) name(id energy.SiteID) string {
	site, _ := o.Registry.Site(id)
	return cmp.Or(site.Name, string(id))
}

// handIn says how readings are handed in, with the templates of sites.
func (o Office) handIn(sites []registry.Site) []document.Block {
	blocks := []document.Block{{Heading: o.say("how"), Paragraph: o.say("how_paper")}}
	if o.URL == "" {
		return blocks
	}
	blocks[0].Paragraph = o.say("how_online", "url", o.URL)
	for _, s := range sites {
		blocks = append(blocks, document.Block{Paragraph: o.say("template", "site", s.Name, "url", o.URL+"/api/v1/sites/"+string(s.ID)+"/template.xlsx")})
	}
	return blocks
}

// present are the texts that are not empty.
func present(texts ...string) []string {
	return slices.DeleteFunc(texts, func(t string) bool { return t == "" })
}

// span writes the instants of a period as days.
func (o Office) span(from, to time.Time, calendar energy.Calendar) string {
	first, last := calendar.Date(from), calendar.Date(to.Add(-time.Nanosecond))
	if to.IsZero() || !first.Before(last) {
		return words.Date(o.Lang, first)
	}
	return words.Date(o.Lang, first) + " – " + words.Date(o.Lang, last)
}
