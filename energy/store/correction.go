package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/series"
)

// Correction replaces every reading of the point that an earlier fact put into
// the period by the readings given, all of which lie in it. Without readings
// it is a withdrawal. A reason is required.
func (f *Fact) Correction(ctx context.Context, source string, rank int16, point energy.PointID,
	replaces energy.Period, reason string, readings []energy.Reading) error {
	readings = slices.Clone(readings)
	sortReadings(readings)
	if !replaces.From.Before(replaces.To) || reason == "" {
		return fmt.Errorf("correct point %s: an interval and a reason are expected", point)
	}
	// A reading outside would stand beside what is there, without a word.
	if len(readings) > 0 && !replaces.Covers(extentOf(readings)) {
		return fmt.Errorf("correct point %s in %s: readings of %s lie outside", point, replaces, extentOf(readings))
	}
	where, err := f.filed(ctx, []energy.PointID{point})
	if err != nil {
		return err
	}
	sourceNo, err := f.source(ctx, source)
	if err != nil {
		return err
	}
	no, body := where[0].point, series.EncodeReadings(nil, readings)
	_, err = f.q.Exec(ctx, `
		insert into correction (site_id, point_no, seq, part, from_at, to_at, recorded_at, source_id, rank, reason, body)
		values (@site, @point, @seq, @part, @from, @to, @recorded, @source, @rank, @reason, @body)`,
		pgx.NamedArgs{"site": f.siteNo, "point": no, "seq": f.Seq, "part": f.corrs[no],
			"from": micro(replaces.From), "to": micro(replaces.To), "recorded": f.RecordedAt,
			"source": sourceNo, "rank": rank, "reason": reason, "body": nonNil(body)})
	if err != nil {
		return fmt.Errorf("correct point %s in %s: %w", point, replaces, err)
	}
	f.corrs[no]++
	f.says("correction", []byte(source), strconv.AppendInt(nil, int64(rank), 10), []byte(point),
		strconv.AppendInt(nil, replaces.From.UnixMicro(), 10), strconv.AppendInt(nil, replaces.To.UnixMicro(), 10),
		[]byte(reason), body)
	return nil
}

// micro is t as the database keeps it.
func micro(t time.Time) time.Time { return time.UnixMicro(t.UnixMicro()).UTC() }

// nonNil keeps an empty body from becoming null.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
