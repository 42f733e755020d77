package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
	"heatledger/reporting/web"
)

type userCommand struct {
	Create   userCreateCommand   `cmd:"" help:"Make an account; prints an address with a code by which its person sets a password, once."`
	Invite   userCreateCommand   `cmd:"" help:"The same as create."`
	List     userListCommand     `cmd:"" help:"Accounts and what they may."`
	Grant    userGrantCommand    `cmd:"" help:"Give an account a further role."`
	Revoke   userRevokeCommand   `cmd:"" help:"Take a grant away, by its number in user list."`
	Disable  userDisableCommand  `cmd:"" help:"Nobody signs in with the account any more; its sessions end."`
	Enable   userEnableCommand   `cmd:"" help:"Undo disable."`
	Reset    userResetCommand    `cmd:"" help:"Print an address with a code by which the person sets a new password."`
	Forget   userForgetCommand   `cmd:"" help:"Delete all that is known of the person; the account stays as a number."`
	FourEyes userFourEyesCommand `cmd:"" help:"Whether what one person of an operator submits another one approves."`
}

// scope is where a grant holds and how long.
type scope struct {
	Role       string   `required:"" help:"What the person may do: ${roles}."`
	Everywhere bool     `help:"At all sites, and what belongs to none."`
	Site       []string `help:"Site it is for; may be given several times."`
	Point      []string `help:"Single point it is for (SITE/POINT); may be given several times."`
	Expires    string   `help:"How long it holds: 90d, 12h; without it, until it is revoked." placeholder:"DURATION"`
	Behalf     string   `help:"Operator for whom a consultant acts." placeholder:"OPERATOR"`
	Why        string   `help:"The reason, which is kept."`
}

// grant reads the scope; admin, office, auditor and planner are for everywhere
// where nothing is named.
func (s scope) grant() (access.Grant, error) {
	g := access.Grant{Role: access.Role(s.Role), Everywhere: s.Everywhere, By: commandActor, OnBehalfOf: s.Behalf}
	for _, site := range s.Site {
		if !energy.IsID(site) {
			return g, misuse("--site %q is no site id", site)
		}
		g.Sites = append(g.Sites, energy.SiteID(site))
	}
	for _, point := range s.Point {
		if err := energy.PointID(point).Check(); err != nil {
			return g, misuse("--point: %w", err)
		}
		g.Points = append(g.Points, energy.PointID(point))
	}
	if s.Expires != "" {
		d, err := parseDuration(s.Expires)
		if err != nil {
			return g, misuse("--expires: %w", err)
		}
		g.To = time.Now().Add(d)
	}
	if len(g.Sites)+len(g.Points) == 0 && g.Role != access.Operator && g.Role != access.MeterOperator {
		g.Everywhere = true
	}
	if !g.Role.Known() {
		return g, misuse("--role %q is no role: %s", s.Role, roleNames())
	}
	if err := g.Check(); err != nil {
		return g, misuse("role %s: %w (--site, --point or --everywhere)", s.Role, err)
	}
	return g, nil
}

// withAccounts runs do with the database.
func (p *process) withAccounts(do func(cfg *config.Config, db *database) error) (err error) {
	cfg, db, err := p.configured()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	return do(cfg, db)
}

// accountOf is the account of a login.
func accountOf(p *process, db *database, login string) (store.Account, error) {
	a, err := db.AccountByLogin(p.ctx, login)
	if errors.Is(err, store.ErrNoAccount) {
		return a, misuse("there is no account %q; heatledger user list shows them", login)
	}
	return a, err
}

// codeAddress is where a code is typed.
func codeAddress(cfg *config.Config, c signin.Code) string {
	return foundAt(cfg) + web.CodePath(c)
}

type userCreateCommand struct {
	Login         string `arg:"" help:"Name to sign in with."`
	Name          string `help:"Name of the person."`
	Mail          string `help:"Address for letters about the account."`
	Language      string `help:"de or en." default:"de" enum:"de,en"`
	PasswordStdin bool   `help:"Read the password from standard input, in place of printing a code."`
	scope
}

// Run makes an account and prints the address of its code alone.
func (c *userCreateCommand) Run(p *process) error {
	g, err := c.grant()
	if err != nil {
		return err
	}
	password := ""
	if c.PasswordStdin {
		if password, err = bufio.NewReader(p.stdin).ReadString('\n'); err != nil && password == "" {
			return misuse("--password-stdin: %w", err)
		}
		password = strings.TrimRight(password, "\r\n")
		if err := signin.CheckPassword(c.Login, password); err != nil {
			return misuse("%w: at least %d characters", err, signin.PasswordLeast)
		}
	}
	return p.withAccounts(func(cfg *config.Config, db *database) error {
		i := signin.Invitation{Account: store.Account{Login: c.Login, Name: c.Name, Mail: c.Mail, Language: c.Language}, Grant: g, Why: c.Why}
		first, err := db.CountAccounts(p.ctx)
		if err != nil {
			return err
		}
		id, code, err := signin.Invite(p.ctx, db.Store, i, time.Now())
		if errors.Is(err, store.ErrLogin) || errors.Is(err, signin.ErrName) {
			return misuse("make account %q: %w", c.Login, err)
		}
		if err != nil {
			return err
		}
		if first == 0 {
			fmt.Fprintln(p.stderr, "heatledger: this is the first account: from now on nobody reads without signing in or a token")
		}
		if password != "" {
			return signin.SetPassword(p.ctx, db.Store, id, password, commandActor)
		}
		_, err = fmt.Fprintln(p.stdout, codeAddress(cfg, code))
		return err
	})
}

