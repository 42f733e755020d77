package web

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/proof"
	"heatledger/energy/store"
)

// provenReceipt is a receipt with what proves it.
type provenReceipt struct {
	intake.Receipt
	Proofs     []proof.Inclusion `json:"proofs,omitempty"` // of the facts that are logged
	Checkpoint string            `json:"checkpoint,omitempty"`
	Key        string            `json:"key,omitempty"`
}

// The longest wait for a proof, and how often it is looked for.
const (
	longestWait = 30 * time.Second
	proofEvery  = 50 * time.Millisecond
)

// proven adds to a receipt the latest checkpoint and, as far as the caller
// wants to wait for them (Prefer: wait=SECONDS, RFC 7240), the proofs of its facts.
func (s *Server) proven(r *http.Request, receipt intake.Receipt) (provenReceipt, error) {
	answer := provenReceipt{Receipt: receipt, Key: s.options.LogKey}
	if s.options.LogKey == "" {
		return answer, nil
	}
	for until := time.Now().Add(waitOf(r.Header)); ; {
		proofs, err := s.proofs(r, receipt.Facts)
		if err != nil {
			return answer, err
		}
		if answer.Proofs = proofs; len(proofs) == len(receipt.Facts) || !time.Now().Before(until) {
			break
		}
		select {
		case <-r.Context().Done():
			return answer, r.Context().Err()
		case <-time.After(proofEvery):
		}
	}
	checkpoint, err := s.options.Store.Checkpoint(r.Context(), 0, s.options.LogKey)
	if err != nil && !errors.Is(err, store.ErrNotLogged) {
		return answer, err
	}
	answer.Checkpoint = checkpoint.Note
	return answer, nil
}

func (s *Server) proofs(r *http.Request, facts map[energy.SiteID]int64) (proofs []proof.Inclusion, err error) {
	for site, fact := range facts {
		in, err := s.options.Store.Inclusion(r.Context(), site, fact, 0, s.options.LogKey)
		if errors.Is(err, store.ErrNotLogged) {
			continue
		}
		if err != nil {
			return nil, err
		}
		proofs = append(proofs, in)
	}
	slices.SortFunc(proofs, func(a, b proof.Inclusion) int { return strings.Compare(string(a.Site), string(b.Site)) })
	return proofs, nil
}

// waitOf is how long a caller wants to wait; a preference that cannot be read is none.
func waitOf(h http.Header) time.Duration {
	for _, preference := range strings.FieldsFunc(strings.Join(h.Values("Prefer"), ","), func(c rune) bool { return c == ',' || c == ';' || c == ' ' }) {
		if seconds, ok := strings.CutPrefix(preference, "wait="); ok {
			if n, err := strconv.Atoi(seconds); err == nil && n > 0 {
				return min(time.Duration(n)*time.Second, longestWait)
			}
		}
	}
	return 0
}

// showProof answers GET /api/v1/sites/{site}/facts/{fact}/proof?size=.
func (s *Server) showProof(w http.ResponseWriter, r *http.Request, who caller) error {
	site, err := s.site(r, who)
	if err != nil {
		return err
	}
	fact, err := strconv.ParseInt(r.PathValue("fact"), 10, 64)
	if err != nil || fact < 1 {
		return refuse(http.StatusBadRequest, "bad_fact", "%.40q is no number of a fact", r.PathValue("fact"))
	}
	size, err := s.logSize(r, "size")
	if err != nil {
		return err
	}
	in, err := s.options.Store.Inclusion(r.Context(), site, fact, size, s.options.LogKey)
	if errors.Is(err, store.ErrNoSite) {
		return refuse(http.StatusNotFound, "no_site", "there is no site %q; /api/v1/sites lists them", string(site))
	}
	if errors.Is(err, store.ErrNotLogged) {
		return refuse(http.StatusNotFound, "not_logged", "fact %d has no record in the log of that size: it is not logged yet (try again in a few seconds), or it is a collector's batch, which the chain of its site covers", fact)
	}
	if err != nil {
		return err
	}
	return writeJSON(w, in)
}

// showCheckpoint answers GET /api/v1/log/checkpoint?size=, to everybody: the
// more people keep one, the less can be changed.
func (s *Server) showCheckpoint(w http.ResponseWriter, r *http.Request) error {
	size, err := s.logSize(r, "size")
	if err != nil {
		return err
	}
	c, err := s.options.Store.Checkpoint(r.Context(), size, s.options.LogKey)
	if errors.Is(err, store.ErrNotLogged) {
		return refuse(http.StatusNotFound, "no_checkpoint", "no checkpoint of that size was signed; without size the latest is given")
	}
	if err != nil {
		return err
	}
	return writeJSON(w, struct {
		Size       int64     `json:"size"`
		Root       string    `json:"root"`
		At         time.Time `json:"at"`
		Checkpoint string    `json:"checkpoint"`
		Key        string    `json:"key"`
	}{c.Size, base64.StdEncoding.EncodeToString(c.Root[:]), c.At, c.Note, s.options.LogKey})
}

// showConsistency answers GET /api/v1/log/consistency?from=&to=, to everybody.
func (s *Server) showConsistency(w http.ResponseWriter, r *http.Request) error {
	from, err := s.logSize(r, "from")
	if err != nil {
		return err
	}
	to, err := s.logSize(r, "to")
	if err != nil {
		return err
	}
	c, err := s.options.Store.Consistency(r.Context(), from, to)
	if errors.Is(err, store.ErrNotLogged) {
		return refuse(http.StatusNotFound, "not_logged", "from and to must be numbers of records of the log, from 1 to what the latest checkpoint says, from not after to")
	}
	if err != nil {
		return err
	}
	return writeJSON(w, c)
}

// logSize reads a number of records from parameter name; 0 without it.
func (s *Server) logSize(r *http.Request, name string) (int64, error) {
	if s.options.LogKey == "" {
		return 0, refuse(http.StatusNotFound, "no_log", "this server keeps no public ledger")
	}
	return wholeNumber(r.URL.Query(), name)
}

// wholeNumber reads a whole number from 0; 0 without it.
func wholeNumber(query url.Values, name string) (int64, error) {
	text := query.Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, refuse(http.StatusBadRequest, "bad_number", "%s=%.40q is no whole number from 0", name, text)
	}
	return n, nil
}
