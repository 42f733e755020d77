package plantsim

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/gopcua/opcua/id"
	"github.com/gopcua/opcua/server"
	"github.com/gopcua/opcua/ua"
	"github.com/gopcua/opcua/uasc"
)

// push tells subscribers each second what has changed, and the server's time
// (i=2258), which clients watch as a heartbeat: the library pushes it once.
func (b *building) push(end <-chan struct{}) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	heartbeat := ua.NewNumericNodeID(0, id.Server_ServerStatus_CurrentTime)
	last := make([]string, len(b.nodes))
	for {
		select {
		case <-end:
			return
		case <-tick.C:
		}
		at := b.sample()
		for i, n := range b.nodes {
			dv := n.value(at)
			now := fmt.Sprint(dv.Status)
			if dv.Value != nil {
				now = fmt.Sprint(dv.Value.Value())
			}
			if now != last[i] {
				last[i] = now
				b.notify(n.id, dv)
			}
		}
		now := b.clock.now().UTC()
		b.notify(heartbeat, &ua.DataValue{
			EncodingMask: ua.DataValueValue | ua.DataValueSourceTimestamp | ua.DataValueServerTimestamp,
			Value:        ua.MustVariant(now), SourceTimestamp: now, ServerTimestamp: now,
		})
	}
}

// notify hands a value to everyone who monitors a node. The library's own
// ChangeNotification waits, with its lock held, for a subscriber that does not
// keep up; here such a subscriber misses the value.
func (b *building) notify(n *ua.NodeID, dv *ua.DataValue) {
	items := b.srv.MonitoredItemService
	items.Mu.Lock()
	defer items.Mu.Unlock()
	for _, item := range items.Nodes[n.String()] {
		if item == nil || item.Req.ItemToMonitor.AttributeID != ua.AttributeIDValue {
			continue
		}
		select {
		case item.Sub.NotifyChannel <- &ua.MonitoredItemNotification{
			ClientHandle: item.Req.RequestedParameters.ClientHandle, Value: dv,
		}:
		default:
		}
	}
}

// guard puts the plant's own handlers before those of the library that end the
// process or confuse subscriptions:
//
//   - a publishing interval below a millisecond, an item or session that is
//     gone, and a write to an unknown namespace panic;
//   - a new subscription is numbered by how many there are, so after one has
//     ended the next takes the number of a living one and the end of either
//     ends both;
//   - monitoring while another subscription ends stops the server for ever (see
//     [building.monitor]).
func (b *building) guard() {
	subscriptions := func() *server.SubscriptionService { return b.srv.SubscriptionService }
	items := func() *server.MonitoredItemService { return b.srv.MonitoredItemService }
	var last uint32
	for service, handle := range map[uint16]server.Handler{
		id.CreateSubscriptionRequest_Encoding_DefaultBinary: func(c *uasc.SecureChannel, r ua.Request, n uint32) (ua.Response, error) {
			req, ok := r.(*ua.CreateSubscriptionRequest)
			if !ok || b.srv.Session(req.RequestHeader) == nil {
				return nil, ua.StatusBadSessionIDInvalid
			}
			req.RequestedPublishingInterval = max(50, req.RequestedPublishingInterval)
			last = pad(subscriptions(), last)
			return subscriptions().CreateSubscription(c, r, n)
		},
		id.PublishRequest_Encoding_DefaultBinary: func(c *uasc.SecureChannel, r ua.Request, n uint32) (ua.Response, error) {
			return subscriptions().Publish(c, r, n)
		},
		id.DeleteSubscriptionsRequest_Encoding_DefaultBinary: func(c *uasc.SecureChannel, r ua.Request, n uint32) (ua.Response, error) {
			return subscriptions().DeleteSubscriptions(c, r, n)
		},
		id.CreateMonitoredItemsRequest_Encoding_DefaultBinary: func(c *uasc.SecureChannel, r ua.Request, n uint32) (ua.Response, error) {
			return b.monitor(r)
		},
		id.DeleteMonitoredItemsRequest_Encoding_DefaultBinary: func(c *uasc.SecureChannel, r ua.Request, n uint32) (ua.Response, error) {
			return items().DeleteMonitoredItems(c, r, n)
		},
		id.SetMonitoringModeRequest_Encoding_DefaultBinary: func(c *uasc.SecureChannel, r ua.Request, n uint32) (ua.Response, error) {
			return items().SetMonitoringMode(c, r, n)
		},
		id.WriteRequest_Encoding_DefaultBinary: refuseWrite,
	} {
		b.srv.RegisterHandler(service, caught(handle))
	}
}

// caught turns a panic of a handler into an answer.
func caught(handle server.Handler) server.Handler {
	return func(c *uasc.SecureChannel, r ua.Request, n uint32) (resp ua.Response, err error) {
		defer func() {
			if recover() != nil {
				resp, err = nil, ua.StatusBadInvalidState
			}
		}()
		return handle(c, r, n)
	}
}

// pad fills the library's map with idle entries until the number it will give,
// one more than its length, is above the last; it returns that number.
func pad(s *server.SubscriptionService, last uint32) uint32 {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	for spare := uint32(math.MaxUint32); uint32(len(s.Subs)) < last; spare-- {
		if s.Subs[spare] == nil {
			s.Subs[spare] = server.NewSubscription()
		}
	}
	return uint32(len(s.Subs)) + 1
}

// endSubscriptions stops the library's goroutines: closing the server does not.
func (b *building) endSubscriptions() {
	s := b.srv.SubscriptionService
	s.Mu.Lock()
	var numbers []uint32
	for n := range s.Subs {
		numbers = append(numbers, n)
	}
	s.Mu.Unlock()
	for _, n := range numbers {
		s.DeleteSubscription(n)
	}
}

// refuseWrite answers that meters are read only.
func refuseWrite(_ *uasc.SecureChannel, r ua.Request, _ uint32) (ua.Response, error) {
	req, ok := r.(*ua.WriteRequest)
	if !ok {
		return nil, ua.StatusBadRequestTypeInvalid
	}
	results := make([]ua.StatusCode, len(req.NodesToWrite))
	for i := range results {
		results[i] = ua.StatusBadNotWritable
	}
	return &ua.WriteResponse{
		ResponseHeader: &ua.ResponseHeader{
			Timestamp: time.Now(), RequestHandle: req.RequestHeader.RequestHandle, ServiceDiagnostics: &ua.DiagnosticInfo{},
			StringTable: []string{}, AdditionalHeader: ua.NewExtensionObject(nil),
		},
		Results: results, DiagnosticInfos: []*ua.DiagnosticInfo{},
	}, nil
}

// quietly takes the library's messages, which are format strings, as debug logs.
type quietly struct{ log *slog.Logger }

// All levels are debug logs: what matters of the plant, the plant says itself.

func (q quietly) Debug(msg string, args ...any) { q.say(msg, args) }
func (q quietly) Info(msg string, args ...any)  { q.say(msg, args) }
func (q quietly) Warn(msg string, args ...any)  { q.say(msg, args) }
func (q quietly) Error(msg string, args ...any) { q.say(msg, args) }

// say formats only what somebody reads: the library talks at every request.
func (q quietly) say(msg string, args []any) {
	if q.log.Enabled(context.Background(), slog.LevelDebug) {
		q.log.Debug("opcua server", "message", fmt.Sprintf(msg, args...))
	}
}
