package localpg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// oldest is the first major version with security_invoker views.
const oldest = 15

// binaries are the programs of one PostgreSQL version.
type binaries struct {
	dir   string
	major int
}

func (b binaries) path(name string) string { return filepath.Join(b.dir, name) }

// findBinaries finds the server programs on this machine: those of the
// cluster's own version if data is a cluster, else the newest.
func findBinaries(data string) (binaries, error) {
	made, err := versionOf(data)
	if err != nil {
		return binaries{}, err
	}
	var found []binaries
	// Debian keeps versions side by side and none of them in PATH.
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well formed
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	var best binaries
	for _, dir := range dirs {
		b := binaries{dir: dir, major: majorOf(dir)}
		if b.major < oldest {
			continue
		}
		found = append(found, b)
		// A cluster opens with its own version only; a new one takes the newest.
		if b.major == made || made == 0 && b.major > best.major {
			best = b
		}
	}
	switch {
	case best.major != 0:
		return best, nil
	case len(found) == 0:
		return best, fmt.Errorf("find PostgreSQL %d or newer in /usr/lib/postgresql and PATH: there is none: "+
			"install it (apt-get install postgresql), or set DATABASE_URL to a server elsewhere", oldest)
	default:
		return best, fmt.Errorf("open the cluster %s: it was made by PostgreSQL %d and this machine has %d only: "+
			"install postgresql-%[2]d beside it, or restore the latest backup into a new data_dir", data, made, found[len(found)-1].major)
	}
}

// versionOf is the major version that made the cluster; 0 if there is none yet.
func versionOf(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the version of the cluster: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read the version of the cluster %s: %w", data, err)
	}
	return major, nil
}

// majorOf asks the server program in dir for its version; 0 if it has none.
func majorOf(dir string) int {
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`\) (\d+)`).FindSubmatch(out) // postgres (PostgreSQL) 15.20 (Debian …)
	if m == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(m[1])) // digits only
	return major
}
