package submission

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
	"heatledger/energy/store"
)

// row is the submission as the database keeps it.
func (s Submission) row() (store.Submission, error) {
	_, key := s.key()
	row := store.Submission{ID: s.ID, At: s.At, Source: s.Source, Sites: s.Sites, State: string(s.State), Name: s.Name, Form: string(s.Form), Digest: s.Digest[:], Key: key[:]}
	if s.Sites == nil {
		row.Sites = []energy.SiteID{}
	}
	var err error
	if row.Request, err = json.Marshal(s.Request); err != nil {
		return row, fmt.Errorf("keep how submission %s is meant: %w", s.ID, err)
	}
	body, err := json.Marshal(s.Report)
	if err != nil {
		return row, fmt.Errorf("keep the report of submission %s: %w", s.ID, err)
	}
	packer, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return row, err
	}
	defer packer.Close()
	row.Report = packer.EncodeAll(body, nil)
	return row, nil
}

// reportMost bounds what a report unpacks to.
const reportMost = 64 << 20

// fromRow is the submission that the database keeps.
func fromRow(row store.Submission) (s Submission, err error) {
	s = Submission{ID: row.ID, At: row.At, Source: row.Source, Sites: row.Sites, State: State(row.State), Name: row.Name, Form: sheet.Form(row.Form)}
	if len(row.Digest) == sha256.Size {
		s.Digest = [sha256.Size]byte(row.Digest)
	}
	if row.Number != nil {
		s.Number = *row.Number
	}
	if row.HandedAt != nil {
		s.HandedAt = *row.HandedAt
	}
	if err := json.Unmarshal(row.Request, &s.Request); err != nil {
		return s, fmt.Errorf("read how submission %s is meant: %w", s.ID, err)
	}
	if len(row.Receipt) > 0 {
		s.Receipt = &Receipt{}
		if err := json.Unmarshal(row.Receipt, s.Receipt); err != nil {
			return s, fmt.Errorf("read the receipt of submission %s: %w", s.ID, err)
		}
	}
	if len(row.Report) == 0 {
		return s, nil
	}
	unpacker, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(reportMost))
	if err != nil {
		return s, err
	}
	defer unpacker.Close()
	body, err := unpacker.DecodeAll(row.Report, nil)
	if err == nil {
		err = json.Unmarshal(body, &s.Report)
	}
	if err != nil {
		return s, fmt.Errorf("read the report of submission %s: %w", s.ID, err)
	}
	return s, nil
}
