package mail_test

import (
	"testing"
	"time"

	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// opened is a store of the test's own with a clock, and its address.
func opened(t testing.TB, now func() time.Time) (*store.Store, string) {
	t.Helper()
	address := storetest.URL(t)
	return reopened(t, address, now), address
}

func reopened(t testing.TB, address string, now func() time.Time) *store.Store {
	t.Helper()
	return storetest.Open(t, address, store.Options{Now: now})
}
