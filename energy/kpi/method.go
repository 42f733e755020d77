package kpi

// Method is the version of the definitions. It is raised with every change that
// may turn a digit of a figure, or a line of the [Books]. Issued judgements keep
// the one they rest on; closed sites write the balances of all their days anew.
const Method = 4
