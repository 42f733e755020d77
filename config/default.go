package config

import (
	"cmp"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"heatledger/energy/access"
)

// Default is the configuration of an empty file. Its data directory is
// /var/lib/heatledger for root, else heatledger below $XDG_STATE_HOME (default
// ~/.local/state).
func Default() *Config {
	c := preset()
	c.fill()
	c.resolve("/") // nothing in it is relative
	return c
}

// preset are the defaults that depend on nothing in the file.
func preset() *Config {
	host, err := os.Hostname()
	if err != nil {
		host = "" // a host without a name: the collector has one nevertheless
	}
	return &Config{
		DataDir:   dataDir(os.Geteuid() == 0, os.Getenv("XDG_STATE_HOME"), os.Getenv("HOME")),
		Listen:    "127.0.0.1:8080",
		Timezone:  "Europe/Berlin",
		Collector: Collector{Name: collectorName(host)},
		Spool:     Spool{Batch: 5 * time.Second, KeepDays: leastKeepDays, MaxBytes: 8 << 30},
		API:       API{RequestsPerSecond: 100, RequestsAtOnce: 1000},
		Schedule:  Schedule{MonthlyReport: mustCron("0 6 2 * *"), CouncilReport: mustCron("30 6 2 * *"), OpenData: mustCron("15 * * * *"), MailDigest: mustCron("0 7 * * *")},
		Mail:      Mail{Security: SecuritySTARTTLS},
		OIDC:      OIDC{Name: "OpenID Connect"},
		SignIn:    SignIn{SecondFactor: []access.Role{access.Admin}},
	}
}

// trustFolder holds the certificates of trusted OPC UA servers, below data_dir.
const trustFolder = "opcua/trusted"

// leastKeepDays is how long the edge keeps what it delivered, so that a centre
// restored from a backup loses nothing (DATA.md 3).
const leastKeepDays = 14

// dataDir is where data lies if the file does not say. Root's own folder is not
// an option: PostgreSQL runs under another account and cannot enter it.
func dataDir(root bool, stateHome, home string) string {
	if root {
		return "/var/lib/heatledger"
	}
	if !filepath.IsAbs(stateHome) { // the XDG specification: relative ones are invalid
		stateHome = filepath.Join(cmp.Or(home, "/"), ".local", "state")
	}
	return filepath.Join(stateHome, "heatledger")
}

// collectorName makes an id of the name of a host.
func collectorName(host string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		}
		return '-'
	}, strings.ToLower(host))
	name = strings.Trim(name, "-")
	return cmp.Or(strings.TrimRight(name[:min(len(name), 63)], "-"), "collector")
}

// fill sets the defaults that depend on what the file says.
func (c *Config) fill() {
	c.PublicURL = strings.TrimRight(cmp.Or(c.PublicURL, c.TLS.publicURL(c.Listen)), "/")
	c.Mail.fill()
	for i := range c.Connections {
		if m := c.Connections[i].Modbus; m != nil {
			m.fill()
		}
		if o := c.Connections[i].OPCUA; o != nil {
			if o.Timeout = cmp.Or(o.Timeout, 10*time.Second); o.Security == (Security{}) {
				o.Security = Security{noSecurity, noSecurity}
			}
			if !c.present("connections", i, "opcua", "history") {
				o.History = true
			}
		}
		for j := range c.Connections[i].Meters {
			m := &c.Connections[i].Meters[j]
			if c.Connections[i].Modbus != nil {
				m.Every = cmp.Or(m.Every, 10*time.Second)
				if !c.present("connections", i, "meters", j, "unit") {
					m.Unit = 1
				}
			} else {
				m.Sampling = cmp.Or(m.Sampling, time.Second)
			}
		}
	}
}

// publicURL is where a server that listens there, and shows itself so, is found from
// its own host.
func (t TLS) publicURL(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "" // listen has a fault of its own
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http://"
	if t.Certificate != "" {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, port)
}

// SetListen moves the server to another address; where people find it moves along,
// unless the file names a place of its own.
func (c *Config) SetListen(listen string) {
	if c.PublicURL == c.TLS.publicURL(c.Listen) {
		c.PublicURL = c.TLS.publicURL(listen)
	}
	c.Listen = listen
}

// fill sets the defaults of a Modbus connection, some by its scheme.
func (m *Modbus) fill() {
	m.Timeout = cmp.Or(m.Timeout, time.Second)
	m.MaxRegisters = cmp.Or(m.MaxRegisters, 125)
	m.Simultaneous = cmp.Or(m.Simultaneous, 1)
	m.DataBits = cmp.Or(m.DataBits, 8)
	m.Parity = cmp.Or(m.Parity, "even")
	if m.StopBits == 0 {
		if m.StopBits = 1; m.Parity == "none" {
			m.StopBits = 2 // Modbus over Serial Line V1.02, 2.5.1: eleven bits a character
		}
	}
	if m.Speed == 0 {
		if m.Speed = 19200; m.Scheme() != schemeRTU {
			m.Speed = 115200 // only the library's timing: a gateway needs no serial pauses
		}
	}
}

// resolve makes every path absolute, relative ones from dir.
func (c *Config) resolve(dir string) {
	at := func(path *string) {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(dir, *path)
		}
	}
	at(&c.DataDir)
	c.Spool.Dir = cmp.Or(c.Spool.Dir, filepath.Join(c.DataDir, "spool"))
	at(&c.Spool.Dir)
	for i := range c.Registry {
		at(&c.Registry[i])
	}
	for _, file := range []*string{&c.TLS.Certificate, &c.TLS.Key, &c.Push.TokenFile, &c.Push.Certificate, &c.Push.Key, &c.Push.CA, &c.Mail.PasswordFile, &c.Mail.CA, &c.OIDC.ClientSecretFile, &c.Heatmap.Outlines, &c.Heatmap.Tiles} {
		at(file)
	}
	for i := range c.Connections {
		if m := c.Connections[i].Modbus; m != nil {
			at(&m.Certificate)
			at(&m.Key)
			at(&m.CA)
		}
		if o := c.Connections[i].OPCUA; o != nil {
			at(&o.PasswordFile)
			at(&o.UserCertificate)
			at(&o.UserKey)
			at(&o.Certificate)
			at(&o.Key)
			o.Trust = cmp.Or(o.Trust, c.TrustFolder())
			at(&o.Trust)
		}
		for j := range c.Connections[i].Meters {
			if m := &c.Connections[i].Meters[j]; c.Connections[i].Modbus != nil {
				if _, isFile := m.ModelFile(); isFile {
					at(&m.Model)
				}
			}
		}
	}
}
