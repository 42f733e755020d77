package intake

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"heatledger/energy"
)

// Format is the form of a body of readings.
type Format string

// The forms of readings: CSV with a header, a JSON list, one JSON object a line.
const (
	CSV    Format = "csv"
	JSON   Format = "json"
	NDJSON Format = "ndjson"
)

// Read reads rows from r and hands each to take, or to reject when it cannot
// be read. It returns energy.Faults when the body as a whole is not in the
// form (a wrong header, broken JSON), and the error of r. Lines, elements and
// JSON lists are bounded, so that memory does not grow with nonsense.
func Read(r io.Reader, file string, format Format, take func(Row), reject func(Rejection)) error {
	return read(r, file, format, func(number int, cells map[string]string) *Rejection {
		row, rejection := parseRow(number, cells, parseTimes)
		if rejection == nil {
			take(row)
		}
		return rejection
	}, reject)
}

// parser takes the cells of a row, or says why not.
type parser func(number int, cells map[string]string) *Rejection

func read(r io.Reader, file string, format Format, parse parser, reject func(Rejection)) error {
	switch format {
	case CSV:
		return readCSV(r, file, parse, reject)
	case JSON:
		return readJSON(r, file, parse, reject)
	case NDJSON:
		return readNDJSON(r, file, parse, reject)
	}
	return energy.Faults{{File: file, Problem: fmt.Sprintf("unknown form %q", format), Remedy: "csv, json or ndjson is expected"}}
}

const byteOrderMark = "\xef\xbb\xbf"

func readCSV(r io.Reader, file string, parse parser, reject func(Rejection)) error {
	in := bufio.NewReaderSize(&lineBound{reader: r, file: file}, 1<<16)
	if mark, _ := in.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		_, _ = in.Discard(len(byteOrderMark)) // peeked above
	}
	rows := csv.NewReader(in)
	rows.ReuseRecord = true
	rows.FieldsPerRecord = -1
	header, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return energy.Faults{{File: file, Line: 1, Problem: "the file is empty", Remedy: headerRemedy}}
	}
	if err != nil {
		return csvFault(file, err)
	}
	columns := slices.Clone(header)
	if faults := checkHeader(file, columns); len(faults) > 0 {
		return faults
	}
	cells := make(map[string]string, len(columns))
	for {
		record, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvFault(file, err)
		}
		line, _ := rows.FieldPos(0)
		if len(record) != len(columns) {
			reject(Rejection{Row: line, Code: CodeSyntax, Reason: fmt.Sprintf("%d columns instead of %d", len(record), len(columns)),
				Hint: columnsHint(len(record), len(columns))})
			continue
		}
		for i, name := range columns {
			cells[name] = strings.TrimSpace(record[i])
		}
		if rejection := parse(line, cells); rejection != nil {
			reject(*rejection)
		}
	}
}

func columnsHint(have, want int) string {
	if have > want {
		return "a decimal comma makes two columns of one: write a decimal point"
	}
	return "every row has the columns of the first line; leave a cell empty rather than out"
}

// lineMost is the longest line, and the largest element, of a body.
const lineMost = 64 << 10

// lineBound ends a reader whose line is longer than any row: what has no end
// must not be held in memory to find it.
type lineBound struct {
	reader io.Reader
	file   string
	line   int // lines so far
	length int // of the present one
}

func (b *lineBound) Read(p []byte) (int, error) {
	n, err := b.reader.Read(p)
	for rest := p[:n]; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			b.length += len(rest)
			break
		}
		b.line, b.length, rest = b.line+1, 0, rest[end+1:]
	}
	if b.length > lineMost {
		return 0, energy.Faults{{File: b.file, Line: b.line + 1, Problem: fmt.Sprintf("the line is longer than %d bytes", lineMost), Remedy: headerRemedy}}
	}
	return n, err
}

const headerRemedy = "the first line must be point,at,value[,unit][,quality] or point,from,to,value[,unit][,quality]"

// checkHeader names every column that is wrong, missing or doubled.
func checkHeader(file string, columns []string) (faults energy.Faults) {
	fault := func(i int, problem string) {
		faults = append(faults, energy.Fault{File: file, Line: 1, Column: i + 1, Problem: problem, Remedy: headerRemedy})
	}
	if len(columns) == 1 && strings.Contains(columns[0], ";") {
		fault(0, "columns are separated by semicolons, commas are expected")
		return faults
	}
	// The coverages of our own exports are understood and not needed.
	known := []string{"point", "at", "from", "to", "value", "unit", "quality", "energy_coverage", "interval_coverage"}
	for i := range columns {
		columns[i] = strings.TrimSpace(columns[i])
		switch {
		case !slices.Contains(known, columns[i]):
			fault(i, fmt.Sprintf("unknown column %q", columns[i]))
		case slices.Index(columns, columns[i]) < i:
			fault(i, fmt.Sprintf("column %q stands twice", columns[i]))
		}
	}
	has := func(name string) bool { return slices.Contains(columns, name) }
	for _, name := range []string{"point", "value"} {
		if !has(name) {
			fault(0, fmt.Sprintf("column %q is missing", name))
		}
	}
	if interval := has("from") && has("to"); interval == has("at") || has("from") != has("to") {
		fault(0, "either the column at or the columns from and to are expected")
	}
	return faults
}

