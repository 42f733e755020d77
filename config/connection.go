package config

import (
	"fmt"
	"strings"
	"time"
)

// Modbus is a connection to Modbus units.
type Modbus struct {
	// URL is tcp://, tcp+tls://, udp://, rtuovertcp:// or rtuoverudp:// with
	// host and port, or rtu:// with the path of a serial device.
	URL     string        `yaml:"url,required"`
	Timeout time.Duration `yaml:"timeout"` // of a request, default 1s
	Pause   time.Duration `yaml:"pause"`   // between two requests, for slow gateways

	// The serial line of rtu; rtuovertcp and rtuoverudp take their timing from Speed.
	Speed    int    `yaml:"speed"`     // bit/s, default 19200; 115200 over a network
	DataBits int    `yaml:"data_bits"` // 7 or 8, default 8
	Parity   string `yaml:"parity"`    // none, even, odd; default even, as the Modbus specification says
	StopBits int    `yaml:"stop_bits"` // 1 or 2; default 1, without parity 2

	// Files of tcp+tls, PEM: both sides identify themselves.
	Certificate string `yaml:"certificate"`
	Key         string `yaml:"key"`
	CA          string `yaml:"ca"`

	MaxRegisters int `yaml:"max_registers"` // of one request, 1…125
	Simultaneous int `yaml:"simultaneous"`  // sockets to the address at once, 1…64, default 1; a serial line has one
}

// Scheme is the part of the URL before the colon.
func (m Modbus) Scheme() string {
	scheme, _, _ := strings.Cut(m.URL, "://")
	return scheme
}

// The schemes of a Modbus connection.
const (
	schemeTCP  = "tcp"
	schemeTLS  = "tcp+tls"
	schemeUDP  = "udp"
	schemeOver = "rtuovertcp"
	schemeOUDP = "rtuoverudp"
	schemeRTU  = "rtu"
)

// schemes lists them for messages.
func schemes() []string {
	return []string{schemeTCP, schemeTLS, schemeUDP, schemeOver, schemeOUDP, schemeRTU}
}

// OPCUA is a connection to an OPC UA server.
type OPCUA struct {
	Endpoint     string        `yaml:"endpoint,required"` // opc.tcp://host:port/path
	Security     Security      `yaml:"security"`          // default None
	Timeout      time.Duration `yaml:"timeout"`           // of a request, default 10s
	User         string        `yaml:"user"`              // "": anonymous
	PasswordFile string        `yaml:"password_file"`
	// A user may be known by a certificate in place of a name and a password.
	UserCertificate string `yaml:"user_certificate"`
	UserKey         string `yaml:"user_key"`
	Certificate     string `yaml:"certificate"` // of this client; none: the program makes its own
	Key             string `yaml:"key"`
	// ServerCertificate is the fingerprint the server must show, sha256:… of its
	// certificate in DER; "" means that the trust list decides.
	ServerCertificate string `yaml:"server_certificate"`
	// Trust is the folder of the certificates that are trusted: the servers' own,
	// or those of authorities. Default: opcua/trusted below data_dir.
	Trust string `yaml:"trust"`
	// History says that a gap is filled from the server's history, where it keeps
	// one; default true.
	History bool `yaml:"history"`
}

// Security is how OPC UA messages are protected (OPC UA Part 7): None, or a
// policy with its mode.
type Security struct {
	Policy string // None, Basic256Sha256, Aes128_Sha256_RsaOaep, Aes256_Sha256_RsaPss
	Mode   string // None, Sign, SignAndEncrypt
}

const noSecurity = "None"

// UnmarshalText reads "None" or "POLICY/MODE".
func (s *Security) UnmarshalText(text []byte) error {
	policy, mode, _ := strings.Cut(string(text), "/")
	switch {
	case string(text) == noSecurity:
		mode = noSecurity
	case policy != "Basic256Sha256" && policy != "Aes128_Sha256_RsaOaep" && policy != "Aes256_Sha256_RsaPss",
		mode != "Sign" && mode != "SignAndEncrypt":
		return fmt.Errorf("%q is no security: None, or Basic256Sha256, Aes128_Sha256_RsaOaep or Aes256_Sha256_RsaPss with /Sign or /SignAndEncrypt is expected", text)
	}
	*s = Security{Policy: policy, Mode: mode}
	return nil
}

// String writes what UnmarshalText reads.
func (s Security) String() string {
	if s.Policy == noSecurity {
		return noSecurity
	}
	return s.Policy + "/" + s.Mode
}

// None tells whether messages are neither signed nor encrypted.
func (s Security) None() bool { return s.Policy == noSecurity }
