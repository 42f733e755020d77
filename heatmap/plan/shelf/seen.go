package shelf

import (
	"context"
	"time"

	"heatledger/energy"
	"heatledger/energy/publication"
	"heatledger/heatmap/atlas"
)

// Seen tells whether somebody may see a plan at an instant: every site it rests on has
// to be one whose heat of that kind he may see by the hour for the whole year, for the
// result tells of hours. What he may plan at all is settled before.
func (s *Shelf) Seen(ctx context.Context, who atlas.Asker, saved Saved, now time.Time) (bool, error) {
	from, to := energy.Date{Year: saved.Year, Month: time.January, Day: 1}, energy.Date{Year: saved.Year + 1, Month: time.January, Day: 1}
	for _, rest := range saved.Sites {
		view, err := s.atlas.View(ctx, who, rest.Site, now)
		if err != nil {
			return false, err
		}
		days := view.Days(rest.Kind, publication.Hour, from, to)
		if len(days) != 1 || days[0] != (atlas.Stretch{From: from, To: to}) {
			return false, nil
		}
	}
	return true, nil
}
