package store_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// onBehalf is a context on behalf of one who reaches these sites and points.
func onBehalf(ctx context.Context, reach access.Reach) context.Context {
	ctx = store.OnBehalf(ctx)
	store.Reaches(ctx, reach, "account:1")
	return ctx
}

func everything() energy.Period {
	return energy.Period{From: noon.AddDate(-1, 0, 0), To: noon.AddDate(1, 0, 0)}
}

// twoSites are hafen and kaiserlei, of an operator each, with two points each; of
// each a promise of the municipality, one of which was withdrawn from its site.
func twoSites(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.Open(t, storetest.URL(t), store.Options{MaxConns: 1}) // all share one connection
	for _, site := range []energy.SiteID{"hafen", "kaiserlei"} {
		if err := s.EnsureSite(t.Context(), site); err != nil {
			t.Fatal(err)
		}
		_, err := s.Append(t.Context(), site, func(ctx context.Context, f *store.Fact) error {
			for _, point := range []string{"/grid", "/heat"} {
				body := fmt.Sprintf(`{"points": [{"id": "%s%s"}]}`, site, point)
				if err := f.Entry(ctx, "meter", string(site)+"-"+point[1:], time.Time{}, "test", []byte(body)); err != nil {
					return err
				}
				if err := f.Chunks(ctx, "file", 5, of(energy.PointID(string(site)+point), at(0, 3))); err != nil {
					return err
				}
			}
			return f.Entry(ctx, "site", string(site), time.Time{}, "test", fmt.Appendf(nil, `{"operator": "op-%s"}`, site))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.EnsureSite(t.Context(), store.Municipality); err != nil {
		t.Fatal(err)
	}
	_, err := s.Append(t.Context(), store.Municipality, func(ctx context.Context, f *store.Fact) error {
		for _, e := range [][3]string{{"municipality", "municipality", `{}`}, {"operator", "op-hafen", `{}`}, {"operator", "op-kaiserlei", `{}`},
			{"commitment", "all", `{}`}, {"commitment", "of-hafen", `{"sites": ["hafen"]}`}, {"commitment", "of-kaiserlei", `{"operator": "op-kaiserlei"}`},
			{"commitment", "moved", `{"sites": ["hafen"]}`}, {"grant", "7", `{"sites": ["hafen"]}`},
			{"evidence", "shared", `{"allocations": [{"site": "hafen", "mwh": 1}, {"site": "kaiserlei", "mwh": 1}]}`}} {
			if err := f.Entry(ctx, e[0], e[1], time.Time{}, "test", []byte(e[2])); err != nil {
				return err
			}
		}
		return f.Entry(ctx, "commitment", "moved", noon, "test", []byte(`{"sites": ["kaiserlei"]}`))
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// overview is all that is seen of the sites, in one line.
func overview(ctx context.Context, t *testing.T, s *store.Store) string {
	t.Helper()
	sites, err := s.Sites(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, site := range []energy.SiteID{"hafen", "kaiserlei"} {
		head, err := s.Head(ctx, site)
		if err != nil && !errors.Is(err, store.ErrNoSite) || (err == nil) != slices.Contains(sites, site) {
			t.Fatalf("the head of %s, of the sites %v: %v", site, sites, err)
		}
		if head.Seq == 0 {
			continue
		}
		for _, point := range []energy.PointID{"/grid", "/heat"} {
			runs, err := s.Runs(ctx, site, []energy.PointID{energy.PointID(site) + point}, everything(), head.Seq)
			if err != nil {
				t.Fatal(err)
			}
			if len(runs) > 0 {
				all = append(all, string(site)+string(point))
			}
		}
		all = append(all, idsOf(ctx, t, s, site)...)
	}
	return strings.Join(append(all, idsOf(ctx, t, s, store.Municipality)...), " ")
}

// idsOf are the ids of the entries of a site that are seen.
func idsOf(ctx context.Context, t *testing.T, s *store.Store, site energy.SiteID) (ids []string) {
	t.Helper()
	entries, err := s.Entries(ctx, site, 1<<60)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestEachSeesWhatHeReachesThoughTheyShareAConnection(t *testing.T) {
	t.Parallel()
	s := twoSites(t)
	hafen := "hafen/grid hafen/heat hafen-grid hafen-heat hafen all moved moved of-hafen shared municipality op-hafen"
	kaiserlei := "kaiserlei/grid kaiserlei/heat kaiserlei-grid kaiserlei-heat kaiserlei all moved moved of-kaiserlei shared municipality op-kaiserlei"
	whole := "hafen/grid hafen/heat hafen-grid hafen-heat hafen kaiserlei/grid kaiserlei/heat kaiserlei-grid kaiserlei-heat kaiserlei " +
		"all moved moved of-hafen of-kaiserlei shared 7 municipality op-hafen op-kaiserlei"
	for round := range 2 {
		for _, who := range []struct {
			sentence string
			reach    access.Reach
			want     string
		}{
			{"whoever reaches everything", access.Reach{Everywhere: true}, whole},
			{"the operator of a site, with both versions of what was moved away", access.Reach{Sites: []energy.SiteID{"hafen"}}, hafen},
			{"the other one", access.Reach{Sites: []energy.SiteID{"kaiserlei"}}, kaiserlei},
			{"nobody", access.Reach{}, "municipality"},
			{"of a point the point, its meter and its site", access.Reach{Points: []energy.PointID{"hafen/heat"}}, "hafen/heat hafen-heat hafen all moved moved of-hafen shared municipality op-hafen"},
			{"of a site and a point of another", access.Reach{Sites: []energy.SiteID{"kaiserlei"}, Points: []energy.PointID{"hafen/grid"}},
				"hafen/grid hafen-grid hafen kaiserlei/grid kaiserlei/heat kaiserlei-grid kaiserlei-heat kaiserlei all moved moved of-hafen of-kaiserlei shared municipality op-hafen op-kaiserlei"},
			{"a site that is not there", access.Reach{Sites: []energy.SiteID{"nowhere"}}, "all municipality"},
		} {
			if got := overview(onBehalf(t.Context(), who.reach), t, s); got != who.want {
				t.Errorf("round %d, %s sees\n%s, want\n%s", round, who.sentence, got, who.want)
			}
		}
		if got := overview(t.Context(), t, s); got != whole {
			t.Errorf("the program itself sees\n%s, want\n%s", got, whole)
		}
	}
	ctx := onBehalf(t.Context(), access.Reach{Sites: []energy.SiteID{"hafen"}})
	before, err := s.CountEntries(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Append(ctx, store.Municipality, func(ctx context.Context, f *store.Fact) error {
		return f.Entry(ctx, "commitment", "new", time.Time{}, "test", []byte(`{"sites": ["hafen"]}`))
	})
	if err != nil {
		t.Fatal(err)
	}
	if after, err := s.CountEntries(ctx); err != nil || after != before+1 {
		t.Errorf("%d entries after one was added to %d (%v)", after, before, err)
	}
	if got := idsOf(ctx, t, s, store.Municipality); !slices.Contains(got, "new") {
		t.Errorf("what was added in a request is not seen in it: %v", got)
	}
	if err := s.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		_, err := r.Head(ctx, "kaiserlei")
		return err
	}); !errors.Is(err, store.ErrNoSite) {
		t.Errorf("another's site in a snapshot: %v, want no site", err)
	}
}

// TestWithoutTheRoleNobodyIsAnswered holds that a database whose owner may make no
// roles is told of as such, and what its administrator has to do does it.
func TestWithoutTheRoleNobodyIsAnswered(t *testing.T) {
	t.Parallel()
	c := storetest.NewCluster(t)
	address := strings.Replace(c.URL(), "user=heatledger", "user=postgres", 1)
	admin, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.Background()) //nolint:errcheck // done
	if _, err := admin.Exec(t.Context(), `create role "city-energy" nologin; create schema theirs authorization "city-energy"`, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	s := storetest.Open(t, address+"&search_path=theirs&role=city-energy", store.Options{})
	if err := s.EnsureSite(t.Context(), "hafen"); err != nil {
		t.Fatalf("what the program does for itself: %v", err)
	}
	var wall *store.WallError
	if err := s.Walled(t.Context()); !errors.As(err, &wall) || !strings.Contains(wall.Problem, `"city-energy_web" is missing`) {
		t.Fatalf("without the role: %v", err)
	}
	if _, err := s.Sites(store.OnBehalf(t.Context())); !errors.As(err, &wall) {
		t.Errorf("what is asked on behalf of somebody is answered without the role: %v", err)
	}
	_, remedy, _ := strings.Cut(wall.Remedy, ": ")
	if _, err := admin.Exec(t.Context(), remedy, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatalf("%s: %v", remedy, err)
	}
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Walled(t.Context()); err != nil {
		t.Errorf("with the role: %v", err)
	}
	if sites, err := s.Sites(onBehalf(t.Context(), access.Reach{Everywhere: true})); err != nil || len(sites) != 1 {
		t.Errorf("with the role there are sites %v (%v), want one", sites, err)
	}
	if _, err := admin.Exec(t.Context(), `alter role "city-energy_web" bypassrls`); err != nil {
		t.Fatal(err)
	}
	if err := s.Walled(t.Context()); !errors.As(err, &wall) || !strings.Contains(wall.Problem, "beyond") {
		t.Errorf("with a role that row security does not bind: %v", err)
	}
}

var scans = regexp.MustCompile(`((?:Parallel )?(?:Index Only|Index|Bitmap Heap|Seq) Scan[a-z ]*(?:using \S+ )?on \S+)`)

// TestTheWallLeavesThePlansAsTheyAre holds that row security takes no index and no
// pruning of partitions from what is asked most.
func TestTheWallLeavesThePlansAsTheyAre(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t)
	s := storetest.Open(t, address, store.Options{})
	if err := s.EnsureSite(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // done
	do := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	for year := 2023; year <= 2026; year++ {
		do(fmt.Sprintf("create table day_%d partition of day for values from ('%[1]d-01-01') to ('%d-01-01')", year, year+1))
		do(fmt.Sprintf("create table chunk_%d partition of chunk for values from ('%[1]d-01-01Z') to ('%d-01-01Z')", year, year+1))
	}
	do("grant select on quarter_hour to public; set enable_seqscan = off; set plan_cache_mode = force_custom_plan")
	plan := func(sql string) (nodes []string, text string) {
		t.Helper()
		rows, err := conn.Query(t.Context(), "explain (costs off) "+sql, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		text = strings.Join(lines, "\n")
		nodes = scans.FindAllString(text, -1)
		slices.Sort(nodes)
		return nodes, text
	}
	queries := map[string]string{
		"days of a point":       "select v from day where site_id = 1 and point_no = any('{1,2}') and day >= '2025-01-01' and day < '2025-02-01'",
		"chunks of a point":     "select body from chunk where site_id = 1 and point_no = any('{1}') and from_at < '2025-03-01Z' and from_at > '2025-01-01Z' and to_at > '2025-02-01Z' and first_seq <= 7",
		"months of a role":      "select amount from balance where site_id = 1 and role = any('{1,2}') and grain = 'm' and period >= '2025-01-01' and period < '2026-01-01'",
		"entries of a site":     "select body from entry where site_id = 1 and seq <= 9",
		"the head of a site":    "select seq from site_head where site_id = 1",
		"segments of a meter":   "select body from segment where site_id = 1 and meter_no = 1 and from_at < '2025-03-01Z' and to_at > '2025-02-01Z'",
		"the view, by its text": "select value from quarter_hour where site = 'hafen' and point = 'hafen/grid' and day >= '2025-01-01' and day < '2025-02-01'",
		"issued judgements":     "select body from assessment where site_id = 1 and seq <= 9",
	}
	for name, sql := range queries {
		do("reset role")
		want, _ := plan(sql)
		do("select set_config('role', current_user || '_web', false), set_config('heatledger.sites', '{1}', false), set_config('heatledger.touched', '{0,1}', false)")
		got, text := plan(sql)
		got = slices.DeleteFunc(got, func(node string) bool { return strings.HasSuffix(node, "on submission") }) // asked for steps of submissions alone
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: behind the wall\n%s\nscans %q, want %q", name, text, got, want)
		}
		if strings.Contains(text, "_2024") || strings.Contains(text, "_2026") || strings.Contains(name, "days") && !strings.Contains(text, "_2025") {
			t.Errorf("%s: partitions are not chosen:\n%s", name, text)
		}
	}
}
