package network

// DefaultAssumptions are where a sketch begins. Those that are [Cited] name where
// they are from; all others are set by this project for a first look, named so,
// and to be replaced by the planner's own.
func DefaultAssumptions() Assumptions {
	const own = "assumption of this project, to be replaced"
	assumed := func(value, low, high float64) Assumption {
		return Assumption{Value: value, Low: low, High: high, Source: own, Basis: Assumed}
	}
	cited := func(value, low, high float64, source string) Assumption {
		return Assumption{Value: value, Low: low, High: high, Source: source, Basis: Cited}
	}
	return Assumptions{
		FlowTemperature:   assumed(75, 65, 90),
		ReturnTemperature: assumed(50, 40, 60),
		GroundTemperature: assumed(10, 8, 12),

		GradientLimit:   assumed(200, 100, 300),
		Roughness:       assumed(0.1, 0.03, 0.4),
		FittingsShare:   assumed(0.2, 0.1, 0.4),
		StationPressure: assumed(0.8, 0.5, 1.2),
		PumpEfficiency:  assumed(0.65, 0.5, 0.8),
		PumpHours:       assumed(2500, 1500, 4000),
		DiversityFloor: cited(diversityA, diversityA, 1,
			"Winter, Haslauer, Obernberger 2001, Untersuchungen der Gleichzeitigkeit in kleinen und mittleren Nahwärmenetzen, Euroheat & Power; coefficients as in GreenDelta/Sophena, Hydraulics.java"),
		InsulationConductivity: assumed(0.026, 0.022, 0.029),
		SoilConductivity:       assumed(1.2, 0.8, 1.8),
		Cover:                  assumed(0.8, 0.6, 1.2),
		PipeSpacing:            assumed(0.15, 0.1, 0.3),
		HeatedHours:            assumed(8760, 5000, 8760),

		PavedShare:      assumed(1, 0.6, 1),
		PriceFactor:     assumed(1, 0.7, 1.5),
		StationFixed:    assumed(6000, 4000, 9000),
		StationByPower:  assumed(60, 40, 100),
		PumpByPower:     assumed(1500, 800, 3000),
		PlanningShare:   assumed(0.15, 0.1, 0.25),
		GrantShare:      assumed(0, 0, 0.4),
		PipeLife:        assumed(40, 30, 50),
		StationLife:     assumed(20, 15, 25),
		PipeUpkeep:      assumed(0.005, 0.003, 0.01),
		StationUpkeep:   assumed(0.02, 0.01, 0.03),
		OtherShare:      assumed(0.005, 0.002, 0.01),
		Interest:        assumed(0.05, 0.02, 0.08),
		Period:          assumed(20, 15, 30),
		CapitalChange:   assumed(0.02, 0, 0.04),
		EnergyChange:    assumed(0.02, 0, 0.05),
		OperationChange: assumed(0.02, 0, 0.04),
		HeatPrice:       assumed(25, 0, 60),
		Electricity:     assumed(200, 120, 300),
	}
}
