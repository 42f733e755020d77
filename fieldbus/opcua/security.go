package opcua

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/gopcua/opcua/ua"
)

// security is how messages are protected: a policy and what it is used for.
type security struct {
	policy string // its URI
	mode   ua.MessageSecurityMode
}

// policies are the names that Security takes, the strong ones first: the order
// in which a way to send the password is chosen. The last two are outdated
// and here for servers that know nothing else.
func policies() []string {
	return []string{"Aes256_Sha256_RsaPss", "Basic256Sha256", "Aes128_Sha256_RsaOaep", "Basic256", "Basic128Rsa15"}
}

// parseSecurity reads "None", "POLICY/Sign" or "POLICY/SignAndEncrypt".
func parseSecurity(text string) (security, error) {
	if text == "" || text == "None" {
		return security{ua.SecurityPolicyURINone, ua.MessageSecurityModeNone}, nil
	}
	name, mode, _ := strings.Cut(text, "/")
	for _, known := range policies() {
		if name != known {
			continue
		}
		switch mode {
		case "Sign":
			return security{ua.FormatSecurityPolicyURI(name), ua.MessageSecurityModeSign}, nil
		case "SignAndEncrypt":
			return security{ua.FormatSecurityPolicyURI(name), ua.MessageSecurityModeSignAndEncrypt}, nil
		}
	}
	return security{}, fmt.Errorf("%q is no security: None, or POLICY/Sign or POLICY/SignAndEncrypt with POLICY one of %s is expected",
		text, strings.Join(policies(), ", "))
}

func (s security) none() bool { return s.mode == ua.MessageSecurityModeNone }

// String is the text that parseSecurity reads.
func (s security) String() string {
	if s.none() {
		return "None"
	}
	mode := "Sign"
	if s.mode == ua.MessageSecurityModeSignAndEncrypt {
		mode = "SignAndEncrypt"
	}
	return strings.TrimPrefix(s.policy, ua.SecurityPolicyURIPrefix) + "/" + mode
}

// choose is the endpoint among those offered that has this security. Its own
// address is not looked at: servers often give a host name that only they know,
// and the connection goes to the one configured.
func (s security) choose(offered []*ua.EndpointDescription) (*ua.EndpointDescription, error) {
	var others []string
	for _, e := range offered {
		if e == nil || !strings.HasPrefix(e.EndpointURL, "opc.tcp:") {
			continue
		}
		has := security{e.SecurityPolicyURI, e.SecurityMode}
		if has == s {
			return e, nil
		}
		others = append(others, has.String())
	}
	return nil, fmt.Errorf("server offers no endpoint with security %s, but %s", s, cmp.Or(strings.Join(others, ", "), "none at all for this address"))
}

// identify is the endpoint with the one way to log on that is used, and a
// warning where a password is not well protected.
//
// What an endpoint says came without proof. An attacker in between could name
// a weak way to send the password; only SignAndEncrypt with a certificate that
// was checked protects it whatever the way is. A user's certificate gives no
// secret away, but without a policy it proves nothing either.
func (s security) identify(e *ua.EndpointDescription, want ua.UserTokenType) (chosen *ua.EndpointDescription, warning string, err error) {
	best, bestRank := (*ua.UserTokenPolicy)(nil), -1
	for _, t := range e.UserIdentityTokens {
		if t == nil || t.TokenType != want {
			continue
		}
		if rank := policyRank(t, e); rank > bestRank {
			best, bestRank = t, rank
		}
	}
	password := want == ua.UserTokenTypeUserName
	switch {
	case best == nil && want == ua.UserTokenTypeAnonymous:
		return nil, "", fmt.Errorf("server wants a user at its endpoint with security %s: give user and password", s)
	case best == nil && password:
		return nil, "", fmt.Errorf("server takes no user name at its endpoint with security %s", s)
	case best == nil:
		return nil, "", fmt.Errorf("server takes no user's certificate at its endpoint with security %s", s)
	case want == ua.UserTokenTypeCertificate && bestRank == 0:
		return nil, "", fmt.Errorf("server names no policy to sign with a user's certificate at its endpoint with security %s", s)
	case !password || s.mode == ua.MessageSecurityModeSignAndEncrypt:
	case s.none() && bestRank == 0:
		warning = "password travels in clear: use a security with SignAndEncrypt"
	case s.none():
		warning = "password is encrypted for a server that was not verified: use a security with SignAndEncrypt"
	case bestRank == 0:
		return nil, "", errors.New("password would travel in clear over a connection that is only signed: use SignAndEncrypt")
	}
	one := *e
	one.UserIdentityTokens = []*ua.UserTokenPolicy{best}
	return &one, warning, nil
}

// policyRank orders the ways to protect a log-on: 0 is not at all.
func policyRank(t *ua.UserTokenPolicy, e *ua.EndpointDescription) int {
	uri := t.SecurityPolicyURI
	if uri == "" {
		uri = e.SecurityPolicyURI
	}
	names := policies()
	for i, name := range names {
		if uri == ua.FormatSecurityPolicyURI(name) {
			return len(names) - i
		}
	}
	return 0
}
