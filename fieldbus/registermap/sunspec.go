package registermap

import (
	"errors"
	"fmt"
	"slices"
)

// sunSpecPlaces are the wire addresses where the marker SunS may stand: those of
// the specification (SunSpec Device Information Model Specification 1.1, 6.2:
// 40000, 50000 and 0), and one beside them, because some makers count from 1.
func sunSpecPlaces() []uint16 { return []uint16{40000, 50000, 0, 40001, 50001, 1, 39999, 49999} }

const (
	sunSpecMarker = 0x53756E53 // "SunS"
	sunSpecEnd    = 0xFFFF     // the id of the block that ends the chain
	sunSpecBlocks = 256        // more blocks than any device has
)

// FindSunSpec finds the first block of one of these SunSpec models in the holding
// registers that read gives, and returns the address of its id register, which
// is the base of the addresses of [Model.SunSpec]. It looks for the marker SunS
// at the places of the specification and follows the chain of blocks from there.
//
// Read errs where the device refuses an address: then the marker is not there.
// The returned error joins what read said. Nothing that a device answers makes
// it read for ever or beyond the last address.
func FindSunSpec(read func(address uint16, count int) ([]uint16, error), ids []uint16) (base uint16, err error) {
	var said []error
	for _, place := range sunSpecPlaces() {
		words, err := read(place, 2)
		if err != nil {
			said = append(said, fmt.Errorf("read 2 of holding %d: %w", place, err))
			continue
		}
		if len(words) != 2 || uint32(words[0])<<16|uint32(words[1]) != sunSpecMarker {
			continue
		}
		base, err = walkSunSpec(read, int(place)+2, ids)
		if err == nil {
			return base, nil
		}
		said = append(said, err)
	}
	return 0, fmt.Errorf("find SunSpec model %v: %w", ids, errors.Join(append(said, errNoSunSpec)...))
}

var errNoSunSpec = errors.New("no chain of SunSpec blocks has it")

// walkSunSpec goes along the chain of blocks that begins at address. Each block
// begins with its id and its length without these two registers.
func walkSunSpec(read func(address uint16, count int) ([]uint16, error), address int, ids []uint16) (uint16, error) {
	var seen []uint16
	for range sunSpecBlocks {
		if address+1 > lastAddress {
			return 0, fmt.Errorf("chain of SunSpec blocks %v leads beyond the last address", seen)
		}
		header, err := read(uint16(address), 2)
		if err != nil {
			return 0, fmt.Errorf("read 2 of holding %d: %w", address, err)
		}
		if len(header) != 2 {
			return 0, fmt.Errorf("read 2 of holding %d: %d words came", address, len(header))
		}
		id, length := header[0], int(header[1])
		switch {
		case id == sunSpecEnd:
			return 0, fmt.Errorf("chain of SunSpec blocks %v ends at %d", seen, address)
		case slices.Contains(ids, id) && length > 0 && address+2+length-1 <= lastAddress:
			return uint16(address), nil
		}
		seen = append(seen, id)
		address += 2 + length
	}
	return 0, fmt.Errorf("chain of SunSpec blocks is longer than %d", sunSpecBlocks)
}
