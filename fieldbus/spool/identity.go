package spool

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"heatledger/energy"
)

const (
	identityName  = "identity"
	identityTitle = "heatledger spool 1"
)

// identity is who a spool is: born once, at random; the source may be renamed.
type identity struct {
	epoch  energy.Epoch
	source string
}

// text is the file's content: for people to read, with a checksum in its last
// line.
func (id identity) text() []byte {
	body := fmt.Sprintf("%s\nepoch %s\nsource %s\n", identityTitle, id.epoch, id.source)
	return fmt.Appendf(nil, "%scrc %08x\n", body, checksum(0, []byte(body)))
}

// parseIdentity reads the text; ok is false when it is not whole.
func parseIdentity(text []byte) (id identity, ok bool) {
	lines := strings.Split(string(text), "\n")
	if len(lines) != 5 {
		return id, false
	}
	epoch, _ := strings.CutPrefix(lines[1], "epoch ")
	if b, err := hex.DecodeString(epoch); err != nil || len(b) != len(id.epoch) {
		return id, false
	} else {
		copy(id.epoch[:], b)
	}
	id.source, _ = strings.CutPrefix(lines[2], "source ")
	return id, string(id.text()) == string(text)
}

// readIdentity reads the identity file; ok is false when there is none or it is
// damaged.
func readIdentity(d disk) (id identity, ok bool, err error) {
	names, err := d.Names()
	if err != nil {
		return id, false, err
	}
	for _, name := range names {
		if name != identityName {
			continue
		}
		f, size, err := d.Open(name)
		if err != nil {
			return id, false, err
		}
		b := make([]byte, min(size, 4096))
		_, err = f.ReadAt(b, 0)
		if err := errors.Join(ignoreEOF(err), f.Close()); err != nil {
			return id, false, err
		}
		id, ok = parseIdentity(b)
		return id, ok, nil
	}
	return id, false, nil
}

// writeIdentity replaces the identity file durably.
func writeIdentity(d disk, id identity) error {
	const draft = identityName + ".new"
	_ = d.Remove(draft) // left by a crash, or not there
	f, err := d.Create(draft)
	if err != nil {
		return fmt.Errorf("write identity: %w", err)
	}
	_, err = f.WriteAt(id.text(), 0)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = d.Rename(draft, identityName)
	}
	if err != nil {
		return fmt.Errorf("write identity: %w", err)
	}
	return nil
}

// ignoreEOF is err, or nil when a file was merely shorter than the buffer.
func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
