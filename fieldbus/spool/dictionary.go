package spool

import (
	"encoding/binary"
	"fmt"
	"sync"

	"heatledger/energy"
	"heatledger/fieldbus/spool/rows"
)

// site is what is known of one site while the spool is open.
type site struct {
	id     energy.SiteID
	number uint64
	names  []string         // by point number: the point's name within the site
	points []energy.PointID // by point number
	after  []uint32         // by point number: the one that came behind it last

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

// dictionary gives points their numbers in the journal files that this process
// writes; files it finds have their own, see [foundNames].
type dictionary struct {
	points map[energy.PointID]numbered
	sites  map[energy.SiteID]*site
	byNo   []*site
}

// newDictionary is empty: a process gives its numbers anew.
func newDictionary() dictionary {
	return dictionary{points: make(map[energy.PointID]numbered), sites: make(map[energy.SiteID]*site)}
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
		if next := s.after[before.number]; int(next) < len(s.points) && s.points[next] == p {
			return numbered{s, uint64(next)}, true
		}
	}
	if n, known = d.points[p]; known && n.site == s {
		s.after[before.number] = uint32(n.number)
	}
	return n, known
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
	s.names = append(s.names, p.Name())
	s.points = append(s.points, p)
	s.after = append(s.after, uint32(n.number)+1)
	d.points[p] = n
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
