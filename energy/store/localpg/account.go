package localpg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// account is the one the server runs as.
type account struct {
	name     string
	uid, gid int
	groups   []int
}

// switches tells whether starting the server means changing to the account.
func (a account) switches() bool { return a.uid != os.Geteuid() }

// attributes make a process of the account, in a session of its own: it
// outlives its starter, and a Ctrl-C in the terminal does not reach it.
func (a account) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if a.switches() {
		c := &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
		for _, g := range a.groups {
			c.Groups = append(c.Groups, uint32(g))
		}
		attr.Credential = c
	}
	return attr
}

// serverAccount finds the account: PostgreSQL refuses root, so root needs
// another; everybody else is the account. home is the cluster's directory,
// whose owner binds if it is there.
func serverAccount(wanted, home string) (account, error) {
	// Nobody but root may become somebody else.
	uid := os.Geteuid()
	if uid != 0 {
		a, err := lookup(strconv.Itoa(uid))
		if err != nil {
			return a, err
		}
		if wanted != "" && wanted != a.name {
			return a, fmt.Errorf("run PostgreSQL as account %s: only root may choose an account, this is %s", wanted, a.name)
		}
		if owner, ok := ownerOf(home); ok && owner != uid {
			return a, fmt.Errorf("use the PostgreSQL of %s: it belongs to %s and this is %s: run the command as root or as %[2]s, or choose another data_dir",
				home, accountName(owner), a.name)
		}
		return a, nil
	}
	// Root joins a server that runs as any account; a directory of root's own
	// is one whose start was interrupted.
	owner, exists := ownerOf(home)
	if exists && owner != 0 {
		if name := accountName(owner); wanted != "" && wanted != name {
			return account{}, fmt.Errorf("use the PostgreSQL of %s as account %s: it belongs to %s", home, wanted, name)
		}
		return lookup(strconv.Itoa(owner))
	}
	if wanted == "" {
		wanted = "postgres"
	}
	a, err := lookupName(wanted)
	if err == nil && a.uid == 0 {
		err = errors.New("run PostgreSQL as root: it refuses that: name another account")
	}
	return a, err
}

// lookup finds the account of a uid. PostgreSQL itself looks it up and fails
// without an entry, as happens in containers with an arbitrary uid.
func lookup(uid string) (account, error) {
	u, err := user.LookupId(uid)
	if err != nil {
		return account{}, fmt.Errorf("uid %s has no entry in /etc/passwd, without which PostgreSQL does not run: "+
			"add one (in a container: use a named user), or set DATABASE_URL to a server elsewhere", uid)
	}
	return fromUser(u)
}

func lookupName(name string) (account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, fmt.Errorf("account %s, which root needs to run PostgreSQL, has no entry in /etc/passwd: "+
			"install the package postgresql, or name another account in the config", name)
	}
	return fromUser(u)
}

func fromUser(u *user.User) (account, error) {
	a := account{name: u.Username}
	var err error
	if a.uid, err = strconv.Atoi(u.Uid); err != nil {
		return a, fmt.Errorf("read uid of account %s: %w", u.Username, err)
	}
	if a.gid, err = strconv.Atoi(u.Gid); err != nil {
		return a, fmt.Errorf("read gid of account %s: %w", u.Username, err)
	}
	ids, err := u.GroupIds()
	if err != nil {
		return a, fmt.Errorf("read groups of account %s: %w", u.Username, err)
	}
	for _, id := range ids {
		if g, err := strconv.Atoi(id); err == nil {
			a.groups = append(a.groups, g)
		}
	}
	return a, nil
}

func accountName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "uid " + strconv.Itoa(uid)
}

func ownerOf(path string) (uid int, ok bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	return int(info.Sys().(*syscall.Stat_t).Uid), true
}

// A home directory is usually closed to others, and PostgreSQL only says that
// it could not change to its directory: so it is found out and said before.

// mayEnter errs with the first directory on the way to path that the account
// is not allowed to pass through.
func (a account) mayEnter(path string) error {
	var way []string
	for dir := path; ; dir = filepath.Dir(dir) {
		way = append(way, dir)
		if dir == filepath.Dir(dir) {
			break
		}
	}
	slices.Reverse(way)
	for _, dir := range way {
		info, err := os.Stat(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // made later, with the right owner
		}
		if err != nil {
			return fmt.Errorf("look at %s on the way to the data directory: %w", dir, err)
		}
		st := info.Sys().(*syscall.Stat_t)
		// As the kernel does: the first class that fits decides, even if a later one would allow it.
		bit := os.FileMode(0o001)
		switch {
		case int(st.Uid) == a.uid:
			bit = 0o100
		case int(st.Gid) == a.gid || slices.Contains(a.groups, int(st.Gid)):
			bit = 0o010
		}
		if info.Mode()&bit == 0 {
			return fmt.Errorf("put PostgreSQL data into %s: account %s, which runs PostgreSQL, may not enter %s (mode %04o): "+
				"choose a data_dir elsewhere, for example /var/lib/heatledger", path, a.name, dir, info.Mode().Perm())
		}
	}
	return nil
}
