package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// Topic is what a subscription is about.
type Topic string

// The topics: what is wrong in readings, and what is due.
const (
	TopicFindings  Topic = "findings"
	TopicReminders Topic = "reminders"
)

// Topics lists all of them.
func Topics() []Topic { return []Topic{TopicFindings, TopicReminders} }

// Subscription is somebody's wish to be written to.
type Subscription struct {
	ID       int64
	Address  string
	Topic    Topic
	Sites    []energy.SiteID // empty: all
	Severity string          // the least that is told: info, warning, error
	Urgent   bool            // errors at once, not with the next digest
	Language string          // de, en
	Token    string          // ends it, and nothing else
	Created  time.Time
	// Confirmed is when whoever reads at the address said yes; nil: not yet, and
	// until then nothing but the question is sent there.
	Confirmed *time.Time
}

// The bounds of what nobody confirmed: others must not be flooded through us.
const (
	askAgainAfter  = 24 * time.Hour // the same address is asked about the same topic
	confirmWithin  = 7 * 24 * time.Hour
	mostUnanswered = 500
)

// ErrManyUnanswered says that too many subscriptions wait to be confirmed.
var ErrManyUnanswered = errors.New("too many subscriptions wait to be confirmed")

// hashConfirmation is what the database knows of the token that confirms.
func hashConfirmation(token string) []byte {
	sum := sha256.Sum256([]byte("confirm subscription\n" + token))
	return sum[:]
}

