package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"heatledger/energy"
	"heatledger/energy/proof"
)

// receiptFile is a receipt as the API and `import` give it, or the proof of one fact.
type receiptFile struct {
	Digest string                  `json:"digest"`
	Facts  map[energy.SiteID]int64 `json:"facts"`
	Proofs []proof.Inclusion       `json:"proofs"`
	proof.Inclusion
}

// provenFact is what a receipt proves of a fact.
type provenFact struct {
	Site    energy.SiteID `json:"site"`
	Fact    int64         `json:"fact"`
	Index   int64         `json:"index"`
	Size    int64         `json:"size"`
	At      string        `json:"at"`
	Digest  bool          `json:"digest"` // of what was handed in
	Verdict string        `json:"verdict"`
}

// receipt checks a receipt without a database. Without a key it shows only
// that the receipt fits itself, and says so.
func (c *verifyCommand) receipt(p *process, key string) error {
	text, err := os.ReadFile(c.Receipt)
	if err != nil {
		return misuse("--receipt: %w", err)
	}
	var file receiptFile
	if err := json.Unmarshal(text, &file); err != nil {
		return misuse("--receipt %s: %w; the JSON of a receipt or of a proof is expected", c.Receipt, err)
	}
	if file.Record != "" {
		file.Proofs = append(file.Proofs, file.Inclusion)
	}
	digest, err := c.digest(file)
	if err != nil {
		return err
	}
	if missing := len(file.Facts) - len(file.Proofs); missing > 0 || len(file.Proofs) == 0 {
		return rejectedError{fmt.Errorf("%s holds no proof of %d facts: get it from /api/v1/sites/SITE/facts/FACT/proof", c.Receipt, max(missing, 1))}
	}
	own := key == ""
	if own {
		key = file.Proofs[0].Key
		fmt.Fprintf(p.stderr, "heatledger: no --key: the receipt's own is used (%s); compare it with one from elsewhere\n", key)
	}
	held, err := c.checkpoints(key)
	if err != nil {
		return err
	}
	var results []provenFact
	for _, in := range file.Proofs {
		if n, ok := file.Facts[in.Site]; len(file.Facts) > 0 && (!ok || n != in.Fact) {
			return rejectedError{fmt.Errorf("%s: the proof is of fact %d of site %s, the receipt of another", c.Receipt, in.Fact, in.Site)}
		}
		checkpoint, err := in.Check(key, digest)
		if err != nil {
			return rejectedError{fmt.Errorf("%s: fact %d of site %s: %w", c.Receipt, in.Fact, in.Site, err)}
		}
		if err := c.agree(in, checkpoint, held); err != nil {
			return err
		}
		results = append(results, provenFact{in.Site, in.Fact, in.Index, checkpoint.Size, proof.Instant(checkpoint.At), digest != nil, "proven"})
	}
	if p.line.Output == "json" {
		return json.NewEncoder(p.stdout).Encode(results)
	}
	for _, r := range results {
		what := "the record"
		if r.Digest {
			what = "what was handed in"
		}
		fmt.Fprintf(p.stdout, "%s: fact %d of site %s, %s, is record %d of the log that was signed with %d records at %s\n", r.Verdict, r.Fact, r.Site, what, r.Index, r.Size, r.At)
	}
	return nil
}

// agree holds the checkpoint of a proof against those that somebody kept.
func (c *verifyCommand) agree(in proof.Inclusion, checkpoint proof.Checkpoint, held []proof.Checkpoint) error {
	for _, h := range held {
		if h.Size == checkpoint.Size && h.Root != checkpoint.Root {
			return rejectedError{fmt.Errorf("%s: fact %d of site %s: %w", c.Receipt, in.Fact, in.Site, proof.ErrDiverging)}
		}
		if h.Size != checkpoint.Size {
			return rejectedError{fmt.Errorf("%s proves fact %d of site %s by the checkpoint of %d records, not by that of %d: get a proof with ?size=%d",
				c.Receipt, in.Fact, in.Site, checkpoint.Size, h.Size, h.Size)}
		}
	}
	return nil
}

// digest is the SHA-256 of what was handed in, as the receipt says and
// --content shows; nil: neither says.
func (c *verifyCommand) digest(file receiptFile) ([]byte, error) {
	var digest []byte
	if file.Digest != "" {
		var err error
		if digest, err = hex.DecodeString(file.Digest); err != nil {
			return nil, misuse("--receipt %s: digest: %w", c.Receipt, err)
		}
	}
	if c.Content == "" {
		return digest, nil
	}
	content, err := os.ReadFile(c.Content)
	if err != nil {
		return nil, misuse("--content: %w", err)
	}
	sum := sha256.Sum256(content)
	if digest != nil && string(digest) != string(sum[:]) {
		return nil, rejectedError{errors.New("the receipt is of another content than " + c.Content)}
	}
	return sum[:], nil
}
