package web

import (
	"time"

	"heatledger/energy/proof"
	"heatledger/reporting/openapi"
)

// signedState is a checkpoint of the public ledger as the API shows it.
type signedState struct {
	Size       int64     `json:"size" says:"Records of the log."`
	Root       string    `json:"root" says:"Root hash, base64."`
	At         time.Time `json:"at"`
	Checkpoint string    `json:"checkpoint" says:"The signed note."`
	Key        string    `json:"key" says:"The public key it is signed with."`
}

func sizeParameter() openapi.Parameter {
	return inQuery("size", say("Number of records of the checkpoint that shall be proved against; without it the latest.", "Zahl der Einträge des Prüfpunkts, gegen den bewiesen wird; ohne Angabe der jüngste."), numberSchema(0, 1<<62), "1024")
}

// logOperations are what is asked about the public ledger.
func (s *Server) logOperations() group {
	return group{openapi.Tag{Name: "log", Says: say("The public ledger: what proves that nothing was changed.", "Das öffentliche Protokoll: was beweist, dass nichts geändert wurde.")}, []operation{
		{"GET /api/v1/sites/{site}/facts/{fact}/proof", toRead, s.showProof, openapi.Operation{ID: "showProof",
			Summary: say("Prove that a fact is in the public ledger", "Beweisen, dass ein Fakt im öffentlichen Protokoll steht"),
			Parameters: []openapi.Parameter{sitePart(), {Name: "fact", In: openapi.InPath, Says: say("Number of the fact.", "Nummer des Fakts."), Schema: numberSchema(1, 1<<62), Example: "17"},
				sizeParameter()},
			Answers: answers(say("The record of the fact and the hashes that lead from it to a signed checkpoint.", "Der Eintrag des Fakts und die Hashes, die von ihm zu einem unterschriebenen Prüfpunkt führen."), asJSON(proof.Inclusion{})),
			Refuses: []string{"no_site", "bad_fact", "bad_number", "no_log", "not_logged"}}},
		{"GET /api/v1/log/checkpoint", everybody, unasked(s.showCheckpoint), openapi.Operation{ID: "showCheckpoint",
			Summary:    say("The signed state of the public ledger", "Der unterschriebene Stand des öffentlichen Protokolls"),
			Parameters: []openapi.Parameter{sizeParameter()},
			Answers:    answers(say("The checkpoint and the public key it is signed with.", "Der Prüfpunkt und der öffentliche Schlüssel, mit dem er unterschrieben ist."), asJSON(signedState{})),
			Refuses:    []string{"bad_number", "no_log", "no_checkpoint"}}},
		{"GET /api/v1/log/consistency", everybody, unasked(s.showConsistency), openapi.Operation{ID: "showConsistency",
			Summary: say("Prove that the public ledger has only grown", "Beweisen, dass das öffentliche Protokoll nur gewachsen ist"),
			Parameters: []openapi.Parameter{must(inQuery("from", say("Number of records of the earlier checkpoint.", "Zahl der Einträge des früheren Prüfpunkts."), numberSchema(0, 1<<62), "512")),
				inQuery("to", say("Number of records of the later one; without it the latest.", "Zahl der Einträge des späteren; ohne Angabe der jüngste."), numberSchema(0, 1<<62), "1024")},
			Answers: answers(say("Hashes that lead from the earlier checkpoint to the later one (RFC 6962, 2.1.2).", "Hashes, die vom früheren Prüfpunkt zum späteren führen (RFC 6962, 2.1.2)."), asJSON(proof.Consistency{})),
			Refuses: []string{"bad_number", "no_log", "not_logged"}}},
	}}
}
