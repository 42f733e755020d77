package atlas_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/heatpump"
	"heatledger/heatmap/source"
)

// shows is a sheet in a few words: what is in it, and of what is not, why.
func shows(s atlas.Sheet) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s by %s %s %s, class %s kW %s °C", s.View.Extent, s.Supply, s.Grade, s.Limit, s.PowerClass.Code, s.TemperatureClass.Code)
	if s.Secured != nil {
		fmt.Fprintf(&b, ", secured %.0f", s.Secured.Power)
	}
	if s.Temperatures != nil {
		fmt.Fprintf(&b, ", flow %.0f %s", s.Temperatures.Flow.Celsius, s.Temperatures.Grade)
	}
	for name, there := range map[string]bool{"statistics": s.Statistics != nil, "delivered": s.Delivered != nil, "outlook": s.Outlook != nil, "capacity": s.Capacity != nil, "upgrade": s.Upgrade != nil, "declared": s.Declared != nil} {
		if there {
			fmt.Fprintf(&b, " +%s", name)
		}
	}
	words := strings.Split(b.String(), " +")
	slices.Sort(words[1:])
	for _, c := range s.Contracts {
		words = append(words, fmt.Sprintf("%s of %d months", c.ID, len(c.Months)))
	}
	for _, a := range s.Heat {
		whole := "-"
		if a.Whole != nil {
			whole = fmt.Sprintf("%.0f", a.Whole.Energy)
		}
		words = append(words, fmt.Sprintf("%s %s/%d/%d", a.Kind, whole, len(a.Years), len(a.Months)))
	}
	var hidden []string
	for _, h := range s.Hidden {
		hidden = append(hidden, fmt.Sprintf("%s:%s", h.Part, h.Why))
	}
	return strings.Join(words, " +") + " -" + strings.Join(hidden, " -")
}

