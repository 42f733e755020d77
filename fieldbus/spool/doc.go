// Package spool is the durable queue between the drivers and the centre: what
// was read survives a dead database, network, process or machine, and reaches
// the centre once. It knows readings, batches and files; it does not know who
// reads and how a batch travels (see [Deliverer]).
//
// # The way of a reading
//
// [Spool.Collect] appends readings to the journal and returns when they are on
// disk; callers that come together share one write and one fsync. From time to
// time readings of a site are cut: copied from the journal into a numbered
// batch in the batch log, with the place up to which the journal is used up. A
// batch is fsynced before it is delivered, so that a sequence number carries
// the same readings for ever; what was not cut before a crash is cut anew.
// Deliveries that the centre confirmed are marked in the batch log. The mark may
// be lost in a power cut: then the batch goes out again, the same to the last
// bit, and the centre knows it.
//
// Fresh readings travel in the live lane. What grew older than
// [Options.BacklogAfter] before it could be cut travels in the backlog lane, so
// that weeks of outage do not hold up what is read now.
//
// # A centre that was restored
//
// A centre restored from its backup knows fewer batches than were delivered. It
// says so when a batch comes that is not the next (behind), and the lane goes
// back to what the centre has. Lanes that have nothing to deliver would never
// hear of it: so at each start, and whenever one lane hears it, every lane
// delivers the last batch of each of its epochs once more, as a question.
//
// # Policy at the bound
//
// Nothing that was not delivered is ever given up: the oldest stays, what is new
// is refused. When the files reach [Options.MaxBytes], or the disk is full,
// Collect errs with [ErrFull] and counts what it refused. Before that, delivered
// files are given up, oldest first, even before [Options.Keep] is over: a
// reading that is refused is lost for certain, a delivered copy is missed only
// if the centre loses its own. This is warned of, counted
// ([Stats.ReleasedEarly]), and [Stats.KeptFrom] says how far back a centre can
// still be given everything. A bound that holds Keep is about 6 bytes a reading:
// 8 GiB hold two weeks of 1,100 readings a second.
//
// # Clocks
//
// Readings bear the time that the driver gave them; no clock of the spool
// changes it. When the wall clock jumps:
//
//	ahead  what waits uncut seems old and goes to the backlog lane, complete
//	back   what waits uncut is cut at once; live batches go on as before
//	both   pauses between tries and the wait for company go by a steady clock;
//	       delivered files are kept by rules of their own (retain.go): never for
//	       less than Keep of time that passed, and not for ever
//
// # Accounts
//
// [Stats] balances at every instant: what drivers handed over is delivered,
// queued, refused or lost. The logs tell all of it but what was refused or lost:
// that stands in the account file.
//
// # Files
//
//	identity                who this spool is: epoch and source, as text
//	account                 how many readings were refused and lost, written in place
//	lock                    flock of the process that has it, with its pid
//	journal-NNNNNNNNNN.log  readings as they came; deleted when all are cut
//	batches-NNNNNNNNNN.log  batches, marks, epochs; deleted after Keep
//	*.bad                   set aside: foreign files, damaged stretches of files
//
// Both kinds of log are a file header followed by records. Numbers are
// little-endian, varints those of encoding/binary, instants Unix µs.
//
//	header = "heatlog" version(1 byte, 1) kind('j'|'b') epoch(16) number(8) crc(4)
//	record = 0x9E kind(1) length(4) crc(4) payload(length)
//
// Checksums are CRC-32C. A record's covers kind, length and payload, and starts
// from the checksum of the spool's epoch: records of another spool never pass.
// After a damaged stretch reading goes on at the next record that passes.
//
// Journal payloads:
//
//	'n' names:    (uvarint site number, uvarint point number, uvarint length, point)*
//	'R' readings: uvarint site number, uvarint readings of the site before it in
//	              this file, block (package rows; base = instant of collection)
//	'r' readings: without the number before; by an earlier version
//
// These numbers are the file's own: it begins with all names known so far. Batch
// log payloads:
//
//	'c' checkpoint: the whole state at the beginning of the file (state.go)
//	'b' batch:      synced, site, lane, ordinal, journal file, journal offset,
//	                count, before, first, last, then the zstd body (package rows)
//	'm' mark:       synced, site, lane, ordinal, total, instant
//	'e' epoch:      synced, site, lane, total, base, lost, epoch(16), source
//	'x' refused:    synced, readings refused so far; by an earlier version
//
// where synced is the length of the file known to be on disk when the record was
// written: damage behind the last such length is a torn tail and is cut off
// whole; damage before it is rot, and only the stretch is lost. The ordinal
// counts a lane's batches from 1 for ever; the sequence that the centre sees is
// ordinal − base of the lane's epoch. before and total count readings of the
// lane, as the number before of a journal record counts those of its site: so a
// lost record leaves the accounts exact.
//
// The account is two slots of 512 bytes that take turns, each
//
//	"heatacct" version(1 byte, 1) generation(8) refused(8) lost(8) jumped(8) crc(4)
//
// of which the one with the higher generation that passes holds. It has its size
// from the first start on, so that a full disk can count what it refuses (on a
// file system that writes in place). A killed process forgets nothing of it, a
// power cut the last second at most.
package spool
