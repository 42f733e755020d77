package config_test

import (
	"strings"
	"testing"

	"heatledger/config"
)

func TestAProviderIsWholeAndAskedOverTLS(t *testing.T) {
	t.Parallel()
	const whole = "public_url: https://heat.example.city\noidc: {issuer: 'https://id.example.city', client_id: heatledger, client_secret_file: oidc.secret}\n"
	c, faults := config.Parse("/etc/config.yaml", []byte(whole))
	if len(faults) > 0 || !c.OIDC.On() || c.OIDC.ClientSecretFile != "/etc/oidc.secret" || c.OIDC.Name == "" {
		t.Errorf("a whole provider: %+v, %v", c.OIDC, faults)
	}
	for _, tt := range []struct{ sentence, old, new, want string }{
		{"over plain HTTP to another host", "https://id", "http://id", "is no issuer"},
		{"with a query", "id.example.city'", "id.example.city?x=1'", "is no issuer"},
		{"without a client", "client_id: heatledger, ", "", "without client_id"},
		{"without an address to come back to", "public_url: https://heat.example.city\n", "", "without public_url"},
	} {
		_, faults := config.Parse("config.yaml", []byte(strings.Replace(whole, tt.old, tt.new, 1)))
		if len(faults) != 1 || !strings.Contains(faults[0].Problem, tt.want) || faults[0].Line == 0 {
			t.Errorf("a provider %s: %v, want one fault that says %s", tt.sentence, faults, tt.want)
		}
	}
}
