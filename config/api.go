package config

import "fmt"

// API bounds how often one caller may ask the API; collectors' batches are not
// counted.
type API struct {
	RequestsPerSecond int `yaml:"requests_per_second"` // for ever
	RequestsAtOnce    int `yaml:"requests_at_once"`    // at most, after a pause
}

// api checks that callers may ask at all.
func (c *checker) api(at path) {
	for name, n := range map[string]int{"requests_per_second": c.config.API.RequestsPerSecond, "requests_at_once": c.config.API.RequestsAtOnce} {
		if c.given(at.to(name)) && (n < 1 || n > 1_000_000) {
			c.fault(at.to(name), fmt.Sprintf("%s is %d", name, n), "1 to 1000000 are expected")
		}
	}
}
