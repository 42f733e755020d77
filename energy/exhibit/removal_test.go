package exhibit_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"heatledger/energy"
	"heatledger/energy/exhibit"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

func TestOfADeletedDocumentDigestAndFactStay(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	shelf := exhibit.New(s)
	for _, site := range []energy.SiteID{"hafen", "fremd"} {
		if err := s.EnsureSite(t.Context(), site); err != nil {
			t.Fatal(err)
		}
	}
	photo := picture(t, "jpeg")
	take := func(site energy.SiteID, name string, body []byte) exhibit.Exhibit {
		t.Helper()
		taken, err := shelf.Take(t.Context(), document(site, name, body, "reading:hafen/heat"), "account:7")
		if err != nil {
			t.Fatal(err)
		}
		return taken
	}
	taken := take("hafen", "meter.jpg", photo)
	other := take("hafen", "bill.pdf", []byte(onePDF))
	if _, err := shelf.Remove(t.Context(), "hafen", taken.Digest, "account:1", "  "); !errors.Is(err, exhibit.ErrWhy) {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := shelf.Remove(t.Context(), "fremd", taken.Digest, "account:1", "a face"); !errors.Is(err, exhibit.ErrUnknown) {
		t.Errorf("of another site: %v", err)
	}
	if _, err := shelf.Remove(t.Context(), "hafen", taken.Digest, "account:1", "a face"); err != nil {
		t.Fatal(err)
	}
	if _, err := shelf.Remove(t.Context(), "hafen", taken.Digest, "account:1", "a face"); !errors.Is(err, exhibit.ErrRemoved) {
		t.Errorf("once more: %v", err)
	}
	found, err := shelf.Find(t.Context(), "hafen", taken.Digest)
	if err != nil || found.Fact != taken.Fact || found.Removed == nil || found.Removed.Why != "a face" || found.Removed.Actor != "account:1" || found.Removed.Elsewhere {
		t.Errorf("it is known as %+v, removed %+v, %v", found, found.Removed, err)
	}
	if err := shelf.Write(t.Context(), found, io.Discard); !errors.Is(err, exhibit.ErrRemoved) {
		t.Errorf("it is written: %v", err)
	}
	if err := shelf.Write(t.Context(), taken, io.Discard); !errors.Is(err, store.ErrNoFile) {
		t.Errorf("its bytes are there: %v", err)
	}
	if err := shelf.Write(t.Context(), other, io.Discard); err != nil {
		t.Errorf("another document went with it: %v", err)
	}
	take("hafen", "again.jpg", photo)
	var b bytes.Buffer
	if again, err := shelf.Find(t.Context(), "hafen", taken.Digest); err != nil || again.Removed != nil || shelf.Write(t.Context(), again, &b) != nil || !bytes.Equal(b.Bytes(), photo) {
		t.Errorf("handed in again it is %+v, %v", again, err)
	}
}

func TestBytesThatSomebodyElseHoldsStay(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	shelf := exhibit.New(s)
	kept := map[energy.SiteID]exhibit.Exhibit{}
	for _, site := range []energy.SiteID{"hafen", "fremd"} {
		if err := s.EnsureSite(t.Context(), site); err != nil {
			t.Fatal(err)
		}
		taken, err := shelf.Take(t.Context(), document(site, "deed.pdf", []byte(onePDF), "commitment:heat"), "account:7")
		if err != nil {
			t.Fatal(err)
		}
		kept[site] = taken
	}
	first, err := shelf.Remove(t.Context(), "hafen", kept["hafen"].Digest, "account:1", "a mistake")
	if err != nil || !first.Removed.Elsewhere {
		t.Errorf("the first: %+v, %v; want it to say that another site holds the bytes", first.Removed, err)
	}
	if err := shelf.Write(t.Context(), kept["fremd"], io.Discard); err != nil {
		t.Errorf("the other site lost its document: %v", err)
	}
	last, err := shelf.Remove(t.Context(), "fremd", kept["fremd"].Digest, "account:1", "a mistake")
	if err != nil || last.Removed.Elsewhere {
		t.Errorf("the last: %+v, %v", last.Removed, err)
	}
	if err := shelf.Write(t.Context(), kept["fremd"], io.Discard); !errors.Is(err, store.ErrNoFile) {
		t.Errorf("the bytes are there: %v", err)
	}
}

func TestDocumentsAreOverdueWhenTheirTimeEnded(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	shelf := exhibit.New(s)
	if err := s.EnsureSite(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
	taken, err := shelf.Take(t.Context(), document("hafen", "bill.pdf", []byte(onePDF), "fact:water_in_m3@2025"), "account:7")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		before energy.Date
		want   int
	}{{taken.KeptUntil, 0}, {taken.KeptUntil.AddDays(1), 1}} {
		if overdue, err := shelf.Overdue(t.Context(), "hafen", tt.before); err != nil || len(overdue) != tt.want {
			t.Errorf("before %s: %d documents, %v; want %d", tt.before, len(overdue), err, tt.want)
		}
	}
}
