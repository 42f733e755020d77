package kpi

// Method is the version of the definitions. It is raised with every change that
// may turn a digit of a figure; issued judgements keep the one they rest on.
const Method = 2
