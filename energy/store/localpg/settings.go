package localpg

import (
	"fmt"
	"os"
	"path/filepath"
)

// settings is the server's postgresql.conf. It is written anew at each start;
// what an administrator wants otherwise goes into postgresql.local.conf beside
// it, which is never touched and read last.
//
// Memory is kept small, for the program and its server often share a small
// machine: readings are written once and read in blocks, so a larger cache
// gains little.
const settings = `# Written by heatledger at each start. Own settings: postgresql.local.conf
listen_addresses = ''
max_connections = 100
superuser_reserved_connections = 3
shared_buffers = 128MB
work_mem = 16MB
maintenance_work_mem = 64MB
dynamic_shared_memory_type = mmap
jit = off
wal_level = minimal
max_wal_senders = 0
wal_compression = on
max_wal_size = 2GB
checkpoint_timeout = 15min
autovacuum_naptime = 30s
log_checkpoints = off
log_line_prefix = '%m [%p] '
log_timezone = UTC
timezone = UTC
datestyle = 'ISO, YMD'
unix_socket_permissions = 0700
`

// configure writes the settings and who may connect: root and the account,
// known by the identity of their process.
func (c *cluster) configure(data, socketDir string) error {
	files := map[string]string{
		"postgresql.conf": settings +
			fmt.Sprintf("unix_socket_directories = '%s'\n", socketDir) +
			"include_if_exists = 'postgresql.local.conf'\n",
		"pg_hba.conf": "local all all peer map=heatledger\n",
		"pg_ident.conf": fmt.Sprintf("heatledger root %s\nheatledger root postgres\nheatledger \"%s\" %[1]s\nheatledger \"%[2]s\" postgres\n",
			role, c.account.name),
	}
	for name, text := range files {
		path := filepath.Join(data, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return fmt.Errorf("write the server's settings: %w", err)
		}
		if c.account.switches() {
			if err := os.Chown(path, c.account.uid, c.account.gid); err != nil {
				return fmt.Errorf("give the server's settings to account %s: %w", c.account.name, err)
			}
		}
	}
	return nil
}
