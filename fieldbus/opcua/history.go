package opcua

import (
	"context"
	"fmt"
	"time"

	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// refusal says that one node has no history, or none for us.
type refusal struct{ status ua.StatusCode }

func (r *refusal) Error() string { return "status " + statusName(r.status) }

// noHistory tells which results of an operation mean that asking again is no use.
func noHistory(s ua.StatusCode) bool {
	switch s {
	case ua.StatusBadHistoryOperationUnsupported, ua.StatusBadHistoryOperationInvalid, ua.StatusBadNotSupported,
		ua.StatusBadNotImplemented, ua.StatusBadUserAccessDenied, ua.StatusBadNotReadable, ua.StatusBadServiceUnsupported,
		ua.StatusBadTimestampNotSupported, ua.StatusBadNodeIDUnknown, ua.StatusBadNodeIDInvalid,
		ua.StatusBadAggregateNotSupported, ua.StatusBadDataEncodingUnsupported:
		return true
	}
	return false
}

// noService tells which refusals of a whole request mean that the server, or
// the library, cannot do this at all.
func noService(s ua.StatusCode) bool {
	switch s {
	case ua.StatusBadDecodingError, ua.StatusBadUnexpectedError, ua.StatusBadInternalError, ua.StatusBadInvalidArgument,
		ua.StatusBadTooManyOperations, ua.StatusBadTimestampsToReturnInvalid, ua.StatusBadRequestTypeInvalid, ua.StatusBadDataTypeIDUnknown:
		return true
	}
	return noHistory(s)
}

// tooMuch tells which refusals mean that less must be asked for at once.
func tooMuch(s ua.StatusCode) bool {
	switch s {
	case ua.StatusBadTimeout, ua.StatusBadRequestTimeout, ua.StatusBadResponseTooLarge, ua.StatusBadEncodingLimitsExceeded, ua.StatusBadTCPMessageTooLarge:
		return true
	}
	return false
}

// look reads a gap from where it stands to its end and hands on what it finds.
// g.from moves with what is durable, so that a next try goes on there.
func (a *archive) look(ctx context.Context, l *link, sink fieldbus.Sink, g *gap) error {
	node, err := g.address.resolve(l.client.Namespaces())
	if err != nil {
		return err
	}
	if !a.keeps(ctx, l, node) {
		return &refusal{ua.StatusBadHistoryOperationUnsupported}
	}
	var point []byte // the server's continuation point
	defer func() { a.release(ctx, l, node, point) }()
	for empty := 0; empty < emptyAnswers; {
		began := time.Now()
		chunk := a.atOnce()
		values, next, err := a.read(ctx, l, node, g, chunk, point)
		if point = next; err != nil {
			return err
		}
		a.fatal = 0
		handed, err := a.hand(ctx, sink, g, values)
		if err != nil {
			return err
		}
		if empty++; handed > 0 {
			empty = 0
		}
		switch {
		case g.handed >= a.values:
			a.log.Warn("gap is filled in part: the server's history holds too much", "point", g.point.Point, "readings", g.handed, "rest from", g.from)
			g.full = true
			return nil
		case len(point) == 0 && (len(values) < chunk || handed == 0):
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Since(began)):
		}
	}
	return nil
}

// keeps is false if the node itself says that its history cannot be read
// (UserAccessLevel, OPC 10000-3, 5.6.2). To ask a server for history that does
// not have the service would cost the connection.
func (a *archive) keeps(ctx context.Context, l *link, node *ua.NodeID) bool {
	var response *ua.ReadResponse
	err := l.ask(ctx, func(ctx context.Context) (err error) {
		response, err = l.client.Read(ctx, &ua.ReadRequest{NodesToRead: []*ua.ReadValueID{{NodeID: node, AttributeID: ua.AttributeIDUserAccessLevel}}})
		return err
	})
	if err != nil || len(response.Results) != 1 {
		return true // what is wrong will show
	}
	access, told := plain[uint8](response.Results[0])
	return !told || ua.AccessLevelType(access)&ua.AccessLevelTypeHistoryRead != 0
}

