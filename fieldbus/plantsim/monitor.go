package plantsim

import (
	"time"

	"github.com/gopcua/opcua/server"
	"github.com/gopcua/opcua/ua"
)

// monitor answers CreateMonitoredItems. The library's own answer takes the lock
// of the items and then that of the subscriptions, while the end of a
// subscription takes them the other way round: a client that is killed while
// another one connects would stop the server for ever. Here the subscription
// is looked up first.
func (b *building) monitor(r ua.Request) (ua.Response, error) {
	req, ok := r.(*ua.CreateMonitoredItemsRequest)
	if !ok {
		return nil, ua.StatusBadRequestTypeInvalid
	}
	subscriptions := b.srv.SubscriptionService
	subscriptions.Mu.Lock()
	sub := subscriptions.Subs[req.SubscriptionID]
	subscriptions.Mu.Unlock()
	session := b.srv.Session(req.RequestHeader)
	if sub == nil || sub.Session == nil {
		return nil, ua.StatusBadSubscriptionIDInvalid
	}
	if session == nil || session.AuthTokenID.String() != sub.Session.AuthTokenID.String() {
		return nil, ua.StatusBadSessionIDInvalid
	}
	results := make([]*ua.MonitoredItemCreateResult, len(req.ItemsToCreate))
	items := b.srv.MonitoredItemService
	items.Mu.Lock()
	for i, wanted := range req.ItemsToCreate {
		item := &server.MonitoredItem{ID: items.NextID(), Sub: sub, Req: wanted}
		node := wanted.ItemToMonitor.NodeID.String()
		items.Items[item.ID] = item
		items.Nodes[node] = append(items.Nodes[node], item)
		items.Subs[sub.ID] = append(items.Subs[sub.ID], item)
		results[i] = &ua.MonitoredItemCreateResult{
			StatusCode: ua.StatusOK, MonitoredItemID: item.ID, RevisedSamplingInterval: sub.RevisedPublishingInterval,
			RevisedQueueSize: 1, FilterResult: ua.NewExtensionObject(nil),
		}
	}
	items.Mu.Unlock()
	for _, wanted := range req.ItemsToCreate { // every item begins with its value
		b.first(wanted, sub)
	}
	return &ua.CreateMonitoredItemsResponse{
		ResponseHeader: &ua.ResponseHeader{
			Timestamp: time.Now(), RequestHandle: req.RequestHeader.RequestHandle, ServiceResult: ua.StatusOK,
			ServiceDiagnostics: &ua.DiagnosticInfo{}, StringTable: []string{}, AdditionalHeader: ua.NewExtensionObject(nil),
		},
		Results: results, DiagnosticInfos: []*ua.DiagnosticInfo{},
	}, nil
}

// first sends an item the value it begins with; a subscriber that does not
// keep up misses it, see [building.notify].
func (b *building) first(wanted *ua.MonitoredItemCreateRequest, sub *server.Subscription) {
	node := wanted.ItemToMonitor.NodeID
	value := &ua.DataValue{EncodingMask: ua.DataValueStatusCode, Status: ua.StatusBadNodeIDUnknown}
	if space, err := b.srv.Namespace(int(node.Namespace())); err == nil {
		value = space.Attribute(node, wanted.ItemToMonitor.AttributeID)
	}
	select {
	case sub.NotifyChannel <- &ua.MonitoredItemNotification{ClientHandle: wanted.RequestedParameters.ClientHandle, Value: value}:
	default:
	}
}
