package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/fieldbus/modbus"
	"heatledger/fieldbus/opcua"
	"heatledger/fieldbus/registermap"
)

// mappedMeter is a Modbus meter of the configuration with the model it was made
// from; nil: it has a map of its own.
type mappedMeter struct {
	modbus.Meter
	model *registermap.Model
}

// modbusMeter is meter j of connection i: the registers of its model that points
// are assigned to, or its own map, under the limits of the model unless the
// configuration states its own. With faults it holds what could be read.
func modbusMeter(cfg *config.Config, i, j int) (mappedMeter, energy.Faults) {
	meter := cfg.Connections[i].Meters[j]
	made := mappedMeter{Meter: modbus.Meter{ID: string(meter.ID), Unit: uint8(meter.Unit), Every: meter.Every}}
	var faults energy.Faults
	if meter.Registers.Present() {
		made.Registers, faults = registermap.Custom(meter.Registers)
	} else {
		if made.model, faults = modelOf(cfg, i, j); made.model == nil {
			return made, faults
		}
		made.Limits, made.Locate = made.model.Limits, locate(made.model)
		made.Registers, faults = made.model.Assign(meter.Points)
		faults = append(faults, paced(cfg, i, j, &made)...)
	}
	if meter.MaxRegisters > 0 {
		made.Limits.MaxRegisters = meter.MaxRegisters
	}
	if meter.MaxGap != nil {
		made.Limits.MaxGap, made.Limits.GapStated = *meter.MaxGap, true
	}
	return made, faults
}

// modelOf is the model of a meter: one that ships with the program, or a file.
func modelOf(cfg *config.Config, i, j int) (*registermap.Model, energy.Faults) {
	meter, at := cfg.Connections[i].Meters[j], []any{"connections", i, "meters", j}
	if file, isFile := meter.ModelFile(); isFile {
		src, err := os.ReadFile(file)
		if err != nil {
			return nil, energy.Faults{cfg.Fault("the model file is not readable ("+err.Error()+")", "the file of a model is expected; paths are relative to this file", append(at, "model")...)}
		}
		return registermap.Parse(file, src)
	}
	if model, ok := registermap.Builtin(meter.Model); ok {
		return model, nil
	}
	return nil, energy.Faults{cfg.Fault(fmt.Sprintf("there is no model %q", meter.Model), suggestModel(meter.Model), append(at, "model")...)}
}

// locate finds the SunSpec block that the addresses of a model are relative to;
// nil: they are absolute.
func locate(m *registermap.Model) func(func(registermap.Table, uint16, int) ([]uint16, error)) (uint16, error) {
	if len(m.SunSpec) == 0 {
		return nil
	}
	return func(read func(registermap.Table, uint16, int) ([]uint16, error)) (uint16, error) {
		return registermap.FindSunSpec(func(address uint16, count int) ([]uint16, error) {
			return read(registermap.Holding, address, count)
		}, m.SunSpec)
	}
}

// suggestModel is the remedy for a model that is none: the one that was meant,
// if it is near, but never all of them.
func suggestModel(name string) string {
	known := registermap.Builtins()
	if suggestion := strictyaml.Suggest(name, known); strings.HasPrefix(suggestion, "did you mean") {
		return suggestion
	}
	return "heatledger meters list shows those that are; the file of a model, or the registers, will do too"
}

// paced holds the schedule of a meter to how often its model renews registers:
// reading oftener costs requests and battery and tells nothing. Where the
// configuration does not say how often, the model does.
func paced(cfg *config.Config, i, j int, made *mappedMeter) (faults energy.Faults) {
	at := []any{"connections", i, "meters", j}
	stated := cfg.Says(append(at, "every")...)
	refuse := func(every, refresh time.Duration, path ...any) {
		faults = append(faults, cfg.Fault(fmt.Sprintf("every is %s, and %s renews its registers every %s", short(every), made.model.ID, short(refresh)),
			fmt.Sprintf("%s or more is expected", short(refresh)), path...))
	}
	if refresh := made.model.Refresh; refresh > made.Every {
		if stated {
			refuse(made.Every, refresh, append(at, "every")...)
		}
		made.Every = refresh
	}
	for k := range made.Registers {
		r := &made.Registers[k]
		refresh := max(r.Refresh, 0)
		if refresh == 0 {
			refresh = made.model.Refresh
		}
		switch {
		case r.Every > 0 && r.Every < refresh:
			refuse(r.Every, refresh, append(at, "points", string(r.Quantity), "every")...)
		case r.Every == 0 && made.Every < refresh: // slower than the rest of its meter
			r.Every = refresh
		}
	}
	return faults
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

// opcuaMeter is meter j of connection i: the nodes it lists, or the points that
// the model of its server is asked for.
func opcuaMeter(cfg *config.Config, i, j int) (opcua.Meter, energy.Faults) {
	meter := cfg.Connections[i].Meters[j]
	made := opcua.Meter{ID: meter.ID, Sampling: meter.Sampling, Model: meter.Model, Root: meter.Root}
	var faults energy.Faults
	if meter.Model == "" {
		made.Nodes, faults = opcua.ParseNodes(meter.Nodes)
		return made, faults
	}
	at := []any{"connections", i, "meters", j}
	if meter.Model != opcua.ECM {
		faults = append(faults, cfg.Fault(fmt.Sprintf("there is no model %q of OPC UA", meter.Model), opcua.ECM+" is expected, or nodes", append(at, "model")...))
	}
	_, found := meter.Points.Decode(&made.Points)
	faults = append(faults, found...)
	for _, q := range slices.Sorted(maps.Keys(made.Points)) {
		if names := ecmNames(); !slices.Contains(names, string(q)) {
			faults = append(faults, cfg.Fault(fmt.Sprintf("%s gives no %q", opcua.ECM, q), strictyaml.Suggest(string(q), names), append(at, "points", strictyaml.Key(q))...))
		}
	}
	return made, faults
}
