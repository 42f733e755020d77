package web

// pageRoutes is the table of what people see; [Server.routes] is that of what
// programs ask, which openapi.json describes.
func (s *Server) pageRoutes() []route {
	return []route{
		{"GET /{$}", s.page("city.html", s.showCity)},
		{"GET /charts/{chart}", s.page("", s.giveCityCSV)},
		{"GET /sites/{site}", s.page("site.html", s.showSitePage)},
		{"GET /sites/{site}/charts/{chart}", s.page("", s.giveSiteCSV)},
		{"GET /sites/{site}/findings.atom", s.page("", s.giveFeed)},
		{"GET /sites/{site}/points/{point}", s.page("point.html", s.showPointPage)},
		{"GET /sites/{site}/findings", s.page("site_findings.html", s.showFindingsPage)},
		{"GET /sites/{site}/substitutes", s.page("substitutes.html", s.showSubstitutesPage)},
		{"GET /sites/{site}/forms", s.page("forms.html", s.showFormsPage)},
		{"GET /sites/{site}/forms/{form}", s.page("form.html", s.showFormPage)},
		{"GET /commitments", s.page("commitments.html", s.showCommitmentsPage)},
		{"GET /meters", s.page("meters.html", s.showMetersPage)},
		{"GET /assets/{name}", s.answer(s.showAsset)},
	}
}
