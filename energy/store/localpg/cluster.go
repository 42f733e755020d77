package localpg

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The role the program works as, and its database.
const (
	role     = "heatledger"
	database = "heatledger"
)

// cluster is the place of a PostgreSQL on disk and who runs it.
//
//	DataDir/postgresql/          of the account, mode 0700
//	    data/                    the cluster (PGDATA)
//	    users start guard        lock files
//	    server.log server.log.1  what the server said since its last start, and before
type cluster struct {
	home     string
	data     string
	account  account
	binaries binaries
}

// locate finds out where the cluster is or will be, and checks that it can be.
func locate(opts Options) (cluster, error) {
	var c cluster
	dir := opts.DataDir
	if dir == "" {
		var err error
		if dir, err = defaultDataDir(os.Geteuid() == 0); err != nil {
			return c, err
		}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return c, fmt.Errorf("find data directory %s: %w", dir, err)
	}
	c.home = filepath.Join(resolve(dir), "postgresql")
	c.data = filepath.Join(c.home, "data")
	if c.account, err = serverAccount(opts.Account, c.home); err != nil {
		return c, err
	}
	if err := c.account.mayEnter(c.home); err != nil {
		return c, err
	}
	c.binaries, err = findBinaries(c.data)
	return c, err
}

// resolve follows the links in that part of path that exists: one cluster has
// one name, whatever way leads to it.
func resolve(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil || path == filepath.Dir(path) {
		return real
	}
	return filepath.Join(resolve(filepath.Dir(path)), filepath.Base(path))
}

// makeHome makes the cluster's directory.
func (c *cluster) makeHome() error {
	if err := makeOpen(filepath.Dir(c.home)); err != nil {
		return fmt.Errorf("make data directory: %w", err)
	}
	if err := c.ownDirectory(c.home); err != nil {
		return fmt.Errorf("make directory of PostgreSQL: %w", err)
	}
	return nil
}

// makeOpen makes a directory, and those above it, that every account may
// enter, whatever the umask says; one that is there stays as it is.
func makeOpen(dir string) error {
	err := os.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeOpen(filepath.Dir(dir)); err != nil {
			return err
		}
		err = os.Mkdir(dir, 0o755)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.Chmod(dir, 0o755)
}

// makeSocketDirectory finds and makes the directory for the socket.
func (c *cluster) makeSocketDirectory() (string, error) {
	sum := sha256.Sum256([]byte(c.data))
	name := hex.EncodeToString(sum[:4])
	var errs []error
	for _, parent := range c.runtimeDirectories() {
		// A directory in a place that all can write to must not be somebody else's.
		dir := filepath.Join(parent, name)
		if err := makeOpen(parent); err != nil {
			errs = append(errs, err)
		} else if owner, _ := ownerOf(parent); owner != 0 && owner != c.account.uid {
			errs = append(errs, fmt.Errorf("%s belongs to %s", parent, accountName(owner)))
		} else if err := c.ownDirectory(dir); err != nil {
			errs = append(errs, err)
		} else if len(dir) > 80 { // with "/.s.PGSQL.5432.lock", sun_path ends at 108
			errs = append(errs, fmt.Errorf("%s is too long for a socket", dir))
		} else {
			return dir, nil
		}
	}
	return "", fmt.Errorf("make directory for the socket of PostgreSQL: %w", errors.Join(errs...))
}

// runtimeDirectories are the places for the socket, best first.
func (c *cluster) runtimeDirectories() []string {
	mine := fmt.Sprintf("heatledger-%d", c.account.uid)
	dirs := []string{filepath.Join(os.TempDir(), mine), filepath.Join("/tmp", mine)}
	if os.Geteuid() == 0 {
		return append([]string{"/run/heatledger"}, dirs...)
	}
	if runtime := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(runtime) {
		return append([]string{filepath.Join(runtime, "heatledger")}, dirs...)
	}
	return dirs
}

// ownDirectory makes dir for the account alone, or checks that it is so.
func (c *cluster) ownDirectory(dir string) error {
	if err := os.Mkdir(dir, 0o700); err == nil {
		return os.Chown(dir, c.account.uid, c.account.gid)
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	owner, _ := ownerOf(dir)
	if owner == 0 && os.Geteuid() == 0 { // a start that was killed between Mkdir and Chown
		return os.Chown(dir, c.account.uid, c.account.gid)
	}
	if !info.IsDir() || owner != c.account.uid {
		return fmt.Errorf("%s is not a directory of account %s", dir, c.account.name)
	}
	return nil
}

// initialise makes the cluster unless it is there. It grows under another name,
// so that a half-made one is never taken for a whole one.
func (c *cluster) initialise(ctx context.Context) error {
	if _, err := os.Stat(c.data); err == nil {
		return nil
	}
	growing := c.data + ".new"
	if err := os.RemoveAll(growing); err != nil {
		return fmt.Errorf("clear a half-made cluster: %w", err)
	}
	_, err := c.run(ctx, "", "initdb", "--pgdata", growing, "--username", "postgres", "--auth", "peer",
		"--encoding", "UTF8", "--locale", "C", "--data-checksums", "--no-instructions")
	if err != nil {
		return fmt.Errorf("make cluster %s: %w", c.data, err)
	}
	if err := c.configure(growing, ""); err != nil {
		return err
	}
	sql := fmt.Sprintf("create role %s login;\ncreate database %s owner %[1]s;\n", role, database)
	if out, err := c.run(ctx, sql, "postgres", "--single", "-D", growing, "postgres"); err != nil || strings.Contains(out, "ERROR") {
		return fmt.Errorf("make role and database in cluster %s: %w: %s", c.data, err, out)
	}
	if err := os.Rename(growing, c.data); err != nil {
		return fmt.Errorf("put the new cluster in place: %w", err)
	}
	return nil
}

// run runs one of PostgreSQL's programs as the account and returns what it printed.
func (c *cluster) run(ctx context.Context, input, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, c.binaries.path(name), args...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = c.home, environment(), c.account.attributes()
	cmd.Stdin = strings.NewReader(input)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("run %s: %w: %s", name, err, bytes.TrimSpace(out.Bytes()))
	}
	return out.String(), nil
}

// environment of the server's processes: nothing of ours leaks into it.
func environment() []string { return []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"} }
