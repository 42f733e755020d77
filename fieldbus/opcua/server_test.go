package opcua

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

func TestReadsAServerWrittenByOthers(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir())

	t.Run("every kind of number comes as it is, what is none is named", func(t *testing.T) {
		t.Parallel()
		want := map[string]energy.Value{
			"SByte": energy.Decimal(-8, 0), "Byte": energy.Decimal(200, 0),
			"Int16": energy.Decimal(-1600, 0), "UInt16": energy.Decimal(65000, 0),
			"Int32": energy.Decimal(-320000, 0), "UInt32": energy.Decimal(4294967295, 0),
			"Int64": energy.Decimal(1<<53+1, 0), "UInt64": energy.Decimal(1<<53+3, 0),
			"Float": energy.Float(0.5), "Double": energy.Float(1234.5678), "Uncertain": energy.Float(21.5),
		}
		refused := map[string]string{
			"Bad": "status BadDeviceFailure", "NaN": "value is NaN, which means absent",
			"Text": "value is of type string, a single number is expected", "Flag": "value is of type bool, a single number is expected",
			"Array": "value is of type []float64, a single number is expected", "TooBig": "value 18446744073709551615 is beyond 63 bits",
			"Nothing": "status BadNodeIdUnknown",
		}
		m := Meter{ID: "types", Sampling: 100 * time.Millisecond}
		for name := range want {
			m.Nodes = append(m.Nodes, node(name))
		}
		for name := range refused {
			m.Nodes = append(m.Nodes, node(name))
		}
		elsewhere := node("Elsewhere")
		elsewhere.Node = "nsu=http://example.org/elsewhere;s=X"
		m.Nodes = append(m.Nodes, elsewhere)

		sink := &basket{}
		d, _ := start(t, Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{m}}, hasty(t), sink)
		for name, value := range want {
			point := node(name).Point
			wait(t, 10*time.Second, name+" was read", func() bool { return len(sink.of(point)) > 0 })
			got := sink.of(point)[0]
			quality := energy.Measured
			if name == "Uncertain" {
				quality = energy.Suspect
			}
			if got.Value != value || got.Quality != quality {
				t.Errorf("%s is %s, %s, want %s, %s", name, got.Value, got.Quality, value, quality)
			}
			// The variables were set when the server started; that was a while ago on a busy machine.
			if got.At.Location() != time.UTC || got.At.Nanosecond()%1000 != 0 || got.At.After(time.Now()) || time.Since(got.At) > 10*time.Minute {
				t.Errorf("%s is of %s, want an instant of just now in UTC and whole microseconds", name, got.At)
			}
		}
		wait(t, 5*time.Second, "eight points are named", func() bool { return len(reasons(d)) == len(refused)+2 })
		for name, reason := range refused {
			if got := reasons(d)[node(name).Point]; got != reason {
				t.Errorf("health says of %s %q, want %q", name, got, reason)
			}
			if got := sink.of(node(name).Point); len(got) > 0 {
				t.Errorf("%s gave the reading %v, want none", name, got[0])
			}
		}
		if got := reasons(d)[elsewhere.Point]; got != "namespace http://example.org/elsewhere is not on the server" {
			t.Errorf("health says of the foreign namespace %q", got)
		}
		if got := reasons(d)[node("Uncertain").Point]; got != "doubtful: status UncertainSensorNotAccurate" {
			t.Errorf("health says of the uncertain value %q", got)
		}
		if h := health(d); h.State != fieldbus.Degraded || h.LastAnswer.IsZero() {
			t.Errorf("health is %+v, want degraded, with an answer", h)
		}
	})

	t.Run("each form of node id finds its variable", func(t *testing.T) {
		t.Parallel()
		want := map[string]int64{
			"i=1001": 1001, "g=72962B91-FA75-4AE6-8D28-B404DC7DAF63": 72, "b=M/RbKBsRVkePCePcx24oRA==": 73,
		}
		m := Meter{ID: "ids"}
		for id := range want {
			m.Nodes = append(m.Nodes, Node{Point: node(id[:3]).Point, Node: namespace + id, Unit: energy.KilowattHour})
		}
		m.Nodes = append(m.Nodes, Node{Point: "dc/by-index", Node: "ns=2;i=1001", Unit: energy.KilowattHour})
		sink := &basket{}
		d, _ := start(t, Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{m}}, hasty(t), sink)
		wait(t, 10*time.Second, "the meter is healthy", func() bool { return health(d).State == fieldbus.Healthy && health(d).Readings >= 4 })
		for id, value := range want {
			if got := sink.of(node(id[:3]).Point); len(got) == 0 || got[0].Value != energy.Decimal(value, 0) {
				t.Errorf("%s gave %v, want %d", id, got, value)
			}
		}
		if got := sink.of("dc/by-index"); len(got) == 0 || got[0].Value != energy.Decimal(1001, 0) {
			t.Errorf("ns=2;i=1001 gave %v, want 1001", got)
		}
	})

	t.Run("every change of a counter comes once and in order, whatever its clock says", func(t *testing.T) {
		t.Parallel()
		counter, power := node("UPS1.Energy"), node("UPS1.Power")
		counter.Unit, counter.Scale = "Wh", energy.Decimal(1, 1) // the variable counts in 10 Wh
		power.Unit = energy.Kilowatt
		sink := &basket{}
		m := Meter{ID: "ups", Sampling: 20 * time.Millisecond, Nodes: []Node{counter, power, node("Frozen"), node("Ancient")}}
		d, stop := start(t, Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{m}}, patient(t), sink)
		wait(t, 20*time.Second, "40 changes were seen", func() bool { return len(sink.of(counter.Point)) >= 40 })
		stop()
		readings := sink.of(counter.Point)
		consecutive(t, readings, 7)
		if first := readings[0].Value; first.Float64() < 412500 || first.Float64() > 413000 {
			t.Errorf("the counter stands at %s, want 412,500 kWh and a little", first)
		}
		for i, r := range readings[1:] {
			if gap := r.At.Sub(readings[i].At); gap < 20*time.Millisecond || gap > time.Second {
				t.Errorf("reading %d comes %s after the one before; the source stamps every 100 ms", i+1, gap)
			}
		}
		for _, n := range []Node{node("Frozen"), node("Ancient")} {
			last := fresh(sink.of(n.Point))
			consecutive(t, last, 1)
			if late := readings[len(readings)-1].At.Sub(last[len(last)-1].At).Abs(); late > time.Second {
				t.Errorf("%s's clock is useless, and its last reading is %s off", n.Point, late)
			}
		}
		if h := health(d); h.Readings < 160 || h.Lost != 0 || h.Polls < h.Readings {
			t.Errorf("health counts %+v, want 160 polls or more, a reading for each, none lost", h)
		}
	})

	t.Run("a value that stands still is stated again while the connection lives", func(t *testing.T) {
		t.Parallel()
		still := node("Heat.Energy")
		sink := &basket{}
		start(t, Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{{ID: "heat", Sampling: 100 * time.Millisecond, Nodes: []Node{still}}}}, hasty(t), sink)
		wait(t, 15*time.Second, "three readings came", func() bool { return len(sink.of(still.Point)) >= 3 })
		readings := sink.of(still.Point)
		for i, r := range readings[1:] {
			if gap := r.At.Sub(readings[i].At); gap < time.Second || gap > 5*time.Second && i > 0 {
				t.Errorf("reading %d comes %s after the one before, want about 1 s", i+1, gap)
			}
			if r.Value != readings[0].Value || r.Quality != energy.Measured || r.At.After(time.Now()) {
				t.Errorf("reading %d is %v, want %s, measured, not in the future", i+1, r, readings[0].Value)
			}
		}
	})

	t.Run("user and password over an encrypted connection to a pinned server", func(t *testing.T) {
		t.Parallel()
		for _, security := range []string{"Basic256Sha256/SignAndEncrypt", "Aes256_Sha256_RsaPss/Sign", "Aes128_Sha256_RsaOaep/SignAndEncrypt", "None"} {
			sink := &basket{}
			c := Config{
				ID: "bms", Endpoint: p.endpoint(), Security: security, ServerCertificate: p.fingerprint(t),
				User: "heatledger", Password: func() (string, error) { return "heatledger", nil },
				CertificateFolder: filepath.Join(t.TempDir(), "own"),
				Meters:            []Meter{{ID: "ups", Nodes: []Node{node("Double")}}},
			}
			d, stop := start(t, c, hasty(t), sink)
			wait(t, 10*time.Second, "the meter is read with "+security, func() bool { return len(sink.of(node("Double").Point)) > 0 })
			if h := health(d); h.State != fieldbus.Healthy {
				t.Errorf("with %s health is %+v, want healthy", security, h)
			}
			stop()
		}
	})

	t.Run("a wrong password is told and not hammered in", func(t *testing.T) {
		t.Parallel()
		c := Config{
			ID: "bms", Endpoint: p.endpoint(), Security: "Basic256Sha256/SignAndEncrypt", ServerCertificate: p.fingerprint(t),
			User: "heatledger", Password: func() (string, error) { return "wrong", nil }, CertificateFolder: t.TempDir(),
			Meters: []Meter{{ID: "ups", Nodes: []Node{node("Double")}}},
		}
		d, _ := start(t, c, hasty(t), &basket{})
		wait(t, 10*time.Second, "health says why, and what to do", func() bool {
			h := health(d)
			return strings.Contains(h.LastError, "BadUserAccessDenied") && strings.Contains(h.Remedy, "password_file")
		})
		if h := health(d); h.State != fieldbus.Silent {
			t.Errorf("health is %s, want silent", h.State)
		}
	})

	t.Run("a server that is not pinned, or another than the pinned one, is refused by name", func(t *testing.T) {
		t.Parallel()
		for _, pin := range []string{"", "sha256:" + strings.Repeat("0f", 32)} {
			sink := &basket{}
			c := Config{
				ID: "bms", Endpoint: p.endpoint(), Security: "Basic256Sha256/SignAndEncrypt", ServerCertificate: pin,
				CertificateFolder: t.TempDir(), Meters: []Meter{{ID: "ups", Nodes: []Node{node("Double")}}},
			}
			d, stop := start(t, c, hasty(t), sink)
			wait(t, 10*time.Second, "health names the fingerprint to pin", func() bool {
				return strings.HasSuffix(health(d).LastError, "server_certificate: "+p.fingerprint(t))
			})
			if h := health(d); h.State != fieldbus.Silent {
				t.Errorf("health is %s, want silent", h.State)
			}
			stop()
			if got := sink.of(node("Double").Point); len(got) != 0 {
				t.Errorf("an untrusted server gave %d readings", len(got))
			}
		}
	})
}

