package network

// Cost is what the network and its heat cost, in euros without value-added tax.
type Cost struct {
	Investment Investment
	Annual     Annual
	// PerMWh is the heat generation cost in euros for each MWh delivered, by the
	// annuity method ([Horizon]); 0 with Known false where nothing is delivered.
	PerMWh float64
	Known  bool
}

// Investment is what is paid in the beginning.
type Investment struct {
	Pipes    float64
	Stations float64
	Pumps    float64
	Plants   float64
	Planning float64
	Grant    float64 // taken off
	Total    float64 // what remains to be paid
}

// Annual is the equal yearly payment, by what it is for (VDI 2067 Part 1).
type Annual struct {
	Capital   float64
	Energy    float64 // demand-related: heat, electricity and fuel
	Operation float64 // upkeep
	Other     float64 // insurance, administration
	Total     float64
}

// asset is something that is bought.
type asset struct {
	amount float64
	life   int
	upkeep float64
}

// cost adds up investment and annuities.
func (s *Sketch) cost(in Input, parts []part) {
	a := in.Assumptions
	var v Investment
	for _, seg := range s.Segments {
		v.Pipes += seg.Investment
	}
	for _, p := range parts {
		for _, c := range p.consumers {
			v.Stations += float64(c.connections())*a.StationFixed.Value + float64(c.Power)*a.StationByPower.Value
		}
	}
	v.Pumps = float64(s.Pressure.Pump) * a.PumpByPower.Value
	assets := []asset{
		{v.Pipes, int(a.PipeLife.Value), a.PipeUpkeep.Value},
		{v.Stations + v.Pumps, int(a.StationLife.Value), a.StationUpkeep.Value},
	}
	bought := float64(s.Heat.Fed) / 1000            // MWh of heat
	power := float64(s.Pressure.Electricity) / 1000 // MWh of electricity
	fuel := 0.0
	for _, p := range in.Plants {
		v.Plants += p.Investment
		assets = append(assets, asset{p.Investment, p.Life, p.Upkeep})
		bought -= float64(p.Heat) / 1000
		power += float64(p.Electricity) / 1000
		fuel += p.Fuel
	}
	gross := v.Pipes + v.Stations + v.Pumps + v.Plants
	v.Planning = gross * a.PlanningShare.Value
	v.Grant = (gross + v.Planning) * a.GrantShare.Value
	v.Total = gross + v.Planning - v.Grant

	h := Horizon{Years: int(a.Period.Value), Interest: a.Interest.Value}
	var y Annual
	for _, x := range assets {
		// Planning and grants go with what they are for. A grant is paid once: what is
		// bought again is paid in full.
		once := x.amount * (1 + a.PlanningShare.Value)
		y.Capital += h.Capital(once, x.life, a.CapitalChange.Value) - once*a.GrantShare.Value*h.Factor()
		y.Operation += x.amount * x.upkeep * h.PriceFactor(a.OperationChange.Value)
	}
	y.Energy = (max(0, bought)*a.HeatPrice.Value + power*a.Electricity.Value + fuel) * h.PriceFactor(a.EnergyChange.Value)
	y.Other = gross * a.OtherShare.Value * h.PriceFactor(a.OperationChange.Value)
	y.Total = y.Capital + y.Energy + y.Operation + y.Other
	s.Cost = Cost{Investment: v, Annual: y}
	if s.Heat.Delivered > 0 {
		s.Cost.PerMWh, s.Cost.Known = y.Total/(float64(s.Heat.Delivered)/1000), true
	}
}
