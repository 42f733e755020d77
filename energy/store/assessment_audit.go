package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
)

// assessments checks the judgements that facts issued.
func (a *siteAudit) assessments(ctx context.Context, facts []int64, want map[said]proof.Digest) error {
	rows, err := a.q.Query(ctx, `
		select seq, part, recorded_at, known_at, rests_on, on_date, commitment, rule, period, method, actor, reason, nonce, digest, prose, body
		from assessment where site_id = @site and seq = any(@facts)`, pgx.NamedArgs{"site": a.no, "facts": facts})
	if err != nil {
		return fmt.Errorf("read judgements: %w", err)
	}
	var i Issued
	var on time.Time
	var salt []byte
	_, err = pgx.ForEachRow(rows, []any{&i.Seq, &i.Part, &i.RecordedAt, &i.KnownAt, &i.RestsOn, &on, &i.Commitment, &i.Rule, &i.Period, &i.Method,
		&i.Actor, &i.Reason, &salt, &i.Digest, &i.Prose, &i.Body}, func() error {
		i.On = energy.Date{Year: on.Year(), Month: on.Month(), Day: on.Day()}
		a.compare(want, said{i.Seq, fmt.Sprintf("%s %d", proof.LineAssessment, i.Part)}, i.says(a.id, saltOf(salt)), proof.Finding{Table: "assessment"})
		return nil
	})
	return wrap(err, "read judgements")
}
