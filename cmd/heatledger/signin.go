package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"heatledger/config"
	"heatledger/reporting/signin"
	"heatledger/reporting/web"
)

// signInOptions adds to a server what people sign in with: the key that seals the
// secrets of their apps, below the data directory, and the outside provider.
func signInOptions(o *web.Options, cfg *config.Config) (err error) {
	o.PublicURL, o.SecondFactor = cfg.PublicURL, cfg.SignIn.SecondFactor
	if o.Vault, err = signin.OpenVault(filepath.Join(cfg.DataDir, "signin", "key")); err != nil {
		return err
	}
	if !cfg.OIDC.On() {
		return nil
	}
	back, err := url.JoinPath(cfg.PublicURL, "signin/oidc/back")
	if err != nil {
		return fmt.Errorf("build the address for coming back from %s: %w", cfg.OIDC.Issuer, err)
	}
	o.Outside = &signin.Outside{Issuer: cfg.OIDC.Issuer, ClientID: cfg.OIDC.ClientID, Name: cfg.OIDC.Name, Return: back, ClientSecret: func() (string, error) {
		text, err := os.ReadFile(cfg.OIDC.ClientSecretFile)
		return strings.TrimSpace(string(text)), err
	}}
	return nil
}

// letIn prints links by which a demonstration lets somebody in as each role. The
// account of a role is made when its link is used; until the first of them is,
// whoever is on this host reads without one.
func (p *process) letIn(links []web.Guest) {
	if len(links) == 0 {
		return
	}
	fmt.Fprintln(p.stdout, "Sign in as (each link is good once; from the first one on nobody reads without signing in):")
	for _, g := range links {
		fmt.Fprintf(p.stdout, "  %-15s %s\n", g.Role, g.Link)
	}
}
