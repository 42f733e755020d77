package web

import (
	"slices"

	"heatledger/energy/access"
)

// pageRoutes is the table of what people see; [Server.routes] is that of what
// programs ask, which openapi.json describes.
func (s *Server) pageRoutes() []route {
	return slices.Concat(s.cityRoutes(), s.heatRoutes(), s.planRoutes(), s.ogcRoutes(), s.sensorThingsRoutes(), s.siteRoutes(), s.handInRoutes(), s.deskRoutes(), s.subscriptionRoutes(), s.accountRoutes())
}

// cityRoutes are the pages of all sites together, and what every page needs.
func (s *Server) cityRoutes() []route {
	return []route{
		{"GET /{$}", s.page("city.html", s.showCity)},
		{"GET /charts/{chart}", s.page("", s.giveCityCSV)},
		{"GET /commitments", s.page("commitments.html", s.showCommitmentsPage)},
		{"GET /meters", s.page("meters.html", s.showMetersPage)},
		{"GET /portfolio", s.page("portfolio.html", s.showPortfolioPage)},
		{"GET /published", s.answer(s.showPublishedPage)},
		{"GET /api", s.everyones("api.html", s.showAPIPage)},
		{"GET /assets/{name}", s.answer(s.showAsset)},
	}
}

// siteRoutes are the pages of one site: its figures, points, findings, documents
// and forms.
func (s *Server) siteRoutes() []route {
	return []route{
		{"GET /sites/{site}", s.page("site.html", s.showSitePage)},
		{"GET /sites/{site}/charts/{chart}", s.page("", s.giveSiteCSV)},
		{"GET /sites/{site}/findings.atom", s.page("", s.giveFeed)},
		{"GET /sites/{site}/points/{point}", s.page("point.html", s.showPointPage)},
		{"GET /sites/{site}/findings", s.page("site_findings.html", s.showFindingsPage)},
		{"GET /sites/{site}/substitutes", s.page("substitutes.html", s.showSubstitutesPage)},
		{"GET /sites/{site}/completeness", s.page("completeness.html", s.showCompletenessPage)},
		{"GET /sites/{site}/questionnaire", s.page("questionnaire.html", s.showQuestionnairePage)},
		{"POST /sites/{site}/questionnaire", s.page("questionnaire.html", s.takeQuestionnairePage)},
		{"GET /sites/{site}/evidence", s.page("evidence.html", s.showEvidencePage)},
		{"POST /sites/{site}/evidence", s.page("evidence.html", s.takeEvidencePage)},
		{"POST /sites/{site}/evidence/{digest}/removal", s.posted("evidence.html", access.Configure, s.removeEvidencePage)},
		{"GET /sites/{site}/forms", s.page("forms.html", s.showFormsPage)},
		{"GET /sites/{site}/forms/{form}", s.page("form.html", s.showFormPage)},
	}
}

// handInRoutes are the pages by which operators hand in what meters said.
func (s *Server) handInRoutes() []route {
	return []route{
		{"GET /hand-in", s.working("handin.html", toSubmit, s.showHandIn)},
		{"POST /hand-in", s.working("handin.html", toSubmit, s.takeHandIn)},
		{"GET /hand-in/{id}", s.page("handin_submission.html", s.showSubmissionPage)},
		{"GET /hand-in/{id}/charts/{chart}", s.page("", s.giveComparedCSV)},
		{"GET /hand-in/{id}/mapping", s.working("handin_mapping.html", toSubmit, s.showMapping)},
		{"POST /hand-in/{id}/mapping", s.posted("handin_mapping.html", toSubmit, s.takeMapping)},
		{"GET /hand-in/{id}/receipt", s.page("handin_receipt.html", s.showReceiptPage)},
		{"POST /hand-in/{id}/{what}", s.posted("handin_submission.html", access.Comment, s.takeSubmissionStep)},
		{"GET /sites/{site}/read", s.working("read.html", toSubmit, s.showRead)},
		{"POST /sites/{site}/read", s.working("read.html", toSubmit, s.takeRead)},
		{"GET /sites/{site}/read/label", s.working("read_label.html", toSubmit, s.showReadLabel)},
		{"GET /sites/{site}/read/{point}/qr.svg", s.working("", toSubmit, s.giveReadQR)},
		{"GET /read-worker.js", s.answer(s.showReadWorker)},
	}
}

