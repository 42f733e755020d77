package plan

import (
	"bytes"
	"encoding/csv"
	"math"
	"strconv"
	"time"

	"heatledger/heatmap/match"
)

// Hours are the hours of a plan: what the chosen areas and the losses took, and who
// gave it.
type Hours struct {
	From    time.Time
	sources []string
	stores  []string
	matched match.Hourly
}

// CSV is the table of hours: kW, to a watt; empty is not known. It is the same for the
// same hours.
func (h *Hours) CSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	header := []string{"from", "load_kw", "direct_kw", "from_storage_kw", "boiler_kw", "unmet_kw", "offered_kw", "to_storage_kw", "surplus_kw", "unknown_sources"}
	for _, id := range h.sources {
		header = append(header, id+"_given_kw", id+"_stored_kw", id+"_surplus_kw")
	}
	for _, id := range h.stores {
		header = append(header, id+"_content_kwh")
	}
	_ = w.Write(header)
	m := h.matched
	for i := range m.Load {
		row := []string{h.From.Add(time.Duration(i) * time.Hour).UTC().Format(time.RFC3339)}
		for _, x := range []float64{float64(m.Load[i]), float64(m.Direct[i]), float64(m.FromStore[i]), float64(m.Boiler[i]), float64(m.Unmet[i]), float64(m.Offered[i]), float64(m.ToStore[i]), float64(m.Surplus[i])} {
			row = append(row, watts(x))
		}
		row = append(row, strconv.Itoa(int(m.Unknown[i])))
		for _, s := range m.Sources {
			row = append(row, watts(float64(s.Given[i])), watts(float64(s.Stored[i])), watts(float64(s.Surplus[i])))
		}
		for _, s := range m.Stores {
			row = append(row, watts(float64(s.In[i])))
		}
		_ = w.Write(row)
	}
	w.Flush() // a buffer takes everything
	return b.Bytes()
}

// watts is a number of kW or kWh with three decimals; "" where it is not known.
func watts(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'f', 3, 64)
}
