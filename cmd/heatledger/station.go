package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/fieldbus"
	"heatledger/fieldbus/modbus"
	"heatledger/fieldbus/opcua"
	"heatledger/fieldbus/spool"
)

// station is what reads meters in this process: drivers, and the spool they
// fill.
type station struct {
	collector *fieldbus.Collector
	spool     *spool.Spool
}

// quantities tells what a point measures, where the registry is at hand.
type quantities func(energy.PointID) energy.Quantity

// quantitiesOf looks points up in the registry files of the configuration:
// they are at hand when the database is not.
func quantitiesOf(registries []*registry.Registry) quantities {
	return func(id energy.PointID) energy.Quantity {
		for _, r := range registries {
			if _, _, point, ok := r.Point(id); ok {
				return point.Quantity
			}
		}
		return ""
	}
}

// openStation checks every connection of the configuration, all faults at
// once, and opens the spool.
func (p *process) openStation(cfg *config.Config, of quantities) (*station, error) {
	drivers, err := p.drivers(cfg, of, true)
	if err != nil {
		return nil, err
	}
	// The spool is its owner's alone, but the account that runs the private
	// PostgreSQL must be able to enter the folder above it.
	if err := os.MkdirAll(cfg.DataDir, 0o755); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	s, err := spool.Open(cfg.Spool.Dir, spool.Options{
		Source: cfg.Collector.Name, BatchEvery: cfg.Spool.Batch, Keep: time.Duration(cfg.Spool.KeepDays) * 24 * time.Hour,
		MaxBytes: cfg.Spool.MaxBytes, Log: p.log,
	})
	if err != nil {
		return nil, fmt.Errorf("open the spool: %w", err)
	}
	return &station{spool: s, collector: &fieldbus.Collector{Drivers: drivers, Sink: s, Log: p.log}}, nil
}

// drivers makes a driver for each physical connection; none is opened yet.
// Connections to one Modbus address share a driver. Without secrets no key is
// read, and a connection that needs one has no driver.
func (p *process) drivers(cfg *config.Config, of quantities, secrets bool) ([]fieldbus.Driver, error) {
	var drivers []fieldbus.Driver
	var lines []modbus.Config
	var faults energy.Faults
	for i, c := range cfg.Connections {
		if c.Modbus != nil {
			line, found := p.modbusLine(cfg, i, secrets)
			if faults = append(faults, found...); len(found) == 0 && (secrets || c.Modbus.Certificate == "") {
				lines = append(lines, line)
			}
			continue
		}
		line, found := opcuaLine(cfg, i, of)
		if faults = append(faults, found...); len(found) > 0 {
			continue
		}
		driver, err := p.opcuaDriver(cfg, line, c.OPCUA.Timeout)
		if err != nil {
			faults = append(faults, cfg.Fault(err.Error(), "mend the connection", "connections", i))
		}
		drivers = append(drivers, driver)
	}
	if len(faults) > 0 {
		return nil, once(faults)
	}
	merged, err := modbus.Merge(lines)
	if err != nil {
		return nil, energy.Faults{cfg.Fault(err.Error(), "mend one of the connections, or make it one", "connections")}
	}
	for _, line := range merged {
		driver, err := modbus.New(line)
		if err != nil {
			i := slices.IndexFunc(cfg.Connections, func(c config.Connection) bool { return c.ID == line.ID })
			faults = append(faults, cfg.Fault(err.Error(), "mend the connection", "connections", i))
		}
		drivers = append(drivers, driver)
	}
	return drivers, faults.Err()
}

// once leaves out faults that were named already: a model file may serve many
// meters.
func once(faults energy.Faults) energy.Faults {
	var kept energy.Faults
	for _, f := range faults {
		if !slices.Contains(kept, f) {
			kept = append(kept, f)
		}
	}
	return kept
}

