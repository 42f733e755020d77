package store

// The kinds of entries of the office's desk. They belong to the [Municipality] and
// are in no registry: KindTask says that the office did one of its tasks (the id
// is the item's key), KindLetter that a letter was written (the id is the item's
// key, or the submission it asks about).
const (
	KindTask   = "office_task"
	KindLetter = "letter"
)

// KindPlan is the kind of the entries by which plans of heat networks are kept. They
// belong to the [Municipality]; the id is the scenario's name, and body.held names the
// files that are kept for it.
const KindPlan = "plan"
