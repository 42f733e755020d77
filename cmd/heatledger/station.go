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
	s, err := spool.Open(cfg.Spool.Dir, spool.Options{
		Source: cfg.Collector.Name, BatchEvery: cfg.Spool.Batch, Keep: time.Duration(cfg.Spool.KeepDays) * 24 * time.Hour,
		MaxBytes: cfg.Spool.MaxBytes, Log: p.log,
	})
	if err != nil {
		return nil, fmt.Errorf("open the spool: %w", err)
	}
	return &station{spool: s, collector: &fieldbus.Collector{Drivers: drivers, Sink: s, Log: p.log}}, nil
}

// drivers makes a driver for each connection; none is opened yet. Without
// secrets no key is read, and a connection that needs one has no driver.
func (p *process) drivers(cfg *config.Config, of quantities, secrets bool) ([]fieldbus.Driver, error) {
	var drivers []fieldbus.Driver
	var faults energy.Faults
	for i, c := range cfg.Connections {
		var driver fieldbus.Driver
		var found energy.Faults
		var err error
		if c.Modbus != nil {
			driver, found, err = p.modbusDriver(cfg, i, secrets)
		} else {
			driver, found, err = p.opcuaDriver(cfg, i, of)
		}
		faults = append(faults, found...)
		if err != nil && len(found) == 0 {
			faults = append(faults, cfg.Fault(err.Error(), "mend the connection", "connections", i))
		}
		drivers = append(drivers, driver)
	}
	return drivers, once(faults).Err()
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

func (p *process) modbusDriver(cfg *config.Config, i int, secrets bool) (fieldbus.Driver, energy.Faults, error) {
	c := cfg.Connections[i]
	m := c.Modbus
	made := modbus.Config{ID: c.ID, URL: m.URL, Timeout: m.Timeout, Pause: m.Pause, MaxRegisters: m.MaxRegisters, Log: p.log,
		Serial: modbus.Serial{Speed: uint(m.Speed), DataBits: uint(m.DataBits), Parity: m.Parity, StopBits: uint(m.StopBits)}}
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
	if len(faults) > 0 || m.Certificate != "" && !secrets {
		return nil, faults, nil
	}
	driver, err := modbus.New(made)
	return driver, nil, err
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

func (p *process) opcuaDriver(cfg *config.Config, i int, of quantities) (fieldbus.Driver, energy.Faults, error) {
	c := cfg.Connections[i]
	o := c.OPCUA
	made := opcua.Config{ID: c.ID, Endpoint: o.Endpoint, Security: o.Security.String(), User: o.User, ServerCertificate: o.ServerCertificate,
		Trust: o.Trust, History: o.History, UserCertificate: o.UserCertificate, UserKey: o.UserKey,
		ClientCertificate: o.Certificate, ClientKey: o.Key, CertificateFolder: filepath.Join(cfg.DataDir, "opcua")}
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
	if len(faults) > 0 {
		return nil, faults, nil
	}
	driver, err := opcua.New(made, opcua.Options{Log: p.log, Timeout: o.Timeout})
	return driver, nil, err
}

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
