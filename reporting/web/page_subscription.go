package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/store"
	"heatledger/energy/validation"
	"heatledger/reporting/notice"
	"heatledger/reporting/words"
)

// subscribeForm is the page on which one asks to be written to.
type subscribeForm struct {
	Sites      []siteChoice
	Topic      string
	Severities []severityChoice
	Asked      bool // the letter that asks for a yes is on its way, or was before
	Trouble    string
	Address    string
	// Off: this server writes no mail; Feeds are where what is new is read then.
	Off   bool
	Feeds []selection
}

// severityChoice is a severity that the form offers.
type severityChoice struct {
	Severity validation.Severity
	Name     string
}

// subscriptionPage is what a link in a letter leads to.
type subscriptionPage struct {
	Action   string // where the button posts to
	Sentence string
	Button   string // "": there is nothing to press
}

// largestForm bounds the forms of these pages.
const largestForm = 16 << 10

// form takes what a form of these pages posts; pages of other sites may not.
func form(h http.Handler) http.Handler {
	limited := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, largestForm)
		h.ServeHTTP(w, r)
	})
	return http.NewCrossOriginProtection().Handler(limited)
}

// byLink is a page for whoever has its address: the token in it is all that is
// needed, and it does one thing only.
func (s *Server) byLink(h pageHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, largestForm)
		p := s.barePage(r)
		err := h(w, r, p)
		if err == nil {
			err = s.show(w, cmp.Or(p.Status, http.StatusOK), "subscription.html", p)
		}
		if err != nil {
			s.showError(w, r, err)
		}
	})
}

// showSubscribe answers GET /subscribe?topic=&site=.
func (s *Server) showSubscribe(_ http.ResponseWriter, r *http.Request, p *page) error {
	return s.subscribePage(p, r.URL.Query())
}

func (s *Server) subscribePage(p *page, given url.Values) error {
	p.Title = p.T("subscribe")
	if !s.options.Mail { // what is new can be read without mail too
		body := &subscribeForm{Off: true}
		for _, site := range p.siteChoices(given["site"]) {
			body.Feeds = append(body.Feeds, selection{p.To("/sites/" + site.ID + "/findings.atom"), site.Name})
		}
		p.Body = body
		return nil
	}
	body := &subscribeForm{Sites: p.siteChoices(given["site"]), Topic: string(store.TopicFindings), Address: given.Get("address")}
	if given.Get("topic") == string(store.TopicReminders) {
		body.Topic = string(store.TopicReminders)
	}
	for _, severity := range []validation.Severity{validation.Warning, validation.Error, validation.Info} {
		body.Severities = append(body.Severities, severityChoice{severity, words.Severity(words.Lang(p.Lang), severity)})
	}
	p.Body = body
	return nil
}

// takeSubscribe answers POST /subscribe: it notes the wish and asks by mail. The
// answer is the same whether the address is known or not.
func (s *Server) takeSubscribe(_ http.ResponseWriter, r *http.Request, p *page) error {
	if err := r.ParseForm(); err != nil {
		return refuse(http.StatusBadRequest, "bad_form", "the form is not readable: send it again")
	}
	if err := s.subscribePage(p, r.PostForm); err != nil {
		return err
	}
	if !s.options.Mail {
		return refuse(http.StatusNotFound, "no_mail", "%s", p.T("subscribe.off"))
	}
	body, _ := p.Body.(*subscribeForm)
	wish := store.Subscription{Address: strings.TrimSpace(r.PostForm.Get("address")), Topic: store.Topic(r.PostForm.Get("topic")), Severity: r.PostForm.Get("severity"),
		Urgent: r.PostForm.Get("urgent") != "", Language: string(words.Spoken(words.Lang(p.Lang)))}
	var all bool
	if wish.Sites, all = p.sitesWished(r.PostForm["site"]); !all && len(wish.Sites) == 0 {
		return refuse(http.StatusNotFound, "no_site", "there is no such site that you may see")
	}
	if !slices.Contains(store.Topics(), wish.Topic) || !slices.Contains(validation.Severities(), validation.Severity(wish.Severity)) {
		return refuse(http.StatusBadRequest, "bad_form", "topic and severity of the form are none that there are: open /subscribe again")
	}
	if !store.IsAddress(wish.Address) {
		body.Trouble, p.Status = p.T("subscribe.address.wrong"), http.StatusUnprocessableEntity
		return nil
	}
	_, err := s.options.Store.Subscribe(r.Context(), wish, func(noted store.Subscription, token string) store.Mail {
		return notice.Confirmation(s.options.PublicURL, noted, token)
	})
	if errors.Is(err, store.ErrManyUnanswered) {
		return refuse(http.StatusTooManyRequests, "many_unanswered", "%s", p.T("subscribe.many"))
	}
	if err != nil {
		return err
	}
	body.Asked, p.Title = true, p.T("subscribe.asked")
	return nil
}

// sitesWished are those of a form that the reader may see; all is true for every
// site there is and will be, which only who may see all can wish.
func (p *page) sitesWished(given []string) (sites []energy.SiteID, all bool) {
	given = slices.DeleteFunc(slices.Clone(given), func(id string) bool { return id == "" })
	for _, choice := range p.siteChoices(nil) {
		if len(given) == 0 || slices.Contains(given, choice.ID) {
			sites = append(sites, energy.SiteID(choice.ID))
		}
	}
	if len(given) == 0 && p.who.everywhere() {
		return nil, true
	}
	return sites, false
}

// showConfirm answers GET /subscriptions/confirm/{token}: programs that look at
// links in letters must not say yes for anybody, so that it takes a button.
func (s *Server) showConfirm(_ http.ResponseWriter, r *http.Request, p *page) error {
	p.Title = p.T("subscription.confirm")
	p.Body = &subscriptionPage{Action: p.To(r.URL.Path), Sentence: p.T("subscription.confirm.lead"), Button: p.T("subscription.confirm.button")}
	return nil
}

// takeConfirm answers POST /subscriptions/confirm/{token}.
func (s *Server) takeConfirm(_ http.ResponseWriter, r *http.Request, p *page) error {
	sub, ok, err := s.options.Store.Confirm(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	if !ok {
		return refuse(http.StatusNotFound, "no_subscription", "%s", p.T("subscription.unknown"))
	}
	p.Title = p.T("subscription.confirmed")
	p.Body = &subscriptionPage{Sentence: p.T("subscription.confirmed.lead", words.Topic(words.Lang(p.Lang), string(sub.Topic)))}
	return nil
}

// showEnd answers GET /subscriptions/{token}.
func (s *Server) showEnd(_ http.ResponseWriter, r *http.Request, p *page) error {
	sub, ok, err := s.options.Store.Subscription(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	p.Title = p.T("subscription.end")
	if !ok {
		p.Body = &subscriptionPage{Sentence: p.T("subscription.ended.lead")}
		return nil
	}
	p.Body = &subscriptionPage{Action: p.To(r.URL.Path), Sentence: p.T("subscription.end.lead", words.Topic(words.Lang(p.Lang), string(sub.Topic))), Button: p.T("subscription.end.button")}
	return nil
}

// takeEnd answers POST /subscriptions/{token}, of the button and of mail programs
// (List-Unsubscribe-Post, RFC 8058). A second time it says the same.
func (s *Server) takeEnd(_ http.ResponseWriter, r *http.Request, p *page) error {
	if _, err := s.options.Store.Unsubscribe(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	p.Title = p.T("subscription.ended")
	p.Body = &subscriptionPage{Sentence: p.T("subscription.ended.lead")}
	return nil
}
