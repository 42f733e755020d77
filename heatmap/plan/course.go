package plan

import (
	"fmt"

	"heatledger/heatmap"
	"heatledger/heatmap/demand"
)

// Courses is the year over which the scenario lays the heat of its areas: the share of
// each hour by load profile, without the hours of any area. Of the files only that of
// the weather is needed. It errs where the year or the weather cannot be read.
func (s Scenario) Courses(files map[string][]byte) (*demand.Year, error) {
	calendar, err := s.Calendar()
	if err != nil {
		return nil, err
	}
	span, err := s.Span()
	if err != nil {
		return nil, err
	}
	climate := demand.ModelledClimate(span)
	if w := s.Weather; w != nil {
		read, faults := s.readWeather(files[w.File])
		if len(faults) > 0 {
			return nil, fmt.Errorf("read the weather of %s: %w", s.Name, faults)
		}
		climate = read
	}
	return demand.NewYear(s.Year, heatmap.Local{Calendar: calendar, State: s.State}, climate, nil)
}
