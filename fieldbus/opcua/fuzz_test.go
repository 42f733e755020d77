package opcua

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/gopcua/opcua"
	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
)

// judge is what a value must come to, worked out apart from the reader.
func judge(v *ua.DataValue) (want float64, quality energy.Quality, ok bool) {
	switch v.Status >> 30 {
	case 0:
		quality = energy.Measured
	case 1:
		quality = energy.Suspect
	default:
		return 0, 0, false
	}
	if v.Value == nil {
		return 0, 0, false
	}
	switch x := v.Value.Value().(type) {
	case int8:
		want = float64(x)
	case int16:
		want = float64(x)
	case int32:
		want = float64(x)
	case int64:
		want = float64(x)
	case uint8:
		want = float64(x)
	case uint16:
		want = float64(x)
	case uint32:
		want = float64(x)
	case uint64:
		want = float64(x)
		if x > math.MaxInt64 {
			return 0, 0, false
		}
	case float32:
		want = float64(x)
	case float64:
		want = x
	default:
		return 0, 0, false
	}
	return want, quality, !math.IsNaN(want) && !math.IsInf(want, 0)
}

// decoded is a DataValue of the wire; ok is false for what the library refuses
// or panics about, which the driver never gets to see. Of arrays only short ones
// are decoded, and no values within values: the library makes room for as many
// elements as a message claims to have.
func decoded(raw []byte) (v *ua.DataValue, ok bool) {
	const value, extensionObject, array, dimensions, longest = 0x01, 22, 0x80, 0x40, 1000
	if len(raw) > 1 && raw[0]&value != 0 {
		kind := raw[1]
		if kind&dimensions != 0 || kind&0x3F >= extensionObject {
			return nil, false
		}
		if kind&array != 0 && (len(raw) < 6 || binary.LittleEndian.Uint32(raw[2:]) > longest) {
			return nil, false
		}
	}
	defer func() {
		if recover() != nil {
			v, ok = nil, false
		}
	}()
	v = new(ua.DataValue)
	_, err := v.Decode(raw)
	return v, err == nil
}

// Whatever a server reports is a reading of just that value, or a reason; and a
// reading is after the one before it and within the tolerance of its arrival.
func FuzzReportedValue(f *testing.F) {
	for _, v := range []*ua.DataValue{
		{EncodingMask: ua.DataValueValue, Value: ua.MustVariant(int64(1<<53 + 1))},
		{EncodingMask: ua.DataValueValue, Value: ua.MustVariant(uint64(math.MaxUint64))},
		{EncodingMask: ua.DataValueValue, Value: ua.MustVariant(math.NaN())},
		{EncodingMask: ua.DataValueValue, Value: ua.MustVariant(float32(math.Inf(-1)))},
		{EncodingMask: ua.DataValueValue, Value: ua.MustVariant([]float64{1, 2})},
		{EncodingMask: ua.DataValueValue, Value: ua.MustVariant("eleven")},
		{EncodingMask: ua.DataValueValue, Value: ua.MustVariant(true)},
		{EncodingMask: ua.DataValueValue | ua.DataValueStatusCode, Value: ua.MustVariant(1.5), Status: ua.StatusUncertain},
		{EncodingMask: ua.DataValueStatusCode, Status: ua.StatusBadDeviceFailure},
		{EncodingMask: ua.DataValueValue | ua.DataValueStatusCode, Value: ua.MustVariant(1.5), Status: 0x480},
		{EncodingMask: ua.DataValueValue | ua.DataValueSourceTimestamp | ua.DataValueServerTimestamp, Value: ua.MustVariant(int32(-7)), SourceTimestamp: noon().AddDate(400, 0, 0), ServerTimestamp: noon().Add(time.Second)},
	} {
		raw, err := v.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, int64(1))
	}
	f.Fuzz(func(t *testing.T, raw []byte, after int64) {
		v, ok := decoded(raw)
		if !ok {
			return
		}
		d, err := New(Config{ID: "bms", Endpoint: "opc.tcp://127.0.0.1:1", History: true, Meters: []Meter{{ID: "ups", Nodes: []Node{node("X")}}}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		l, out, p := newLink(d), newOutbox(d.ledger, 10), d.groups[0].points[0]
		l.items = []item{{subscription: &subscription{link: l, group: d.groups[0]}, point: p}}
		arrival := noon()
		for _, pause := range []time.Duration{0, time.Duration(after%int64(time.Hour) + int64(time.Hour)), 0} {
			arrival = arrival.Add(pause)
			before := p.stream.last
			report := &opcua.PublishNotificationData{Value: &ua.DataChangeNotification{MonitoredItems: []*ua.MonitoredItemNotification{nil, {ClientHandle: 7, Value: v}, {Value: v}}}}
			if err := l.take(report, arrival, out); err != nil {
				t.Fatalf("a value ends the connection: %v", err)
			}
			want, quality, ok := judge(v)
			if !ok {
				if len(out.queue) != 0 || len(d.Health()[0].Points) != 1 {
					t.Fatalf("%+v is no value, and gives %d readings and the reasons %v", v, len(out.queue), d.Health()[0].Points)
				}
				continue
			}
			if len(out.queue) != 1 {
				t.Fatalf("%+v gives %d readings, want one", v, len(out.queue))
			}
			r := (<-out.queue).reading.Reading
			if got := r.Value.Float64(); got != want || r.Quality != quality {
				t.Errorf("%+v is read as %s, %s, want %g, %s", v, r.Value, r.Quality, want, quality)
			}
			if !r.At.After(before) || r.At.Sub(arrival).Abs() > d.options.Tolerance || r.At.Nanosecond()%1000 != 0 {
				t.Errorf("a value that arrived at %s after one of %s is of %s", arrival, before, r.At)
			}
		}
	})
}

func BenchmarkReport(b *testing.B) {
	const points = 1000
	var m Meter
	m.ID = "ups"
	for i := range points {
		n := node("X")
		n.Point = energy.PointID("dc/p" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)))
		m.Nodes = append(m.Nodes, n)
	}
	d, err := New(Config{ID: "bms", Endpoint: "opc.tcp://127.0.0.1:1", Meters: []Meter{m}}, Options{Buffer: 2 * points})
	if err != nil {
		b.Fatal(err)
	}
	l, out := newLink(d), newOutbox(d.ledger, 2*points)
	s := &subscription{link: l, group: d.groups[0]}
	var report ua.DataChangeNotification
	for i, p := range d.groups[0].points {
		l.items = append(l.items, item{s, p})
		report.MonitoredItems = append(report.MonitoredItems, &ua.MonitoredItemNotification{ClientHandle: uint32(i), Value: &ua.DataValue{Value: ua.MustVariant(1.5)}})
	}
	now := noon()
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(time.Second)
		for _, item := range report.MonitoredItems {
			item.Value.SourceTimestamp = now
		}
		if err := l.take(&opcua.PublishNotificationData{Value: &report}, now, out); err != nil {
			b.Fatal(err)
		}
		for len(out.queue) > 0 {
			<-out.queue
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/points, "ns/value")
}
