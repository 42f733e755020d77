package plantsim

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopcua/opcua"
	"github.com/gopcua/opcua/id"
	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
	"heatledger/fieldbus/counterpart"
)

// session opens a session of the library's client.
func session(t *testing.T, s *Server) *opcua.Client {
	t.Helper()
	c, err := opcua.NewClient(url(t, s, "kaiserlei-bms"), opcua.SecurityMode(ua.MessageSecurityModeNone), opcua.AutoReconnect(false), opcua.RequestTimeout(3*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.WithoutCancel(t.Context())) }) // the plant may have cut it
	return c
}

// nodeID is a node of the plant's namespace, wherever that is.
func nodeID(t *testing.T, c *opcua.Client, name string) *ua.NodeID {
	t.Helper()
	ns, err := c.FindNamespace(t.Context(), Namespace)
	if err != nil {
		t.Fatal(err)
	}
	return ua.NewStringNodeID(ns, name)
}

func readNode(t *testing.T, c *opcua.Client, n *ua.NodeID) *ua.DataValue {
	t.Helper()
	resp, err := c.Read(t.Context(), &ua.ReadRequest{
		NodesToRead:        []*ua.ReadValueID{{NodeID: n, AttributeID: ua.AttributeIDValue}},
		TimestampsToReturn: ua.TimestampsToReturnBoth,
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Results[0]
}

// number is the value of a node, in its own unit.
func number(t *testing.T, v *ua.Variant) float64 {
	t.Helper()
	switch x := v.Value().(type) {
	case int64:
		return float64(x)
	case float64:
		return x
	}
	t.Fatalf("%v is no Int64 or Double", v.Value())
	return 0
}

func TestNodesShowTheModelAtTheirSourceTime(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Seed: 1, Speed: 60})
	c := session(t, s)
	read := 0
	for _, p := range s.Plant().Points() {
		if p.ID.Site() != "kaiserlei" {
			continue
		}
		read++
		asked := s.Now().Truncate(time.Second)
		dv := readNode(t, c, nodeID(t, c, string(p.Meter)+"."+string(p.Quantity)))
		source := dv.SourceTimestamp
		if dv.Status != ua.StatusOK || !source.Equal(source.Truncate(time.Second)) || source.Before(asked) || source.After(s.Now()) {
			t.Fatalf("%s: status %v, source time %s, asked at %s", p.ID, dv.Status, source, asked)
		}
		shown, err := energy.Convert(energy.Float(number(t, dv.Value)), p.Unit, p.Quantity.Unit())
		if err != nil {
			t.Fatal(err)
		}
		if got, want := shown.Float64(), canonical(t, s, p.ID, dv.SourceTimestamp); math.Abs(got-want) > 1e-12*want {
			t.Errorf("%s: node says %v, model %v", p.ID, got, want)
		}
	}
	if read != 13 {
		t.Errorf("%d points read over OPC UA, want 13", read)
	}
}

func TestNodesAreReadOnly(t *testing.T) {
	t.Parallel()
	c := session(t, serveAt(t, "2026-07-14T11:22:33Z"))
	for _, n := range []*ua.NodeID{nodeID(t, c, "kaiserlei-ups.active_power"), ua.NewStringNodeID(77, "a namespace that is not there")} {
		resp, err := c.Write(t.Context(), &ua.WriteRequest{NodesToWrite: []*ua.WriteValue{{
			NodeID: n, AttributeID: ua.AttributeIDValue,
			Value: &ua.DataValue{EncodingMask: ua.DataValueValue, Value: ua.MustVariant(1.0)},
		}}})
		if err != nil || resp.Results[0] != ua.StatusBadNotWritable {
			t.Errorf("write to %s: %v, %v", n, resp, err)
		}
	}
	if dv := readNode(t, c, nodeID(t, c, "kaiserlei-ups.no_such_quantity")); dv.Status != ua.StatusBadNodeIDUnknown {
		t.Errorf("a node that is not there: %v", dv.Status)
	}
}

