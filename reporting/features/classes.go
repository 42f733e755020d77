package features

import "heatledger/reporting/features/cql2"

// Classes are the conformance classes that the package holds, as URIs.
func Classes() []string {
	const one, two, three = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/", "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/", "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
	const five = "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/" // Part 5 of Features is Part 3 of Common
	return append([]string{one + "core", one + "oas30", one + "geojson", one + "html", two + "crs",
		three + "queryables", three + "queryables-query-parameters", three + "filter", three + "features-filter", five + "schemas", five + "returnables-and-receivables"}, cql2.Classes()...)
}

// ConformancePage is the conformance declaration.
type ConformancePage struct {
	ConformsTo []string `json:"conformsTo"`
	Links      []Link   `json:"links"`
}

// conformance answers with the classes that hold (17-069r4, clause 7.4).
func (a API) conformance(q question) (Answer, error) {
	return q.answer(&ConformancePage{Classes(), q.links})
}
