package modbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/fieldbus/registermap"
)

// block is where the registers of a meter begin whose addresses are relative
// (SunSpec). Its first two registers say what it is, a model and a length; they
// are read along in every poll, because a meter that was exchanged or given
// another firmware has its registers elsewhere, and what stands at the old place
// then would be taken for a value.
type block struct {
	mark     []int  // the field of the first two registers; empty: addresses are absolute
	base     uint16 // once found
	holds    []uint16
	found    bool
	problem  string // why it is not found
	failures int
	since    time.Time
	retry    time.Time // not looked for before
	// deaf are addresses that were not answered while it was looked for. They
	// are passed over next time: some units are silent where they should refuse.
	deaf map[uint16]bool
}

// markWords is how many registers say what a block is.
const markWords = 2

// elsewhere spaces out attempts to find a block.
func elsewhere() backoff { return backoff{first: 15 * time.Second, most: time.Hour} }

// newBlock is the block of a meter whose registers are laid out.
func newBlock(m *meter) block {
	table := registermap.Holding
	if len(m.values) > 0 {
		table = m.values[0].register.Table
	}
	return block{mark: []int{m.field(field{table, 0, markWords})}, deaf: map[uint16]bool{}}
}

// errChanged says that a block is not what it was when it was found.
var errChanged = errors.New("the meter has changed: its registers are looked for anew")

// unlocated says that a meter answers but its registers were not found.
type unlocated struct{ reason error }

func (e unlocated) Error() string {
	return "find the meter's registers: " + strings.ReplaceAll(e.reason.Error(), "\n", "; ")
}

func (e unlocated) Unwrap() error { return e.reason }

// locate finds the block of the meter if need be. The error is [unlocated] when
// the meter answers but has none, or it was not to be looked for yet.
func (p *poll) locate(ctx context.Context) error {
	m := p.meter
	b := &m.block
	if len(b.mark) == 0 || b.found {
		return nil
	}
	var broken error // the line's, not the meter's
	read := func(t registermap.Table, address uint16, count int) ([]uint16, error) {
		if broken != nil {
			return nil, broken
		}
		if b.deaf[address] {
			return nil, errNoAnswer
		}
		words, err := p.ask(ctx, request{table: t, address: int(address), count: count, first: int(address)})
		var refused exception
		if err != nil && (!errors.As(err, &refused) || refused.busy() || refused.relayed()) {
			broken = err
			if errors.Is(err, errNoAnswer) {
				b.deaf[address] = true
			}
		}
		return slices.Clone(words), err
	}
	base, err := m.Locate(read)
	if err != nil && broken == nil && p.heard.IsZero() && len(b.deaf) > 0 {
		clear(b.deaf) // all of it was passed over
		base, err = m.Locate(read)
	}
	var holds []uint16
	if err == nil {
		holds, err = read(m.fields[b.mark[0]].table, base, markWords)
	}
	if broken != nil {
		return broken
	}
	if err == nil {
		err = m.layOut(base)
	}
	if err != nil {
		clear(b.deaf)
		err = unlocated{err}
		b.lost(err)
		p.last = err
		return err
	}
	b.holds, b.found, b.problem, b.failures = holds, true, "", 0
	p.driver.log.Info("the meter's registers were found", "meter", m.ID, "base", base, "block", holds)
	return nil
}

// layOut puts the fields where they are when the block begins at base. What was
// learned of another place is forgotten.
func (m *meter) layOut(base uint16) error {
	move := int(base) - int(m.block.base)
	for _, f := range m.fields {
		if end := f.end() + move; end > lastAddress+1 {
			return fmt.Errorf("a block at %d ends at %d, beyond the last address", base, end-1)
		}
	}
	m.fields = slices.Clone(m.fields) // others share them
	for i := range m.fields {
		m.fields[i].address += move
	}
	m.block.base = base
	m.memory = m.memory.anew(m.fields)
	return nil
}

// lastAddress is the highest address of a table.
const lastAddress = 0xFFFF

// lost notes that the block was not found, and when it is looked for again.
func (b *block) lost(err error) {
	now := time.Now()
	if b.problem == "" {
		b.since = now
	}
	b.failures++
	b.found, b.problem, b.retry = false, err.Error(), now.Add(elsewhere().after(b.failures))
}

// moved tells whether a poll shows that the block is no longer what was found:
// its mark was refused or holds something else.
func (p *poll) moved() bool {
	b := &p.meter.block
	if len(b.mark) == 0 || !b.found {
		return false
	}
	words, err := p.answer(b.mark[0])
	return err == nil && !slices.Equal(words, b.holds) || errors.As(err, new(*refusal))
}
