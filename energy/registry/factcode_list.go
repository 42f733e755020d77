package registry

import "heatledger/energy"

// FactCodes are all codes, in the order in which people are asked for them:
// EnEfG means Annex 3 of the EnEfG, EU the annexes of Delegated Regulation (EU)
// 2024/1364. Bounds are ours: they catch slips, they are no limits of a law.
func FactCodes() []FactCode {
	var all []FactCode
	for i, codes := range [][]FactCode{identityCodes(), buildingCodes(), absenceCodes(), technologyCodes(), heatCodes(), resourceCodes(), figureCodes()} {
		for _, c := range codes {
			c.Topic = Topics()[i]
			all = append(all, c)
		}
	}
	return all
}

func yesNo() []string { return []string{"yes", "no"} }

func redundancies() []string {
	return []string{"none", "N", "N+1", "N+2", "2N", "2N+1", "2(N+1)", "3N", "other"}
}

func identityCodes() []FactCode {
	return []FactCode{
		{Name: "owner_name", Feeds: []string{"enefg-1b-owner", "eu-owner"}, Knows: Management, Note: "name of the owner of the data centre, where it is not the operator (EnEfG 1 b; EU I 1 b)"},
		{Name: "owner_contact", Feeds: []string{"eu-owner-contact"}, Knows: Management, Note: "contact of the owner: a post or a shared address rather than a person's name (EU I 1 b)"},
		{Name: "operator_contact", Feeds: []string{"eu-operator-contact"}, Knows: Management, Note: "contact of the operator, as above (EU I 1 b)"},
		{Name: "structure", Choices: []string{"structure", "group of structures"}, Feeds: []string{"eu-structure"}, Knows: Management, Note: "one structure or a group of structures (EU I 1 d)"},
		{Name: "platform_company_id", Feeds: []string{"pfa-company-id"}, Knows: Management, Note: "Unternehmens-ID of the platform for waste heat, given since September 2025"},
		{Name: "platform_report_id", Yearly: true, Feeds: []string{"pfa-report-id"}, Knows: Management, Note: "Melde-ID of the platform for waste heat"},
		{Name: "company_energy_average_kwh", Unit: energy.KilowattHour, Least: 0, Most: 1e12, Yearly: true, Feeds: []string{"pfa-minimis-company"}, Knows: Accounts, Note: "total final energy of the whole company, mean of the last three full calendar years (EnEfG § 17 Abs. 4)"},
	}
}

