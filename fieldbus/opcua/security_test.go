package opcua

import (
	"strings"
	"testing"

	"github.com/gopcua/opcua/ua"
)

func TestAConnectionThatCannotWorkIsToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := New(Config{
		ID: "bms", Endpoint: "http://127.0.0.1", Security: "Basic256Sha256", ServerCertificate: "sha256:0f", User: "heatledger", ClientKey: "key.pem",
		Meters: []Meter{
			{ID: "a", Sampling: -1, Nodes: []Node{{Point: "dc/x", Node: "ns=2;s=X", Unit: "kWh"}, {Point: "dc/y", Node: "Y", Unit: "kWh"}}},
			{ID: "b", Nodes: []Node{{Point: "dc/x", Node: "ns=2;s=X", Unit: "kWh"}, {Point: "dc/z", Node: "ns=2;s=Z", Unit: "V"}}},
		},
	}, Options{})
	if err == nil {
		t.Fatal("New takes it")
	}
	for _, want := range []string{
		"connection bms: ", `"http://127.0.0.1" is no endpoint`, `"Basic256Sha256" is no security`, `"sha256:0f" is no fingerprint`,
		`user "heatledger" has no password`, "are given together", "meter a: a sampling of -1ns", `meter a: point dc/y: "Y" names no node`,
		"meter b: point dc/x is read from two nodes", `meter b: point dc/z: unknown unit "V"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("New says %q, want %q among it", err, want)
		}
	}
}

func TestSecurityIsReadAndWritten(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"None", "Basic256Sha256/Sign", "Aes128_Sha256_RsaOaep/SignAndEncrypt", "Aes256_Sha256_RsaPss/Sign", "Basic256/Sign", "Basic128Rsa15/SignAndEncrypt"} {
		if s, err := parseSecurity(text); err != nil || s.String() != text {
			t.Errorf("parseSecurity(%q) = %s, %v", text, s, err)
		}
	}
	for _, text := range []string{"none", "None/Sign", "Basic256Sha256/None", "Basic512/Sign", "/Sign", "Basic256Sha256/Sign/Encrypt"} {
		if s, err := parseSecurity(text); err == nil {
			t.Errorf("parseSecurity(%q) = %s, want an error", text, s)
		}
	}
}

func TestAPasswordIsSentAsSafelyAsTheServerAllows(t *testing.T) {
	t.Parallel()
	const none, strong, weak = ua.SecurityPolicyURINone, ua.SecurityPolicyURIBasic256Sha256, ua.SecurityPolicyURIBasic128Rsa15
	for _, c := range []struct {
		is       string
		security string
		user     string
		ways     []string // to send a password; "anonymous" is none
		want     string   // the way chosen
		warning  string
		refused  string
	}{
		{"the strongest way is taken", "Basic256Sha256/SignAndEncrypt", "u", []string{none, weak, strong}, strong, "", ""},
		{"no policy of its own is the channel's", "Basic256Sha256/Sign", "u", []string{"", weak}, "", "", ""},
		{"an encrypted channel protects whatever goes through", "Basic256Sha256/SignAndEncrypt", "u", []string{none}, none, "", ""},
		{"in clear over a signed channel is refused", "Basic256Sha256/Sign", "u", []string{none}, "", "", "password would travel in clear"},
		{"in clear is warned of", "None", "u", []string{"", none}, "", "password travels in clear", ""},
		{"encrypted for nobody known is warned of", "None", "u", []string{none, strong}, strong, "password is encrypted for a server that was not verified", ""},
		{"anonymous needs no password", "None", "", []string{strong, "anonymous"}, "anonymous", "", ""},
		{"a server that wants a user says so", "None", "", []string{strong}, "", "", "server wants a user"},
		{"a server without users says so", "None", "u", []string{"anonymous"}, "", "", "server takes no user name"},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			s, err := parseSecurity(c.security)
			if err != nil {
				t.Fatal(err)
			}
			e := &ua.EndpointDescription{SecurityPolicyURI: s.policy, SecurityMode: s.mode}
			for _, way := range c.ways {
				p := &ua.UserTokenPolicy{PolicyID: way, TokenType: ua.UserTokenTypeUserName, SecurityPolicyURI: way}
				if way == "anonymous" {
					p.TokenType, p.SecurityPolicyURI = ua.UserTokenTypeAnonymous, ""
				}
				e.UserIdentityTokens = append(e.UserIdentityTokens, p)
			}
			chosen, warning, err := s.identify(e, Config{User: c.user}.token())
			if c.refused != "" {
				if err == nil || !strings.HasPrefix(err.Error(), c.refused) {
					t.Errorf("identify gives %v, want a refusal: %s", err, c.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if tokens := chosen.UserIdentityTokens; len(tokens) != 1 || tokens[0].PolicyID != c.want {
				t.Errorf("chosen is %v, want %q alone", tokens, c.want)
			}
			if !strings.HasPrefix(warning, c.warning) || (warning == "") != (c.warning == "") {
				t.Errorf("warning is %q, want %q", warning, c.warning)
			}
		})
	}
}

func TestAnEndpointIsTakenOnlyWithTheSecurityAskedFor(t *testing.T) {
	t.Parallel()
	offered := []*ua.EndpointDescription{
		nil,
		{EndpointURL: "https://ups", SecurityPolicyURI: ua.SecurityPolicyURIBasic256Sha256, SecurityMode: ua.MessageSecurityModeSign},
		{EndpointURL: "opc.tcp://ups", SecurityPolicyURI: ua.SecurityPolicyURINone, SecurityMode: ua.MessageSecurityModeNone},
		{EndpointURL: "opc.tcp://ups", SecurityPolicyURI: ua.SecurityPolicyURIBasic256, SecurityMode: ua.MessageSecurityModeSign},
	}
	for text, want := range map[string]*ua.EndpointDescription{"None": offered[2], "Basic256/Sign": offered[3], "Basic256Sha256/Sign": nil} {
		s, err := parseSecurity(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.choose(offered)
		if got != want {
			t.Errorf("with %s chosen is %v, want %v", text, got, want)
		}
		if want == nil && (err == nil || err.Error() != "server offers no endpoint with security Basic256Sha256/Sign, but None, Basic256/Sign") {
			t.Errorf("without a match the error is %v, want what the server offers", err)
		}
	}
}