func TestAKilledServerIsReadAgainWithoutAFlood(t *testing.T) {
	t.Parallel()
	pki := t.TempDir()
	p := startPlant(t, pki)
	counter := node("UPS1.Energy")
	sink := &basket{}
	m := Meter{ID: "ups", Sampling: 50 * time.Millisecond, Nodes: []Node{counter, node("Nothing")}}
	c := lay(t, p.Address)
	d, stop := start(t, Config{ID: "bms", Endpoint: c.endpoint(), Meters: []Meter{m}}, hasty(t), sink)
	wait(t, 10*time.Second, "readings came", func() bool { return len(sink.of(counter.Point)) >= 10 })
	before := p
	p.Kill()
	wait(t, 5*time.Second, "the meter is silent", func() bool { return health(d).State == fieldbus.Silent })
	seen := len(sink.of(counter.Point))

	p = startPlant(t, pki)
	c.to.Store(p.Address)
	wait(t, 15*time.Second, "readings go on", func() bool { return len(sink.of(counter.Point)) >= seen+10 })
	if got := slices.Collect(maps.Keys(reasons(d))); !slices.Equal(got, []energy.PointID{node("Nothing").Point}) {
		t.Errorf("points in trouble are %v, want the bad node alone", got)
	}
	consecutive(t, fresh(sink.of(counter.Point)[seen:]), 7)
	stop()
	for _, server := range []*plant{before, p} {
		if n := len(server.told(t, "session_created")); n != 1 {
			t.Errorf("the server counts %d sessions, want 1", n)
		}
	}
	wait(t, 5*time.Second, "the session was closed", func() bool { return len(p.told(t, "session_closed")) == 1 })
	if h := health(d); h.Lost != 0 || h.Errors == 0 {
		t.Errorf("health counts %+v, want errors, none lost", h)
	}
}

