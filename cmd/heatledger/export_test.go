package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"heatledger/reporting/disclosure"
)

func TestExportFillsInAForm(t *testing.T) {
	t.Parallel()
	url, dir := reported(t, 2025), t.TempDir()
	out := command(t, url, "export", "--form", "enefg-annex3", "--site", "hafen", "--year", "2025", "--format", "json", "--lang", "en").want(t, exitFine).stdout
	var got struct {
		Missing []struct{ Code, Remedy string }
		Form    struct {
			Year   int
			Fields []struct {
				Code  string
				Value any
			}
		}
		SHA256 string
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || got.Form.Year != 2025 || len(got.Missing) == 0 || len(got.SHA256) != 64 {
		t.Fatalf("%v: %.300s", err, out)
	}
	values := map[string]any{}
	for _, f := range got.Form.Fields {
		values[f.Code] = f.Value
	}
	if values["enefg-1a"] != "Hafen" || values["enefg-2f"] != 1.5 || values["enefg-2d-heat"] != nil {
		t.Errorf("the fields are %v", values)
	}
	for _, d := range disclosure.Definitions() {
		workbook := filepath.Join(dir, string(d.ID)+".xlsx")
		command(t, url, "export", "--form", string(d.ID), "--site", "hafen", "--year", "2025", "-o", workbook).want(t, exitFine)
		file, err := excelize.OpenFile(workbook)
		if err != nil {
			t.Fatalf("open %s: %v", workbook, err)
		}
		if sheets := file.GetSheetList(); sheets[0] != "Was fehlt" {
			t.Errorf("%s begins with %q", d.ID, sheets[0])
		}
		_ = file.Close()
	}
}

func TestExportSaysWhatToDo(t *testing.T) {
	t.Parallel()
	url := reported(t, 2025)
	for _, tt := range []struct {
		name, says string
		args       []string
	}{
		{"a form that is none", "enefg-annex3", []string{"--form", "enefg-annex4", "--site", "hafen", "--year", "2025"}},
		{"a site that is not there", "there are: hafen", []string{"--form", "enefg-annex3", "--site", "haven", "--year", "2025"}},
		{"a year of the Romans", "is no year", []string{"--form", "enefg-annex3", "--site", "hafen", "--year", "25"}},
	} {
		if out := command(t, url, append([]string{"export"}, tt.args...)...).want(t, exitUsage); !strings.Contains(out.stderr, tt.says) {
			t.Errorf("%s: %s", tt.name, out.stderr)
		}
	}
}

func TestDeclareTakesWhatARegisterPublished(t *testing.T) {
	t.Parallel()
	url, dir := reported(t, 2025), t.TempDir()
	file := write(t, dir, "register.csv", "site,year,field,value,to,unit,on,document\nhafen,2025,enefg-2f,1.4,federal_register,1,2026-04-02,RZReg 4711\n")
	if out := command(t, url, "declare", file).want(t, exitFine).stdout; !strings.Contains(out, "federal_register/enefg-2f@2025") {
		t.Errorf("declare says %q", out)
	}
	if out := command(t, url, "declare", file).want(t, exitFine).stdout; !strings.Contains(out, "nothing to change") {
		t.Errorf("again it says %q", out)
	}
	form := command(t, url, "export", "--form", "enefg-annex3", "--site", "hafen", "--year", "2025", "--format", "csv").want(t, exitFine).stdout
	if !strings.Contains(form, "federal_register") || !strings.Contains(form, "-6.66666666666667") {
		t.Errorf("the form does not show what was published 6.7 %% below: %s", form)
	}
	wrong := write(t, dir, "wrong.csv", "site,year,field,value,to\nhafen,2025,enefg-2x,1.4,federal_register\n")
	if out := command(t, url, "declare", wrong).want(t, exitUsage); !strings.Contains(out.stderr, "wrong.csv:2:12") {
		t.Errorf("a faulty file: %s", out.stderr)
	}
}
