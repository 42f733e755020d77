package storetest_test

import (
	"testing"

	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	first, second := storetest.New(t), storetest.New(t)
	if err := first.EnsureSite(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
	sites, err := second.Sites(t.Context())
	if err != nil || len(sites) != 0 {
		t.Errorf("the second database has sites %v (%v), want none", sites, err)
	}
}

func TestAClusterIsBackAfterAKillAtTheSameAddress(t *testing.T) {
	t.Parallel()
	c := storetest.NewCluster(t)
	address := c.URL()
	s := storetest.Open(t, address, store.Options{})
	if err := s.EnsureSite(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
	c.Kill9()
	if err := s.Ping(t.Context()); !store.IsTransient(err) {
		t.Errorf("ping of a killed server: %v, want a transient error", err)
	}
	c.Start()
	if c.URL() != address {
		t.Errorf("address is %s after a new start, want %s", c.URL(), address)
	}
	if sites, err := s.Sites(t.Context()); err != nil || len(sites) != 1 {
		t.Errorf("sites after a crash: %v (%v), want hafen", sites, err)
	}
}
