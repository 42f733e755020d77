package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
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
	no, body := where[0].point, nonNil(series.EncodeReadings(nil, readings))
	salt := proof.NewSalt()
	said := proof.Correction{Site: f.site, Point: point, Fact: f.Seq, Part: f.corrs[no], RecordedAt: f.RecordedAt,
		Replaces: energy.Period{From: micro(replaces.From), To: micro(replaces.To)}, Source: source, Rank: rank, Reason: reason, Body: body}
	_, err = f.q.Exec(ctx, `
		insert into correction (site_id, point_no, seq, part, from_at, to_at, recorded_at, source_id, rank, reason, nonce, body)
		values (@site, @point, @seq, @part, @from, @to, @recorded, @source, @rank, @reason, @nonce, @body)`,
		pgx.NamedArgs{"site": f.siteNo, "point": no, "seq": f.Seq, "part": f.corrs[no],
			"from": said.Replaces.From, "to": said.Replaces.To, "recorded": f.RecordedAt,
			"source": sourceNo, "rank": rank, "reason": reason, "nonce": salt[:], "body": body})
	if err != nil {
		return fmt.Errorf("correct point %s in %s: %w", point, replaces, err)
	}
	f.corrs[no]++
	f.line(fmt.Sprintf("%s %s %d", proof.LineCorrection, point, said.Part), said.Digest(salt))
	f.own = true
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