// TestASheetShowsWhatItsViewAllows: 36 days of 365 have 100 kW, so that 100 kW are there
// in 98 % of the hours; 8,760 h of 200 and 50 kW are 1,752 and 438 MWh.
func TestASheetShowsWhatItsViewAllows(t *testing.T) {
	t.Parallel()
	type content = publication.Content
	public4 := func(r publication.Resolution) func(*content) {
		return func(c *content) { c.Class, c.Resolution = publication.ByAgreement, r }
	}
	for _, tt := range []struct {
		says string
		who  atlas.Asker
		by   func(*content)
		want string
	}{
		{"everything", reader, nil, "everything by available measured supply_limited, class 100-500 kW 25-40 °C, secured 100, flow 30 measured +delivered +outlook +statistics" +
			" +network of 12 months +available 3244800/1/12 +delivered 1752000/1/12 +rejected 438000/1/12 -capacity:nothing_known -upgrade:not_asked"},
		{"the available heat by the hour", planner, nil, "agreed by available measured supply_limited, class 100-500 kW 25-40 °C, secured 100, flow 30 measured +outlook +statistics" +
			" +available 3244800/1/12 -capacity:nothing_known -contracts:not_named -upgrade:not_asked"},
		{"the delivered heat by the hour", planner, func(c *content) { c.What = []string{"heat_delivered"} }, "agreed by delivered measured demand_limited, class 100-500 kW 25-40 °C, secured 200, flow 30 measured +outlook +statistics" +
			" +network of 12 months +delivered 1752000/1/12 -capacity:nothing_known -upgrade:not_asked"},
		{"the delivered heat of a quarter by the month", planner, func(c *content) {
			c.What, c.Resolution, c.To = []string{"heat_delivered"}, publication.Month, day(2025, 4, 1)
		},
			"agreed by delivered measured demand_limited, class 100-500 kW 25-40 °C +network of 3 months +delivered -/0/3" +
				" -secured:coarser_agreed -temperatures:coarser_agreed -statistics:coarser_agreed -series:coarser_agreed -outlook:coarser_agreed -capacity:nothing_known -upgrade:not_asked"},
		{"the available heat by the year", planner, func(c *content) { c.Resolution = publication.Year },
			"agreed by available measured supply_limited, class 100-500 kW 25-40 °C +available 3244800/1/0" +
				" -secured:coarser_agreed -temperatures:coarser_agreed -statistics:coarser_agreed -series:coarser_agreed -outlook:coarser_agreed -capacity:nothing_known -contracts:not_named -upgrade:not_asked"},
		{"published by the year", public, public4(publication.Year), "published by available measured supply_limited, class 100-500 kW 25-40 °C +available 3244800/1/0" +
			" -secured:coarser_agreed -temperatures:coarser_agreed -statistics:for_planners -series:for_planners -outlook:for_planners -capacity:for_planners -contracts:for_planners -upgrade:for_planners"},
		{"published by the hour, of which no series is shown", public, public4(publication.Hour), "published by available measured supply_limited, class 100-500 kW 25-40 °C, secured 100, flow 30 measured +available 3244800/1/12" +
			" -statistics:for_planners -series:for_planners -outlook:for_planners -capacity:for_planners -contracts:for_planners -upgrade:for_planners"},
		{"published by the month, of delivered heat", public, func(c *content) { public4(publication.Month)(c); c.What = []string{"heat_delivered"} }, "published by delivered measured demand_limited, class 100-500 kW 25-40 °C +delivered 1752000/1/12" +
			" -secured:coarser_agreed -temperatures:coarser_agreed -statistics:for_planners -series:for_planners -outlook:for_planners -capacity:for_planners -contracts:for_planners -upgrade:for_planners"},
		{"declared and published by law", public, func(c *content) {
			c.Class, c.Resolution, c.Agreement, c.What = publication.ByLaw, publication.Year, "", []string{"enefg-2d-heat"}
		},
			"published by  none none, class  kW  °C +declared -heat:not_named -secured:not_named -temperatures:not_named -statistics:for_planners -series:for_planners -outlook:for_planners -capacity:for_planners -contracts:for_planners -upgrade:for_planners"},
	} {
		k := made(t)
		k.Site.Declarations = []registry.Declaration{
			{To: registry.ToFederalRegister, Year: 2025, Field: "enefg-2d-heat"},
			{To: registry.ToFederalRegister, Year: 2025, Field: "enefg-2f"},
			{To: registry.ToMunicipality, Year: 2025, Field: "enefg-2d-heat"},
			{To: registry.ToFederalRegister, Year: 2024, Field: "enefg-2d-heat"},
		}
		v := atlas.ViewOf(tt.who, "hafen", []ledger.Decided{decided("1", tt.by)}, today)
		s, err := atlas.Draw(k, v, year2025())
		if got := shows(s); err != nil || got != tt.want {
			t.Errorf("%s: %v\n got %s\nwant %s", tt.says, err, got, tt.want)
		}
		if want := b(v.Allowances != nil && v.Allowances[0].Class == publication.ByLaw); len(s.Declared) != want {
			t.Errorf("%s: %d declared", tt.says, len(s.Declared))
		}
		if !s.Place.Located || s.Place.Point.X != 8.76 || s.Place.Point.Y != 50.1 || s.Name != "Hafen" || s.Fact != 7 {
			t.Errorf("%s: at %+v, %s, fact %d", tt.says, s.Place, s.Name, s.Fact)
		}
	}
}

// TestClassesDoNotTellThePower: whoever may not see hours learns nothing by asking for
// many availabilities, nor by asking for single days.
func TestClassesDoNotTellThePower(t *testing.T) {
	t.Parallel()
	k := made(t)
	for _, d := range k.Days["hafen/ready"] { // 800 kW, of another class, in nine tenths of the hours
		for q := range d.Values {
			d.Values[q] *= 2
		}
	}
	v := atlas.ViewOf(public, "hafen", []ledger.Decided{decided("1", func(c *publication.Content) { c.Class, c.Resolution = publication.ByAgreement, publication.Month })}, today)
	for _, availability := range []float64{0.01, 0.5, 0.999} {
		q := year2025()
		q.Availability = availability
		if s, err := atlas.Draw(k, v, q); err != nil || s.PowerClass.Code != "100-500" || s.Secured != nil {
			t.Errorf("at %v: %+v %+v %v", availability, s.PowerClass, s.Secured, err)
		}
	}
	v.Allowances[0].Resolution = publication.Hour
	k.From, k.To = day(2025, 2, 3), day(2025, 2, 4)
	if s, err := atlas.Draw(k, v, atlas.Question{From: k.From, To: k.To}); err != nil || s.Secured != nil || s.PowerClass.Code != "" || len(s.Heat) > 0 {
		t.Errorf("of a single day the public sees %s (%v)", shows(s), err)
	}
}