func buildingCodes() []FactCode {
	return []FactCode{
		{Name: "floor_area_building", Unit: SquareMetre, Least: 5, Most: 1e6, Feeds: []string{"enefg-1e"}, Knows: Facilities, Note: "total area of the building (EnEfG 1 e); where it is not given floor_area_total stands for it, but not in a mixed building"},
		{Name: "floor_area_total", Unit: SquareMetre, Least: 5, Most: 1e6, Feeds: []string{"enefg-1e", "eu-sdc"}, Knows: Facilities, Note: "total floor area of the data centre, S_DC; in a mixed building computer rooms and their equipment only (EU II)"},
		{Name: "floor_area_computer_rooms", Unit: SquareMetre, Least: 1, Most: 1e6, Feeds: []string{"eu-scr"}, Knows: Facilities, Note: "floor area of the computer rooms, S_CR (EU II)"},
		{Name: "redundancy_hv", Choices: redundancies(), Feeds: []string{"eu-redundancy-hv"}, Knows: Facilities, Note: "electrical redundancy at high voltage (EU I 2 a)"},
		{Name: "redundancy_lv", Choices: redundancies(), Feeds: []string{"eu-redundancy-lv"}, Knows: Facilities, Note: "electrical redundancy at low voltage, line-up (EU I 2 a)"},
		{Name: "redundancy_rack", Choices: redundancies(), Feeds: []string{"eu-redundancy-rack"}, Knows: Facilities, Note: "electrical redundancy at the rack (EU I 2 a)"},
		{Name: "redundancy_cooling_room", Choices: redundancies(), Feeds: []string{"eu-cooling-redundancy-room"}, Knows: Facilities, Note: "redundancy of cooling at the computer room (EU I 2 b)"},
		{Name: "redundancy_cooling_rack", Choices: redundancies(), Feeds: []string{"eu-cooling-redundancy-rack"}, Knows: Facilities, Note: "redundancy of cooling at the rack (EU I 2 b)"},
		{Name: "grid_functions", Yearly: true, Feeds: []string{"eu-grid-functions"}, Knows: Facilities, Note: "electrical grid functions such as peak shifting or frequency response; none where there are none (EU II)"},
		{Name: "battery_to_grid_kw", Unit: energy.Kilowatt, Least: 0, Most: 1e6, Yearly: true, Feeds: []string{"eu-cbtg"}, Knows: Facilities, Note: "average battery capacity offered to the grid, C_BtG (EU II); 0 where none is offered"},
		{Name: "it_inlet_setpoint_c", Unit: energy.DegreeCelsius, Least: 10, Most: 45, Yearly: true, Feeds: []string{"eu-tin-air"}, Knows: Facilities, Note: "average set point of the intake air of IT over all rooms and the year (EU II, T_IN; not what is measured)"},
		{Name: "refrigerant", Yearly: true, Feeds: []string{"eu-refrigerants"}, Knows: Facilities, Note: "types of refrigerant by the names of Regulation (EU) No 517/2014, divided by commas; none where there is none (EU II)"},
		{Name: MixedBuildingFact, Choices: append(yesNo(), "true", "1", "false", "0"), Feeds: []string{"enefg-1e"}, Knows: Facilities, Note: "the data centre shares its building and supplies with others"},
	}
}

// MixedBuildingFact is the fact that a data centre shares its building.
const MixedBuildingFact = "mixed_building"

// absenceCodes say that something does not exist: only then is a form's field 0
// without a meter.
func absenceCodes() []FactCode {
	return []FactCode{
		{Name: "has_feed_in", Choices: yesNo(), Feeds: []string{"enefg-2a-feed-in"}, Knows: Facilities, Note: "no: nothing is ever fed back into the grid"},
		{Name: "has_own_renewables", Choices: yesNo(), Feeds: []string{"eu-eres-os"}, Knows: Facilities, Note: "no: nothing renewable is generated on the site"},
		{Name: "has_green_purchase", Choices: yesNo(), Yearly: true, Feeds: []string{"enefg-2b", "eu-eres-tot", "eu-eres-goo", "eu-eres-ppa", "eu-ref"}, Knows: Accounts, Note: "no: nothing renewable was bought for the year, neither by guarantees of origin nor by agreement"},
		{Name: "has_backup_generator", Choices: yesNo(), Feeds: []string{"eu-edc-bg", "wpg-4b-fuel"}, Knows: Facilities, Note: "no: there is no backup generator"},
		{Name: "has_heat_reuse", Choices: yesNo(), Feeds: []string{"enefg-2d-heat", "enefg-2g", "eu-ereuse", "eu-erf"}, Knows: Facilities, Note: "no: no heat is handed over to anybody or used in own buildings"},
		{Name: "has_water_use", Choices: yesNo(), Feeds: []string{"enefg-2i", "eu-win", "eu-win-pot", "eu-wue"}, Knows: Facilities, Note: "no: no water enters the data centre's boundary"},
	}
}