// read asks for the values of one node, at most chunk of them. Bounds are not
// wanted: what was before the gap and after it has been read.
func (a *archive) read(ctx context.Context, l *link, node *ua.NodeID, g *gap, chunk int, point []byte) (values []*ua.DataValue, next []byte, err error) {
	var response *ua.HistoryReadResponse
	err = l.ask(ctx, func(ctx context.Context) (err error) {
		response, err = l.client.HistoryReadRawModified(ctx,
			[]*ua.HistoryReadValueID{{NodeID: node, DataEncoding: &ua.QualifiedName{}, ContinuationPoint: point}},
			&ua.ReadRawModifiedDetails{StartTime: g.from, EndTime: g.to, NumValuesPerNode: uint32(chunk)})
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read history: %w", err)
	}
	if len(response.Results) != 1 || response.Results[0] == nil {
		return nil, nil, fmt.Errorf("read history: %d results came", len(response.Results))
	}
	result := response.Results[0]
	switch status := result.StatusCode; {
	case status == ua.StatusBadNoData || status == ua.StatusBadBoundNotFound:
		return nil, nil, nil
	case isBad(status) && noHistory(status):
		return nil, nil, &refusal{status}
	case isBad(status):
		return nil, nil, fmt.Errorf("read history: status %s", statusName(status))
	}
	if result.HistoryData == nil {
		return nil, result.ContinuationPoint, nil
	}
	data, ok := result.HistoryData.Value.(*ua.HistoryData)
	if !ok || data == nil {
		return nil, result.ContinuationPoint, nil
	}
	return data.DataValues, result.ContinuationPoint, nil
}

// hand makes readings of values and hands those on that lie in the gap and
// after the one before. Their instant is the source time; without one, and in
// bad status, a value is none.
func (a *archive) hand(ctx context.Context, sink fieldbus.Sink, g *gap, values []*ua.DataValue) (handed int, err error) {
	last := g.from
	var readings []energy.PointReading
	for _, v := range values {
		if v == nil || v.SourceTimestamp.IsZero() {
			continue
		}
		at := v.SourceTimestamp.Round(time.Microsecond).UTC()
		if !at.After(last) || !at.Before(g.to) || g.handed+len(readings) >= a.values {
			continue
		}
		number, quality, err := g.reader.read(v)
		if err != nil {
			continue
		}
		last = at
		readings = append(readings, energy.PointReading{Point: g.point.Point, Reading: energy.Reading{At: at, Value: number, Quality: quality}})
	}
	if len(readings) == 0 {
		return 0, nil
	}
	if err := sink.Collect(ctx, readings); err != nil {
		return 0, fmt.Errorf("hand on %d readings of history: %w", len(readings), err)
	}
	a.ledger.collected(g.point.meter, len(readings))
	g.from = last
	g.handed += len(readings)
	return len(readings), nil
}

// release gives a continuation point back that is not followed to its end.
func (a *archive) release(ctx context.Context, l *link, node *ua.NodeID, point []byte) {
	if len(point) == 0 || ctx.Err() != nil {
		return
	}
	err := l.ask(ctx, func(ctx context.Context) error {
		return l.client.Send(ctx, &ua.HistoryReadRequest{
			HistoryReadDetails: ua.NewExtensionObject(&ua.ReadRawModifiedDetails{}), TimestampsToReturn: ua.TimestampsToReturnBoth,
			ReleaseContinuationPoints: true,
			NodesToRead:               []*ua.HistoryReadValueID{{NodeID: node, DataEncoding: &ua.QualifiedName{}, ContinuationPoint: point}},
		}, func(ua.Response) error { return nil })
	})
	if err != nil {
		a.log.Debug("release continuation point", "err", err)
	}
}