// TestThePublicSeesNoPartOfPlanners, though all of it is known and hours are published.
func TestThePublicSeesNoPartOfPlanners(t *testing.T) {
	t.Parallel()
	k := made(t)
	k.Site.Facts = []registry.Fact{{Name: "heat_delivery_capacity_kw", Value: fact(t, "500")}}
	q := year2025()
	q.Upgrade = &atlas.Machine{Machine: heatpump.Lorenz{Quality: 0.5, Source: "this test"}, Flow: 70, Back: 45, Spread: 8}
	hours := decided("1", func(c *publication.Content) {
		c.Class, c.What = publication.ByAgreement, []string{"heat_available", "heat_delivered", "heat_rejected", "heat_requested"}
	})
	s, err := atlas.Draw(k, atlas.ViewOf(public, "hafen", []ledger.Decided{hours}, today), q)
	if err != nil || s.Secured == nil || s.Statistics != nil || s.Delivered != nil || s.Capacity != nil || s.Upgrade != nil || s.Outlook != nil || s.Contracts != nil {
		t.Errorf("everybody sees %s, %v", shows(s), err)
	}
	s, err = atlas.Draw(k, atlas.ViewOf(planner, "hafen", []ledger.Decided{hours}, today), q)
	if err != nil || s.Statistics == nil || s.Delivered == nil || s.Capacity == nil || s.Upgrade == nil || s.Contracts == nil {
		t.Errorf("a planner sees %s, %v", shows(s), err)
	}
}

