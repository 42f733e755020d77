package energy

// SubstituteMethod says how a substitute value is found (Ersatzwertbildung,
// MsbG § 2 Nr. 17). The names are ours; [SubstituteMethod.Code] gives the
// trade's.
type SubstituteMethod string

// The methods. Interpolation: a straight line from the last measured
// quarter-hour before the gap to the first after it. Held value: the last
// measured one goes on. Comparison day: the same quarter-hours of the clock one
// or more whole weeks before. Comparison meter: the course of another meter,
// scaled to what both measured before.
const (
	Interpolation   SubstituteMethod = "interpolation"
	HeldValue       SubstituteMethod = "held_value"
	ComparisonDay   SubstituteMethod = "comparison_day"
	ComparisonMeter SubstituteMethod = "comparison_meter"
)

// SubstituteMethods lists all of them.
func SubstituteMethods() []SubstituteMethod {
	return []SubstituteMethod{Interpolation, HeldValue, ComparisonDay, ComparisonMeter}
}

// Code is the qualifier of the method in edi@energy MSCONS messages, as BO4E
// lists it in its edition of October 2020; later editions of MSCONS may have
// other codes (unconfirmed). verified tells whether the comparison meter is a
// verified one: Z88, else Z89.
func (m SubstituteMethod) Code(verified bool) string {
	switch m {
	case Interpolation:
		return "Z92"
	case HeldValue:
		return "Z93"
	case ComparisonDay:
		return "Z95" // historical measured values
	case ComparisonMeter:
		if verified {
			return "Z88"
		}
		return "Z89"
	}
	return ""
}

// SubstituteReason says why a value is substituted. The names are ours.
type SubstituteReason string

// The reasons, in the order of their codes.
const (
	NoAccess           SubstituteReason = "no_access"
	CommunicationFault SubstituteReason = "communication_fault"
	NetworkOutage      SubstituteReason = "network_outage"
	VoltageFailure     SubstituteReason = "voltage_failure"
	DeviceExchanged    SubstituteReason = "device_exchange"
	DeviceCalibrated   SubstituteReason = "calibration"
	OutsideConditions  SubstituteReason = "outside_conditions"
	DeviceDefect       SubstituteReason = "defect"
	UncertainValue     SubstituteReason = "uncertain"
	ClockSet           SubstituteReason = "clock_set"
	ImplausibleValue   SubstituteReason = "implausible"
	WrongFactor        SubstituteReason = "wrong_transformer_factor"
	Misread            SubstituteReason = "misread"
	PlantRebuilt       SubstituteReason = "rebuilding"
	ProcessingError    SubstituteReason = "processing_error"
	Disturbance        SubstituteReason = "disturbance"
)

// SubstituteReasons lists all of them.
func SubstituteReasons() []SubstituteReason {
	return []SubstituteReason{NoAccess, CommunicationFault, NetworkOutage, VoltageFailure, DeviceExchanged, DeviceCalibrated,
		OutsideConditions, DeviceDefect, UncertainValue, ClockSet, ImplausibleValue, WrongFactor, Misread, PlantRebuilt, ProcessingError, Disturbance}
}

// Code is the qualifier of the reason in edi@energy MSCONS messages, with the
// same source and reservation as [SubstituteMethod.Code].
func (r SubstituteReason) Code() string {
	return map[SubstituteReason]string{
		NoAccess: "Z74", CommunicationFault: "Z75", NetworkOutage: "Z76", VoltageFailure: "Z77", DeviceExchanged: "Z78", DeviceCalibrated: "Z79",
		OutsideConditions: "Z80", DeviceDefect: "Z81", UncertainValue: "Z82", ClockSet: "ZA0", ImplausibleValue: "ZA1", WrongFactor: "ZA3",
		Misread: "ZA4", PlantRebuilt: "ZA6", ProcessingError: "ZA7", Disturbance: "ZB0",
	}[r]
}
