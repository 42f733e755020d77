package store_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

const ada = "ada@example.city"

// rows counts the rows of a table of a test's own schema.
func rowsOf(t testing.TB, address, table string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // done
	if err := conn.QueryRow(t.Context(), "select count(*) from "+pgx.Identifier{table}.Sanitize()).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAMailIsQueuedWithItsCauseOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	if err := s.EnsureSite(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("wrong")
	for name, c := range map[string]struct {
		err  error
		want int
	}{"a fact that fails": {wrong, 0}, "a fact that is kept": {nil, 1}, "and again": {nil, 1}} {
		_, err := s.Append(t.Context(), "hafen", func(ctx context.Context, f *store.Fact) error {
			f.Submission([]byte(name))
			if _, err := f.QueueMail(ctx, store.Mail{Cause: name[:6], Kind: "k", To: ada}); err != nil {
				return err
			}
			return c.err
		})
		if !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	list, err := s.ListMail(t.Context(), 10)
	if err != nil || len(list) != 2 || !slices.ContainsFunc(list, func(e store.MailEntry) bool { return e.Cause == "a fact" }) {
		t.Errorf("queued is %v (%v): want those of the facts that were kept", list, err)
	}
}

func TestATakenMailIsNobodyElsesUntilItsLeaseIsOver(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := storetest.Open(t, storetest.URL(t), store.Options{Now: func() time.Time { return now }})
	if _, err := s.QueueMail(t.Context(), store.Mail{Cause: "c", Kind: "k", To: ada, Subject: "s", Body: "b"}); err != nil {
		t.Fatal(err)
	}
	take := func() (store.Letter, bool) {
		l, ok, err := s.TakeMail(t.Context(), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return l, ok
	}
	first, ok := take()
	if !ok || first.To != ada || first.Subject != "s" || first.Attempts != 1 {
		t.Fatalf("taken %t: %+v", ok, first)
	}
	if _, ok := take(); ok {
		t.Error("it is taken twice")
	}
	now = now.Add(time.Hour + time.Second)
	again, ok := take()
	if !ok || again.UID != first.UID || again.Attempts != 2 {
		t.Errorf("after the lease: taken %t: %+v; want the same Message-ID", ok, again)
	}
	if err := s.MailDelayed(t.Context(), again.ID, now.Add(time.Minute), "later"); err != nil {
		t.Fatal(err)
	}
	if _, ok := take(); ok {
		t.Error("it is taken before its time")
	}
	now = now.Add(time.Minute)
	if _, ok := take(); !ok {
		t.Error("it is not taken at its time")
	}
}

func TestNothingOfAReaderIsKeptAfterTheLetter(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t)
	s := storetest.Open(t, address, store.Options{})
	for i, finish := range []func(id int64) error{
		func(id int64) error { return s.MailSent(t.Context(), id) },
		func(id int64) error { return s.MailGivenUp(t.Context(), id, "unknown") },
	} {
		if _, err := s.QueueMail(t.Context(), store.Mail{Cause: fmt.Sprint(i), Kind: "k", To: ada, Subject: "s", Body: "secret"}); err != nil {
			t.Fatal(err)
		}
		if n := rowsOf(t, address, "mail_address"); n != 1 {
			t.Fatalf("%d addresses of one", n)
		}
		l, _, err := s.TakeMail(t.Context(), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(finish(l.ID), s.ForgetAddresses(t.Context())); err != nil {
			t.Fatal(err)
		}
		if letters, addresses := rowsOf(t, address, "mail_letter"), rowsOf(t, address, "mail_address"); letters+addresses != 0 {
			t.Errorf("%d letters and %d addresses are left", letters, addresses)
		}
	}
}

func TestOnlyWhatIsAnAddressGetsMail(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		ada: true, "a.b+c@x-y.example": true, "o'hara@example.city": true,
		"": false, "ada": false, "ada@": false, "@example": false, "a@b@c": false, "a b@example": false, "a@b\r\nBcc: c@d": false,
		"<a@b>": false, "a@b,c@d": false, "a..b@example": false, ".a@example": false, "ä@example": false, "a@b/c": false, strings.Repeat("a", 65) + "@b": false,
	} {
		if got := store.IsAddress(text); got != want {
			t.Errorf("%q is an address: %t", text, got)
		}
	}
	if _, err := storetest.New(t).QueueMail(t.Context(), store.Mail{Cause: "c", To: "a@b\r\nBcc: c@d"}); !errors.Is(err, store.ErrNoAddress) {
		t.Errorf("queued for two: %v", err)
	}
}

// ask is the letter that asks whether somebody wants to be written to.
func ask(noted store.Subscription, confirm string) store.Mail {
	return store.Mail{Cause: "confirm/" + noted.Token, Kind: "confirmation", To: noted.Address, Body: confirm}
}

func wish(topic store.Topic) store.Subscription {
	return store.Subscription{Address: ada, Topic: topic, Severity: "warning", Language: "de"}
}

func TestNobodyIsWrittenToWithoutAYes(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := storetest.Open(t, storetest.URL(t), store.Options{Now: func() time.Time { return now }})
	var confirm string
	asked, err := s.Subscribe(t.Context(), wish(store.TopicFindings), func(n store.Subscription, c string) store.Mail { confirm = c; return ask(n, c) })
	if err != nil || !asked {
		t.Fatal(asked, err)
	}
	if subs, err := s.Subscriptions(t.Context(), "", false); err != nil || len(subs) != 0 {
		t.Errorf("before the yes: %v (%v)", subs, err)
	}
	if again, err := s.Subscribe(t.Context(), wish(store.TopicFindings), ask); err != nil || again {
		t.Errorf("asked again within a day: %t (%v)", again, err)
	}
	if _, ok, err := s.Confirm(t.Context(), confirm+"x"); ok || err != nil {
		t.Errorf("another token confirms: %t (%v)", ok, err)
	}
	sub, ok, err := s.Confirm(t.Context(), confirm)
	if !ok || err != nil || sub.Address != ada || sub.Confirmed == nil {
		t.Fatalf("confirmed %t: %+v (%v)", ok, sub, err)
	}
	if _, ok, _ := s.Confirm(t.Context(), confirm); ok {
		t.Error("a token confirms twice")
	}
	now = now.Add(8 * 24 * time.Hour)
	var late string
	if _, err := s.Subscribe(t.Context(), wish(store.TopicReminders), func(n store.Subscription, c string) store.Mail { late = c; return ask(n, c) }); err != nil {
		t.Fatal(err)
	}
	now = now.Add(8 * 24 * time.Hour)
	if _, ok, _ := s.Confirm(t.Context(), late); ok {
		t.Error("a token confirms after more than a week")
	}
	if err := s.ForgetUnconfirmed(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if subs, err := s.Subscriptions(t.Context(), "", true); err != nil || len(subs) != 1 || subs[0].Topic != store.TopicFindings {
		t.Errorf("after a week there are %v (%v)", subs, err)
	}
}

func TestASubscriberIsToldOfEachThingOnceAndOfNothingAfterTheEnd(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t)
	s := storetest.Open(t, address, store.Options{})
	sub, err := s.SubscribeConfirmed(t.Context(), wish(store.TopicFindings))
	if err != nil {
		t.Fatal(err)
	}
	item := func(n byte) store.Told { return sha256.Sum256([]byte{n}) }
	tell := func(cause string, items ...store.Told) (told []int) {
		queued, err := s.Tell(t.Context(), sub.ID, items, func(fresh []int) store.Mail {
			told = fresh
			return store.Mail{Cause: cause, Kind: "findings", To: ada, Unsubscribe: "https://x/subscriptions/" + sub.Token}
		})
		if err != nil {
			t.Fatal(err)
		}
		if !queued {
			return nil
		}
		return told
	}
	if told := tell("monday", item(1), item(2)); !slices.Equal(told, []int{0, 1}) {
		t.Errorf("told %v first", told)
	}
	if told := tell("tuesday", item(2), item(3), item(1)); !slices.Equal(told, []int{1}) {
		t.Errorf("told %v then, want the new one", told)
	}
	if told := tell("tuesday", item(4)); told != nil {
		t.Errorf("told %v by a second letter of the same cause", told)
	}
	if told := tell("wednesday", item(4)); !slices.Equal(told, []int{0}) {
		t.Errorf("told %v: what was held back is lost", told)
	}
	for _, wrong := range []string{"", sub.Token[len(sub.Token)-1:], sub.Token[1:], "x" + sub.Token} {
		if ok, err := s.Unsubscribe(t.Context(), wrong); ok || err != nil {
			t.Errorf("ended by %q: %t (%v)", wrong, ok, err)
		}
	}
	if n := rowsOf(t, address, "mail_letter"); n != 3 {
		t.Errorf("%d letters wait, want the three that were queued", n)
	}
	if ok, err := s.Unsubscribe(t.Context(), sub.Token); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if told := tell("thursday", item(5)); told != nil {
		t.Errorf("told %v after the end", told)
	}
	if _, ok, err := s.TakeMail(t.Context(), time.Hour); ok || err != nil {
		t.Errorf("a letter of an ended subscription is sent (%v)", err)
	}
	for _, table := range []string{"mail_letter", "mail_address", "mail_subscription", "mail_told"} {
		if n := rowsOf(t, address, table); n != 0 {
			t.Errorf("%d rows of %s are left", n, table)
		}
	}
	if ok, err := s.Unsubscribe(t.Context(), sub.Token); ok || err != nil {
		t.Errorf("ended twice: %t (%v)", ok, err)
	}
}

func TestANewSubscriptionTakesThePlaceOfTheOldOne(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	for _, severity := range []string{"error", "warning"} {
		w := wish(store.TopicFindings)
		w.Severity = severity
		if _, err := s.SubscribeConfirmed(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.SubscribeConfirmed(t.Context(), wish(store.TopicReminders)); err != nil {
		t.Fatal(err)
	}
	subs, err := s.Subscriptions(t.Context(), store.TopicFindings, true)
	if err != nil || len(subs) != 1 || subs[0].Severity != "warning" {
		t.Errorf("subscriptions to findings are %v (%v)", subs, err)
	}
}
