package opcua

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gopcua/opcua"
	"github.com/gopcua/opcua/id"
	"github.com/gopcua/opcua/ua"
)

// How long a subscription lives without us, in publishing intervals. A server
// with nothing to report says so after keepAlive; the library does not pass
// that on, hence the heartbeat.
const (
	keepAlive = 10
	lifetime  = 60
)

// subscription is a group of points on one connection.
type subscription struct {
	link     *link
	group    *group
	server   *opcua.Subscription
	sampling time.Duration // the slowest the server granted
	silence  time.Duration // without a report for longer the connection is dead
	queue    uint32        // values the server holds for each node
	heard    time.Time     // last report of any kind
	beat     time.Time     // the server's clock at the last heartbeat
}

// subscribe sets up all groups. Only what concerns the connection errs: a node
// that the server refuses costs itself.
func (l *link) subscribe(ctx context.Context) error {
	for _, g := range l.d.groups {
		s := &subscription{link: l, group: g, sampling: g.sampling, heard: time.Now()}
		l.subscriptions = append(l.subscriptions, s)
		if err := s.open(ctx); err != nil {
			return err
		}
		var points []*point
		for _, p := range g.points {
			if !p.breaks || !s.heard.Before(p.due) {
				points = append(points, p)
			}
		}
		if err := s.monitor(ctx, points); err != nil {
			return err
		}
	}
	return nil
}

// open creates the subscription and its heartbeat.
func (s *subscription) open(ctx context.Context) error {
	o := s.link.d.options
	publishing := min(max(s.group.sampling, o.Publishing), max(o.Heartbeat, o.Publishing))
	var err error
	s.server, err = s.link.client.Subscribe(ctx, &opcua.SubscriptionParameters{
		Interval: publishing, MaxKeepAliveCount: keepAlive, LifetimeCount: lifetime,
	}, s.link.notes)
	if err != nil {
		return fmt.Errorf("create subscription: %w", err)
	}
	request := s.request(ua.NewNumericNodeID(0, id.Server_ServerStatus_CurrentTime), item{subscription: s}, o.Heartbeat)
	response, err := s.server.Monitor(ctx, ua.TimestampsToReturnBoth, request)
	if err != nil {
		return fmt.Errorf("monitor the server's clock: %w", err)
	}
	result := response.Results[0]
	if severityOf(result.StatusCode) != good {
		return fmt.Errorf("monitor the server's clock: status %s", statusName(result.StatusCode))
	}
	granted := time.Duration(result.RevisedSamplingInterval * float64(time.Millisecond))
	s.silence = max(o.Silence, 3*max(granted, s.server.RevisedPublishingInterval))
	// While reports are held up for as long as we wait, no value is dropped.
	s.queue = uint32(min(max(2*s.silence/s.group.sampling, 10), 10_000))
	return nil
}

// request asks for reports of a node under a new client handle.
func (s *subscription) request(node *ua.NodeID, it item, sampling time.Duration) *ua.MonitoredItemCreateRequest {
	handle := uint32(len(s.link.items))
	s.link.items = append(s.link.items, it)
	r := opcua.NewMonitoredItemCreateRequestWithDefaults(node, ua.AttributeIDValue, handle)
	r.RequestedParameters.SamplingInterval = float64(sampling) / float64(time.Millisecond)
	r.RequestedParameters.QueueSize = max(s.queue, 1)
	r.RequestedParameters.DiscardOldest = true
	return r
}

// monitor asks for reports of points, some at a time. A point the server
// refuses is noted and tried again later.
func (s *subscription) monitor(ctx context.Context, points []*point) error {
	points, err := s.locate(ctx, points)
	if err != nil {
		return err
	}
	var requests []*ua.MonitoredItemCreateRequest
	var asked []*point
	now := time.Now()
	for _, p := range points {
		node, err := p.address.resolve(s.link.client.Namespaces())
		if err != nil {
			s.refuse(p, err.Error(), now)
			continue
		}
		r := s.request(node, item{s, p}, s.group.sampling)
		if p.Queue > 0 {
			r.RequestedParameters.QueueSize = uint32(p.Queue)
		}
		if p.plain == "" {
			r.RequestedParameters.Filter = p.Deadband.filter()
		}
		requests = append(requests, r)
		asked = append(asked, p)
	}
	for len(requests) > 0 {
		n := min(s.link.d.batch, len(requests))
		if err := s.ask(ctx, requests[:n], asked[:n]); err != nil {
			return err
		}
		requests, asked = requests[n:], asked[n:]
	}
	return nil
}

