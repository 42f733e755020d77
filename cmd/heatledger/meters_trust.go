package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"heatledger/fieldbus/opcua"
)

type metersTrustCommand struct {
	serverFlags
	Fingerprint string `help:"Trust the certificate that has this fingerprint, and no other." placeholder:"sha256:HEX"`
	Yes         bool   `help:"Trust the certificate that the server shows without being asked: whoever answers at this address will be believed."`
}

// Run shows the certificate of a server and what is wrong with it, and stores it
// among those that are trusted if somebody says so.
func (c *metersTrustCommand) Run(p *process) error {
	line, options, err := c.server(p)
	if err != nil {
		return err
	}
	offer, err := opcua.Offered(p.ctx, line, options)
	if err != nil {
		return err
	}
	certificate, err := c.choose(line, offer)
	if err != nil {
		return err
	}
	if err := p.showCertificate(line, offer, certificate); err != nil {
		return err
	}
	if certificate.Trusted {
		_, err := fmt.Fprintln(p.stdout, "It is trusted already.")
		return err
	}
	if err := c.agreed(p, line, certificate); err != nil {
		return err
	}
	path, err := opcua.Trust(line.Trust, certificate.DER)
	if err != nil {
		return err
	}
	return p.reconsider(line, options, certificate, path)
}

// choose is the certificate that this is about: the one of --fingerprint, or else
// the only one that the endpoints of the connection's security show.
func (c *metersTrustCommand) choose(line opcua.Config, offer opcua.Offer) (opcua.Certificate, error) {
	if len(offer.Certificates) == 0 {
		return opcua.Certificate{}, fmt.Errorf("%s shows no certificate: it has no endpoint with security", line.Endpoint)
	}
	shown := offer.Certificates
	if line.Security != "" && line.Security != "None" {
		shown = slices.DeleteFunc(slices.Clone(shown), func(o opcua.Certificate) bool {
			return !slices.ContainsFunc(offer.Endpoints, func(e opcua.OfferedEndpoint) bool {
				return e.Security == line.Security && e.Fingerprint == o.Fingerprint
			})
		})
	}
	var known []string
	for _, o := range shown {
		if c.Fingerprint != "" && o.Fingerprint == normalFingerprint(c.Fingerprint) {
			return o, nil
		}
		known = append(known, o.Fingerprint)
	}
	switch {
	case c.Fingerprint != "":
		return opcua.Certificate{}, fmt.Errorf("no certificate of %s has the fingerprint %s: it shows %s; nothing is trusted", line.Endpoint, c.Fingerprint, cmp.Or(strings.Join(known, " and "), "none"))
	case len(known) == 0:
		return opcua.Certificate{}, fmt.Errorf("%s has no endpoint with security %s", line.Endpoint, line.Security)
	case len(known) > 1:
		return opcua.Certificate{}, misuse("%s shows several certificates, %s: choose one by --fingerprint", line.Endpoint, strings.Join(known, " and "))
	}
	return shown[0], nil
}

// normalFingerprint is a fingerprint as this program writes it: people copy them
// with colons, in capitals and without the name of the digest.
func normalFingerprint(text string) string {
	return "sha256:" + strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(strings.ToLower(text), "sha256:"), ":", ""))
}

// showCertificate shows what somebody must compare before trusting.
func (p *process) showCertificate(line opcua.Config, offer opcua.Offer, c opcua.Certificate) error {
	if p.line.Output == "json" {
		return p.showJSON(c)
	}
	rows := [][]string{
		{"server", line.Endpoint + ", " + offer.ApplicationName},
		{"fingerprint", c.Fingerprint},
		{"subject", c.Subject},
		{"issuer", c.Issuer},
		{"valid", c.NotBefore.Format(time.DateOnly) + " to " + c.NotAfter.Format(time.DateOnly)},
		{"application", c.ApplicationURI},
		{"hosts", cmp.Or(strings.Join(c.Hosts, ", "), "none")},
	}
	if c.Subject == c.Issuer {
		rows[3][1] = "itself: nobody else vouches for it"
	}
	for _, odd := range c.Oddities {
		rows = append(rows, []string{"wrong", odd})
	}
	if p.line.Output == "csv" {
		return p.showCSV(rows)
	}
	return columns(p.stdout, rows)
}

// agreed is nil when somebody wants the certificate to be trusted.
func (c *metersTrustCommand) agreed(p *process, line opcua.Config, o opcua.Certificate) error {
	switch {
	case strings.HasPrefix(line.ServerCertificate, "sha256:"):
		return fmt.Errorf("connection %s pins another certificate (server_certificate: %s): mend the configuration; what is trusted does not count beside a pin", line.ID, line.ServerCertificate)
	case c.Fingerprint != "" || c.Yes:
		return nil
	case !isInteractive(p.stdin):
		return misuse("nothing is trusted without a word: compare the fingerprint with the server's own display, and then add --fingerprint %s", o.Fingerprint)
	}
	fmt.Fprint(p.stderr, "Compare the fingerprint with the one that the server itself displays. Trust it? [y/N] ")
	answer, err := bufio.NewReader(p.stdin).ReadString('\n')
	if err != nil && err != io.EOF {
		return fmt.Errorf("read the answer: %w", err)
	}
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" && a != "j" && a != "ja" {
		return fmt.Errorf("the certificate of %s is not trusted", line.Endpoint)
	}
	return nil
}

// isInteractive tells whether somebody may be typing.
func isInteractive(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && isTerminal(f)
}

// reconsider says whether the server is trusted now that its certificate is
// stored: an expired one, or one of another application, is refused all the same.
func (p *process) reconsider(line opcua.Config, options opcua.Options, c opcua.Certificate, path string) error {
	fmt.Fprintf(p.stderr, "heatledger: stored as %s\n", path)
	offer, err := opcua.Offered(p.ctx, line, options)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(offer.Certificates, func(o opcua.Certificate) bool { return o.Fingerprint == c.Fingerprint })
	switch {
	case i < 0:
		return fmt.Errorf("%s shows another certificate now than a moment ago", line.Endpoint)
	case !offer.Certificates[i].Trusted:
		return fmt.Errorf("it stays refused: %s", offer.Certificates[i].Refusal)
	}
	if p.line.Output == "table" {
		fmt.Fprintln(p.stdout, "It is trusted from now on.")
	}
	if line.Security == "" || line.Security == "None" {
		fmt.Fprintln(p.stderr, "heatledger: this connection has security None, under which no certificate is looked at: state a security in the configuration")
	}
	return nil
}
