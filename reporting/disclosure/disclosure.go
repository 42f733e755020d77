// Package disclosure fills in statutory forms: what an authority, a customer or
// the municipality's planners are owed of a data centre and a calendar year, all
// from the same numbers. [Gather] asks the ledger once; after that everything is
// pure: the same [Sources] give the same [Form], and the same form the same bytes.
//
// A field says what it rests on, or what is missing and who could give it. A
// missing value is never 0; a 0 is measured, computed, or declared.
//
// Law: EnEfG (BGBl. 2023 I Nr. 309) §§ 13, 15, 17 and Anlage 3; Delegated
// Regulation (EU) 2024/1364, Annexes I to III; WPG Anlage 1 Nr. 4; GHG Protocol
// Scope 2 Guidance (2015). What is not confirmed in a primary text is marked so.
package disclosure

import (
	"errors"
	"time"

	"heatledger/energy"
)

// FormID names a form.
type FormID string

// The forms.
const (
	EnEfGAnnex3   FormID = "enefg-annex3"
	UnionDatabase FormID = "eu-2024-1364"
	HeatPlatform  FormID = "heat-platform"
	Customers     FormID = "customers"
	HeatPlan      FormID = "wpg-annex1"
	Carbon        FormID = "ghg-scope2"
)

// Class is what may be published of a form (FIGURES.md, "What may be published").
type Class string

// The classes: the law obliges the operator to publish what he declares; only
// aggregates of three operators and sites or more; nothing.
const (
	PublicByLaw   Class = "public_by_law"
	AggregateOnly Class = "aggregate_only"
	Restricted    Class = "restricted"
)

// Definition is a form as its authority lays it down.
type Definition struct {
	ID       FormID
	Citation string
	State    string // of the text it was made from
	Class    Class
	// DueMonth and DueDay are the day in the year after the form's by which it is
	// owed; 0 where it is owed on request only.
	DueMonth, DueDay int
	fill             func(b *builder)
}

// Definitions are all forms, in the order they are shown.
func Definitions() []Definition {
	return []Definition{
		{ID: EnEfGAnnex3, Citation: "EnEfG § 13, Anlage 3", State: "BGBl. 2023 I Nr. 309", Class: PublicByLaw, DueMonth: 3, DueDay: 31, fill: enefg},
		{ID: UnionDatabase, Citation: "(EU) 2024/1364, Annex I–III", State: "2024-06-06", Class: AggregateOnly, DueMonth: 5, DueDay: 15, fill: union},
		{ID: HeatPlatform, Citation: "EnEfG § 17 Abs. 1 Nr. 1–6", State: "BGBl. 2023 I Nr. 309", Class: Restricted, DueMonth: 3, DueDay: 31, fill: platform},
		{ID: Customers, Citation: "EnEfG § 15", State: "BGBl. 2023 I Nr. 309", Class: Restricted, fill: customers},
		{ID: HeatPlan, Citation: "WPG Anlage 1 Nr. 4", State: "2025-04", Class: Restricted, fill: heatPlan},
		{ID: Carbon, Citation: "GHG Protocol Scope 2 Guidance", State: "2015", Class: Restricted, fill: carbon},
	}
}

// ErrNoForm says that there is no form of that name.
var ErrNoForm = errors.New("no such form")

// Of is the definition of a form; ok is false where there is none.
func Of(id FormID) (Definition, bool) {
	for _, d := range Definitions() {
		if d.ID == id {
			return d, true
		}
	}
	return Definition{}, false
}

// Due is the day by which the form of a year is owed; ok is false where it is
// owed on request only.
func (d Definition) Due(year int) (day energy.Date, ok bool) {
	if d.DueMonth == 0 {
		return energy.Date{}, false
	}
	return energy.Date{Year: year + 1, Month: time.Month(d.DueMonth), Day: d.DueDay}, true
}
