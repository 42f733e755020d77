package plantsim

import (
	_ "embed" // the measured shapes travel with the binary
	"encoding/json"
	"fmt"
	"time"
)

//go:embed data/ukpn-derived-load-shapes.json
var shapesJSON string

const halfHours = 48

// shape is the course of a load over the local day, as a multiple of the
// site's mean: the median of the measured sites, per kind of day and half-hour.
type shape [dayKinds][halfHours]float64

// loadShapes reads the measured shapes by name: all_sites, co_located, enterprise.
func loadShapes() (map[string]*shape, error) {
	var file struct {
		Profiles map[string]map[string]struct {
			Median []float64 `json:"median"`
		} `json:"profiles"`
	}
	if err := json.Unmarshal([]byte(shapesJSON), &file); err != nil {
		return nil, fmt.Errorf("read the measured load shapes: %w", err)
	}
	names := [dayKinds]string{"weekday", "saturday", "sunday", "bank_holiday"}
	shapes := map[string]*shape{}
	for profile, kinds := range file.Profiles {
		s := new(shape)
		for kind, name := range names {
			if n := copy(s[kind][:], kinds[name].Median); n != halfHours {
				return nil, fmt.Errorf("read the measured load shapes: %s on %s has %d half-hours, not %d", profile, name, n, halfHours)
			}
		}
		shapes[profile] = s
	}
	return shapes, nil
}

// at is the shape at a local quarter-hour. A half-hour's mean stands at its
// middle; at its borders stands the mean of the two that meet there.
func (s *shape) at(local time.Time) float64 {
	year, month, day := local.Date()
	quarter := local.Hour()*4 + local.Minute()/15
	today := &s[kindOf(year, month, day)]
	if quarter%2 == 1 {
		return today[quarter/2]
	}
	if quarter > 0 {
		return (today[quarter/2-1] + today[quarter/2]) / 2
	}
	y, m, d := local.AddDate(0, 0, -1).Date()
	return (s[kindOf(y, m, d)][halfHours-1] + today[0]) / 2
}
