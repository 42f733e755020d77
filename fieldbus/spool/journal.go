package spool

import (
	"errors"
	"fmt"

	"heatledger/energy"
)

// journalFile is one file of readings. Its counts are guarded by the spool's mutex.
type journalFile struct {
	number uint64
	file   file
	size   int64 // written and synced
	uncut  int   // records of readings that are in no batch
}

// piece is a record of readings in the journal that is in no batch yet.
type piece struct {
	in        *journalFile
	names     *foundSite // whose numbers its rows use; nil: the dictionary's
	offset    int64
	length    int32
	count     int32
	lost      int32 // readings in damaged records before it that were in no batch
	collected int64 // instant of collection, Unix µs
}

// end is the place behind the piece: up to there the site is cut, once it is.
func (p piece) end() place { return place{p.in.number, p.offset + int64(p.length)} }

// journal appends groups of records. It belongs to whoever holds the spool's
// committing token; only files and counts are shared.
type journal struct {
	disk     disk
	epoch    energy.Epoch
	capacity int64 // bytes after which a new file is begun
	next     uint64
	active   *journalFile // nil: begin a new file
	unnamed  bool         // the active file lacks names: write them all first
	buffer   []byte       // of the group being written
}

// ready makes sure that there is a file with room; names are all names known,
// as records. It tells whether a file was begun.
func (j *journal) ready(names []byte) (*journalFile, error) {
	if j.active != nil && j.active.size < j.capacity {
		return nil, nil
	}
	f, size, err := createLog(j.disk, journalKind, j.epoch, j.next, names)
	if err != nil {
		return nil, err
	}
	j.active = &journalFile{number: j.next, file: f, size: size}
	j.next++
	j.unnamed = false
	return j.active, nil
}

// upcoming is the number of the file that the next group is written to.
func (j *journal) upcoming() uint64 {
	if j.active != nil && j.active.size < j.capacity {
		return j.active.number
	}
	return j.next
}

// write appends a group durably and gives the offset at which it begins; the
// file's size is the caller's to set, under the spool's mutex. What was written of
// it is cut off when it errs.
func (j *journal) write(names, group []byte) (offset int64, err error) {
	f, offset := j.active, j.active.size
	if j.unnamed { // before the rows that use them
		_, err = f.file.WriteAt(names, offset)
		offset += int64(len(names))
	}
	if err == nil {
		_, err = f.file.WriteAt(group, offset)
	}
	if err != nil {
		// Groups encoded meanwhile rely on names that are not there now.
		j.unnamed = true
		return 0, errors.Join(fmt.Errorf("append to %s: %w", journalKind.name(f.number), err), f.file.Truncate(f.size))
	}
	if err := f.file.Sync(); err != nil {
		// What the kernel could not write it may have dropped: leave this file.
		j.active = nil
		return 0, errors.Join(fmt.Errorf("sync %s: %w", journalKind.name(f.number), err), f.file.Truncate(f.size))
	}
	j.unnamed = false
	return offset, nil
}
