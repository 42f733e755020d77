package faultproxy

import (
	"bytes"
	"net"
	"testing"
	"time"
)

// startUDP answers every question in a datagram of its own, as [answerer] does.
func startUDP(t *testing.T) (address string) {
	t.Helper()
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		buf := make([]byte, 512)
		for n := 1; ; n++ {
			size, client, err := socket.ReadFrom(buf)
			if err != nil {
				return
			}
			if _, err := socket.WriteTo(reply(ModbusTCP, n, buf[:size]), client); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		socket.Close()
		<-ended
	})
	return socket.LocalAddr().String()
}

func TestDatagramsAreSpoiled(t *testing.T) {
	t.Parallel()
	right := func(n int) []byte { return reply(ModbusTCP, n, ask(ModbusTCP, n)) }
	for sentence, row := range map[string]struct {
		spoil Spoil
		want  [][]byte // after two questions, put at once
	}{
		"nothing happens":      {Spoil{}, [][]byte{right(1), right(2)}},
		"the first is lost":    {Spoil{Do: Mute}, [][]byte{right(2)}},
		"the first is doubled": {Spoil{Do: Twice}, [][]byte{right(1), right(1), right(2)}},
		"they change places":   {Spoil{Do: Reorder}, [][]byte{right(2), right(1)}},
		"the first is late":    {Spoil{Do: Late, Delay: 500 * time.Millisecond}, [][]byte{right(2), right(1)}},
		"the first is busy":    {Spoil{Do: Exception, Code: 6}, [][]byte{ModbusTCP.seal(ask(ModbusTCP, 1), []byte{9, 0x83, 6}), right(2)}},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			p, err := OpenDatagrams(startUDP(t), Options{Protocol: ModbusTCP})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			if row.spoil.Do != "" {
				row.spoil.Times = 1
				if err := p.Set(row.spoil); err != nil {
					t.Fatal(err)
				}
			}
			client, err := net.Dial("udp", p.Address())
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			for n := 1; n <= 2; n++ {
				if _, err := client.Write(ask(ModbusTCP, n)); err != nil {
					t.Fatal(err)
				}
			}
			buf := make([]byte, 512)
			for i, want := range row.want {
				if err := client.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
					t.Fatal(err)
				}
				n, err := client.Read(buf)
				if err != nil || !bytes.Equal(buf[:n], want) {
					t.Fatalf("datagram %d is %x, %v; want %x", i+1, buf[:n], err, want)
				}
			}
			if s := p.Stats(); s.Answers != 2 || s.Connections != 1 || row.spoil.Do != "" && s.Spoiled[row.spoil.Do] != 1 {
				t.Errorf("%+v", s)
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestALateDatagramDoesNotHoldUpTheEnd(t *testing.T) {
	t.Parallel()
	p, err := OpenDatagrams(startUDP(t), Options{Protocol: ModbusTCP})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Set(Spoil{Do: Late, Delay: time.Hour}); err != nil {
		t.Fatal(err)
	}
	client, err := net.Dial("udp", p.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Write(ask(ModbusTCP, 1)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the answer is held back", func() bool { return p.Stats().Spoiled[Late] == 1 })
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if err := p.Set(Spoil{Do: Cut}); err == nil {
		t.Error("a datagram was cut")
	}
}
