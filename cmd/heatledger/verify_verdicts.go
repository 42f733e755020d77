package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"heatledger/energy/proof"
	"heatledger/energy/store"
	"heatledger/reporting/words"
)

// verdicts writes what an audit finds as it comes: there may be a lot.
type verdicts struct {
	p     *process
	lang  words.Lang
	count int
	err   error
}

func newVerdicts(p *process, lang words.Lang) *verdicts {
	v := &verdicts{p: p, lang: lang}
	if p.line.Output == "json" {
		v.write(`{"findings":[`)
	}
	return v
}

func (v *verdicts) write(text string) {
	if v.err == nil {
		_, v.err = fmt.Fprint(v.p.stdout, text)
	}
}

// found writes one finding.
func (v *verdicts) found(f proof.Finding) {
	sentence := words.Finding(v.lang, f)
	if v.count++; v.p.line.Output != "json" {
		v.write(sentence + "\n")
		return
	}
	body, err := json.Marshal(struct {
		proof.Finding
		Text string `json:"text"`
	}{f, sentence})
	if v.err == nil {
		v.err = err
	}
	if v.count > 1 {
		v.write(",")
	}
	v.write("\n" + string(body))
}

// end writes what was looked at, and the state of the log for whoever keeps it.
func (v *verdicts) end(a store.Audited, key string) error {
	verdict := "proven"
	if a.Grave > 0 {
		verdict = "not proven"
	}
	if v.p.line.Output == "json" {
		body, err := json.Marshal(struct {
			Verdict string `json:"verdict"`
			store.Audited
			Checkpoint string `json:"checkpoint"`
			Key        string `json:"key"`
		}{verdict, a, a.Latest.Note, key})
		if err != nil {
			return err
		}
		v.write("\n]," + strings.TrimPrefix(string(body), "{") + "\n")
		return v.err
	}
	v.write(fmt.Sprintf("%s: %d records and %d checkpoints of the log, %d sites, %d facts, %d entries, %d corrections, %d segments, %d chunks with %d readings\n",
		verdict, a.Records, a.Checkpoints, a.Sites, a.Facts, a.Entries, a.Corrections, a.Segments, a.Chunks, a.Readings))
	if a.Waiting > 0 {
		v.write(fmt.Sprintf("%d records wait to be logged\n", a.Waiting))
	}
	if a.Older > 0 {
		v.write(fmt.Sprintf("%d rows are older than the log, which does not cover them\n", a.Older))
	}
	v.write("key: " + key + "\n")
	if a.Latest.Size > 0 {
		v.write("checkpoint:\n" + a.Latest.Note)
	}
	return v.err
}