// modbusLine is Modbus connection i with its meters.
func (p *process) modbusLine(cfg *config.Config, i int, secrets bool) (modbus.Config, energy.Faults) {
	c := cfg.Connections[i]
	m := c.Modbus
	made := modbus.Config{ID: c.ID, URL: m.URL, Timeout: m.Timeout, Pause: m.Pause, MaxRegisters: m.MaxRegisters, Log: p.log,
		Serial: modbus.Serial{Speed: uint(m.Speed), DataBits: uint(m.DataBits), Parity: m.Parity, StopBits: uint(m.StopBits)}}
	if cfg.Says("connections", i, "modbus", "simultaneous") { // else another connection to the address may
		made.Simultaneous = m.Simultaneous
	}
	var faults energy.Faults
	for j := range c.Meters {
		meter, found := modbusMeter(cfg, i, j)
		faults = append(faults, found...)
		made.Meters = append(made.Meters, meter.Meter)
	}
	if m.Certificate != "" && secrets {
		certificates, err := clientTLS(m.Certificate, m.Key, m.CA)
		if err != nil {
			faults = append(faults, cfg.Fault(err.Error(), "name readable PEM files", "connections", i, "modbus", "certificate"))
		}
		made.TLS = certificates
	}
	return made, faults
}

// mapFaults are the faults of the registers and nodes of a configuration that
// has other faults, except where one of those stands already.
func mapFaults(cfg *config.Config, known energy.Faults) (faults energy.Faults) {
	for i, c := range cfg.Connections {
		for j, meter := range c.Meters {
			switch {
			case c.Modbus != nil && (meter.Registers.Present() || meter.Model != "" && meter.Points.Present()):
				_, found := modbusMeter(cfg, i, j)
				faults = append(faults, found...)
			case c.OPCUA != nil && (meter.Nodes.Present() || meter.Model != "" && meter.Points.Present()):
				_, found := opcuaMeter(cfg, i, j)
				faults = append(faults, found...)
			}
		}
	}
	return slices.DeleteFunc(once(faults), func(f energy.Fault) bool {
		return slices.ContainsFunc(known, func(k energy.Fault) bool { return k.File == f.File && k.Line == f.Line && k.Column == f.Column })
	})
}

func clientTLS(certificate, key, ca string) (modbus.TLS, error) {
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return modbus.TLS{}, fmt.Errorf("load the client certificate: %w", err)
	}
	pem, err := os.ReadFile(ca)
	if err != nil {
		return modbus.TLS{}, fmt.Errorf("load the certificates of authorities: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return modbus.TLS{}, fmt.Errorf("load the certificates of authorities: %s holds none", ca)
	}
	return modbus.TLS{Certificate: &pair, Roots: roots}, nil
}

// opcuaLine is OPC UA connection i with its meters.
func opcuaLine(cfg *config.Config, i int, of quantities) (opcua.Config, energy.Faults) {
	c := cfg.Connections[i]
	o := c.OPCUA
	made := opcua.Config{ID: c.ID, Endpoint: o.Endpoint, Security: o.Security.String(), User: o.User, ServerCertificate: o.ServerCertificate,
		Trust: o.Trust, History: o.History, UserCertificate: o.UserCertificate, UserKey: o.UserKey,
		ClientCertificate: o.Certificate, ClientKey: o.Key, CertificateFolder: identityFolder(cfg)}
	if o.PasswordFile != "" {
		made.Password = opcua.PasswordFile(o.PasswordFile)
	}
	var faults energy.Faults
	for j := range c.Meters {
		meter, found := opcuaMeter(cfg, i, j)
		faults = append(faults, found...)
		for k := range meter.Nodes {
			if node := &meter.Nodes[k]; node.Quantity == "" {
				node.Quantity = of(node.Point)
			}
		}
		made.Meters = append(made.Meters, meter)
	}
	return made, faults
}

// opcuaDriver reads a server. Where gaps are filled from history, it knows how far
// an earlier process came.
func (p *process) opcuaDriver(cfg *config.Config, line opcua.Config, timeout time.Duration) (fieldbus.Driver, error) {
	options := opcua.Options{Log: p.log, Timeout: timeout}
	if !line.History {
		return opcua.New(line, options)
	}
	last := openLast(filepath.Join(identityFolder(cfg), "last-"+line.ID+".json"), p.log.With("connection", line.ID))
	options.Last = last.of
	driver, err := opcua.New(line, options)
	if err != nil {
		return nil, err
	}
	return rememberingDriver{driver, last}, nil
}

// identityFolder is where our own certificate for OPC UA is made.
func identityFolder(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "opcua") }

// loadRegistries reads the registry files of the configuration, all faults at once.
func loadRegistries(cfg *config.Config) ([]*registry.Registry, error) {
	var registries []*registry.Registry
	var errs []error
	for _, file := range cfg.Registry {
		r, err := loadRegistry(file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		registries = append(registries, r)
	}
	return registries, errors.Join(errs...)
}