func technologyCodes() []FactCode {
	return []FactCode{
		{Name: "installed_it_power_kw", Unit: energy.Kilowatt, Least: 0.1, Most: 1e6, Yearly: true, Feeds: []string{"eu-pdit"}, Knows: Technology, Note: "installed IT power demand, PD_IT: sum of the nominal power of networks, servers and storage, weighted if it changed in the year (EU Art. 2, II); else the rated IT load stands for it"},
		{Name: "server_performance", Unit: energy.One, Least: 0, Most: 1e12, Yearly: true, Feeds: []string{"eu-cserv"}, Knows: Technology, Note: "C_SERV: sum of the SERT active-state performance of the servers on 31 December (EU II; Regulation (EU) 2019/424)"},
		{Name: "server_performance_area_share", Unit: energy.One, Least: 0, Most: 1, Yearly: true, Feeds: []string{"eu-cserv-area"}, Knows: Technology, Note: "share of the computer rooms' area that C_SERV covers, 0 to 1 (EU II)"},
		{Name: "storage_capacity_pb", Unit: Petabyte, Least: 0, Most: 1e6, Yearly: true, Feeds: []string{"eu-cstor"}, Knows: Technology, Note: "C_STOR: raw addressable capacity of SSD and HDD on 31 December (EU II)"},
		{Name: "storage_capacity_area_share", Unit: energy.One, Least: 0, Most: 1, Yearly: true, Feeds: []string{"eu-cstor-area"}, Knows: Technology, Note: "share of the computer rooms' area that C_STOR covers, 0 to 1 (EU II)"},
		{Name: "bandwidth_in_gbs", Unit: GigabytePerS, Least: 0, Most: 1e6, Yearly: true, Feeds: []string{"eu-bin"}, Knows: Technology, Note: "B_IN: provisioned incoming bandwidth, mean of the year, in gigabytes (not bits) per second (EU II)"},
		{Name: "bandwidth_out_gbs", Unit: GigabytePerS, Least: 0, Most: 1e6, Yearly: true, Feeds: []string{"eu-bout"}, Knows: Technology, Note: "B_OUT: provisioned outgoing bandwidth (EU II)"},
		{Name: "traffic_in_eb", Unit: Exabyte, Least: 0, Most: 1e4, Yearly: true, Feeds: []string{"eu-tin-traffic"}, Knows: Technology, Note: "data that came in during the year; the annex's symbol T_IN is also that of the intake air (EU II)"},
		{Name: "traffic_out_eb", Unit: Exabyte, Least: 0, Most: 1e4, Yearly: true, Feeds: []string{"eu-tout-traffic"}, Knows: Technology, Note: "data that went out during the year (EU II)"},
		{Name: "data_stored_pb", Unit: Petabyte, Least: 0, Most: 1e6, Yearly: true, Feeds: []string{"enefg-2e-stored"}, Knows: Technology, Note: "amount of data stored (EnEfG 2 e); the law names no unit"},
		{Name: "data_processed_pb", Unit: Petabyte, Least: 0, Most: 1e9, Yearly: true, Feeds: []string{"enefg-2e-processed"}, Knows: Technology, Note: "amount of data processed (EnEfG 2 e); the law names no unit"},
	}
}

