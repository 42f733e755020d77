package web

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"heatledger/energy"
	"heatledger/energy/desk"
	"heatledger/reporting/words"
)

// writeCalendarFile writes what is due as a calendar (iCalendar, RFC 5545): an
// event of a whole day for each item that has a day. The same item has the same
// UID in every file, so that programs replace it.
func (s *Server) writeCalendarFile(w http.ResponseWriter, lang words.Lang, items []desk.Item) error {
	host := "heatledger.invalid" // names nobody (RFC 2606)
	if u, err := url.Parse(s.options.PublicURL); err == nil {
		host = cmp.Or(u.Hostname(), host)
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="worklist.ics"`)
	_, err := w.Write([]byte(calendarFile(lang, items, host, s.now())))
	return err
}

// calendarFile is the file; host is the right part of its UIDs, now when it was made.
func calendarFile(lang words.Lang, items []desk.Item, host string, now time.Time) string {
	var b strings.Builder
	line := func(name, value string) { b.WriteString(foldLine(name + ":" + value)) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Heatledger//worklist//DE")
	line("CALSCALE", "GREGORIAN")
	line("METHOD", "PUBLISH")
	for _, i := range items {
		if i.Due == (energy.Date{}) {
			continue
		}
		summary := words.Due(lang, i)
		if i.Site != "" {
			summary = string(i.Site) + ": " + summary
		}
		line("BEGIN", "VEVENT")
		line("UID", fmt.Sprintf("%x@%s", sha256.Sum256([]byte(i.Key())), host))
		line("DTSTAMP", now.UTC().Format("20060102T150405Z"))
		line("DTSTART;VALUE=DATE", i.Due.UTC().Format("20060102"))
		line("DTEND;VALUE=DATE", i.Due.AddDays(1).UTC().Format("20060102"))
		line("SUMMARY", escapeText(summary))
		line("DESCRIPTION", escapeText(strings.TrimSpace(words.DueState(lang, i.State)+"\n"+i.Cites)))
		line("CATEGORIES", escapeText(string(i.State)))
		line("TRANSP", "TRANSPARENT") // a deadline keeps nobody busy all day
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	return b.String()
}

// escapeText writes a value of type TEXT (RFC 5545, 3.3.11).
func escapeText(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", "").Replace(text)
}

// foldLine ends a line of the file, on as many lines of at most 75 octets as it
// needs, without cutting a character (RFC 5545, 3.1).
func foldLine(text string) string {
	var b strings.Builder
	room := 75
	for _, r := range text {
		if n := utf8.RuneLen(r); n > room {
			b.WriteString("\r\n ")
			room = 74
		}
		b.WriteRune(r)
		room -= utf8.RuneLen(r)
	}
	b.WriteString("\r\n")
	return b.String()
}
