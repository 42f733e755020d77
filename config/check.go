package config

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// checker looks for what is wrong with the meaning of a file. It checks a part
// only if that part could be decoded: what is not decoded has its fault already.
// Messages never repeat a URL: it may hold a password.
type checker struct {
	config *Config
	faults energy.Faults

	ids    map[string]int // connection or meter → line
	points map[energy.PointID]int
}

// path is the way to a part of the file.
type path []any

// to is the path of a part below; p itself stays as it is.
func (p path) to(elements ...any) path { return append(slices.Clip(p), elements...) }

// present tells whether the file says something at a path.
func (c *Config) present(at ...any) bool { return c.doc != nil && c.doc.Present(at...) }

// given tells whether there is something to check at a path.
func (c *checker) given(at path) bool { return c.config.doc.Decoded(at...) }

// fault notes a fault at a path.
func (c *checker) fault(at path, problem, remedy string) {
	c.faults = append(c.faults, c.config.Fault(problem, remedy, at...))
}

// wrong notes an error whose text is "problem: remedy".
func (c *checker) wrong(at path, err error) {
	problem, remedy, _ := strings.Cut(err.Error(), ": ")
	c.fault(at, problem, remedy)
}

// all goes through the file; the values are those of the file, before defaults
// that depend on others are filled in.
func (c *checker) all() {
	c.ids, c.points = map[string]int{}, map[energy.PointID]int{}
	k := c.config
	if c.given(path{"database", "url"}) && k.Database.URL != "" {
		c.database()
	}
	c.text(k.DataDir, path{"data_dir"}, "a folder")
	c.pair(k.TLS.Certificate, k.TLS.Key, path{"tls"})
	for i, file := range k.Registry {
		c.text(file, path{"registry", i}, "a file")
	}
	if c.given(path{"listen"}) {
		if host, port, err := net.SplitHostPort(k.Listen); err != nil || !isPort(port, 0) || strings.ContainsAny(host, "/ ") {
			c.fault(path{"listen"}, fmt.Sprintf("listen is %q", k.Listen), "HOST:PORT such as 127.0.0.1:8080 is expected")
		}
	}
	if at := (path{"public_url"}); c.given(at) {
		if u, err := url.Parse(k.PublicURL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			c.fault(at, "public_url is no address of a web server", "https://HOST, or http://HOST:PORT, is expected")
		}
	}
	if at := (path{"timezone"}); c.given(at) {
		if _, err := energy.LoadCalendar(k.Timezone); err != nil {
			c.wrong(at, err)
		}
	}
	if at := (path{"collector", "name"}); c.given(at) && !energy.IsID(k.Collector.Name) {
		c.fault(at, fmt.Sprintf("%q is no name of a collector", k.Collector.Name), "up to 63 lower-case letters, digits, hyphens and underscores are expected")
	}
	c.spool(path{"spool"})
	c.push(path{"push"})
	c.api(path{"api"})
	c.mail(path{"mail"})
	c.oidc(path{"oidc"})
	c.signIn(path{"signin"})
	for i := range k.Connections {
		c.connection(&k.Connections[i], path{"connections", i})
	}
	c.addresses()
}

// database takes both forms that PostgreSQL knows (libpq, 34.1.1): an address, or
// words of the form name=value.
func (c *checker) database() {
	at := path{"database", "url"}
	text := c.config.Database.URL
	if !strings.Contains(text, "://") {
		if !strings.Contains(text, "=") {
			c.fault(at, "database.url is no address of a PostgreSQL", "postgres://USER:PASSWORD@HOST/DATABASE, or words such as host=/run/postgresql, is expected")
		}
		return
	}
	if u, err := url.Parse(text); err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		c.fault(at, "database.url is no address of a PostgreSQL", "postgres://USER:PASSWORD@HOST/DATABASE is expected")
	}
}

// spool checks the queue's bounds.
func (c *checker) spool(at path) {
	s := c.config.Spool
	c.duration(s.Batch, 100*time.Millisecond, time.Hour, at.to("batch"))
	c.text(s.Dir, at.to("dir"), "a folder")
	if c.given(at.to("keep_days")) && (s.KeepDays < leastKeepDays || s.KeepDays > 3660) {
		c.fault(at.to("keep_days"), fmt.Sprintf("keep_days is %d", s.KeepDays), fmt.Sprintf("%d days or more (up to 3660) are expected, so that a restored centre can be filled again", leastKeepDays))
	}
	if c.given(at.to("max_bytes")) && s.MaxBytes < 16<<20 {
		c.fault(at.to("max_bytes"), fmt.Sprintf("max_bytes is %d", s.MaxBytes), "16777216 (16 MiB) or more is expected")
	}
}

// push checks where and how readings are forwarded: encrypted, except on this
// host, and not anonymously.
func (c *checker) push(at path) {
	p := c.config.Push
	c.pair(p.Certificate, p.Key, at)
	if !c.given(at.to("url")) || p.URL == "" {
		return
	}
	u, err := url.Parse(p.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "":
		c.fault(at.to("url"), "push.url is no address of a Heatledger", "https://HOST is expected")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		c.fault(at.to("url"), "push.url is not encrypted", "https:// is expected for another host")
	}
	if p.TokenFile == "" && p.Certificate == "" {
		c.fault(at.to("url"), "push without token_file or certificate", "one of them is expected: the centre must know who sends")
	}
}

// pair checks that certificate and key are given together.
func (c *checker) pair(certificate, key string, at path) {
	if certificate != "" && key == "" {
		c.fault(at.to("certificate"), "a certificate without key", "the file of its private key is expected as key")
	}
	if key != "" && certificate == "" {
		c.fault(at.to("key"), "a key without certificate", "the file of its certificate is expected as certificate")
	}
}

// text checks that a path or the like, if given, is not "".
func (c *checker) text(s string, at path, want string) {
	if c.given(at) && strings.TrimSpace(s) == "" {
		c.fault(at, fmt.Sprintf("%v is empty", at[len(at)-1]), want+" is expected")
	}
}

// duration checks the bounds of a duration, if it is given.
func (c *checker) duration(d, least, most time.Duration, at path) {
	if c.given(at) && (d < least || d > most) {
		c.fault(at, fmt.Sprintf("%v is %s", at[len(at)-1], short(d)), fmt.Sprintf("%s to %s is expected", short(least), short(most)))
	}
}

// short writes a duration without zero minutes and seconds.
func short(d time.Duration) string {
	s := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}

// oneOf checks that a name is one of those known.
func (c *checker) oneOf(what, value string, known []string, at path) {
	if c.given(at) && !slices.Contains(known, value) {
		c.fault(at, fmt.Sprintf("unknown %s %q", what, value), strictyaml.Suggest(value, known))
	}
}

// once checks an id and that it is given once.
func (c *checker) once(kind, id string, at path) {
	if !c.given(at) {
		return
	}
	if !energy.IsID(id) {
		c.fault(at, fmt.Sprintf("%q is no id", id), "up to 63 lower-case letters, digits, hyphens and underscores are expected")
		return
	}
	if first, ok := c.ids[kind+" "+id]; ok {
		c.fault(at, fmt.Sprintf("%s %q is given twice", kind, id), fmt.Sprintf("it stands on line %d already", first))
		return
	}
	c.ids[kind+" "+id] = c.config.Fault("", "", at...).Line
}

// isLoopback tells whether a host is this one.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// isPort tells whether text is a port from least to 65535.
func isPort(text string, least int) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= least && n <= 65535
}
