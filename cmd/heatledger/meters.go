package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf8"

	"heatledger/config"
	"heatledger/reporting/cell"
)

type metersCommand struct {
	List    metersListCommand    `cmd:"" help:"Show what the meter models that ship with the program give, or one of them with its registers."`
	Check   metersCheckCommand   `cmd:"" help:"Check files of meter models, and open nothing else."`
	Example metersExampleCommand `cmd:"" help:"Print the file of a meter model with every field explained."`
	Probe   metersProbeCommand   `cmd:"" help:"Read one meter now and show what its registers hold."`
	Scan    metersScanCommand    `cmd:"" help:"Find the units on a Modbus line, and say which models they may be."`
	Browse  metersBrowseCommand  `cmd:"" help:"Find the variables of an OPC UA server, as nodes for the configuration."`
	Trust   metersTrustCommand   `cmd:"" help:"Show the certificate of an OPC UA server, and trust it if you say so."`
}

// pageWidth is how wide results are for people: that of an old terminal.
const pageWidth = 80

// showJSON writes a result for programs.
func (p *process) showJSON(result any) error {
	encoder := json.NewEncoder(p.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(result)
}

// showCSV writes a result as rows, the first of them the header.
func (p *process) showCSV(rows [][]string) error {
	return cell.NewWriter(p.stdout).WriteAll(rows)
}

// columns writes rows as a table whose columns are as wide as they must be; a
// cell behind the last column of the others does not widen any.
func columns(w io.Writer, rows [][]string) error {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if i < len(row)-1 { // nothing follows the last
				widths[i] = max(widths[i], utf8.RuneCountInString(cell))
			}
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(line.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// wrapped breaks a text between words so that it fits the page; it begins with
// first, every further line with indent.
func wrapped(first, indent, text string) string {
	return filled(first, indent, strings.Fields(text))
}

// filled puts pieces on lines that fit the page; a piece stays whole.
func filled(first, indent string, pieces []string) string {
	lines, line := []string(nil), first
	for i, piece := range pieces {
		switch {
		case i == 0:
			line += piece
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(piece) > pageWidth:
			lines, line = append(lines, line), indent+piece
		default:
			line += " " + piece
		}
	}
	return strings.Join(append(lines, line), "\n")
}

// connectionOf finds a connection of the configuration by its id.
func connectionOf(cfg *config.Config, id string) (int, error) {
	known := make([]string, len(cfg.Connections))
	for i, c := range cfg.Connections {
		if c.ID == id {
			return i, nil
		}
		known[i] = c.ID
	}
	if len(known) == 0 {
		return 0, misuse("connection %q: the configuration has no connections; name its file by --config, or an address by --url", id)
	}
	return 0, misuse("connection %q: the configuration has %s", id, strings.Join(known, ", "))
}

// warnOfCollector says that another process may be at the meters of this
// configuration: many gateways and meters take one client at a time.
func (p *process) warnOfCollector(cfg *config.Config) {
	if holder, held := spoolHolder(cfg.Spool.Dir); held {
		fmt.Fprintf(p.stderr, "heatledger: %s collects from these meters (spool %s): a gateway that takes one client refuses a second, and questions of both share the line\n", holder, cfg.Spool.Dir)
	}
}

// spoolHolder tells who has the spool in dir open, by the lock that its owner
// keeps (fieldbus/spool, doc.go).
func spoolHolder(dir string) (holder string, held bool) {
	file, err := os.Open(filepath.Join(dir, "lock"))
	if err != nil {
		return "", false // nobody has ever collected here, or it is not ours to know
	}
	defer file.Close()
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err == nil {
		return "", false
	}
	pid, _ := io.ReadAll(io.LimitReader(file, 32)) // a courtesy
	if text := strings.TrimSpace(string(pid)); text != "" {
		return "process " + text, true
	}
	return "another process", true
}
