// Package plan runs a scenario: which sources, upgraded how, serve which areas by
// which network, and what a MWh costs there. A scenario is one file
// ([Scenario], [Parse]) that names all it rests on; [Run] carries it from the
// hours of the sources to the cost of heat, with every assumption, its source and
// what the numbers rest on. It knows files as bytes and sites as their stored
// days; where either comes from it does not know. Package shelf keeps results.
//
// The way of a run: sources in hours → heat pumps → hours of demand → matching
// (package match) → choice of areas → network (package network) → cost, emissions,
// sensitivity → [Result].
//
// A result is the same for the same scenario, files and facts, to the last digit
// that is written (on one kind of processor; see package network). Its digest says
// so: it covers all of the result and so names the inputs, each by its own digest.
package plan

// Method is the version of the definitions of this package. It is raised with every
// change that may turn a digit, so that a digest that differs can be explained.
//
// 2: a result states the defaults, too, and all that heat pumps, storages and the
// reading of files rest on; its numbers are those of 1.
const Method = 2

// heatmap and the packages below it speak of kWh and kW; so do the results.
const kilowattHoursPerMWh = 1000
