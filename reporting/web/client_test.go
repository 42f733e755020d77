package web_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heatledger/energy/access"
	"heatledger/reporting/web"
)

// modules are the programs of others that the tests use (tools/setup installs them).
const modules = "../../tools/counterparts/node_modules"

// run runs a program of others, and gives what it wrote.
func run(t *testing.T, folder, name string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = folder
	out, err := command.CombinedOutput()
	return string(out), err
}

// described writes the description into a new folder, with the modules beside it.
func described(t *testing.T) (folder, file string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(modules, "openapi-typescript")); err != nil {
		t.Fatalf("find the generator of clients (make setup installs it): %v", err)
	}
	text, err := web.Description()
	if err != nil {
		t.Fatalf("describe the API: %v", err)
	}
	folder = t.TempDir()
	file = filepath.Join(folder, "openapi.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	whole, err := filepath.Abs(modules)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(whole, filepath.Join(folder, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return folder, file
}

// TestAnotherProgramFindsTheDescriptionValid has the description checked against the
// schema of OpenAPI 3.1 by a validator that others wrote, and a broken one refused.
func TestAnotherProgramFindsTheDescriptionValid(t *testing.T) {
	t.Parallel()
	folder, file := described(t)
	validator := filepath.Join("node_modules", "@seriousme", "openapi-schema-validator", "bin", "validate-api-cli.js")
	if out, err := run(t, folder, "node", validator, file); err != nil {
		t.Errorf("the description is not valid: %v\n%s", err, out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(folder, "broken.json")
	if err := os.WriteFile(broken, bytes.Replace(text, []byte(`"in": "query"`), []byte(`"in": "nowhere"`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := run(t, folder, "node", validator, broken); err == nil {
		t.Errorf("the validator takes a parameter that stands nowhere: %s", out)
	}
}

// TestAGeneratedClientWorks generates a client in TypeScript from the description,
// checks its types, and lets it read and hand in.
func TestAGeneratedClientWorks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	s.fill(t, office)
	folder, file := described(t)
	if out, err := run(t, folder, "node", filepath.Join("node_modules", "openapi-typescript", "bin", "cli.js"), file, "-o", filepath.Join(folder, "api.d.ts")); err != nil {
		t.Fatalf("generate the client: %v\n%s", err, out)
	}
	program, err := os.ReadFile("testdata/client.ts")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "client.ts"), program, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "package.json"), []byte(`{"type":"module"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	compiler := []string{filepath.Join("node_modules", "typescript", "bin", "tsc"), "--strict", "--noUncheckedIndexedAccess", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"}
	if out, err := run(t, folder, "node", append(compiler, "client.ts")...); err != nil {
		t.Fatalf("check the types of the client: %v\n%s", err, out)
	}
	out, err := run(t, folder, "node", "client.js", s.URL, office)
	if err != nil {
		t.Fatalf("the client: %v\n%s", err, out)
	}
	for _, want := range []string{"sites hafen kaiserlei", "values 96 kWh 15", "figures pue", "taken 1", "again 0 1", "conflict 409 key_used", "problem 404 no_site"} {
		if !strings.Contains(out, want+"\n") {
			t.Errorf("the client did not say %q:\n%s", want, out)
		}
	}
	misuse := strings.Replace(string(program), `step: "15m"`, `step: "20m"`, 1)
	if err := os.WriteFile(filepath.Join(folder, "client.ts"), []byte(misuse), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := run(t, folder, "node", append(compiler, "--noEmit", "client.ts")...); err == nil || !strings.Contains(out, "20m") {
		t.Errorf("the types let a step of 20 minutes pass: %v\n%s", err, out)
	}
}
