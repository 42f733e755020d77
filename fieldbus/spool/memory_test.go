package spool

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
)

// memory is a disk that can be full, die in the middle of a write and come back
// as a power cut leaves a disk: with what was synced, and any part of the rest.
type memory struct {
	mu       sync.Mutex
	files    map[string]*memoryFile
	capacity int64 // 0: unbounded
	lives    int   // operations until it dies; negative: it does not
	badSync  bool  // the next Sync errs
	rand     *rand.Rand
}

type memoryFile struct {
	on      *memory
	data    []byte
	synced  []byte
	pending []func(b []byte, keep func() bool) []byte // writes since Sync
}

var errDead = errors.New("the machine is off")

func newMemory(seed uint64) *memory {
	return &memory{files: make(map[string]*memoryFile), lives: -1, rand: rand.New(rand.NewPCG(seed, 9))}
}

// spend takes one operation off the life of the disk; the caller holds the mutex.
func (m *memory) spend() error {
	if m.lives == 0 {
		return errDead
	}
	if m.lives > 0 {
		m.lives--
	}
	return nil
}

func (m *memory) Names() ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for name := range m.files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, m.spend()
}

func (m *memory) Create(name string) (file, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.spend(); err != nil {
		return nil, err
	}
	if m.files[name] != nil {
		return nil, fs.ErrExist
	}
	m.files[name] = &memoryFile{on: m}
	return m.files[name], nil
}

func (m *memory) Open(name string) (file, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.spend(); err != nil {
		return nil, 0, err
	}
	f := m.files[name]
	if f == nil {
		return nil, 0, fs.ErrNotExist
	}
	return f, int64(len(f.data)), nil
}

func (m *memory) Rename(from, to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.spend(); err != nil {
		return err
	}
	m.files[to] = m.files[from]
	delete(m.files, from)
	return nil
}

func (m *memory) Remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.spend(); err != nil {
		return err
	}
	if m.files[name] == nil {
		return fs.ErrNotExist
	}
	delete(m.files, name)
	return nil
}

func (f *memoryFile) ReadAt(b []byte, at int64) (int, error) {
	f.on.mu.Lock()
	defer f.on.mu.Unlock()
	if at >= int64(len(f.data)) {
		return 0, io.EOF
	}
	n := copy(b, f.data[at:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *memoryFile) WriteAt(b []byte, at int64) (int, error) {
	f.on.mu.Lock()
	defer f.on.mu.Unlock()
	if f.on.lives == 0 {
		return 0, errDead
	}
	var err error
	grows := at + int64(len(b)) - int64(len(f.data)) // over its own bytes a file is written on a full disk too
	if f.on.capacity > 0 && grows > 0 && f.on.used()+grows > f.on.capacity {
		b, err = b[:len(b)/2], syscall.ENOSPC
	}
	if f.on.lives == 1 { // it dies while it writes
		b, err = b[:f.on.rand.IntN(len(b)+1)], errDead
	}
	_ = f.on.spend()
	b = slices.Clone(b)
	f.data = writeAt(f.data, b, at)
	f.pending = append(f.pending, func(data []byte, keep func() bool) []byte {
		const page = 512
		for i := 0; i < len(b); i += page {
			if keep() {
				data = writeAt(data, b[i:min(i+page, len(b))], at+int64(i))
			}
		}
		return data
	})
	return len(b), err
}

func writeAt(data, b []byte, at int64) []byte {
	if grow := int(at) + len(b) - len(data); grow > 0 {
		data = append(data, make([]byte, grow)...)
	}
	copy(data[at:], b)
	return data
}

func (f *memoryFile) Truncate(size int64) error {
	f.on.mu.Lock()
	defer f.on.mu.Unlock()
	if err := f.on.spend(); err != nil {
		return err
	}
	f.data = f.data[:min(int(size), len(f.data))]
	f.pending = append(f.pending, func(data []byte, keep func() bool) []byte {
		if keep() {
			data = data[:min(int(size), len(data))]
		}
		return data
	})
	return nil
}

func (f *memoryFile) Sync() error {
	f.on.mu.Lock()
	defer f.on.mu.Unlock()
	if err := f.on.spend(); err != nil {
		return err
	}
	if f.on.badSync {
		f.on.badSync = false
		return syscall.EIO
	}
	f.synced, f.pending = slices.Clone(f.data), nil
	return nil
}

func (f *memoryFile) Close() error { return nil }

func (m *memory) used() (n int64) {
	for _, f := range m.files {
		n += int64(len(f.data))
	}
	return n
}

// killed is the disk after the process was killed: all that was written is there.
func (m *memory) killed() *memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := newMemory(m.rand.Uint64())
	for name, f := range m.files {
		n.files[name] = &memoryFile{on: n, data: slices.Clone(f.data), synced: slices.Clone(f.synced), pending: f.pending}
	}
	return n
}

// powerCut is the disk after the power went: of what was not synced any pages
// may be there, in any order.
func (m *memory) powerCut() *memory {
	n := m.killed()
	keep := func() bool { return n.rand.IntN(2) == 0 }
	for _, name := range slices.Sorted(maps.Keys(n.files)) {
		f := n.files[name]
		data := slices.Clone(f.synced)
		for _, write := range f.pending {
			data = write(data, keep)
		}
		f.data, f.synced, f.pending = data, slices.Clone(data), nil
	}
	return n
}
