package plantsim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"github.com/gopcua/opcua/id"
	"github.com/gopcua/opcua/server"
	"github.com/gopcua/opcua/server/attrs"
	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
	"heatledger/fieldbus/faultproxy"
)

// Namespace is the OPC UA namespace of the plant's nodes, whose names are
// METER.QUANTITY, as in hafen-main.active_energy_import. Find its index by this
// URI; it is not 1.
const Namespace = "http://heatledger.example/plantsim"

// building is a building management system that offers meters over OPC UA,
// security policy None, anonymous.
type building struct {
	clock clock
	srv   *server.Server
	nodes []node
}

// node is one variable.
type node struct {
	id    *ua.NodeID
	meter *served
	field field
}

// startOPCUA serves meters behind a door on address. The door opens first, so
// that the server can name the address clients will use.
func startOPCUA(ctx context.Context, address string, seed uint64, meters []*served, c clock, log *slog.Logger) (*line, error) {
	door, err := faultproxy.Open("", faultproxy.Options{Listen: address, Protocol: faultproxy.OPCUA, Seed: seed})
	if err != nil {
		return nil, err
	}
	public, err := netip.ParseAddrPort(door.Address())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("name the OPC UA endpoint: %w", err), door.Close())
	}
	// The library must go on while it is being stopped, so ctx does not end it.
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	b := &building{clock: c}
	backend, err := onFreePort(func(_ string, port int) error {
		b.srv = server.New(
			server.EndPoint("127.0.0.1", port), // the first is listened on, the second is for clients
			server.EndPoint(public.Addr().String(), int(public.Port())),
			server.EnableSecurity("None", ua.MessageSecurityModeNone),
			server.EnableAuthMode(ua.UserTokenTypeAnonymous),
			server.ServerName("Heatledger plantsim"), server.ManufacturerName("Heatledger"), server.ProductName("plantsim"),
			server.SetLogger(quietly{log}),
		)
		b.addNodes(meters)
		b.guard()
		return b.srv.Start(running)
	})
	if err != nil {
		cancel()
		return nil, errors.Join(fmt.Errorf("start the OPC UA server: %w", err), door.Close())
	}
	door.Forward(backend)
	end, pushed := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(pushed)
		b.push(end)
	}()
	stop := func() error {
		defer cancel()
		close(end)
		<-pushed
		err := errors.Join(door.Close(), b.srv.Close())
		b.endSubscriptions()
		return err
	}
	return &line{door: door, url: "opc.tcp://" + door.Address(), stop: stop}, nil
}

// addNodes builds the address space: namespace 1 is the server's own, as the
// standard wants it, the plant's is the next.
func (b *building) addNodes(meters []*served) {
	server.NewNodeNameSpace(b.srv, "urn:heatledger.example:plantsim")
	ns := server.NewNodeNameSpace(b.srv, Namespace)
	if root, err := b.srv.Namespace(0); err == nil {
		root.Objects().AddRef(ns.Objects(), id.HasComponent, true)
	}
	b.nodes = nil // of an attempt on a port that was taken
	for _, m := range meters {
		for _, f := range m.fields {
			n := node{ua.NewStringNodeID(ns.ID(), m.node(f.quantity)), m, f}
			variable := server.NewNode(n.id, n.attributes(), nil, func() *ua.DataValue { return n.value(b.sample()) })
			ns.AddNode(variable)
			ns.Objects().AddRef(variable, id.HasComponent, true)
			b.nodes = append(b.nodes, n)
		}
	}
}

// attributes of a variable: readable, not writable.
func (n node) attributes() server.Attributes {
	name, dataType := n.meter.node(n.field.quantity), uint32(id.Double)
	if !n.field.kind.float() {
		dataType = id.Int64
	}
	return server.Attributes{
		ua.AttributeIDNodeClass:       server.DataValueFromValue(int32(ua.NodeClassVariable)),
		ua.AttributeIDBrowseName:      server.DataValueFromValue(&ua.QualifiedName{NamespaceIndex: n.id.Namespace(), Name: name}),
		ua.AttributeIDDisplayName:     server.DataValueFromValue(attrs.DisplayName(name, "")),
		ua.AttributeIDDescription:     server.DataValueFromValue(attrs.DisplayName(string(n.field.quantity)+" in "+string(n.field.unit), "en")),
		ua.AttributeIDDataType:        server.DataValueFromValue(ua.NewNumericExpandedNodeID(0, dataType)),
		ua.AttributeIDValueRank:       server.DataValueFromValue(int32(-1)),
		ua.AttributeIDAccessLevel:     server.DataValueFromValue(byte(ua.AccessLevelTypeCurrentRead)),
		ua.AttributeIDUserAccessLevel: server.DataValueFromValue(byte(ua.AccessLevelTypeCurrentRead)),
		ua.AttributeIDHistorizing:     server.DataValueFromValue(false),
	}
}

// sample is the instant whose values the server shows: the last whole second,
// so that all nodes of a second belong together.
func (b *building) sample() time.Time { return b.clock.now().Truncate(time.Second) }

// value is the node at an instant, with that instant as its source time.
func (n node) value(at time.Time) *ua.DataValue {
	fault := n.meter.fault(at)
	v, source, err := fault.read(n.meter.meter, n.field, n.meter.site.At(at))
	if fault.Silent {
		err = ua.StatusBadNoCommunication
	}
	n.meter.tell(n.field, at, v, fault, err)
	dv := &ua.DataValue{
		EncodingMask:    ua.DataValueSourceTimestamp | ua.DataValueServerTimestamp,
		SourceTimestamp: source, ServerTimestamp: at.UTC(),
	}
	if err != nil {
		dv.EncodingMask |= ua.DataValueStatusCode
		if !errors.As(err, &dv.Status) { // a Modbus error, say
			dv.Status = ua.StatusBadDeviceFailure
		}
		return dv
	}
	dv.EncodingMask |= ua.DataValueValue
	dv.Value = variant(n.field, v)
	return dv
}

// variant is a Double or an Int64.
func variant(f field, v energy.Value) *ua.Variant {
	if f.kind.float() {
		return ua.MustVariant(v.Float64())
	}
	n, _ := v.Mantissa()
	return ua.MustVariant(n)
}
