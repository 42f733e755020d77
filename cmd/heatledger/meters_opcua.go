package main

import (
	"cmp"
	"time"

	"heatledger/config"
	"heatledger/fieldbus/opcua"
)

// serverFlags name an OPC UA server: a connection of the configuration, or an
// address.
type serverFlags struct {
	Connection   string        `arg:"" optional:"" help:"OPC UA connection of the configuration."`
	URL          string        `help:"In place of a connection of the configuration: opc.tcp://HOST:PORT." placeholder:"URL"`
	Security     string        `help:"With --url: None, or POLICY/Sign or POLICY/SignAndEncrypt." default:"None"`
	User         string        `help:"With --url: who logs on; without it, nobody in particular." placeholder:"NAME"`
	PasswordFile string        `help:"With --user: the file that holds the password." placeholder:"FILE"`
	Timeout      time.Duration `help:"How long to wait for an answer." default:"10s"`
}

// serverPatience is how long a server has to answer unless the flags say otherwise.
const serverPatience = 10 * time.Second

// server is the connection that the flags name, without its meters, and the
// folder where it keeps what is trusted.
func (f serverFlags) server(p *process) (opcua.Config, opcua.Options, error) {
	options := opcua.Options{Log: p.log, Timeout: f.Timeout}
	if (f.Connection == "") == (f.URL == "") {
		return opcua.Config{}, options, misuse("which server? --url opc.tcp://HOST:PORT, or --config FILE and the id of a connection")
	}
	cfg, err := p.configuration()
	if err != nil {
		return opcua.Config{}, options, err
	}
	if f.URL == "" {
		i, err := connectionOf(cfg, f.Connection)
		if err != nil {
			return opcua.Config{}, options, err
		}
		if cfg.Connections[i].OPCUA == nil {
			return opcua.Config{}, options, misuse("connection %q is no OPC UA server: heatledger meters scan %s finds the units of a Modbus line", f.Connection, f.Connection)
		}
		line, faults := opcuaLine(cfg, i, quantitiesOf(nil))
		line.Meters = nil
		return line, options, faults.Err()
	}
	line := f.address(cfg)
	if _, err := opcua.New(line, options); err != nil { // it opens nothing
		return line, options, usageError{err}
	}
	return line, options, nil
}

// address is a server that no connection of the configuration describes.
func (f serverFlags) address(cfg *config.Config) opcua.Config {
	line := opcua.Config{ID: f.URL, Endpoint: f.URL, Security: cmp.Or(f.Security, "None"), User: f.User,
		Trust: cfg.TrustFolder(), CertificateFolder: identityFolder(cfg)}
	if f.PasswordFile != "" {
		line.Password = opcua.PasswordFile(f.PasswordFile)
	}
	return line
}
