package web

import (
	"context"
	"fmt"
	"strings"
	"time"

	"heatledger/energy/store"
	"heatledger/reporting/chart"
	"heatledger/reporting/signin"
)

// around is what the desk of signing in needs of this server.
func (s *Server) around() signin.Around {
	a := signin.Around{Names: s.townNames, Log: s.log}
	if s.options.Mail {
		a.Tell = s.tellPerson
	}
	return a
}

// townNames are the names that every stranger knows of this server.
func (s *Server) townNames(ctx context.Context) ([]string, error) {
	if s.options.Ledger == nil {
		return nil, nil
	}
	known, err := s.options.Ledger.Registry(store.AsOwner(ctx))
	if err != nil {
		return nil, fmt.Errorf("look up the name of the municipality: %w", err)
	}
	return []string{known.Municipality.Name}, nil
}

// tellPerson puts a letter about what became of an account into the outbox. An
// account without an address is told nothing: its person sees it at /account.
func (s *Server) tellPerson(ctx context.Context, into signin.Outbox, to store.Account, e signin.Event) error {
	if !store.IsAddress(to.Mail) {
		return nil
	}
	said := speech{Lang: chart.Language(to.Language), words: s.pages.words}
	what := said.T("told." + e.Kind)
	if e.Kind == signin.NewDevice {
		what = said.T("told."+e.Kind, e.Agent, e.Network) // in words of ours: no browser writes into a letter
	}
	at := e.At.UTC()
	_, err := into.QueueMail(ctx, store.Mail{
		Cause:   fmt.Sprintf("told/%s/%s/%s", to.ID.Actor(), e.Kind, at.Format(time.RFC3339Nano)),
		Kind:    "account",
		To:      to.Mail,
		Subject: said.T("told.subject"),
		Body:    said.T("told.body", oneLine(to.Name), to.Login, at.Format("2006-01-02 15:04 UTC"), what),
	})
	return err
}

// oneLine is a name as it stands in a letter: whoever is called like a paragraph
// writes none of ours.
func oneLine(name string) string { return strings.Join(strings.Fields(name), " ") }
