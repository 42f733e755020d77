package faultproxy

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestTheLineSwallowsRefusesAndHeals(t *testing.T) {
	t.Parallel()
	a := startAnswerer(t, ModbusTCP)
	p := open(t, a.address, Options{Protocol: ModbusTCP})
	address := p.Address()
	lasting := call(t, p)
	lasting.send(ask(ModbusTCP, 1))
	_ = lasting.hear(13)
	set(t, p, Spoil{Do: Swallow})
	lasting.send(ask(ModbusTCP, 2))
	fresh := call(t, p) // a client that comes meanwhile is taken
	fresh.send(ask(ModbusTCP, 3))
	eventually(t, "both questions are swallowed", func() bool { return p.Stats().Swallowed == 24 })
	lasting.quiet()
	if n := a.questions(); n != 1 {
		t.Errorf("%d questions came through", n)
	}
	set(t, p)
	lasting.ended()
	fresh.ended()
	third := call(t, p)
	third.send(ask(ModbusTCP, 4))
	_ = third.hear(13)
	set(t, p, Spoil{Do: Refuse})
	third.ended()
	if conn, err := net.Dial("tcp", address); err == nil {
		conn.Close()
		t.Error("a line that refuses took a client")
	}
	for range 20 { // nobody gets its port meanwhile
		door, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if door.Addr().String() == address {
			t.Error("the port of a line that refuses was given away")
		}
		door.Close()
	}
	set(t, p)
	p.Cut()
	fourth := call(t, p)
	fourth.send(ask(ModbusTCP, 5))
	_ = fourth.hear(13)
	if s := p.Stats(); s.Spoiled[Swallow] != 1 || s.Spoiled[Refuse] != 1 || s.Total() != 0 || s.Connections != 4 || p.Address() != address {
		t.Errorf("%+v", s)
	}
}

func TestASlowLineTakesItsTime(t *testing.T) {
	t.Parallel()
	echo := listen(t, func(conn net.Conn) { _, _ = io.Copy(conn, conn) })
	p := open(t, echo, Options{})
	set(t, p, Spoil{Do: Slow, BytesPerSecond: 4000})
	c := call(t, p)
	begun := time.Now()
	c.send(make([]byte, 2000))
	_ = c.hear(2000)
	if took := time.Since(begun); took < 450*time.Millisecond {
		t.Errorf("2000 bytes at 4000 a second came back after %s", took)
	}
}

func TestWhatIsAddedIsSpoiledBesidesTheRest(t *testing.T) {
	t.Parallel()
	p := open(t, startAnswerer(t, ModbusTCP).address, Options{Protocol: ModbusTCP})
	add := func(s Spoil) (remove func() error) {
		t.Helper()
		remove, err := p.Add(s)
		if err != nil {
			t.Fatal(err)
		}
		return remove
	}
	busy := Spoil{Do: Exception, Code: 6, Times: 1}
	_ = add(busy)
	c := call(t, p)
	ask := func() byte { // the function of the answer
		t.Helper()
		c.send(ask(ModbusTCP, 1))
		head := c.hear(6)
		return c.hear(int(head[5]))[1]
	}
	if f := ask(); f != 0x83 {
		t.Errorf("function %#x", f)
	}
	function := add(Spoil{Do: WrongFunction}) // what was spent before stays spent
	if f := ask(); f != 4 {
		t.Errorf("function %#x", f)
	}
	slow := add(Spoil{Do: Slow, BytesPerSecond: 1 << 20})
	if _, err := p.Add(Spoil{Do: Refuse}); err == nil {
		t.Error("a line is slow and refuses")
	}
	for _, remove := range []func() error{function, slow, function} {
		if err := remove(); err != nil {
			t.Fatal(err)
		}
	}
	if f := ask(); f != 3 {
		t.Errorf("function %#x", f)
	}
	refusing := add(Spoil{Do: Refuse})
	c.ended()
	if err := refusing(); err != nil {
		t.Fatal(err)
	}
	c = call(t, p)
	if f := ask(); f != 3 {
		t.Errorf("function %#x", f)
	}
}

func TestClientsWaitUntilTheServerIsNamed(t *testing.T) {
	t.Parallel()
	p := open(t, "", Options{Protocol: ModbusTCP})
	c := call(t, p)
	c.send(ask(ModbusTCP, 1))
	p.Forward(startAnswerer(t, ModbusTCP).address)
	_ = c.hear(13)
	p.Forward(startAnswerer(t, ModbusTCP).address) // the server has moved
	set(t, p, Spoil{Do: Refuse})
	set(t, p)
	next := call(t, p)
	next.send(ask(ModbusTCP, 1))
	if got := next.hear(13); got[12] != 1 {
		t.Errorf("%x is not the first answer of the new server", got)
	}
}

func TestClosingEndsEverythingThatWaits(t *testing.T) {
	t.Parallel()
	p := open(t, startAnswerer(t, ModbusTCP).address, Options{Protocol: ModbusTCP})
	for _, s := range []Spoil{{Do: Late, Delay: time.Hour}, {Do: Stray, Delay: time.Hour}, {Do: Split, Delay: time.Hour}} {
		set(t, p, s)
		c := call(t, p)
		c.send(ask(ModbusTCP, 1))
		eventually(t, string(s.Do), func() bool { return p.Stats().Spoiled[s.Do] == 1 })
	}
	for range 2 {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	set(t, p) // too late, and without consequence
	if conn, err := net.Dial("tcp", p.Address()); err == nil {
		conn.Close()
		t.Error("a closed proxy took a client")
	}
}

func TestWhatCannotBeDoneIsRefused(t *testing.T) {
	t.Parallel()
	server := startAnswerer(t, ModbusTCP).address
	for _, row := range []struct {
		wire   Protocol
		spoils []Spoil
		want   string
	}{
		{ModbusTCP, []Spoil{{Do: "explode"}}, "no way"},
		{ModbusTCP, []Spoil{{Do: WrongCRC}}, "not for Modbus TCP"},
		{ModbusTCP, []Spoil{{Do: Reorder}}, "over tcp"},
		{ModbusRTU, []Spoil{{Do: WrongTransaction}}, "not for Modbus RTU"},
		{Bytes, []Spoil{{Do: WrongUnit}}, "not for bytes"},
		{OPCUA, []Spoil{{Do: Late, Delay: time.Second, Unit: 3}}, "no units"},
		{ModbusTCP, []Spoil{{Do: Late}}, "without a delay"},
		{ModbusTCP, []Spoil{{Do: Exception}}, "a code from 1 to 127"},
		{ModbusTCP, []Spoil{{Do: Twice, Share: 1.5}}, "at most 1"},
		{ModbusTCP, []Spoil{{Do: Twice, Times: -1}}, "none below zero"},
		{ModbusTCP, []Spoil{{Do: Slow}}, "without a bandwidth"},
		{ModbusTCP, []Spoil{{Do: Refuse, Times: 1}}, "neither share nor times"},
		{ModbusTCP, []Spoil{{Do: Refuse}, {Do: Swallow}}, "either refuse or swallow"},
	} {
		p := open(t, server, Options{Protocol: row.wire})
		if err := p.Set(row.spoils...); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%v: %v, want one that says %q", row.spoils, err, row.want)
		}
	}
	if _, err := Open(server, Options{Listen: server}); err == nil {
		t.Error("a port that is taken was taken again")
	}
}
