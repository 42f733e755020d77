// Package words makes sentences for people of the codes and arguments that
// the judgement gives. It knows languages and how numbers and days are written
// in them, and judges nothing.
//
// The sentences are for a member of a council: what was found, held against
// what was promised, and until when it is open. A value beyond a limit is
// called just that; whether it is an offence is for an authority to say.
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"heatledger/energy/commitment"
	"heatledger/energy/strictyaml"
)

// Lang is a language of the pages: an IETF tag in lower case.
type Lang string

// The languages. Leichte Sprache falls back to German where it has no text.
const (
	German       Lang = "de"
	English      Lang = "en"
	SimpleGerman Lang = "de-simple"
)

// Langs are the languages that have every sentence.
func Langs() []Lang { return []Lang{German, English} }

// Chain are the languages a text is looked for in, best first.
func Chain(l Lang) []Lang {
	switch l {
	case English:
		return []Lang{English}
	case SimpleGerman:
		return []Lang{SimpleGerman, German, English}
	}
	return []Lang{German, English}
}

// Spoken is the language in which a reader of l gets the sentences.
func Spoken(l Lang) Lang {
	for _, lang := range Chain(l) {
		if slices.Contains(Langs(), lang) {
			return lang
		}
	}
	return German
}

// sentences are the texts by language: sections of names.
//
//go:embed sentences/*.yaml
var sentences embed.FS

// catalogues are the texts by language and name ("verdict:met"), read once.
var catalogues = sync.OnceValue(func() map[Lang]map[string]string {
	all := map[Lang]map[string]string{}
	for _, l := range Langs() {
		texts, err := load(l)
		if err != nil { // the files are part of the program
			panic(fmt.Sprintf("words: %v", err))
		}
		all[l] = texts
	}
	return all
})

// load reads the files of a language: de.yaml, and those of single topics such as
// desk.de.yaml.
func load(l Lang) (map[string]string, error) {
	topics, err := fs.Glob(sentences, "sentences/*."+string(l)+".yaml")
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, file := range append([]string{"sentences/" + string(l) + ".yaml"}, topics...) {
		src, err := sentences.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var sections map[string]map[string]string
		if _, faults := strictyaml.Decode(file, src, &sections); len(faults) > 0 {
			return nil, faults
		}
		for section, names := range sections {
			for name, text := range names {
				if _, twice := texts[section+":"+name]; twice {
					return nil, fmt.Errorf("%s has %s of %s, which another file has", file, name, section)
				}
				texts[section+":"+name] = text
			}
		}
	}
	return texts, nil
}

// find is the first text of a name along the chain of a language.
func find(l Lang, name string) (text string, ok bool) {
	for _, lang := range Chain(l) {
		if text, ok = catalogues()[lang][name]; ok {
			return text, true
		}
	}
	return "", false
}

// text is the text of a name; a name nobody knows is shown as it is.
func text(l Lang, name string) string {
	if t, ok := find(l, name); ok {
		return t
	}
	_, bare, _ := strings.Cut(name, ":")
	return bare
}

// Known tells whether a code has a sentence in the language itself.
func Known(l Lang, code commitment.Code) bool {
	_, ok := catalogues()[l]["code:"+string(code)]
	return ok
}

// Metric is the name of a figure or role: "Energieeffizienz (PUE)".
func Metric(l Lang, name string) string { return text(l, "metric:"+name) }

// Exception is the name of an exception of a rulebook.
func Exception(l Lang, id string) string { return text(l, "exception:"+id) }

// Choose is the language that fits best what a browser asks for
// (Accept-Language, RFC 9110 12.5.4); German where none fits.
func Choose(accept string) Lang {
	best, weight := German, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		tag, parameters, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
		q := quality(parameters)
		if lang, ok := langOf(strings.TrimSpace(tag)); ok && q > weight {
			best, weight = lang, q
		}
	}
	return best
}

func langOf(tag string) (Lang, bool) {
	if Lang(tag) == SimpleGerman {
		return SimpleGerman, true
	}
	primary, _, _ := strings.Cut(tag, "-")
	switch Lang(primary) {
	case German, English:
		return Lang(primary), true
	}
	return "", false
}