// monitor subscribes to nodes with their position as handle.
func monitor(t *testing.T, c *opcua.Client, nodes ...*ua.NodeID) (*opcua.Subscription, <-chan *opcua.PublishNotificationData) {
	t.Helper()
	ch := make(chan *opcua.PublishNotificationData, 64)
	sub, err := c.Subscribe(t.Context(), &opcua.SubscriptionParameters{Interval: 100 * time.Millisecond, MaxKeepAliveCount: 10, LifetimeCount: 40}, ch)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range nodes {
		resp, err := sub.Monitor(t.Context(), ua.TimestampsToReturnBoth, opcua.NewMonitoredItemCreateRequestWithDefaults(n, ua.AttributeIDValue, uint32(i)))
		if err != nil || resp.Results[0].StatusCode != ua.StatusOK {
			t.Fatalf("monitor %s: %v, %v", n, resp, err)
		}
	}
	awaken(t, c, ch)
	return sub, ch
}

// awaken sees to it that a client publishes. Its loop begins with a pause that waits
// for the first subscription; on a busy machine both may be there when it begins, and
// it takes either first: a pause taken last lasts until another subscription.
func awaken(t *testing.T, c *opcua.Client, ch <-chan *opcua.PublishNotificationData) {
	t.Helper()
	for range 100 {
		if len(ch) > 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	if _, err := c.Subscribe(t.Context(), &opcua.SubscriptionParameters{Interval: time.Hour, MaxKeepAliveCount: 10, LifetimeCount: 40}, make(chan *opcua.PublishNotificationData, 64)); err != nil {
		t.Fatal(err)
	}
}

// changes counts notifications per handle until each has n.
func changes(t *testing.T, ch <-chan *opcua.PublishNotificationData, handles, n int, look func(handle int, dv *ua.DataValue)) {
	t.Helper()
	limit := time.NewTimer(time.Minute)
	defer limit.Stop()
	seen, full := make([]int, handles), 0
	for full < handles {
		select {
		case <-limit.C:
			t.Fatalf("after a minute: %v notifications, want %d of each", seen, n)
		case data := <-ch:
			change, ok := data.Value.(*ua.DataChangeNotification)
			if !ok {
				t.Fatalf("notification %T: %v", data.Value, data.Error)
			}
			for _, item := range change.MonitoredItems {
				look(int(item.ClientHandle), item.Value)
				if seen[item.ClientHandle]++; seen[item.ClientHandle] == n {
					full++
				}
			}
		}
	}
}

func TestSubscribersHearValuesAndHeartbeat(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Seed: 1, Speed: 60})
	c := session(t, s)
	_, ch := monitor(t, c, nodeID(t, c, "kaiserlei-ups.active_power"), ua.NewNumericNodeID(0, id.Server_ServerStatus_CurrentTime))
	var last time.Time
	changes(t, ch, 2, 4, func(handle int, dv *ua.DataValue) {
		if handle == 1 {
			if _, ok := dv.Value.Value().(time.Time); !ok {
				t.Errorf("the server's time is %v", dv.Value.Value())
			}
			return
		}
		if want := canonical(t, s, "kaiserlei/it-power", dv.SourceTimestamp) * 1000; math.Abs(number(t, dv.Value)-want) > 1e-9*want {
			t.Errorf("at %s: %v W, the model says %v W", dv.SourceTimestamp, number(t, dv.Value), want)
		}
		if dv.SourceTimestamp.Before(last) {
			t.Errorf("source time goes back from %s to %s", last, dv.SourceTimestamp)
		}
		last = dv.SourceTimestamp
	})
}