type userListCommand struct{}

// Run lists accounts with their grants.
func (userListCommand) Run(p *process) error {
	return p.withAccounts(func(_ *config.Config, db *database) error {
		accounts, err := db.Accounts(p.ctx)
		if err != nil {
			return err
		}
		held, err := db.Grants(p.ctx, 0)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, a := range accounts {
			state := "in use"
			if a.DisabledAt != nil {
				state = "disabled"
			}
			rows = append(rows, grantRows(a, state, held)...)
		}
		return p.rows([]string{"login", "name", "state", "grant", "role", "where", "until", "for"}, len(rows), func(i int) []string { return rows[i] })
	})
}

// grantRows are the lines of an account: one for each grant, or one without.
func grantRows(a store.Account, state string, held []store.HeldGrant) (rows [][]string) {
	for _, g := range held {
		if g.Account == a.ID {
			rows = append(rows, []string{a.Login, a.Name, state, fmt.Sprint(g.ID), string(g.Role), where(g.Grant), until(g.To), g.OnBehalfOf})
		}
	}
	if rows == nil {
		rows = [][]string{{a.Login, a.Name, state, "", "", "", "", ""}}
	}
	return rows
}

// where says in one cell where a grant holds.
func where(g access.Grant) string {
	if g.Everywhere {
		return "everywhere"
	}
	var places []string
	for _, site := range g.Sites {
		places = append(places, string(site))
	}
	for _, point := range g.Points {
		places = append(places, string(point))
	}
	return strings.Join(places, " ")
}

func until(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

type userGrantCommand struct {
	Login string `arg:"" help:"Whose account."`
	scope
}

// Run gives a further grant and prints its number.
func (c *userGrantCommand) Run(p *process) error {
	g, err := c.grant()
	if err != nil {
		return err
	}
	return p.withAccounts(func(_ *config.Config, db *database) error {
		a, err := accountOf(p, db, c.Login)
		if err != nil {
			return err
		}
		var id int32
		err = signin.Change(p.ctx, db.Store, func(ctx context.Context, f *store.Fact) (err error) {
			id, err = f.Grant(ctx, a.ID, g, c.Why)
			return err
		})
		if err == nil {
			_, err = fmt.Fprintln(p.stdout, id)
		}
		return err
	})
}

type userRevokeCommand struct {
	Grant int32  `arg:"" help:"Number of the grant."`
	Why   string `help:"The reason, which is kept."`
}

// Run revokes a grant.
func (c *userRevokeCommand) Run(p *process) error {
	return p.withAccounts(func(_ *config.Config, db *database) error {
		found := true
		err := signin.Change(p.ctx, db.Store, func(ctx context.Context, f *store.Fact) error {
			err := f.RevokeGrant(ctx, c.Grant, commandActor, c.Why)
			found = !errors.Is(err, store.ErrNothing)
			return err
		})
		if err == nil && !found {
			return misuse("there is no grant %d that is not revoked; heatledger user list shows them", c.Grant)
		}
		return err
	})
}

type userDisableCommand struct {
	Login string `arg:"" help:"Whose account."`
	Why   string `help:"The reason, which is kept."`
}

// Run disables an account.
func (c *userDisableCommand) Run(p *process) error { return p.disable(c.Login, true, c.Why) }

type userEnableCommand userDisableCommand

// Run enables an account.
func (c *userEnableCommand) Run(p *process) error { return p.disable(c.Login, false, c.Why) }

func (p *process) disable(login string, disabled bool, why string) error {
	return p.withAccounts(func(_ *config.Config, db *database) error {
		a, err := accountOf(p, db, login)
		if err != nil {
			return err
		}
		return signin.Change(p.ctx, db.Store, func(ctx context.Context, f *store.Fact) error {
			return f.DisableAccount(ctx, a.ID, disabled, commandActor, why)
		})
	})
}

type userResetCommand userDisableCommand

// Run prints the address of a code for a new password, alone.
func (c *userResetCommand) Run(p *process) error {
	return p.withAccounts(func(cfg *config.Config, db *database) error {
		a, err := accountOf(p, db, c.Login)
		if err != nil {
			return err
		}
		code, err := signin.ResetCode(p.ctx, db.Store, a.ID, signin.LetterTime, commandActor, c.Why, time.Now(), nil)
		if errors.Is(err, store.ErrNoAccount) {
			return misuse("account %q is disabled: enable it first", c.Login)
		}
		if err == nil {
			_, err = fmt.Fprintln(p.stdout, codeAddress(cfg, code))
		}
		return err
	})
}

type userForgetCommand userDisableCommand

// Run deletes what is known of a person.
func (c *userForgetCommand) Run(p *process) error {
	return p.withAccounts(func(_ *config.Config, db *database) error {
		a, err := accountOf(p, db, c.Login)
		if err != nil {
			return err
		}
		return signin.Change(p.ctx, db.Store, func(ctx context.Context, f *store.Fact) error { return f.ForgetPerson(ctx, a.ID, commandActor, c.Why) })
	})
}

type userFourEyesCommand struct {
	Operator string `arg:"" help:"Id of the operator."`
	Want     string `arg:"" help:"on or off." enum:"on,off"`
	Why      string `help:"The reason, which is kept."`
}

// Run sets the rule of an operator.
func (c *userFourEyesCommand) Run(p *process) error {
	return p.withAccounts(func(_ *config.Config, db *database) error {
		return signin.Change(p.ctx, db.Store, func(ctx context.Context, f *store.Fact) error {
			return f.SetFourEyes(ctx, c.Operator, c.Want == "on", commandActor, c.Why)
		})
	})
}
