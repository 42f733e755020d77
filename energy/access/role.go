package access

import "slices"

// Role is what somebody is here for (DESIGN.md, Security).
type Role string

// The roles.
const (
	Admin         Role = "admin"          // runs this Heatledger
	Office        Role = "office"         // the climate office: reviews, hears, decides
	Auditor       Role = "auditor"        // reads everything, changes nothing
	Operator      Role = "operator"       // of data centres, on his own sites
	MeterOperator Role = "meter_operator" // of single meters, which often belong to the utility
	Planner       Role = "planner"        // plans heat networks
	Collector     Role = "collector"      // a program that delivers what it read
	Public        Role = "public"         // everybody
)

// Roles are all roles, the one that may do most first.
func Roles() []Role {
	return []Role{Admin, Office, Auditor, Operator, MeterOperator, Planner, Collector, Public}
}

// Permission is one thing that one may be allowed to do.
type Permission string

// The permissions.
const (
	Read      Permission = "read"            // readings, figures, verdicts, findings
	Submit    Permission = "submit"          // hand in readings, corrections, questionnaires
	Approve   Permission = "approve"         // release what a colleague prepared for handing in
	Answer    Permission = "answer"          // reply to questions and in a hearing
	Comment   Permission = "comment"         // remark on a row or a period
	Review    Permission = "review"          // accept a submission or ask back
	Hear      Permission = "hear"            // open and close a hearing
	Decide    Permission = "decide"          // propose what is published
	Confirm   Permission = "confirm"         // as the second person, what is published or withdrawn
	Configure Permission = "configure"       // what exists and what was promised: the registry
	Delegate  Permission = "delegate"        // give a consultant a part of one's own rights
	Accounts  Permission = "manage_accounts" // invite, grant, disable
	Tokens    Permission = "manage_tokens"   // make and revoke tokens of programs
	Audit     Permission = "audit"           // who changed what, and why
	Plan      Permission = "plan"            // heat that is there, for planners
	Collect   Permission = "collect"         // deliver batches of a collector
	Published Permission = "read_published"  // what a decision made public
)

// Permissions are all permissions.
func Permissions() []Permission {
	return []Permission{Read, Submit, Approve, Answer, Comment, Review, Hear, Decide, Confirm, Configure,
		Delegate, Accounts, Tokens, Audit, Plan, Collect, Published}
}

// Allows tells whether the role includes the permission, before any question of
// where and when.
func (r Role) Allows(p Permission) bool { return slices.Contains(r.permissions(), p) }

// Known tells whether it is a role.
func (r Role) Known() bool { return slices.Contains(Roles(), r) }

// permissions are those of a role; none for what is no role.
func (r Role) permissions() []Permission {
	switch r {
	case Admin:
		return Permissions()
	case Office:
		return []Permission{Read, Submit, Comment, Review, Hear, Decide, Confirm, Configure, Audit, Plan, Published}
	case Auditor:
		return []Permission{Read, Audit, Published}
	case Operator:
		return []Permission{Read, Submit, Approve, Answer, Comment, Delegate, Tokens, Published}
	case MeterOperator:
		return []Permission{Read, Submit, Answer, Comment, Published}
	case Planner:
		return []Permission{Plan, Published}
	case Collector:
		return []Permission{Collect}
	case Public:
		return []Permission{Published}
	}
	return nil
}