// subscribe asks for a subscription without the client's own bookkeeping, whose
// Cancel waits for ever while its publish loop waits for it.
func subscribe(t *testing.T, c *opcua.Client) (number uint32) {
	t.Helper()
	req := &ua.CreateSubscriptionRequest{RequestedPublishingInterval: 100, RequestedLifetimeCount: 1000, RequestedMaxKeepAliveCount: 1000, PublishingEnabled: true}
	if err := c.Send(t.Context(), req, func(r ua.Response) error {
		number = r.(*ua.CreateSubscriptionResponse).SubscriptionID
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return number
}

func unsubscribe(t *testing.T, c *opcua.Client, number uint32) {
	t.Helper()
	if err := c.Send(t.Context(), &ua.DeleteSubscriptionsRequest{SubscriptionIDs: []uint32{number}}, func(r ua.Response) error {
		if result := r.(*ua.DeleteSubscriptionsResponse).Results[0]; result != ua.StatusOK {
			return result
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestSubscriptionSurvivesItsNeighbours guards against the library's numbering,
// by which a new subscription takes the number of a living one.
func TestSubscriptionSurvivesItsNeighbours(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Seed: 1})
	c := session(t, s)
	heartbeat := ua.NewNumericNodeID(0, id.Server_ServerStatus_CurrentTime)
	first := subscribe(t, c)
	living, ch := monitor(t, c, heartbeat)
	unsubscribe(t, c, first)
	for range 3 {
		next := subscribe(t, c)
		if next == living.SubscriptionID || next == first {
			t.Fatalf("subscription %d is numbered like one before it", next)
		}
		unsubscribe(t, c, next)
	}
	changes(t, ch, 1, 3, func(int, *ua.DataValue) {})
}

func TestRequestsThatEndTheLibraryAreAnswered(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Seed: 1})
	c := session(t, s)
	sub, err := c.Subscribe(t.Context(), &opcua.SubscriptionParameters{Interval: time.Microsecond}, make(chan *opcua.PublishNotificationData, 8))
	if err != nil {
		t.Fatalf("an interval below a millisecond: %v", err)
	}
	if _, err := sub.Unmonitor(t.Context(), 4711); !errors.Is(err, ua.StatusBadInvalidState) {
		t.Errorf("deleting an item that is not there: %v", err)
	}
	if dv := readNode(t, c, nodeID(t, c, "kaiserlei-ups.active_power")); dv.Status != ua.StatusOK {
		t.Errorf("reading afterwards: %v", dv.Status)
	}
}

func TestNodeOPCUAReadsTheSame(t *testing.T) {
	t.Parallel()
	s := serveAt(t, "2026-10-25T00:59:59Z")
	node := "nsu=" + Namespace + ";s=kaiserlei-main."
	cmd := exec.CommandContext(t.Context(), counterpart.NodeBinary(), filepath.Join(counterpart.Folder(), "opcua_client.js"), url(t, s, "kaiserlei-bms"), node+"active_power", node+"active_energy_import")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("read with node-opcua (tools/setup test installs it): %v", err)
	}
	var values []struct {
		Value           any
		Type, Status    string
		SourceTimestamp time.Time
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	decoder.UseNumber()
	if err := decoder.Decode(&values); err != nil || len(values) != 2 {
		t.Fatalf("%v in %s", err, out)
	}
	for i, row := range []struct {
		point    energy.PointID
		kind     string
		perCanon float64
	}{{"kaiserlei/grid-power", "Double", 1000}, {"kaiserlei/grid-energy", "Int64", 1000}} {
		v, err := energy.ParseValue(strings.Trim(toText(values[i].Value), `"`))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := v.Float64(), canonical(t, s, row.point, s.Now())*row.perCanon; values[i].Type != row.kind || values[i].Status != "Good" || math.Abs(got-want) > 1e-12*want || !values[i].SourceTimestamp.Equal(s.Now()) {
			t.Errorf("%s: node-opcua reads %+v, the model says %v", row.point, values[i], want)
		}
	}
}

func toText(v any) string {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	s, _ := v.(string)
	return s
}