// TestWhatIsNotShownTellsNothingByADetour: on a day nothing was asked for and the IT
// stood still, so that nothing was delivered.
func TestWhatIsNotShownTellsNothingByADetour(t *testing.T) {
	t.Parallel()
	k := made(t)
	c, point := k.Calendar, registry.Point{ID: "hafen/requested", Role: energy.HeatRequested, Quantity: energy.HeatPower, Use: energy.Primary}
	k.Site.Meters = append(k.Site.Meters, registry.Meter{ID: "asked", Points: []registry.Point{point}})
	for d := k.From; d.Before(k.To); d = d.AddDays(1) {
		k.Days[point.ID] = append(k.Days[point.ID], flat(c, d, 0))
	}
	k.Days["hafen/delivered"][40], k.Days["hafen/it"][40] = flat(c, k.From.AddDays(40), 0), flat(c, k.From.AddDays(40), 0)
	of := func(figures ...string) atlas.Sheet {
		v := atlas.ViewOf(planner, "hafen", []ledger.Decided{decided("1", func(c *publication.Content) { c.What = figures })}, today)
		s, err := atlas.Draw(k, v, year2025())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := of("heat_available"); s.Statistics.Unasked.Known != 0 {
		t.Errorf("without the request it is told that nobody asked for %+v", s.Statistics.Unasked)
	}
	if s := of("heat_available", "heat_requested"); s.Statistics.Unasked.Known == 0 {
		t.Error("with the request it is not told that nobody asked")
	}
	for figures, want := range map[string]source.Cause{"heat_delivered": source.NotTaken, "heat_delivered heat_requested": source.NobodyAsked} {
		if s := of(strings.Fields(figures)...); s.LongestOutage == nil || s.LongestOutage.Cause != want {
			t.Errorf("by %s the outage is %+v, want %s", figures, s.LongestOutage, want)
		}
	}
}

// TestWhatPeopleWroteOfAnOutageIsForReaders: a planner sees that it was stated.
func TestWhatPeopleWroteOfAnOutageIsForReaders(t *testing.T) {
	t.Parallel()
	k := made(t)
	c := k.Calendar
	k.Days["hafen/ready"][40] = flat(c, k.From.AddDays(40), 0)
	k.Site.Events = []registry.Event{{Kind: "outage", From: c.Day(k.From.AddDays(40)).From, To: c.Day(k.From.AddDays(41)).From, Reason: "Frau Muster pulled the plug"}}
	for _, v := range []atlas.View{{Extent: atlas.Everything}, atlas.ViewOf(planner, "hafen", []ledger.Decided{decided("1", nil)}, today)} {
		s, err := atlas.Draw(k, v, year2025())
		if err != nil || s.LongestOutage == nil || s.LongestOutage.Cause != source.StatedCause {
			t.Fatalf("%s: %+v, %v", v.Extent, s.LongestOutage, err)
		}
		if told := s.LongestOutage.Event.Reason != ""; told != (v.Extent == atlas.Everything) || s.Statistics.Outages.List[0].Event != s.LongestOutage.Event {
			t.Errorf("%s: %+v", v.Extent, s.LongestOutage.Event)
		}
	}
}

// TestAvailabilityIsHeededWhereHoursAreSeen: in nine tenths of the hours there are 400 kW.
func TestAvailabilityIsHeededWhereHoursAreSeen(t *testing.T) {
	t.Parallel()
	q := year2025()
	q.Availability = 0.9
	s, err := atlas.Draw(made(t), atlas.View{Extent: atlas.Everything}, q)
	if err != nil || s.Secured.Power != 400 || s.Secured.Availability != 0.9 || s.PowerClass.Code != "100-500" {
		t.Errorf("secured %+v of class %s, %v", s.Secured, s.PowerClass.Code, err)
	}
	q.Availability = 1.5
	if _, err := atlas.Draw(made(t), atlas.View{Extent: atlas.Everything}, q); err == nil {
		t.Error("an availability of 150 % is answered")
	}
}

// TestSupplyIsTheBestThatIsKnown takes away meter after meter.
func TestSupplyIsTheBestThatIsKnown(t *testing.T) {
	t.Parallel()
	k := made(t)
	for _, tt := range []struct {
		without string
		kind    heatmap.Kind
		limit   heatmap.Limit
		secured heatmap.Kilowatts
	}{
		{"", heatmap.Available, heatmap.SupplyLimited, 100},
		{"hafen/ready", heatmap.Recoverable, heatmap.SupplyLimited, 250},
		{"hafen/rejected", heatmap.Derived, heatmap.LimitDerived, 600},
		{"hafen/it", heatmap.Delivered, heatmap.DemandLimited, 200},
		{"hafen/delivered", "", heatmap.NoLimit, 0},
	} {
		for i := range k.Site.Meters {
			m := &k.Site.Meters[i]
			m.Points = slices.DeleteFunc(slices.Clone(m.Points), func(p registry.Point) bool { return string(p.ID) == tt.without })
		}
		s, err := atlas.Draw(k, atlas.View{Extent: atlas.Everything}, year2025())
		if err != nil || s.Supply != tt.kind || s.Limit != tt.limit || tt.kind != "" && s.Secured.Power != tt.secured {
			t.Errorf("without %s: %s %s %+v, %v", tt.without, s.Supply, s.Limit, s.Secured, err)
		}
		if derived := tt.kind == heatmap.Derived; derived != (s.Method.Source == "assumption:all_of_it_load") || derived && s.Method.Factor != 1 {
			t.Errorf("without %s: by %+v", tt.without, s.Method)
		}
	}
}

// TestADerivationIsWhatSomebodyStates: with a factor of one half there are 300 kW.
func TestADerivationIsWhatSomebodyStates(t *testing.T) {
	t.Parallel()
	k := made(t)
	k.Site.Meters = k.Site.Meters[3:] // the IT load alone
	k.Site.Facts = []registry.Fact{{Name: "waste_heat_temperature_c", Year: 2025, Value: fact(t, "42")}, {Name: "heat_delivery_capacity_kw", Value: fact(t, "500"), Document: "offer 7"}}
	q := year2025()
	q.Derivation = heatmap.Derivation{Factor: 0.5, Source: "offer 7"}
	s, err := atlas.Draw(k, atlas.View{Extent: atlas.Everything}, q)
	if err != nil || s.Supply != heatmap.Derived || s.Secured.Power != 300 || s.Method.Source != "offer 7" {
		t.Errorf("%s %+v %+v %v", s.Supply, s.Secured, s.Method, err)
	}
	if s.Temperatures == nil || s.Temperatures.Flow.Celsius != 42 || s.Temperatures.Grade != heatmap.Declared || s.TemperatureClass.Code != "40-55" {
		t.Errorf("at %+v, class %s", s.Temperatures, s.TemperatureClass.Code)
	}
	if s.Capacity == nil || s.Capacity.Power != 500 || s.Capacity.Document != "offer 7" || s.FullLoad.ReferenceIs != source.Capacity || math.Abs(s.FullLoad.Hours-5256) > 1e-6 {
		t.Errorf("capacity %+v, full load %+v", s.Capacity, s.FullLoad)
	}
	q.Derivation = heatmap.Derivation{Factor: 2, Source: "a wish"}
	if _, err := atlas.Draw(k, atlas.View{Extent: atlas.Everything}, q); err == nil {
		t.Error("more heat than electricity is answered")
	}
}

func fact(t *testing.T, text string) (v registry.FactValue) {
	t.Helper()
	if err := v.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestContractsAreLaidBesideWhatCame: 1,752 MWh a year are 4.8 MWh a day, which is what
// 200 kW are; by the month more is promised than came.
func TestContractsAreLaidBesideWhatCame(t *testing.T) {
	t.Parallel()
	k := made(t)
	monthly := k.Promises[0]
	monthly.ID, monthly.AtLeast, monthly.Per, monthly.To = "monthly", measure(t, "150 MWh"), registry.EachMonth, day(2025, 3, 1)
	other := k.Promises[0]
	other.ID, other.Metric = "rejected", "heat_rejected"
	most := k.Promises[0]
	most.ID, most.AtLeast, most.AtMost = "most", registry.Measure{}, measure(t, "1 MWh")
	k.Promises = append(k.Promises, monthly, other, most)
	s, err := atlas.Draw(k, atlas.View{Extent: atlas.Everything}, year2025())
	if err != nil || len(s.Contracts) != 2 {
		t.Fatalf("contracts %+v, %v", s.Contracts, err)
	}
	yearly, months := s.Contracts[0], s.Contracts[1]
	if january := yearly.Months[0]; !yearly.Spread || math.Abs(float64(january.Promised)-148_800) > 1e-6 || january.Delivered.Energy != 148_800 || january.Kept != source.KeptUnknown {
		t.Errorf("January by the year, which owes nothing for itself: %+v", january)
	}
	if y := yearly.Years[0]; len(yearly.Years) != 1 || !y.Whole || y.Kept != source.InFull || y.Delivered != 1_752_000 || y.Coverage != 1 || y.From != day(2025, 1, 1) || y.To != day(2026, 1, 1) {
		t.Errorf("the year: %+v", yearly.Years)
	}
	if months.Spread || len(months.Months) != 2 || months.Months[1].Promised != 150_000 || months.Months[1].Short != 150_000-134_400 || months.Months[1].Kept != source.FellShort {
		t.Errorf("by the month: %+v", months)
	}
}

// TestAYearsPromiseIsKeptByTheYear: what is promised beyond 1,752 MWh did not come; of a
// part of the year nobody can say, unless the part is enough.
func TestAYearsPromiseIsKeptByTheYear(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		says, promised string
		to             energy.Date
		asked          bool
		want           source.Kept
	}{
		{"all of it came", "1752 MWh", day(2026, 1, 1), false, source.InFull},
		{"less came", "1753 MWh", day(2026, 1, 1), false, source.FellShort},
		{"less came, for no more was asked for", "1753 MWh", day(2026, 1, 1), true, source.NotAsked},
		{"half of the year is seen, and its share came", "1740 MWh", day(2025, 7, 1), false, source.KeptUnknown},
		{"half of the year is seen, and enough came", "800 MWh", day(2025, 7, 1), false, source.InFull},
	} {
		k := made(t)
		k.To, k.Promises[0].AtLeast = tt.to, measure(t, tt.promised)
		if tt.asked {
			point := registry.Point{ID: "hafen/requested", Role: energy.HeatRequested, Quantity: energy.HeatPower, Use: energy.Primary}
			k.Site.Meters = append(k.Site.Meters, registry.Meter{ID: "asked", Points: []registry.Point{point}})
			for d := k.From; d.Before(k.To); d = d.AddDays(1) {
				k.Days[point.ID] = append(k.Days[point.ID], flat(k.Calendar, d, kilo(energy.HeatPower, 200)))
			}
		}
		s, err := atlas.Draw(k, atlas.View{Extent: atlas.Everything}, atlas.Question{From: k.From, To: k.To})
		if err != nil || len(s.Contracts) != 1 || len(s.Contracts[0].Years) != 1 || s.Contracts[0].Years[0].Kept != tt.want {
			t.Errorf("%s: %+v, %v, want %s", tt.says, s.Contracts[0].Years, err, tt.want)
		}
	}
}

// TestAContractShowsTheMonthsThatMayBeSeen: none between two decisions.
func TestAContractShowsTheMonthsThatMayBeSeen(t *testing.T) {
	t.Parallel()
	of := func(from, to energy.Date) func(*publication.Content) {
		return func(c *publication.Content) {
			c.What, c.Resolution, c.From, c.To = []string{"heat_delivered"}, publication.Month, from, to
		}
	}
	v := atlas.ViewOf(planner, "hafen", []ledger.Decided{decided("1", of(day(2025, 1, 1), day(2025, 4, 1))), decided("2", of(day(2025, 6, 1), day(2025, 8, 1)))}, today)
	s, err := atlas.Draw(made(t), v, year2025())
	if err != nil || len(s.Contracts) != 1 {
		t.Fatalf("%d contracts, %v", len(s.Contracts), err)
	}
	var months []int
	for _, m := range s.Contracts[0].Months {
		months = append(months, int(m.Month))
	}
	if !slices.Equal(months, []int{1, 2, 3, 6, 7}) || len(s.Heat) != 1 || len(s.Heat[0].Months) != 5 || s.Heat[0].Whole != nil {
		t.Errorf("months %v of the contract, heat %+v", months, s.Heat)
	}
}

// TestAHeatPumpIsAskedFor: 200 kW of heat at 30 °C become more at 70 °C.
func TestAHeatPumpIsAskedFor(t *testing.T) {
	t.Parallel()
	q := year2025()
	q.Upgrade = &atlas.Machine{Machine: heatpump.Lorenz{Quality: 0.5, Source: "an estimate of this test"}, Flow: 70, Back: 45, Spread: 8}
	s, err := atlas.Draw(made(t), atlas.View{Extent: atlas.Everything}, q)
	if err != nil || s.Upgrade == nil {
		t.Fatalf("no upgrade: %v, %+v", err, s.Hidden)
	}
	cop, ok := s.Upgrade.COP()
	// Lorenz by hand: (343.15−318.15)/ln(343.15/318.15) = 330.49 K, (303.15−295.15)/ln(303.15/295.15) = 299.13 K
	if want := 0.5 * 330.49 / (330.49 - 299.13); !ok || math.Abs(cop-want) > 0.01 || !strings.Contains(s.Upgrade.Basis, "an estimate of this test") {
		t.Errorf("COP %v, want %v, by %s", cop, want, s.Upgrade.Basis)
	}
	if got := float64(s.Upgrade.Heat - s.Upgrade.Taken - s.Upgrade.Electricity); math.Abs(got) > 1e-3 || math.Abs(float64(s.Upgrade.Taken)-3_244_800) > 1 {
		t.Errorf("heat %v of %v and %v", s.Upgrade.Heat, s.Upgrade.Taken, s.Upgrade.Electricity)
	}
	q.Upgrade.Machine = heatpump.Lorenz{}
	if _, err := atlas.Draw(made(t), atlas.View{Extent: atlas.Everything}, q); err == nil {
		t.Error("a machine without a grade is answered")
	}
}

// TestContractedGrowthStandsBesideThePast: agreed from a day on, for some time, and once
// that it falls away.
func TestContractedGrowthStandsBesideThePast(t *testing.T) {
	t.Parallel()
	k := made(t)
	k.Site.Facts = []registry.Fact{
		{Name: "heat_growth_contracted_kw", Value: fact(t, "300"), From: day(2026, 4, 1), Document: "V-18"},
		{Name: "heat_growth_contracted_kw", Value: fact(t, "100"), From: day(2026, 2, 1), To: day(2026, 4, 1), Document: "V-17"},
		{Name: "heat_growth_contracted_kw", Value: fact(t, "900"), From: day(2025, 2, 1), To: day(2025, 3, 1), Document: "V-1"},
	}
	s, err := atlas.Draw(k, atlas.ViewOf(reader, "hafen", nil, today), year2025())
	if err != nil || s.Outlook == nil || len(s.Outlook.Months) != 12 {
		t.Fatalf("%s, %v", shows(s), err)
	}
	for i, want := range []float64{0, 100, 100, 300, 300} {
		if m := s.Outlook.Months[i]; float64(m.Contracted) != want || m.With().P50 != m.P50+m.Contracted {
			t.Errorf("%s: %v kW on top of %v, want %v", m.Month, m.Contracted, m.P50, want)
		}
	}
	if g := s.Outlook.Growth; len(g) != 3 || g[0].Contract != "V-17" || g[2].Contract+g[1].Contract != "V-17V-18" && g[2].Contract+g[1].Contract != "V-18V-17" {
		t.Errorf("agreed is %+v", g)
	}
}
