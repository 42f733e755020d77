package planning

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"

	"heatledger/heatmap"
	"heatledger/reporting/cell"
)

// Hours are the steps of a source, of a quarter-hour or an hour, as they may be
// taken along.
type Hours struct {
	Series heatmap.Series
	// About goes with the numbers, by name: origin, licence, decision. It stands in
	// the metadata of the file; a CSV has no place for it.
	About map[string]string
}

// hour is one step. A field that is nil is not known.
type hour struct {
	From     time.Time `parquet:"from,timestamp(millisecond)"`
	To       time.Time `parquet:"to,timestamp(millisecond)"`
	Power    *float64  `parquet:"power_kw,optional"`
	Flow     *float64  `parquet:"flow_temperature_c,optional"`
	Return   *float64  `parquet:"return_temperature_c,optional"`
	Unshaped *float64  `parquet:"energy_without_hours_kwh,optional"`
	Grade    string    `parquet:"grade,dict"`
	Limit    string    `parquet:"limit,dict"`
}

// hours are the steps, one after the other.
func (h Hours) hours() []hour {
	s := h.Series
	list := make([]hour, s.Len())
	columns := s.Columns()
	for i := range list {
		one := hour{From: s.At(i), To: s.At(i).Add(s.Step), Grade: s.Grade(i).String(), Limit: s.Limit(i).String()}
		if p, ok := s.Power(i); ok {
			one.Power = new(float64(p))
		}
		if t, ok := s.Flow(i); ok {
			one.Flow = new(float64(t))
		}
		if t, ok := s.Return(i); ok {
			one.Return = new(float64(t))
		}
		if columns.Unshaped != nil && !math.IsNaN(float64(columns.Unshaped[i])) {
			one.Unshaped = new(float64(columns.Unshaped[i]))
		}
		list[i] = one
	}
	return list
}

// about is what the file says of itself.
func (h Hours) about() map[string]string {
	about := map[string]string{"source": string(h.Series.Source), "kind": string(h.Series.Kind), "method": string(h.Series.Method.Code), "step": h.Series.Step.String()}
	if h.Series.Fact > 0 {
		about["fact"] = strconv.FormatInt(h.Series.Fact, 10)
	}
	for name, value := range h.About {
		about[name] = value
	}
	return about
}

// rowGroup is how many steps are packed together: about a year of hours.
const rowGroup = 10_000

// WriteParquet writes the steps as Apache Parquet (format 2, Zstandard): power in
// kW, the mean of the step; temperatures in °C; instants in UTC; what is not known
// is null.
func (h Hours) WriteParquet(w io.Writer) error {
	options := []parquet.WriterOption{parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowGroup), parquet.CreatedBy("heatledger", "", "")}
	about := h.about()
	for _, name := range sorted(about) {
		options = append(options, parquet.KeyValueMetadata(name, about[name]))
	}
	out := parquet.NewGenericWriter[hour](w, options...)
	if _, err := out.Write(h.hours()); err != nil {
		return fmt.Errorf("write hours of %s: %w", h.Series.Source, err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write hours of %s: %w", h.Series.Source, err)
	}
	return nil
}

// WriteCSV writes the steps as CSV for programs, with the columns of WriteParquet;
// what is not known is empty.
func (h Hours) WriteCSV(w io.Writer) error {
	out := cell.NewWriter(w)
	_ = out.Write([]string{"from", "to", "power_kw", "flow_temperature_c", "return_temperature_c", "energy_without_hours_kwh", "grade", "limit"})
	for _, one := range h.hours() {
		_ = out.Write([]string{one.From.Format(time.RFC3339), one.To.Format(time.RFC3339), optional(one.Power), optional(one.Flow), optional(one.Return), optional(one.Unshaped), one.Grade, one.Limit})
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}

// optional is a number or nothing.
func optional(v *float64) string {
	if v == nil {
		return ""
	}
	return number(*v)
}
