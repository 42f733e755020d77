package modbus

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// rtu is an open connection that carries RTU frames in TCP or UDP (Modbus over
// serial line V1.02, 2.5.1). A frame bears no number, so that an answer given
// twice looks like that of the next question when it is of the same unit,
// function and length. What comes while nothing is asked, behind an answer or
// before the next question, therefore breaks the connection.
type rtu struct {
	conn    net.Conn
	raw     syscall.RawConn
	timeout time.Duration
	silence time.Duration // between an answer and the next question
	quiet   time.Time     // when that is over
	frame   [2 * mostRTU]byte
	filled  int   // bytes of frame
	surplus error // what came behind the last answer
}

// mostRTU is the longest frame (Modbus over serial line V1.02, 2.5.1).
const mostRTU = 256

// errUnasked says that something came that was not asked for.
var errUnasked = errors.New("bytes came that nobody asked for")

// dialRTU connects to HOST:PORT of a network, tcp or udp.
func (c Config) dialRTU(network, address string) (line, error) {
	conn, err := net.DialTimeout(network, address, dialPatience)
	if err != nil {
		return nil, err
	}
	raw, err := conn.(syscall.Conn).SyscallConn() // those of TCP and UDP are
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &rtu{conn: conn, raw: raw, timeout: c.Timeout, silence: silenceAt(c.Serial.Speed)}, nil
}

// silenceAt is how long a line is to be silent between two frames: the time of
// 3.5 characters of eleven bits, and from 19200 bit/s on, or where no speed is
// stated, 1.75 ms (Modbus over serial line V1.02, 2.5.1.1).
func silenceAt(speed uint) time.Duration {
	if speed == 0 || speed >= 19200 {
		return 1750 * time.Microsecond
	}
	return 7 * 11 * time.Second / (2 * time.Duration(speed))
}

func (r *rtu) close() {
	_ = r.conn.Close() // a broken connection complains when it is closed
}

// read puts one question, when nothing has come since the last answer, and takes
// the next frame for its answer.
func (r *rtu) read(unit uint8, q request, into []uint16) ([]uint16, error) {
	time.Sleep(time.Until(r.quiet))
	if err := r.conn.SetDeadline(time.Now().Add(r.timeout)); err != nil {
		return nil, err
	}
	if err := r.unasked(); err != nil {
		return nil, err
	}
	function := functionOf(q.table)
	question := append(r.frame[:0], unit, function)
	question = binary.BigEndian.AppendUint16(question, uint16(q.address))
	question = binary.BigEndian.AppendUint16(question, uint16(q.count))
	if _, err := r.conn.Write(seal(question)); err != nil {
		return nil, inTime(err)
	}
	body, err := r.receive(unit, function)
	if err != nil {
		return nil, err
	}
	return answerOf(body, unit, function, q.count, into)
}

// unasked errs when something came behind the last answer, or the other side
// hung up.
func (r *rtu) unasked() error {
	if r.surplus != nil {
		return r.surplus
	}
	var n int
	var failed error
	err := r.raw.Read(func(fd uintptr) bool {
		for {
			n, failed = syscall.Read(int(fd), r.frame[:])
			if failed != syscall.EINTR {
				return true // there is nothing to wait for
			}
		}
	})
	switch {
	case err != nil:
		return err
	case errors.Is(failed, syscall.EAGAIN):
		return nil
	case failed != nil:
		return os.NewSyscallError("read", failed)
	case n > 0:
		return fmt.Errorf("%w: % x", errUnasked, r.frame[:min(n, 16)])
	}
	return io.EOF
}

// receive takes the next frame without its checksum; it is good until the next
// question. What came along behind it is noted.
func (r *rtu) receive(unit, function uint8) ([]byte, error) {
	r.filled = 0
	for {
		length, err := lengthRTU(r.frame[:r.filled], unit, function)
		if err != nil {
			return nil, err
		}
		if length > 0 && r.filled >= length {
			if r.filled > length {
				r.surplus = fmt.Errorf("%w behind an answer: % x", errUnasked, r.frame[length:min(r.filled, length+16)])
			}
			r.quiet = time.Now().Add(r.silence)
			return opened(r.frame[:length])
		}
		n, err := r.conn.Read(r.frame[r.filled:])
		if r.filled += n; n == 0 && err != nil {
			if r.filled > 0 && errors.Is(err, os.ErrDeadlineExceeded) {
				return nil, fmt.Errorf("the answer broke off after %d bytes", r.filled)
			}
			return nil, inTime(err)
		}
	}
}

// lengthRTU is how long a frame is that begins with b, its checksum included; 0:
// that is not known yet. It errs when b is no answer of the unit to the function.
func lengthRTU(b []byte, unit, function uint8) (int, error) {
	switch {
	case len(b) > 0 && b[0] != unit && b[0] != gatewayUnit:
		return 0, fmt.Errorf("unit %d answered in place of unit %d", b[0], unit)
	case len(b) < 2:
		return 0, nil
	case b[1] == function|0x80:
		return 5, nil
	case b[1] != function:
		return 0, fmt.Errorf("function %d was answered in place of function %d", b[1], function)
	case len(b) < 3:
		return 0, nil
	case int(b[2]) > mostRTU-5:
		return 0, fmt.Errorf("an answer of %d bytes: at most %d are expected", b[2], mostRTU-5)
	}
	return 5 + int(b[2]), nil
}

// opened is a whole frame without its checksum, if that is right.
func opened(frame []byte) ([]byte, error) {
	body := frame[:len(frame)-2]
	if want, got := checksum(body), binary.LittleEndian.Uint16(frame[len(body):]); got != want {
		return nil, fmt.Errorf("the checksum of the answer is %#04x where %#04x is expected", got, want)
	}
	return body, nil
}

// seal appends the checksum to a frame.
func seal(frame []byte) []byte { return binary.LittleEndian.AppendUint16(frame, checksum(frame)) }

// checksum is that of RTU frames (Modbus over serial line V1.02, 6.2.2).
func checksum(b []byte) uint16 {
	sum := uint16(0xFFFF)
	for _, octet := range b {
		sum ^= uint16(octet)
		for range 8 {
			if sum&1 != 0 {
				sum = sum>>1 ^ 0xA001
			} else {
				sum >>= 1
			}
		}
	}
	return sum
}
