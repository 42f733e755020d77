package main

import (
	"fmt"
	"time"
)

// layout is a group of simulated devices that are alike: the values of each
// are float32 in holding registers, high word first, from address 0.
type layout struct {
	Name    string        `json:"name"`
	Devices int           `json:"devices"`
	Units   int           `json:"units"`  // behind each of the devices' addresses, numbered from 1
	Values  int           `json:"values"` // of each unit
	Stride  int           `json:"stride"` // registers from one value to the next, 2 or more
	Refuse  int           `json:"refuse"` // every so many holes is refused with exception 2; 0: none, 1: all
	Delay   time.Duration `json:"delay"`  // before each answer, as a gateway before a serial line needs
}

// valueWords is how many registers a float32 takes.
const valueWords = 2

// most is how many registers a request may ask for (Modbus Application Protocol
// V1.1b3, 6.3).
const most = 125

// words is how many registers a unit has; what lies behind is refused.
func (l layout) words() int { return (l.Values-1)*l.Stride + valueWords }

// readings is how many values all units of the group have together.
func (l layout) readings() int { return l.Devices * l.Units * l.Values }

// address is where a value begins.
func (l layout) address(value int) int { return value * l.Stride }

// refused tells whether the hole behind a value is one that the unit will not read.
func (l layout) refused(value int) bool {
	return l.Refuse > 0 && l.Stride > valueWords && (value+1)%l.Refuse == 0
}

// serves tells whether a unit answers a request of count registers from address.
func (l layout) serves(address, count int) bool {
	end := address + count
	if count < 1 || count > most || end > l.words() {
		return false
	}
	for value := address / l.Stride; value < l.Values && l.address(value) < end; value++ {
		hole := l.address(value) + valueWords
		if l.refused(value) && address < l.address(value+1) && hole < end && hole < l.words() {
			return false
		}
	}
	return true
}

// minimum is the least number of requests that bring every value of a unit
// whole, knowing which holes it refuses. To go from the lowest address as far
// as possible is the optimum: a request that starts later never has to end
// earlier.
func (l layout) minimum() int {
	requests := 0
	for value := 0; value < l.Values; {
		last := value
		for next := value + 1; next < l.Values; next++ {
			if l.address(next)+valueWords-l.address(value) > most || l.refused(next-1) {
				break
			}
			last = next
		}
		value = last + 1
		requests++
	}
	return requests
}

// site is where the points of a device belong: forty devices to a site, which
// is what a large data centre has.
func (l layout) site(device int) string { return fmt.Sprintf("%s-s%02d", l.Name, device/40) }

// point is the id of a value's point.
func (l layout) point(device, unit, value int) string {
	return fmt.Sprintf("%s/d%04d-u%02d-v%02d", l.site(device), device, unit, value)
}
