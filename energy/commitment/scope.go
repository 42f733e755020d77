package commitment

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Scope says which sites a rule binds. What is not said binds all.
type Scope struct {
	Kinds            []energy.SiteKind   `yaml:"kinds"`
	Types            []registry.SiteType `yaml:"types"`
	ConnectedLoadKW  registry.Number     `yaml:"connected_load_kw"`       // at least
	ConnectedBelowKW registry.Number     `yaml:"connected_load_below_kw"` // less than
	ITLoadKW         registry.Number     `yaml:"it_load_kw"`              // at least
	Started          DayRange            `yaml:"started"`
	PublicBody       bool                `yaml:"public_body"` // only those owned by or run for public bodies
	Ownership        Ownership           `yaml:"ownership"`   // of the operator
}

// Ownership says whether the operator of a site is a public body.
type Ownership string

// The kinds of ownership.
const (
	PublicOwner  Ownership = "public"
	PrivateOwner Ownership = "private"
)

// DayRange are the days [From, To); a zero Date leaves a side open.
type DayRange struct {
	From energy.Date `yaml:"from"`
	To   energy.Date `yaml:"to"`
}

// Contains tells whether d is one of the days; no day is in any bounded range.
func (r DayRange) Contains(d energy.Date) bool {
	none := energy.Date{}
	return (r.From == none || d != none && !d.Before(r.From)) && (r.To == none || d != none && d.Before(r.To))
}

// excludes says why the rule does not bind a site; "" when it does. With
// unknown the registry lacks what would tell, and nothing else excludes it.
func (s Scope) excludes(site registry.Site, operator registry.Operator) (code Code, args Args, unknown bool) {
	for _, by := range []func() (Code, Args, bool){
		func() (Code, Args, bool) { return s.excludesKind(site, operator) },
		func() (Code, Args, bool) { return s.excludesLoad(site) },
		func() (Code, Args, bool) { return s.excludesStart(site.InOperationSince) },
	} {
		switch found, why, open := by(); {
		case found != "" && !open:
			return found, why, false
		case found != "" && code == "":
			code, args, unknown = found, why, true
		}
	}
	return code, args, unknown
}

// excludesKind is [Scope.excludes] by what a site is and whose.
func (s Scope) excludesKind(site registry.Site, operator registry.Operator) (code Code, args Args, unknown bool) {
	owner := PrivateOwner
	if operator.PublicBody {
		owner = PublicOwner
	}
	switch {
	case len(s.Kinds) > 0 && !slices.Contains(s.Kinds, site.Kind):
		return OtherKind, Args{"kind": Text(string(site.Kind))}, false
	case len(s.Types) > 0 && site.Type != "" && !slices.Contains(s.Types, site.Type):
		return OtherType, Args{"type": Text(string(site.Type))}, false
	case s.PublicBody && !site.PublicBody && !operator.PublicBody:
		return NotPublic, Args{}, false
	case s.Ownership != "" && operator.ID != "" && s.Ownership != owner:
		return OtherOwnership, Args{"ownership": Text(string(owner))}, false
	case len(s.Types) > 0 && site.Type == "":
		return TypeUnknown, Args{}, true
	case s.Ownership != "" && operator.ID == "":
		return OwnerUnknown, Args{}, true
	}
	return "", nil, false
}

// excludesStart is [Scope.excludes] by the start of operation.
func (s Scope) excludesStart(start energy.Date) (code Code, args Args, unknown bool) {
	none := energy.Date{}
	switch {
	case s.Started == DayRange{}:
	case start == none:
		return StartUnknown, Args{}, true
	case s.Started.From != none && start.Before(s.Started.From):
		return StartedEarlier, Args{"start": Day(start), "from": Day(s.Started.From)}, false
	case !s.Started.Contains(start):
		return StartedLater, Args{"start": Day(start), "to": Day(s.Started.To)}, false
	}
	return "", nil, false
}

// excludesLoad is [Scope.excludes] by connected load and IT load.
func (s Scope) excludesLoad(site registry.Site) (code Code, args Args, unknown bool) {
	for _, bound := range []struct {
		least, below, load   registry.Number
		small, great, absent Code
	}{
		{s.ConnectedLoadKW, s.ConnectedBelowKW, site.ConnectedLoadKW, LoadTooSmall, LoadTooGreat, LoadUnknown},
		{s.ITLoadKW, registry.Number{}, site.ITLoadKW, ITLoadTooSmall, "", ITLoadUnknown},
	} {
		minimum, load := Amount(bound.least.Float64(), energy.Kilowatt), Amount(bound.load.Float64(), energy.Kilowatt)
		switch {
		case bound.least.Sign() == 0 && bound.below.Sign() == 0:
		case bound.load.Sign() == 0:
			return bound.absent, Args{"minimum": minimum}, true
		case bound.load.Float64() < bound.least.Float64():
			return bound.small, Args{"load": load, "minimum": minimum}, false
		case bound.below.Sign() > 0 && bound.load.Float64() >= bound.below.Float64():
			return bound.great, Args{"load": load, "limit": Amount(bound.below.Float64(), energy.Kilowatt)}, false
		}
	}
	return "", nil, false
}
