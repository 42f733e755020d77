package spool

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"sync"

	"heatledger/energy"
	"heatledger/fieldbus/spool/rows"
)

// site is what is known of one site while the spool is open.
type site struct {
	id     energy.SiteID
	number uint64
	names  []string // by point number: the point's name within the site
	after  []uint32 // by point number: the one that came behind it last

	written   uint64 // readings in the journal file writtenTo; of who holds committing
	writtenTo uint64

	open     *part         // of the group that is gathering, if it has one; guarded by the spool's mutex
	pieces   []piece       // readings in no batch, oldest first; guarded by the spool's mutex
	readings int64         // in pieces
	cutting  sync.Mutex    // one cut at a time; taken before the spool's mutex
	wake     chan struct{} // room for one: something to do for who delivers
}

// newSite is a site without points.
func newSite(id energy.SiteID, number uint64) *site {
	return &site{id: id, number: number, wake: make(chan struct{}, 1)}
}

// nudge wakes who delivers the site's batches.
func (s *site) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// numbered is a point of the dictionary.
type numbered struct {
	site   *site
	number uint64
}

// is tells whether point number n of the site is p.
func (s *site) is(n uint64, p energy.PointID) bool {
	behind := len(s.id) + 1
	return n < uint64(len(s.names)) && len(p) == behind+len(s.names[n]) &&
		string(p[behind:]) == s.names[n] && p[behind-1] == '/' && string(p[:behind-1]) == string(s.id)
}

// dictionary gives points their numbers in the journal files that this process
// writes; files it finds have their own, see [foundNames]. A point takes about
// thirty bytes beside its name: a collector may have a hundred thousand.
type dictionary struct {
	slots []slot // a power of two, at most three quarters of them taken
	taken int
	seed  maphash.Seed
	sites map[energy.SiteID]*site
	byNo  []*site
}

// slot holds a point at the first free place from that of its hash on. Number is
// one more than that of the point; zero: the slot is free.
type slot struct{ site, number uint32 }

// newDictionary is empty: a process gives its numbers anew.
func newDictionary() dictionary {
	return dictionary{slots: make([]slot, 64), seed: maphash.MakeSeed(), sites: make(map[energy.SiteID]*site)}
}

// find is the slot of p, or the free one where it belongs.
func (d *dictionary) find(p energy.PointID) *slot {
	mask := uint64(len(d.slots) - 1)
	for i := maphash.String(d.seed, string(p)); ; i++ {
		at := &d.slots[i&mask]
		if at.number == 0 || d.byNo[at.site].is(uint64(at.number-1), p) {
			return at
		}
	}
}

// grow makes room for one more point.
func (d *dictionary) grow() {
	if d.taken++; d.taken <= len(d.slots)/4*3 {
		return
	}
	before := d.slots
	d.slots = make([]slot, 2*len(before))
	for _, o := range before {
		if o.number > 0 {
			s := d.byNo[o.site]
			*d.find(energy.PointID(string(s.id) + "/" + s.names[o.number-1])) = o
		}
	}
}

// site is the site of that name, new if it is not known.
func (d *dictionary) site(id energy.SiteID) *site {
	if s, known := d.sites[id]; known {
		return s
	}
	s := newSite(id, uint64(len(d.byNo)))
	d.sites[id] = s
	d.byNo = append(d.byNo, s)
	return s
}

// follow gives the number of a point that was read behind another. A meter's
// registers come in the same order poll after poll: what came behind the other
// one last time is tried first, which spares a search among all points.
func (d *dictionary) follow(before numbered, p energy.PointID) (n numbered, known bool) {
	s := before.site
	if s != nil {
		if next := uint64(s.after[before.number]); s.is(next, p) {
			return numbered{s, next}, true
		}
	}
	at := d.find(p)
	if at.number == 0 {
		return numbered{}, false
	}
	n = numbered{d.byNo[at.site], uint64(at.number - 1)}
	if n.site == s {
		s.after[before.number] = uint32(n.number)
	}
	return n, true
}

// add gives a point a number.
func (d *dictionary) add(p energy.PointID) (numbered, error) {
	if err := p.Check(); err != nil {
		return numbered{}, err
	}
	s := d.site(p.Site())
	if len(s.names) > rows.MaxPoint {
		return numbered{}, fmt.Errorf("point %s: site %s has %d points already", p, s.id, len(s.names))
	}
	n := numbered{s, uint64(len(s.names))}
	d.grow()
	*d.find(p) = slot{uint32(s.number), uint32(n.number) + 1}
	s.names = append(s.names, p.Name())
	s.after = append(s.after, uint32(n.number)+1)
	return n, nil
}

// appendName appends one entry of a record of names.
func appendName(dst []byte, n numbered, p energy.PointID) []byte {
	dst = binary.AppendUvarint(dst, n.site.number)
	dst = binary.AppendUvarint(dst, n.number)
	return appendText(dst, string(p))
}

// appendAll appends records that name every point.
func (d *dictionary) appendAll(dst []byte, seed uint32) []byte {
	for _, s := range d.byNo {
		if len(s.names) == 0 {
			continue
		}
		at := len(dst)
		dst = beginRecord(dst, kindNames)
		for number, name := range s.names {
			dst = appendName(dst, numbered{s, uint64(number)}, energy.PointID(string(s.id)+"/"+name))
		}
		endRecord(dst, at, seed)
	}
	return dst
}

// foundNames are the numbers of a journal file that an earlier process wrote: by
// the site's number its points, by their number.
type foundNames map[uint64]*foundSite

type foundSite struct {
	id     energy.SiteID
	names  []string // within the site; empty where there is none
	passed uint64   // readings of the site in the file up to end
	end    place    // behind the site's last record that is whole
}

// add takes the names of a record; false when they cannot be.
func (f foundNames) add(payload []byte) bool {
	c := cursor{b: payload}
	for len(c.b) > 0 {
		siteNo, pointNo, point := c.uvarint(), c.uvarint(), energy.PointID(c.text())
		if c.bad || point.Check() != nil || pointNo > rows.MaxPoint {
			return false
		}
		s := f[siteNo]
		if s == nil {
			s = &foundSite{id: point.Site()}
			f[siteNo] = s
		}
		if s.id != point.Site() {
			return false
		}
		for uint64(len(s.names)) <= pointNo {
			s.names = append(s.names, "")
		}
		s.names[pointNo] = point.Name()
	}
	return true
}

// has tells whether the file names the point.
func (s *foundSite) has(point uint64) bool {
	return point < uint64(len(s.names)) && s.names[point] != ""
}
