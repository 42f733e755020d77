// Package plantsim is a virtual plant: data centres whose meters answer over
// real Modbus TCP and real OPC UA, and whose past can be asked for. It knows
// meters, registers and physics; it knows nothing of collectors, databases or
// figures, and encodes its registers from the makers' addresses by itself, so
// that it and the reader check each other.
//
// What is measured: the course of the IT load over the day follows the
// half-hour shapes of 96 UK data centres, in the city over the year their
// utilisation by month; the day of a yearly shutdown one that was metered; the
// heat demand over the day a real heat meter (data/SOURCES.md, with what was
// moved to other years). What is modelled: outdoor temperature, sun and clouds
// (there is no weather series), cooling and evaporating water by outdoor
// temperature, UPS losses, other infrastructure, heat pumps, how much heat a
// network asks for over the year, noise.
//
// Everything is a pure function of (seed, site, instant): same seed, same
// plant, for the past as for the present. Powers are whole watts at the
// quarter-hours of UTC, straight lines between them, with a ripple by the
// minute that sums to zero over each quarter-hour. So the integral of every
// power is exact in integers at every millisecond, and that integral is what
// the counters show.
//
// The balance of a site, at every instant and in every sum:
//
//	grid import = IT + UPS losses + cooling + other + heat pump inside − solar
//
// In an outage no meter of a site gives a reading: counters count on unseen.
//
// What goes wrong is done to order: a [Fault] of a meter, a fault of a line or of
// its answers ([Server.Spoil]), or a play of both from a file ([Scenario];
// example.scenario.yaml explains it). Each folder of testdata/faults is one fault
// and what a reader must make of it.
package plantsim
