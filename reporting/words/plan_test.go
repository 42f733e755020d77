package words_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"heatledger/heatmap/match"
	"heatledger/heatmap/network"
	"heatledger/heatmap/plan"
	"heatledger/reporting/words"
)

// planCodes are the codes that package plan warns with, as its source names them.
func planCodes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../heatmap/plan/warning.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if name, ok := call.Fun.(*ast.Ident); !ok || name.Name != "warn" {
			return true
		}
		if code, ok := call.Args[0].(*ast.BasicLit); ok {
			text, _ := strconv.Unquote(code.Value)
			codes = append(codes, text)
		}
		return true
	})
	return append(codes, "area_no_street", "area_no_source", "area_too_far", "area_too_hot")
}

func TestEveryWarningAndAssumptionOfAPlanHasWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	codes := planCodes(t)
	if len(codes) < 20 {
		t.Fatalf("only %v", codes)
	}
	assumptions := network.DefaultAssumptions()
	for _, l := range words.Langs() {
		for _, code := range codes {
			if !words.KnownPlan(l, "plan_warning:"+code) {
				t.Errorf("%s: no words for the warning %s", l, code)
			}
			if said := words.PlanWarning(l, plan.Warning{Code: code, About: "hafen", Values: []float64{1, 2, 3}}); strings.ContainsAny(said, "{}") {
				t.Errorf("%s: %s has a place that nothing fills: %s", l, code, said)
			}
		}
		for _, a := range assumptions.All() {
			if !words.KnownPlan(l, "plan_assumption:"+a.Code) {
				t.Errorf("%s: no name for the assumption %s", l, a.Code)
			}
		}
		for _, basis := range []network.Basis{network.Cited, network.Assumed, network.Given} {
			if !words.KnownPlan(l, "plan:basis_"+string(basis)) {
				t.Errorf("%s: no words for the basis %s", l, basis)
			}
		}
	}
}

func TestANumberOfAPlanIsWrittenAsPeopleReadIt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		l    words.Lang
		x    float64
		unit string
		want string
	}{
		{words.German, 0.05, "1/a", "5\u00a0%/a"}, {words.English, 0.05, "1/a", "5\u00a0%/a"}, {words.German, 6000, "EUR", "6.000\u00a0€"},
		{words.English, 0.026, "W/(m K)", "0.026\u00a0W/(m K)"}, {words.German, 0.5, "1", "0,5"}, {words.German, 25, "EUR/MWh", "25\u00a0€/MWh"},
	} {
		if got := words.PlanValue(tt.l, tt.x, tt.unit); got != tt.want {
			t.Errorf("%s: %v %s is written %q, want %q", tt.l, tt.x, tt.unit, got, tt.want)
		}
	}
}

func TestAllThatAPlanStatesHasWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, l := range words.Langs() {
		for kind, codes := range plan.Statements() {
			if !words.KnownPlan(l, "plan_of:"+kind) {
				t.Errorf("%s: no words for %s", l, kind)
			}
			for _, code := range codes {
				if !words.KnownPlan(l, "plan_stated:"+kind+"."+code) && !words.KnownPlan(l, "plan_stated:"+code) {
					t.Errorf("%s: no words for %s of %s", l, code, kind)
				}
			}
		}
		texts := plan.StatedTexts()
		for _, by := range []match.Key{match.ByCost, match.ByDensity, match.ByCovered, match.ByDistance, match.ByHeat} {
			texts = append(texts, string(by))
		}
		for _, text := range texts {
			if !words.KnownPlan(l, "plan_text:"+text) {
				t.Errorf("%s: no words for %s", l, text)
			}
		}
	}
}

func TestAStatementIsSaidInWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		l                              words.Lang
		f                              plan.StatedFact
		of, name, value, basis, source string
	}{
		{words.German, plan.StatedFact{Of: "heat_pump dockside", Code: "spread_k", Value: new(8.0), Unit: "K", Basis: plan.BasisStated, Source: "offer"},
			"Wärmepumpe dockside", "Abkühlung der Quelle, wo ihr Rücklauf nicht gemessen ist", "8\u00a0K", "vom Szenario gesetzt", "offer"},
		{words.German, plan.StatedFact{Of: "storage tank", Code: "charge_kw", Text: "unlimited", Basis: plan.BasisDefault, Source: plan.SourceOurs},
			"Speicher tank", "Leistung beim Laden", "nicht begrenzt", "Vorgabe des Programms", "dieses Programm"},
		{words.German, plan.StatedFact{Of: "streets", Code: "margin_m", Value: new(15.0), Unit: "m", Basis: plan.BasisDefault, Source: plan.SourceOurs},
			"Straßen", "Abstand, bis zu dem eine Straße zum Gebiet zählt", "15\u00a0m", "Vorgabe des Programms", "Annahme dieses Programms, zu ersetzen"},
		{words.English, plan.StatedFact{Of: "source works", Code: "grade", Text: "declared", Basis: plan.BasisStated, Source: plan.SourceScenario},
			"Source works", "data grade", "declared", "set by the scenario", "the scenario, without a document"},
		{words.English, plan.StatedFact{Of: "source works", Code: "heat_pump", Text: "all", Basis: plan.BasisStated, Source: plan.SourceNetwork},
			"Source works", "heat pump", "all", "set by the scenario", "as the network (see the assumptions)"},
		{words.English, plan.StatedFact{Of: "boiler", Code: "efficiency", Value: new(0.95), Unit: "1", Source: "offer"}, // of method 1
			"Boiler", "efficiency", "0.95", "set by the scenario", "offer"},
		{words.English, plan.StatedFact{Of: "matching", Code: "by", Text: "density", Basis: plan.BasisStated, Source: plan.SourceScenario},
			"Matching", "ranked by", "linear heat density", "set by the scenario", "the scenario, without a document"},
	} {
		got := []string{words.PlanOf(tt.l, tt.f), words.PlanStated(tt.l, tt.f), words.PlanStatedValue(tt.l, tt.f), words.PlanBasis(tt.l, tt.f), words.PlanSource(tt.l, tt.f)}
		if want := []string{tt.of, tt.name, tt.value, tt.basis, tt.source}; !slices.Equal(got, want) {
			t.Errorf("%+v is said as %q, want %q", tt.f, got, want)
		}
	}
}