func heatCodes() []FactCode {
	return []FactCode{
		{Name: "heat_delivery_capacity_kw", Unit: energy.Kilowatt, Least: 0.1, Most: 1e6, Feeds: []string{"pfa-max-power", "wpg-4c-max-power"}, Knows: Facilities, Note: "greatest thermal power the site can hand over (EnEfG § 17 Abs. 1 Nr. 3); full-load hours rest on it too"},
		{Name: "heat_delivery_temperature_c", Unit: energy.DegreeCelsius, Least: 5, Most: 120, Knows: Facilities, Note: "temperature at which the heat is wanted, by contract or by the network"},
		{Name: "heat_growth_contracted_kw", Unit: energy.Kilowatt, Least: -1e6, Most: 1e6, Dated: true, Knows: Management, Note: "mean thermal power that was contracted on top of what the site gives today, from a day on (negative: that falls away), with the contract as its document; outlooks show it apart from what the past says"},
		{Name: "waste_heat_released_kwh", Unit: energy.KilowattHour, Least: 0, Most: 1e10, Yearly: true, Feeds: []string{"enefg-2c-heat"}, Knows: Facilities, Note: "waste heat released to air, water or soil, estimated; the estimate is the document (EnEfG 2 c). A heat meter at the recooler beats it"},
		{Name: "waste_heat_released_temperature_c", Unit: energy.DegreeCelsius, Least: -20, Most: 120, Yearly: true, Feeds: []string{"enefg-2c-temperature"}, Knows: Facilities, Note: "mean temperature of the waste heat that is released (EnEfG 2 c)"},
		{Name: "heat_delivered_temperature_mean_c", Unit: energy.DegreeCelsius, Least: 5, Most: 120, Yearly: true, Feeds: []string{"enefg-2d-temperature"}, Knows: Facilities, Note: "mean temperature of the heat handed over, where no meter gives it (EnEfG 2 d)"},
		{Name: "waste_heat_temperature_c", Unit: energy.DegreeCelsius, Least: 5, Most: 90, Yearly: true, Feeds: []string{"eu-twh", "pfa-temperature", "pfa-minimis-temperature", "wpg-4c-temperature"}, Knows: Facilities, Note: "T_WH: mean temperature of the fluid that cools ICT, where it enters the heat exchanger at the boundary of the computer room, over the year and all points (EU II)"},
		{Name: "heat_control_temperature", Feeds: []string{"pfa-control-temperature", "wpg-4c-control-temperature"}, Knows: Facilities, Note: "how its temperature can be controlled; none where it cannot (EnEfG § 17 Abs. 1 Nr. 5)"},
		{Name: "heat_control_pressure", Feeds: []string{"pfa-control-pressure", "wpg-4c-control-pressure"}, Knows: Facilities, Note: "how its pressure can be controlled (EnEfG § 17 Abs. 1 Nr. 5)"},
		{Name: "heat_control_feed_in", Feeds: []string{"pfa-control-feed-in", "wpg-4c-control-feed-in"}, Knows: Facilities, Note: "how its feed-in can be controlled (EnEfG § 17 Abs. 1 Nr. 5)"},
		{Name: "heat_operating_hours", Unit: Hour, Least: 0, Most: 8784, Yearly: true, Feeds: []string{"pfa-operating-hours", "pfa-minimis-hours"}, Knows: Facilities, Note: "hours of the year in which waste heat occurs, where no meter gives them (Merkblatt of the platform)"},
		{Name: "process_heat_kwh", Unit: energy.KilowattHour, Least: 0, Most: 1e10, Yearly: true, Feeds: []string{"wpg-4a"}, Knows: Accounts, Note: "process heat used in the year (WPG Anlage 1 Nr. 4 a); 0 in most data centres"},
		{Name: "heat_transformation_plan", Feeds: []string{"wpg-4d"}, Knows: Management, Note: "planned transformation of the process heat supply (WPG Anlage 1 Nr. 4 d); none where none is planned"},
	}
}

func resourceCodes() []FactCode {
	return []FactCode{
		{Name: "cooling_degree_days", Unit: KelvinDays, Least: 0, Most: 2500, Yearly: true, Feeds: []string{"eu-cdd"}, Knows: OpenData, Note: "CDD by the method of Eurostat and JRC, base 21 °C, of the calendar year, from open data whose address is the document (EU II)"},
		{Name: "water_in_m3", Unit: energy.CubicMetre, Least: 0, Most: 1e7, Yearly: true, Feeds: []string{"eu-win"}, Knows: Accounts, Note: "all water that entered the boundary by the bill, where no meter is read (EU II, W_IN)"},
		{Name: "water_potable_m3", Unit: energy.CubicMetre, Least: 0, Most: 1e7, Yearly: true, Feeds: []string{"eu-win-pot"}, Knows: Accounts, Note: "of it potable water (EU II, W_IN-POT)"},
		{Name: "thermal_import_g_per_kwh", Unit: GramsPerKWh, Least: 0, Most: 1000, Yearly: true, Feeds: []string{"ghg-thermal"}, Knows: Accounts, Note: "emission factor of the bought cold or heat as its supplier states it (GHG Protocol Scope 2)"},
	}
}

// figureCodes are those that figures rest on, and no form's field of its own.
func figureCodes() []FactCode {
	return []FactCode{
		{Name: "thermal_import_factor", Unit: energy.One, Least: 0, Most: 3, Knows: Facilities, Note: "weight of imported cold or heat in E_DC, in equivalents of electricity; 1 where none is given"},
		{Name: "outdoor_temperature", Knows: Facilities, Note: "id of the point that measures the outdoor temperature"},
	}
}