// deskRoutes are the pages on which the office judges, hears, decides and records.
func (s *Server) deskRoutes() []route {
	return []route{
		{"GET /worklist", s.page("worklist.html", s.showWorklistPage)},
		{"POST /worklist/done", s.own("", s.takeDone)},
		{"POST /letters", s.own("", s.takeLetters)},
		{"GET /sites/{site}/judgements", s.page("judgements.html", s.showJudgementsPage)},
		{"POST /sites/{site}/judgements", s.own("judgements.html", s.issueJudgements)},
		{"GET /sites/{site}/judgements/{issued}", s.page("judgement.html", s.showJudgementPage)},
		{"POST /sites/{site}/judgements/{issued}/{what}", s.own("judgement.html", s.changeJudgement)},
		{"GET /sites/{site}/publication", s.page("publication.html", s.showPublicationPage)},
		{"POST /sites/{site}/publication", s.own("publication.html", s.proposePublication)},
		{"POST /sites/{site}/decisions/{id}/{what}", s.own("publication.html", s.changeDecision)},
		{"GET /inbox", s.working("inbox.html", access.Audit, s.showInboxPage)},
		{"GET /inbox/submissions/{id}", s.working("inbox_submission.html", access.Audit, s.showInboxSubmission)},
		{"POST /inbox/submissions/{id}", s.own("inbox_submission.html", s.changeInboxSubmission)},
		{"GET /sites/{site}/facts/{fact}", s.page("effect.html", s.showEffectPage)},
		{"GET /sites/{site}/history", s.page("history.html", s.showHistoryPage)},
		{"GET /sites/{site}/events", s.working("event.html", access.Configure, s.showEventPage)},
		{"POST /sites/{site}/events", s.own("event.html", s.takeEvent)},
		{"GET /sites/{site}/papers", s.working("paper.html", access.Audit, s.showPaperPage)},
		{"POST /sites/{site}/papers", s.working("paper.html", access.Configure, s.takePaper)},
	}
}

// subscriptionRoutes are the pages about messages by mail; who holds the link of a
// mail needs no account.
func (s *Server) subscriptionRoutes() []route {
	return []route{
		{"GET /subscribe", s.page("subscribe.html", s.showSubscribe)},
		{"POST /subscribe", form(s.page("subscribe.html", s.takeSubscribe))},
		{"GET /subscriptions/confirm/{token}", s.byLink(s.showConfirm)},
		{"POST /subscriptions/confirm/{token}", s.byLink(s.takeConfirm)},
		{"GET /subscriptions/{token}", s.byLink(s.showEnd)},
		{"POST /subscriptions/{token}", s.byLink(s.takeEnd)},
	}
}

// accountRoutes are the pages by which people sign in, and change their accounts
// and tokens.
func (s *Server) accountRoutes() []route {
	return []route{
		{"GET /signin", s.open("signin.html", s.showSignIn)},
		{"POST /signin", s.open("signin.html", s.takeSignIn)},
		{"GET /signin/code", s.open("second.html", s.showSecond)},
		{"POST /signin/code", s.open("second.html", s.takeSecond)},
		{"GET /signin/oidc", s.open("signin.html", s.sendOut)},
		{"GET /signin/oidc/back", s.open("signin.html", s.takeBack)},
		{"POST /signin/passkey/begin", s.withPasskeys(s.beginPasskey)},
		{"POST /signin/passkey", s.withPasskeys(s.takePasskey)},
		{"POST /signout", s.open("", s.takeSignOut)},
		{"GET /code", s.open("code.html", s.showCode)},
		{"POST /code", s.open("code.html", s.takeCode)},
		{"GET /forgotten", s.open("forgotten.html", s.showForgotten)},
		{"POST /forgotten", s.open("forgotten.html", s.takeForgotten)},
		{"GET /guest", s.open("guest.html", s.showGuest)},
		{"POST /guest", s.open("guest.html", s.takeGuest)},
		{"POST /guest/again", s.open("guest.html", s.takeGuestAgain)},
		{"GET /account", s.own("account.html", s.showAccount)},
		{"GET /account/totp", s.own("totp.html", s.showTOTP)},
		{"GET /account/totp.svg", s.own("", s.giveQR)},
		{"POST /account/passkeys/begin", s.withPasskeys(s.beginOwnPasskey)},
		{"POST /account/passkeys", s.withPasskeys(s.takeOwnPasskey)},
		{"GET /account/second", s.own("second_needed.html", s.showSecondNeeded)},
		{"POST /account/second", s.own("second_needed.html", s.takeSecondNeeded)},
		{"POST /account/{what}", s.own("account.html", s.changeAccount)},
		{"GET /account/tokens", s.own("owntokens.html", s.showOwnTokens)},
		{"POST /account/tokens/{what}", s.own("owntokens.html", s.changeOwnTokens)},
		{"GET /accounts", s.own("accounts.html", s.showAccounts)},
		{"POST /accounts/{what}", s.own("accounts.html", s.changeAccounts)},
		{"GET /tokens", s.own("tokens.html", s.showTokens)},
		{"POST /tokens/{what}", s.own("tokens.html", s.changeTokens)},
	}
}
