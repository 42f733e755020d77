package opcua

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gopcua/opcua/ua"
)

func TestWhatIsMendedIsNoticedBeforeThePauseEnds(t *testing.T) {
	t.Parallel()
	server := sign(t, nil, false)
	for _, tt := range []struct {
		sentence string
		err      error
		mend     func(folder string) error
		mended   bool
	}{
		{"the certificate is trusted", &UntrustedError{}, func(folder string) error { _, err := Trust(folder, server.certificate.Raw); return err }, true},
		{"nobody does anything", &UntrustedError{}, func(string) error { return nil }, false},
		{"the network is away: no file mends it", errBroken, func(folder string) error { _, err := Trust(folder, server.certificate.Raw); return err }, false},
	} {
		folder := t.TempDir() + "/trusted"
		synctest.Test(t, func(t *testing.T) {
			d := &Driver{trust: trust{folder: folder}}
			before, begun := d.mendable(), time.Now()
			go func() {
				time.Sleep(5 * time.Second)
				if err := tt.mend(folder); err != nil {
					t.Error(err)
				}
			}()
			mended := d.rest(t.Context(), time.Minute, tt.err, before)
			if took := time.Since(begun); mended != tt.mended || tt.mended && took > 8*time.Second || !tt.mended && took != time.Minute {
				t.Errorf("%s: noticed %v after %s", tt.sentence, mended, took)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if d.rest(ctx, time.Hour, tt.err, d.mendable()) {
				t.Errorf("%s: who is told to stop is said to be mended", tt.sentence)
			}
		})
	}
}

func TestARemedyNamesWhatAPersonCanDo(t *testing.T) {
	t.Parallel()
	password := Config{ID: "bms", User: "reader"}
	for _, tt := range []struct {
		config Config
		err    error
		want   string
	}{
		{password, &UntrustedError{}, "heatledger meters trust bms"},
		{Config{ID: "bms", ServerCertificate: "sha256:00"}, &UntrustedError{}, "server_certificate of connection bms"},
		{password, fmt.Errorf("open session: %w", ua.StatusBadUserAccessDenied), "password_file of connection bms"},
		{password, fmt.Errorf("open session: %w", ua.StatusBadIdentityTokenRejected), "password_file"},
		{Config{ID: "bms", UserCertificate: "user.pem"}, ua.StatusBadIdentityTokenRejected, "user_certificate"},
		{password, ua.StatusBadSecurityChecksFailed, "operator"},
		{password, &fs.PathError{Op: "open", Path: "password", Err: os.ErrNotExist}, "readable"},
		{password, errBroken, ""},
	} {
		if got := tt.config.remedy(tt.err); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("of %v the remedy is %q, want one with %q", tt.err, got, tt.want)
		}
	}
}

func TestAHostThatRefusesAtOnceIsAskedAgainSoon(t *testing.T) {
	t.Parallel()
	refused := fmt.Errorf("dial: %w", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)})
	if got := pauseAfter(time.Minute, refused); got < 10*time.Second || got > 15*time.Second {
		t.Errorf("it rests %s", got)
	}
	if got := pauseAfter(2*time.Second, refused); got != 2*time.Second {
		t.Errorf("at first it rests %s", got)
	}
	if got := pauseAfter(time.Minute, os.ErrDeadlineExceeded); got != time.Minute {
		t.Errorf("one that swallows attempts rests %s", got)
	}
}
