package plantsim

import (
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/faultproxy"
)

// startSerialGateway speaks RTU frames in TCP and asks the plant over Modbus
// TCP, one client after the other, as a serial line has it.
func startSerialGateway(t *testing.T, plant string) (address string) {
	t.Helper()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			client, err := door.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { translate(client, strings.TrimPrefix(plant, "tcp://")) })
		}
	})
	t.Cleanup(func() {
		door.Close()
		serving.Wait()
	})
	return door.Addr().String()
}

// translate serves one client of the gateway; reads are questions of eight bytes.
func translate(client net.Conn, plant string) {
	defer client.Close()
	server, err := net.Dial("tcp", plant)
	if err != nil {
		return
	}
	defer server.Close()
	for question := make([]byte, 8); ; {
		if _, err := io.ReadFull(client, question); err != nil {
			return
		}
		if _, err := server.Write(append([]byte{0, 1, 0, 0, 0, 6}, question[:6]...)); err != nil {
			return
		}
		header := make([]byte, 6)
		if _, err := io.ReadFull(server, header); err != nil {
			return
		}
		answer := make([]byte, binary.BigEndian.Uint16(header[4:]))
		if _, err := io.ReadFull(server, answer); err != nil {
			return
		}
		if _, err := client.Write(sealed(answer)); err != nil {
			return
		}
	}
}

// sealed is an RTU frame with its checksum (Modbus over serial line V1.02, 6.2.2).
func sealed(frame []byte) []byte {
	crc := uint16(0xFFFF)
	for _, b := range frame {
		crc ^= uint16(b)
		for range 8 {
			carry := crc & 1
			crc >>= 1
			if carry != 0 {
				crc ^= 0xA001
			}
		}
	}
	return append(frame, byte(crc), byte(crc>>8))
}

// TestFaultsOverRTU: frames without numbers are where an answer is most easily
// taken for another's. One answer in four goes wrong, and no reading is one that
// the meter did not show last.
func TestFaultsOverRTU(t *testing.T) {
	t.Parallel()
	var playing sync.WaitGroup
	for _, spoil := range []faultproxy.Spoil{
		{Do: faultproxy.Late, Delay: patience + 600*time.Millisecond},
		{Do: faultproxy.Stray, Delay: patience + 200*time.Millisecond},
		{Do: faultproxy.Twice}, {Do: faultproxy.Cut}, {Do: faultproxy.Mute}, {Do: faultproxy.Truncate}, {Do: faultproxy.Garbage},
		{Do: faultproxy.WrongUnit}, {Do: faultproxy.WrongFunction}, {Do: faultproxy.Short}, {Do: faultproxy.WrongLength},
		{Do: faultproxy.WrongCRC}, {Do: faultproxy.Exception, Code: 6}, {Do: faultproxy.Split, Delay: time.Millisecond},
	} {
		playing.Go(func() { // all at once: they mostly wait
			t.Run(string(spoil.Do), func(t *testing.T) { playOverRTU(t, spoil) })
		})
	}
	playing.Wait()
}

func playOverRTU(t *testing.T, spoil faultproxy.Spoil) {
	h := build(t, ModbusTCP)
	proxy, err := faultproxy.Open(startSerialGateway(t, h.url), faultproxy.Options{Protocol: faultproxy.ModbusRTU, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := proxy.Close(); err != nil {
			t.Error(err)
		}
	})
	h.url = "rtuovertcp://" + proxy.Address()
	g := h.raise(t)
	g.eventually("the plant is read before the fault", func() string { return g.allWell(nil, 3) })
	a := act{errorsBefore: g.errors(), began: time.Now()}
	spoil.Share = 0.25
	if err := proxy.Set(spoil); err != nil {
		t.Fatal(err)
	}
	g.eventually("fifteen answers were spoiled", func() string {
		if proxy.Stats().Spoiled[spoil.Do] < 15 {
			return "fewer were"
		}
		return ""
	})
	if err := proxy.Set(); err != nil {
		t.Fatal(err)
	}
	a.ended, a.errorsAtEnd = time.Now(), g.errors()
	after := g.counts()
	g.eventually("all is well after the fault", func() string { return g.allWell(after, 3) })
	a.errorsAfter = g.errors() - a.errorsAtEnd
	g.account(a, want{During: []wantMeter{{Meter: energy.MeterID("hafen-main")}}})
}
