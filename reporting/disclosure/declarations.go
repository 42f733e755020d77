package disclosure

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Codes are the codes of the fields of all forms, without those that are named
// after a customer or an earlier year.
func Codes() (codes []string) {
	for _, f := range bareFields() {
		codes = append(codes, f.Code)
	}
	return codes
}

// FieldOf is the field of some form with that code, without a value: to say what
// it is called.
func FieldOf(code string) (Field, bool) {
	fields := bareFields()
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Code == code })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}

// bareFields are the fields of all forms of a site of which nothing is known.
func bareFields() (fields []Field) {
	bare := &Sources{Registry: &registry.Registry{}, Calendar: energy.Calendar{Location: time.UTC}, Year: 2025}
	bare.Period = bare.Calendar.Year(bare.Year)
	for _, d := range Definitions() {
		form, err := Fill(bare, Question{Form: d.ID})
		if err != nil {
			continue // there is no form that has no definition
		}
		fields = append(fields, form.Fields...)
	}
	return fields
}

// IsCode tells whether a field of some form has that code.
func IsCode(code string) bool {
	return strings.HasPrefix(code, "customer-") || strings.HasPrefix(code, "wpg-4a-") || slices.Contains(Codes(), code)
}

// SiteDeclaration is a declaration with its site.
type SiteDeclaration struct {
	Site energy.SiteID
	registry.Declaration
}

// ReadDeclarations reads values that were published or declared from CSV with
// the header site,year,field,value,to and, in any order, unit, on, document. All
// faults of the file are named, with line and column.
func ReadDeclarations(file string, in io.Reader) (list []SiteDeclaration, faults energy.Faults) {
	rows := csv.NewReader(in)
	rows.FieldsPerRecord = -1
	head, err := rows.Read()
	if err != nil {
		return nil, energy.Faults{{File: file, Line: 1, Problem: "there is no header", Remedy: "site,year,field,value,to[,unit,on,document] is expected"}}
	}
	at := map[string]int{}
	for i, name := range head {
		at[strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))] = i
	}
	for _, name := range []string{"site", "year", "field", "value", "to"} {
		if _, ok := at[name]; !ok {
			faults = append(faults, energy.Fault{File: file, Line: 1, Problem: fmt.Sprintf("there is no column %q", name), Remedy: "site,year,field,value,to[,unit,on,document] is expected"})
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return list, faults
		}
		line, _ := rows.FieldPos(0)
		if err != nil {
			return nil, append(faults, energy.Fault{File: file, Line: line, Problem: err.Error(), Remedy: "quotes that close, and commas between cells, are expected"})
		}
		one, wrong := declarationOf(at, row)
		for _, w := range wrong {
			w.File, w.Line = file, line
			if i := at[w.Problem[:strings.IndexByte(w.Problem, ' ')]]; i < len(row) {
				_, w.Column = rows.FieldPos(i)
			}
			faults = append(faults, w)
		}
		if len(wrong) == 0 {
			list = append(list, one)
		}
	}
}

// declarationOf reads a row; each problem begins with the name of its column.
func declarationOf(at map[string]int, row []string) (d SiteDeclaration, faults energy.Faults) {
	cell := func(name string) string {
		if i, ok := at[name]; ok && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	wrong := func(name, remedy string) {
		faults = append(faults, energy.Fault{Problem: fmt.Sprintf("%s is %q", name, cell(name)), Remedy: remedy})
	}
	d.Site, d.To, d.Field, d.Unit, d.Document = energy.SiteID(cell("site")), registry.Recipient(cell("to")), cell("field"), cell("unit"), cell("document")
	if d.Site == "" {
		wrong("site", "the id of a site is expected")
	}
	var err error
	if d.Year, err = strconv.Atoi(cell("year")); err != nil || d.Year < 1990 || d.Year >= 2200 {
		wrong("year", "a calendar year such as 2025 is expected")
	}
	if !IsCode(d.Field) {
		wrong("field", "the code of a form's field such as enefg-2f is expected")
	}
	if !slices.Contains(registry.Recipients(), d.To) {
		wrong("to", fmt.Sprintf("one of %v is expected", registry.Recipients()))
	}
	if value := cell("value"); value == "" || strings.Contains(value, ",") {
		wrong("value", "a number with a decimal point, or a text without commas, is expected")
	} else if err := d.Value.UnmarshalText([]byte(value)); err != nil {
		wrong("value", "a number or a text is expected")
	}
	if on := cell("on"); on != "" {
		if d.On, err = energy.ParseDate(on); err != nil {
			wrong("on", "a day such as 2026-03-31 is expected")
		}
	}
	return d, faults
}

// Declare puts declarations into a registry, in place of those of the same
// recipient, field and year. Faults name sites there are not.
func Declare(r *registry.Registry, list []SiteDeclaration) (*registry.Registry, error) {
	entries := r.Entries()
	var faults energy.Faults
	for _, d := range list {
		if _, ok := r.Site(d.Site); !ok {
			faults = append(faults, energy.Fault{Problem: fmt.Sprintf("there is no site %q", d.Site), Remedy: "register the site first, by heatledger apply"})
			continue
		}
		entries = slices.DeleteFunc(entries, func(e registry.Entry) bool {
			return e.Kind == string(registry.KindDeclaration) && e.Site == d.Site && e.ID == d.ID()
		})
		one := registry.Registry{Sites: []registry.Site{{ID: d.Site, Declarations: []registry.Declaration{d.Declaration}}}}
		for _, e := range one.Entries() {
			if e.Kind == string(registry.KindDeclaration) {
				entries = append(entries, e)
			}
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return registry.FromEntries(entries)
}
