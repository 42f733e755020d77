package chart

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// dresser turns what ECharts draws into what a page may hold.
type dresser struct {
	styleElement, class, style, meta, mark, decimals, head *regexp.Regexp
}

func newDresser() dresser {
	return dresser{
		head:         regexp.MustCompile(`^<svg width="(\d+)" height="(\d+)"[^>]*>`),
		styleElement: regexp.MustCompile(`(?s)<style.*?</style>\s*`),
		class:        regexp.MustCompile(` class="zr[^"]*"`),
		style:        regexp.MustCompile(` style="([^"]*)"`),
		mark:         regexp.MustCompile(`<path ([^>]*) ecmeta_series_index="(\d+)" ecmeta_data_index="(\d+)" ecmeta_ssr_type="chart"([^>]*)></path>`),
		meta:         regexp.MustCompile(` (ecmeta_\w+|pointer-events)="[^"]*"`),
		decimals:     regexp.MustCompile(`\d+\.\d{6,}`),
	}
}

// dress gives the picture ids of its own (prefix), a role, title and
// description, and presentation attributes in place of styles, which a strict
// content security policy refuses. Each bar names its value.
func (d dresser) dress(raw string, c Chart, lang Language, prefix string) string {
	svg := d.styleElement.ReplaceAllString(raw, "")
	svg = d.class.ReplaceAllString(svg, "")
	svg = d.style.ReplaceAllStringFunc(svg, func(s string) string { return attributes(d.style.FindStringSubmatch(s)[1]) })
	svg = d.mark.ReplaceAllStringFunc(svg, func(s string) string {
		parts := d.mark.FindStringSubmatch(s)
		if name, ok := c.markName(parts[2], parts[3], lang); ok {
			return "<path " + parts[1] + parts[4] + "><title>" + html.EscapeString(name) + "</title></path>"
		}
		return s
	})
	svg = d.meta.ReplaceAllString(svg, "")
	svg = d.decimals.ReplaceAllStringFunc(svg, func(s string) string {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return s
		}
		return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
	})
	svg = numberOfEngine().ReplaceAllString(svg, prefix+"-")
	if c.Kind == Line || c.Kind == Area { // what is not there is hatched
		svg = strings.ReplaceAll(svg, ` fill="`+hatchInk+`"`, ` fill="url(#`+prefix+`-gap)"`)
	}
	// What lies over a bar, its pattern, must not hide the bar's name.
	svg = strings.ReplaceAll(svg, ` fill="url(#`, ` pointer-events="none" fill="url(#`)
	svg = strings.ReplaceAll(svg, `"></path>`, `"/>`)
	return d.head.ReplaceAllStringFunc(svg, func(s string) string {
		size := d.head.FindStringSubmatch(s)
		rendering := ""
		if c.Kind == Carpet {
			rendering = ` shape-rendering="crispEdges"` // no seams between the cells
		}
		defs := ""
		if c.Kind == Line || c.Kind == Area {
			defs = fmt.Sprintf(`<defs><pattern id="%s-gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#e4e8eb"/><rect width="2" height="6" fill="#8a949d"/></pattern></defs>`, prefix)
		}
		return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-t %s-d" font-family="%s"%s><title id="%s-t">%s</title><desc id="%s-d">%s</desc>%s`,
			size[1], size[2], prefix, prefix, html.EscapeString(fontFamily), rendering, prefix, html.EscapeString(c.Title), prefix, html.EscapeString(c.Summary), defs)
	})
}

// numberOfEngine is how ECharts begins its ids: they count up in each engine.
func numberOfEngine() *regexp.Regexp { return regexp.MustCompile(`zr\d+-`) }

// attributes writes CSS declarations as presentation attributes.
func attributes(css string) string {
	var b strings.Builder
	for declaration := range strings.SplitSeq(css, ";") {
		name, value, ok := strings.Cut(declaration, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "font-family" { // that of the whole picture
			continue
		}
		fmt.Fprintf(&b, ` %s="%s"`, name, html.EscapeString(value))
	}
	return b.String()
}

// markName is what a bar stands for: "2025-06, IT: 123 MWh".
func (c Chart) markName(seriesText, dataText string, lang Language) (string, bool) {
	s, errS := strconv.Atoi(seriesText)
	i, errI := strconv.Atoi(dataText)
	if c.Kind != Bars && c.Kind != StackedBars && c.Kind != GroupedBars || errS != nil || errI != nil || s >= len(c.Series) || i >= len(c.Labels) {
		return "", false
	}
	v := c.Series[s].Values[i]
	digits := 2
	if math.Abs(v) >= 100 {
		digits = 0
	}
	return c.Labels[i] + ", " + c.Series[s].Name + ": " + Number(lang, v, digits) + unit(c.Unit), true
}
