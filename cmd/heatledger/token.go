package main

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
)

type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token and print it; it is shown this once."`
	List   tokenListCommand   `cmd:"" help:"Tokens, what they may and when they were used last."`
	Revoke tokenRevokeCommand `cmd:"" help:"End a token, by its number in token list."`
}

type tokenCreateCommand struct {
	Role        string   `required:"" help:"What the token may do: ${roles}."`
	Site        []string `help:"Site the token is for; may be given several times; without it and --point, all sites."`
	Point       []string `help:"Single point the token is for (SITE/POINT); may be given several times."`
	Only        []string `help:"Narrows the role to this permission; may be given several times." placeholder:"PERMISSION"`
	Expires     string   `help:"How long it is valid: 90d, 12h; without it, for ever." placeholder:"DURATION"`
	Name        string   `help:"Whose token it is." default:"token"`
	Certificate string   `help:"Client's certificate (PEM) that is admitted in place of a token; its fingerprint is printed." placeholder:"FILE"`
}

// Run makes a token and prints it alone.
func (c *tokenCreateCommand) Run(p *process) (err error) {
	if !access.Role(c.Role).Known() {
		return misuse("--role %q is no role: %s", c.Role, roleNames())
	}
	token := store.Token{Name: c.Name, Role: access.Role(c.Role), CreatedBy: commandActor}
	for _, site := range c.Site {
		if !energy.IsID(site) {
			return misuse("--site %q is no site id", site)
		}
		token.Sites = append(token.Sites, energy.SiteID(site))
	}
	for _, point := range c.Point {
		if err := energy.PointID(point).Check(); err != nil {
			return misuse("--point: %w", err)
		}
		token.Points = append(token.Points, energy.PointID(point))
	}
	for _, only := range c.Only {
		token.Only = append(token.Only, access.Permission(only))
	}
	if err := token.Grant().Check(); err != nil {
		return misuse("%w", err)
	}
	if c.Expires != "" {
		d, err := parseDuration(c.Expires)
		if err != nil {
			return misuse("--expires: %w", err)
		}
		token.Expires = time.Now().Add(d)
	}
	_, db, err := p.configured()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	if err := c.warnOfUnknown(p, db); err != nil {
		return err
	}
	before, err := db.CountTokens(p.ctx)
	if err != nil {
		return err
	}
	text, err := c.make(p, db, token)
	if err != nil {
		return err
	}
	if before == 0 {
		fmt.Fprintln(p.stderr, "heatledger: this is the first token: from now on nobody reads without one")
	}
	_, err = fmt.Fprintln(p.stdout, text)
	return err
}

// make makes the token, or admits the certificate, and gives what is printed.
func (c *tokenCreateCommand) make(p *process, db *database, token store.Token) (string, error) {
	if c.Certificate == "" {
		text, err := db.CreateToken(p.ctx, token)
		if err != nil {
			return "", fmt.Errorf("make a token: %w", err)
		}
		return text, nil
	}
	der, err := certificateOf(c.Certificate)
	if err != nil {
		return "", misuse("--certificate: %w", err)
	}
	if err := db.AdmitCertificate(p.ctx, token, der); err != nil {
		return "", fmt.Errorf("admit the certificate in %s: %w", c.Certificate, err)
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256(der)), nil
}

// commandActor is how facts name whoever runs a command: he has the database
// anyway, and the system's own records tell who it was.
const commandActor = "command"

// roleNames are the roles, as a sentence lists them.
func roleNames() string {
	var names []string
	for _, role := range access.Roles() {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}

// certificateOf is the first certificate of a PEM file, in DER.
func certificateOf(file string) ([]byte, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(content)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, fmt.Errorf("%s holds no certificate: a PEM file that begins with it is expected", file)
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		return nil, fmt.Errorf("read the certificate in %s: %w", file, err)
	}
	return block.Bytes, nil
}

// warnOfUnknown names sites that the database has never heard of: a token may
// be made before its site, but more often the database is another one.
func (c *tokenCreateCommand) warnOfUnknown(p *process, db *database) error {
	sites, err := db.Sites(p.ctx)
	if err != nil {
		return err
	}
	for _, site := range c.Site {
		if !slices.Contains(sites, energy.SiteID(site)) {
			fmt.Fprintf(p.stderr, "heatledger: this database has no site %q yet; if it should, name its --data-dir or --config\n", site)
		}
	}
	return nil
}

// parseDuration reads Go durations and whole days: "90d", "12h".
func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, dayErr := strconv.Atoi(days)
		d, err = time.Duration(n)*24*time.Hour, dayErr
	}
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q is no duration: 90d or 12h is expected", text)
	}
	return d, nil
}