func TestAServerThatTakesFewNodesAtOnceIsReadAllTheSame(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir(), "--nodes-at-once", "4")
	m := Meter{ID: "all"}
	for _, name := range []string{"SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Float", "Double"} {
		m.Nodes = append(m.Nodes, node(name))
	}
	d, _ := start(t, Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{m}}, hasty(t), &basket{})
	wait(t, 15*time.Second, "all points were read", func() bool {
		h := health(d)
		return h.State == fieldbus.Healthy && h.Readings >= int64(len(m.Nodes))
	})
	if h := health(d); h.Errors == 0 || h.LastError != "" {
		t.Errorf("health is %+v, want that attempts went wrong, and no error of a meter that is healthy", h)
	}
	if n := len(p.told(t, "session_created")); n < 2 || n > 4 {
		t.Errorf("the server counts %d sessions, want 2 to 4", n)
	}
}

func TestAHalfOpenConnectionIsNoticedBySilenceAndRebuilt(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir())
	still := node("Heat.Energy")
	counter := node("UPS1.Energy")
	sink := &basket{}
	m := Meter{ID: "ups", Sampling: 50 * time.Millisecond, Nodes: []Node{counter, still}}
	d, stop := start(t, Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{m}}, hasty(t), sink)
	wait(t, 10*time.Second, "readings came", func() bool { return len(sink.of(counter.Point)) >= 10 })

	stopped := time.Now()
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	wait(t, 8*time.Second, "silence was noticed", func() bool { return health(d).State == fieldbus.Silent })
	if err := health(d).LastError; !strings.Contains(err, "no report for") {
		t.Errorf("health says %q, want that no report came", err)
	}
	for _, r := range sink.of(still.Point) {
		if r.At.After(stopped) {
			t.Errorf("the standing value is stated for %s, %s after the server stopped", r.At, r.At.Sub(stopped))
		}
	}

	second, stopSecond := start(t, Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{m}}, hasty(t), &basket{})
	wait(t, 8*time.Second, "a new connection is given up", func() bool { return health(second).State == fieldbus.Silent })
	began := time.Now()
	stopSecond()
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("with a server that hangs Run ends after %s, want 3 s at most", took)
	}
	seen := len(sink.of(counter.Point))
	if err := p.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	wait(t, 15*time.Second, "readings go on", func() bool { return len(sink.of(counter.Point)) >= seen+10 })
	stop()
	if n := len(p.told(t, "session_created")); n < 2 || n > 4 {
		t.Errorf("the server counts %d sessions, want 2 to 4", n)
	}
}