// Subscribe notes a wish and, in the same transaction, queues the letter that
// asks whoever reads at the address; ask writes it, with the token that confirms.
// An address that was asked about the topic in the last 24 hours is not asked
// again: asked is false then, and nothing is noted.
func (s *Store) Subscribe(ctx context.Context, wish Subscription, ask func(noted Subscription, confirm string) Mail) (asked bool, err error) {
	if !IsAddress(wish.Address) {
		return false, fmt.Errorf("subscribe: %w", ErrNoAddress)
	}
	now, confirm := s.now(), randomName()
	err = s.pool.transaction(ctx, func(q session) error {
		address, err := q.mailAddress(ctx, wish.Address)
		if err != nil {
			return err
		}
		var lately bool
		var unanswered int
		err = q.QueryRow(ctx, `
			select coalesce(bool_or(address_id = @address and topic = @topic and created_at > @since), false), count(*)
			from mail_subscription where confirmed_at is null`,
			pgx.NamedArgs{"address": address, "topic": wish.Topic, "since": now.Add(-askAgainAfter)}).Scan(&lately, &unanswered)
		if err != nil || lately {
			return err
		}
		if unanswered >= mostUnanswered {
			return ErrManyUnanswered
		}
		noted := wish
		noted.Token, noted.Created, noted.Confirmed = randomName(), now, nil
		if err := q.insertSubscription(ctx, &noted, address, hashConfirmation(confirm)); err != nil {
			return err
		}
		asked, err = q.queueMail(ctx, ask(noted, confirm), now)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("subscribe to %s: %w", wish.Topic, err)
	}
	return asked, nil
}

// SubscribeConfirmed notes a subscription that somebody else has confirmed, such
// as the office for a mailbox of its own. It takes the place of the one before.
func (s *Store) SubscribeConfirmed(ctx context.Context, wish Subscription) (noted Subscription, err error) {
	if !IsAddress(wish.Address) {
		return noted, fmt.Errorf("subscribe: %w", ErrNoAddress)
	}
	now := s.now()
	err = s.pool.transaction(ctx, func(q session) error {
		address, err := q.mailAddress(ctx, wish.Address)
		if err != nil {
			return err
		}
		noted = wish
		noted.Token, noted.Created, noted.Confirmed = randomName(), now, &now
		if err := q.insertSubscription(ctx, &noted, address, nil); err != nil {
			return err
		}
		return q.replaceOthers(ctx, noted.ID)
	})
	if err != nil {
		return noted, fmt.Errorf("subscribe to %s: %w", wish.Topic, err)
	}
	return noted, nil
}

func (q session) insertSubscription(ctx context.Context, n *Subscription, address int64, confirm []byte) error {
	sites := make([]string, len(n.Sites))
	for i, site := range n.Sites {
		sites[i] = string(site)
	}
	return q.QueryRow(ctx, `
		insert into mail_subscription (address_id, topic, sites, severity, urgent, language, token, confirm_hash, created_at, confirmed_at)
		values (@address, @topic, @sites, @severity, @urgent, @language, @token, @confirm, @created, @confirmed)
		returning id`,
		pgx.NamedArgs{"address": address, "topic": n.Topic, "sites": sites, "severity": n.Severity, "urgent": n.Urgent, "language": n.Language,
			"token": n.Token, "confirm": confirm, "created": n.Created, "confirmed": n.Confirmed}).Scan(&n.ID)
}

// replaceOthers ends what the same address had subscribed to of the same topic.
func (q session) replaceOthers(ctx context.Context, id int64) error {
	_, err := q.Exec(ctx, `
		delete from mail_subscription o using mail_subscription n
		where n.id = @id and o.id <> n.id and o.address_id = n.address_id and o.topic = n.topic`, pgx.NamedArgs{"id": id})
	return err
}

// subscriptionRows are the columns of a Subscription in its order.
const subscriptionRows = `select s.id, a.address, s.topic, s.sites, s.severity, s.urgent, s.language, s.token, s.created_at, s.confirmed_at
	from mail_subscription s join mail_address a on a.id = s.address_id `

// Confirm says that whoever reads at the address wants the subscription. It takes
// the place of what the address had of the topic before. ok is false for a token
// that is unknown, used or older than a week.
func (s *Store) Confirm(ctx context.Context, confirm string) (sub Subscription, ok bool, err error) {
	now := s.now()
	err = s.pool.transaction(ctx, func(q session) error {
		var id int64
		err := q.QueryRow(ctx, `
			update mail_subscription set confirmed_at = @now, confirm_hash = null
			where confirm_hash = @hash and confirmed_at is null and created_at > @since returning id`,
			pgx.NamedArgs{"now": now, "hash": hashConfirmation(confirm), "since": now.Add(-confirmWithin)}).Scan(&id)
		if err == nil {
			err = q.replaceOthers(ctx, id)
		}
		if err != nil {
			return err
		}
		sub, err = one(ctx, q, subscriptionRows+"where s.id = @id", pgx.NamedArgs{"id": id})
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Subscription{}, false, nil
	}
	if err != nil {
		return Subscription{}, false, fmt.Errorf("confirm a subscription: %w", err)
	}
	return sub, true, nil
}

func one(ctx context.Context, q session, sql string, args pgx.NamedArgs) (Subscription, error) {
	rows, err := q.Query(ctx, sql, args)
	if err != nil {
		return Subscription{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Subscription])
}

// Subscription is the one that a token ends; ok is false where it has ended.
func (r Reader) Subscription(ctx context.Context, token string) (sub Subscription, ok bool, err error) {
	err = r.with(AsOwner(ctx), func(q session) (err error) {
		sub, err = one(ctx, q, subscriptionRows+"where s.token = @token", pgx.NamedArgs{"token": token})
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Subscription{}, false, nil
	}
	if err != nil {
		return Subscription{}, false, fmt.Errorf("look up a subscription: %w", err)
	}
	return sub, true, nil
}

// Subscriptions lists the subscriptions to a topic ("" for all) that are confirmed
// or, where asked for, those that wait to be, in the order in which they came.
func (r Reader) Subscriptions(ctx context.Context, topic Topic, unconfirmed bool) (subs []Subscription, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		subs, err = list(ctx, q, pgx.RowToStructByPos[Subscription],
			subscriptionRows+"where (@topic = '' or s.topic = @topic) and (s.confirmed_at is not null or @unconfirmed) order by s.id",
			pgx.NamedArgs{"topic": string(topic), "unconfirmed": unconfirmed})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list subscriptions: %w", err)
	}
	return subs, nil
}

// Unsubscribe ends the subscription of a token: it, what still waits to be sent
// for it, and the address, unless something else needs that. ok is false where it
// had ended before.
func (s *Store) Unsubscribe(ctx context.Context, token string) (ok bool, err error) {
	err = s.pool.transaction(ctx, func(q session) error {
		tag, err := q.Exec(ctx, "delete from mail_subscription where token = @token", pgx.NamedArgs{"token": token})
		if err != nil {
			return err
		}
		if ok = tag.RowsAffected() > 0; !ok { // a token that is none must not end anything
			return nil
		}
		_, err = q.Exec(ctx, `
			with ended as (delete from mail_letter where right(unsubscribe, length(@token::text) + 1) = '/' || @token::text returning mail_id)
			update mail set given_up_at = @now, claimed_until = null, trouble = 'the subscription ended'
			where id in (select mail_id from ended) and sent_at is null`, pgx.NamedArgs{"token": token, "now": s.now()})
		return err
	})
	if err != nil {
		return false, fmt.Errorf("end a subscription: %w", err)
	}
	return ok, s.ForgetAddresses(ctx)
}

// ForgetUnconfirmed ends the subscriptions that nobody confirmed in time, and
// forgets what was told before old.
func (s *Store) ForgetUnconfirmed(ctx context.Context, old time.Time) error {
	err := s.pool.transaction(ctx, func(q session) error {
		_, err := q.Exec(ctx, "delete from mail_subscription where confirmed_at is null and created_at < @since", pgx.NamedArgs{"since": s.now().Add(-confirmWithin)})
		if err != nil {
			return err
		}
		_, err = q.Exec(ctx, "delete from mail_told where told_at < @old", pgx.NamedArgs{"old": old})
		return err
	})
	if err != nil {
		return fmt.Errorf("forget subscriptions that nobody confirmed: %w", err)
	}
	return nil
}

// Told is the digest of something a subscriber is told once.
type Told [sha256.Size]byte

// Tell writes to a subscriber about those of several items he was not told of
// before: write is given their indices and makes the letter. Letter and note are
// kept in one transaction. Nothing happens where nothing is new, where a letter
// of the same cause was queued before, and where the subscription has ended.
func (s *Store) Tell(ctx context.Context, id int64, items []Told, write func(fresh []int) Mail) (queued bool, err error) {
	err = s.pool.transaction(ctx, func(q session) error {
		var held int64
		err := q.QueryRow(ctx, "select id from mail_subscription where id = @id and confirmed_at is not null for update", pgx.NamedArgs{"id": id}).Scan(&held)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		all := make([][]byte, len(items))
		for i := range items {
			all[i] = items[i][:]
		}
		fresh, err := list(ctx, q, pgx.RowTo[int], `
			select (n - 1)::int from unnest(@items::bytea[]) with ordinality as i (item, n)
			where not exists (select from mail_told t where t.subscription_id = @id and t.item = i.item)
			order by n`, pgx.NamedArgs{"id": id, "items": all})
		if err != nil || len(fresh) == 0 {
			return err
		}
		if queued, err = q.queueMail(ctx, write(fresh), s.now()); err != nil || !queued {
			return err
		}
		_, err = q.Exec(ctx, `
			insert into mail_told (subscription_id, item, told_at)
			select @id, item, @now from unnest(@items::bytea[]) as i (item)
			on conflict (subscription_id, item) do nothing`, pgx.NamedArgs{"id": id, "items": all, "now": s.now()})
		return err
	})
	if err != nil {
		return false, fmt.Errorf("tell subscriber %d: %w", id, err)
	}
	return queued, nil
}