func csvFault(file string, err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return energy.Faults{{File: file, Line: parse.Line, Column: parse.Column, Problem: parse.Err.Error(), Remedy: "quote cells as RFC 4180 says"}}
	}
	return fmt.Errorf("read %s: %w", file, err)
}

// element is a row in JSON: the same names as the CSV columns.
type element struct {
	Point   string          `json:"point"`
	At      *string         `json:"at"`
	From    *string         `json:"from"`
	To      *string         `json:"to"`
	Value   json.RawMessage `json:"value"`
	Unit    string          `json:"unit"`
	Quality string          `json:"quality"`
}

// readNDJSON reads one element a line; a line that is none is rejected, and
// reading goes on.
func readNDJSON(r io.Reader, file string, parse parser, reject func(Rejection)) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 4096), lineMost)
	number := 0
	for lines.Scan() {
		number++
		raw := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte(byteOrderMark)))
		if len(raw) == 0 {
			continue
		}
		if rejection := parseElement(number, raw, parse); rejection != nil {
			reject(*rejection)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return energy.Faults{{File: file, Line: number + 1, Problem: fmt.Sprintf("the line is longer than %d bytes", lineMost), Remedy: elementRemedy}}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	return nil
}

const elementRemedy = `{"point": "SITE/NAME", "at": "2025-01-01T00:00:00Z", "value": 1.5} is expected`

// jsonMost is the largest JSON list; longer ones come as NDJSON or CSV.
const jsonMost = 64 << 20

// filling reads as much as there is room for. The decoder of JSON looks at white space
// from its start again after each read: by small ones, a body of little else would
// keep it busy for minutes.
type filling struct{ io.Reader }

func (f filling) Read(p []byte) (int, error) {
	n, err := io.ReadFull(f.Reader, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

func readJSON(r io.Reader, file string, parse parser, reject func(Rejection)) error {
	limited := &io.LimitedReader{R: r, N: jsonMost}
	in := json.NewDecoder(filling{limited})
	broken := func(number int, err error) error {
		if limited.N <= 0 {
			return energy.Faults{{File: file, Problem: fmt.Sprintf("the list is larger than %d bytes", jsonMost), Remedy: "send it as NDJSON or CSV, or in parts"}}
		}
		problem := fmt.Sprintf("element %d is no JSON, from byte %d", number, in.InputOffset())
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			problem = fmt.Sprintf("the list ends early, within element %d", number)
		}
		return energy.Faults{{File: file, Problem: problem, Remedy: elementRemedy}}
	}
	if token, err := in.Token(); err != nil && limited.N <= 0 {
		return broken(1, err)
	} else if err != nil || token != json.Delim('[') {
		return energy.Faults{{File: file, Line: 1, Problem: "the body is no JSON list", Remedy: "[ … ] is expected"}}
	}
	for number := 1; ; number++ {
		if !in.More() {
			if _, err := in.Token(); err != nil {
				return broken(number, err)
			}
			return nil
		}
		var raw json.RawMessage
		if err := in.Decode(&raw); err != nil {
			return broken(number, err)
		}
		if rejection := parseElement(number, raw, parse); rejection != nil {
			reject(*rejection)
		}
	}
}

// syntaxReason says what is wrong with an element without naming our types.
func syntaxReason(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return short(fmt.Sprintf("%s is a %s, a text is expected", cmp.Or(kind.Field, "the element"), kind.Value))
	}
	return short(strings.TrimPrefix(err.Error(), "json: "))
}

func parseElement(number int, raw json.RawMessage, parse parser) *Rejection {
	var e element
	strict := json.NewDecoder(bytes.NewReader(raw))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&e); err != nil {
		return &Rejection{Row: number, Code: CodeSyntax, Reason: syntaxReason(err), Hint: elementRemedy}
	}
	cells := map[string]string{"point": e.Point, "unit": e.Unit, "quality": e.Quality}
	for name, text := range map[string]*string{"at": e.At, "from": e.From, "to": e.To} {
		if text != nil {
			cells[name] = *text
		}
	}
	if value := string(e.Value); value != "null" {
		cells["value"] = strings.Trim(value, `"`)
	}
	return parse(number, cells)
}
