package series

// Method is the version of the way in which readings become days. It is raised
// with every change that may turn a quarter-hour; it is stored with every day,
// and with judgements that were issued.
const Method = 2