// ask sends one CreateMonitoredItems request. A server that refuses it as a
// whole ends the connection (the library gives up on any fault); the next one
// then asks for half as many at once, and at last for all but the one refused.
func (s *subscription) ask(ctx context.Context, requests []*ua.MonitoredItemCreateRequest, points []*point) error {
	response, err := s.server.Monitor(ctx, ua.TimestampsToReturnBoth, requests...)
	now := time.Now()
	if err != nil {
		s.blame(points, err, now)
		return fmt.Errorf("monitor %d nodes: %w", len(requests), err)
	}
	var again []*point
	for i, result := range response.Results {
		if refusesFilter(result.StatusCode) && requests[i].RequestedParameters.Filter != nil {
			points[i].plain = fmt.Sprintf("server does not apply the deadband %s (status %s): every change is reported", points[i].Deadband, statusName(result.StatusCode))
			again = append(again, points[i])
			continue
		}
		if severityOf(result.StatusCode) != good {
			s.refuse(points[i], "status "+statusName(result.StatusCode), now)
			continue
		}
		points[i].retry.reset()
		points[i].due, points[i].breaks, points[i].ended = time.Time{}, false, 0
		granted := time.Duration(result.RevisedSamplingInterval * float64(time.Millisecond))
		s.sampling = max(s.sampling, granted)
		if time.Duration(result.RevisedQueueSize)*s.sampling < s.server.RevisedPublishingInterval {
			s.link.d.log.Warn("server holds fewer values than it samples between two reports: changes may go unseen",
				"point", points[i].Point, "queue", result.RevisedQueueSize, "sampling", s.sampling, "publishing", s.server.RevisedPublishingInterval)
		}
	}
	if len(again) > 0 {
		return s.monitor(ctx, again)
	}
	return nil
}

// refusesFilter tells whether a monitored item is refused for its deadband alone.
func refusesFilter(s ua.StatusCode) bool {
	switch s {
	case ua.StatusBadFilterNotAllowed, ua.StatusBadDeadbandFilterInvalid, ua.StatusBadMonitoredItemFilterUnsupported, ua.StatusBadMonitoredItemFilterInvalid:
		return true
	}
	return false
}

// blame draws the lesson from a request for points that failed as a whole. The
// library may end the connection for a refusal before it tells of it; an end
// that comes twice while the same single node is asked for counts as one.
func (s *subscription) blame(points []*point, err error, now time.Time) {
	status, reason := ua.StatusCode(0), ""
	switch {
	case errors.As(err, &status) && blamesRequest(status):
		reason = "status " + statusName(status)
	case errors.Is(err, io.EOF):
		if points[0].ended++; points[0].ended > 1 {
			reason = "the connection ends when it is asked for"
		}
	default:
		return
	}
	s.link.d.batch = max(len(points)/2, 1)
	if len(points) == 1 && reason != "" {
		points[0].breaks = true
		s.refuse(points[0], reason, now)
	}
}

// blamesRequest tells whether a service fault is about what was asked, not
// about session or channel.
func blamesRequest(s ua.StatusCode) bool {
	switch s {
	case ua.StatusBadTooManyOperations, ua.StatusBadTooManyMonitoredItems, ua.StatusBadNothingToDo,
		ua.StatusBadRequestTooLarge, ua.StatusBadResponseTooLarge, ua.StatusBadEncodingLimitsExceeded,
		ua.StatusBadTCPMessageTooLarge, ua.StatusBadOutOfMemory, ua.StatusBadResourceUnavailable,
		ua.StatusBadInternalError, ua.StatusBadUnexpectedError, ua.StatusBadDecodingError,
		ua.StatusBadNodeIDUnknown, ua.StatusBadNodeIDInvalid:
		return true
	}
	return false
}

// refuse notes a point that the server does not report, and when to ask again.
func (s *subscription) refuse(p *point, reason string, now time.Time) {
	p.due = now.Add(p.retry.next())
	s.link.trouble(p, reason, now, p.due)
	s.link.d.ledger.answered(p.meter, 1, now)
}

// retry asks again for the refused points whose time has come. Namespaces are
// read anew: one may have been added since.
func (s *subscription) retry(ctx context.Context, now time.Time) error {
	var due []*point
	for _, p := range s.group.points {
		if !p.due.IsZero() && !now.Before(p.due) {
			due = append(due, p)
		}
	}
	if len(due) == 0 {
		return nil
	}
	if err := s.link.client.UpdateNamespaces(ctx); err != nil {
		return fmt.Errorf("read namespaces: %w", err)
	}
	return s.monitor(ctx, due)
}
