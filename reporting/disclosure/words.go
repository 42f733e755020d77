package disclosure

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/reporting/document"
)

// sentence is one thing to say, in both languages.
type sentence struct{ de, en string }

// Words say what forms hold in one language.
type Words struct {
	lang document.Lang
	all  map[string]sentence
}

// In are the words of a language.
func In(lang document.Lang) Words {
	all := map[string]sentence{}
	for _, topic := range []map[string]sentence{formWords(), enefgWords(), unionWords(), platformWords(), otherWords(), lackWords(), registryWords(), noteWords()} {
		maps.Copy(all, topic)
	}
	return Words{lang: lang, all: all}
}

// Say is the sentence of a key; args go where it has %s. ok is false for a key
// without one.
func (w Words) Say(key string, args ...any) (text string, ok bool) {
	found, ok := w.all[key]
	text = found.en
	if w.lang == document.German {
		text = found.de
	}
	if len(args) > 0 && strings.Contains(text, "%s") {
		text = fmt.Sprintf(text, args...)
	}
	return text, ok
}

// T is Say, with the key itself where there is no sentence.
func (w Words) T(key string, args ...any) string {
	if text, ok := w.Say(key, args...); ok {
		return text
	}
	_, name, found := strings.Cut(key, ":")
	if !found {
		return key
	}
	return name
}

// Title is what a form is called.
func (w Words) Title(id FormID) string { return w.T("form:" + string(id)) }

// Label is what a field is called.
func (w Words) Label(f Field) string {
	if f.Argument == "" {
		return w.T(f.Label)
	}
	argument := f.Argument
	if strings.HasSuffix(f.Label, "-power") {
		argument = w.T("month:" + argument)
	}
	return w.T(f.Label, argument)
}

// Fact is what a fact of the registry is called: by its own words, else by those
// of the first field it feeds.
func (w Words) Fact(name string) string {
	bare, year, dated := strings.Cut(name, "@")
	text, ok := w.Say("fact:" + bare)
	if code, known := registry.CodeOf(bare); !ok && known && len(code.Feeds) > 0 {
		text, ok = w.Say(code.Feeds[0])
	}
	if !ok {
		text = bare
	}
	if dated {
		text += " " + year
	}
	return text
}

// Remedy says what would give a missing value.
func (w Words) Remedy(l Lack) string {
	switch l.Kind {
	case LackMeter:
		place, _ := w.Say("place:" + string(l.Role))
		return w.T("lack.meter", w.lang.QuantityOf(l.Quantity), w.lang.RoleOf(l.Role), place)
	case LackReadings:
		return w.T("lack.readings", strings.Join(l.Points, ", "))
	case LackFact:
		bare, _, _ := strings.Cut(l.Name, "@")
		code, _ := registry.CodeOf(bare)
		said := w.Fact(l.Name)
		if strings.HasPrefix(bare, "has_") { // that it is not there stands in the place of its value
			said += " (" + w.T("value:no") + ")"
		}
		return w.T("lack.fact", said, bare, w.T("knows:"+string(code.Knows)))
	case LackRegistry:
		return w.T("lack.registry", w.T("registry:"+l.Name))
	}
	return w.T("lack.evidence", w.T("evidence:"+l.Name))
}

// Remedies are those of a field, in one text: meters and readings are needed
// together, what is stated stands in their place.
func (w Words) Remedies(f Field) string {
	var together, instead []string
	for _, l := range f.Missing {
		if l.Kind == LackMeter || l.Kind == LackReadings || l.Kind == LackRegistry {
			together = append(together, w.Remedy(l))
		} else {
			instead = append(instead, w.Remedy(l))
		}
	}
	if len(together) > 0 {
		instead = append([]string{strings.Join(together, " "+w.T("and")+" ")}, instead...)
	}
	return strings.Join(instead, " "+w.T("or")+" ")
}

// Value is a value as people read it.
func (w Words) Value(v Value, unit string) string {
	f, isNumber := v.Float64()
	if !v.OK() {
		return "–"
	}
	if !isNumber {
		text := w.T("value:" + v.String())
		if unit != "" && unit != "1" {
			text += " " + unit
		}
		return text
	}
	digits := 0
	switch {
	case unit == "1" || unit == "°C" || unit == "m³/MWh" || unit == "g/kWh":
		digits = 3
	case f != float64(int64(f)) && f > -1000 && f < 1000:
		digits = 2
	}
	text := w.lang.Decimal(f, digits)
	if unit != "" && unit != "1" {
		text += "\u00a0" + unit
	}
	return text
}

// Basis says on which basis a value stands.
func (w Words) Basis(b Basis) string { return w.T("basis:" + string(b)) }

// Stated is a value of a column, on which basis it stands and how far it is from
// the first column.
func (w Words) Stated(s *Stated) string {
	if s == nil {
		return "–"
	}
	text := w.Value(s.Value, string(s.Unit)) + " (" + w.Basis(s.Basis)
	if s.By != "points" && s.By != "facts" {
		text += ", " + w.T("by:"+s.By)
	}
	if s.On != "" {
		text += ", " + s.On
	}
	text += ")"
	if s.Difference != nil {
		sign := ""
		if *s.Difference > 0 {
			sign = "+"
		}
		text += "; " + sign + w.lang.Decimal(*s.Difference, 2) + "\u00a0%"
	}
	return text
}

// Source is what a value was taken from, as people call it.
func (w Words) Source(s Source) string {
	name := s.ID
	switch s.Kind {
	case FromRegistry:
		name = w.T("registry:" + s.ID)
	case FromFact:
		name = w.Fact(s.ID)
	case FromFigure:
		name = w.lang.NameOf(s.ID)
	}
	said := w.T("source:"+string(s.Kind)) + " " + name
	if s.Document != "" {
		said += " (" + s.Document + ")"
	}
	return said
}

// written is the value of a note as people of the language write days and fractions;
// whole numbers may be years and stay.
func (w Words) written(value string) string {
	if day, err := energy.ParseDate(value); err == nil {
		return w.lang.DateOf(day)
	}
	if f, err := strconv.ParseFloat(value, 64); err == nil && strings.Contains(value, ".") {
		return w.lang.Decimal(f, 3)
	}
	return value
}

// Notes are the sentences of notes.
func (w Words) Notes(notes []string) []string {
	var says []string
	for _, note := range notes {
		code, value, _ := strings.Cut(note, "=")
		if code == "waste_heat" {
			value = w.T("waste:" + value)
		}
		value = w.written(value)
		if text, ok := w.Say("note:"+code, value); ok {
			says = append(says, text)
			continue
		}
		if value != "" {
			note = code + "=" + value
		}
		says = append(says, w.lang.NotesOf(note)...)
	}
	return says
}
