package exhibit_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/exhibit"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

const onePDF = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"

func picture(t testing.TB, form string) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)))
	if form == "jpeg" {
		b.Reset()
		err = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// archive is a workbook with further parts.
func archive(t testing.TB, further map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	parts := map[string]string{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
	for name, body := range further {
		parts[name] = body
	}
	for name, body := range parts {
		if body == "-" {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestADocumentIsWhatItHolds(t *testing.T) {
	t.Parallel()
	shot, photo, book := picture(t, "png"), picture(t, "jpeg"), archive(t, nil)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	encrypted := join([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600), []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"))
	for _, tt := range []struct {
		sentence, name string
		body           []byte
		form           exhibit.Form
		marks          string
		fault          string // "": it is taken
	}{
		{"a PDF", "rechnung.pdf", []byte(onePDF), exhibit.PDF, "", ""},
		{"a PDF that says it is signed", "vertrag.pdf", []byte(strings.Replace(onePDF, "<</Root", "<</ByteRange[0 1 2 3]/Root", 1)), exhibit.PDF, "signed", ""},
		{"a PDF that wants a password", "bilanz.pdf", []byte(strings.Replace(onePDF, "<</Root", "<</Encrypt 5 0 R/Root", 1)), exhibit.PDF, "encrypted", ""},
		{"a PDF with a program", "formular.pdf", []byte(strings.Replace(onePDF, "/Catalog", "/Catalog/OpenAction<</S/JavaScript>>", 1)), exhibit.PDF, "active", ""},
		{"a PDF with another file", "mappe.pdf", []byte(strings.Replace(onePDF, "/Catalog", "/Catalog/Names<</EmbeddedFiles 3 0 R>>>>endobj 4 0 obj<</Type/Filespec/EF<</F 5 0 R>>", 1)), exhibit.PDF, "active", ""},
		{"a PDF with an empty list of files, as writers make", "brief.pdf", []byte(strings.Replace(onePDF, "/Catalog", "/Catalog/Names<</EmbeddedFiles<</Names[]>>>>", 1)), exhibit.PDF, "", ""},
		{"a screen shot", "zähler.PNG", shot, exhibit.PNG, "", ""},
		{"a photo", "IMG_0001.jpg", photo, exhibit.JPEG, "", ""},
		{"a photo with a second picture behind it, as cameras write", "IMG_0002.jpeg", join(photo, photo), exhibit.JPEG, "", ""},
		{"a table", "server.csv", []byte("Server;Leistung\nweb;3,5\n"), exhibit.CSV, "", ""},
		{"a table in Windows-1252", "geräte.csv", []byte("Ger\xe4t;Menge\nK\xfchler;3\n"), exhibit.CSV, "", ""},
		{"a table with a formula", "liste.csv", []byte("a;b\n=1+1;2\n"), exhibit.CSV, "formulas", ""},
		{"a workbook", "liste.xlsx", book, exhibit.XLSX, "", ""},
		{"an encrypted workbook", "geheim.xlsx", encrypted, exhibit.XLSX, "encrypted", ""},
		{"a workbook with an embedded file", "liste.xlsx", archive(t, map[string]string{"xl/embeddings/object1.bin": "x"}), exhibit.XLSX, "active", ""},

		{"nothing", "leer.pdf", nil, "", "", "empty"},
		{"a PDF called a picture", "bild.png", []byte(onePDF), "", "", "called like another form"},
		{"a picture without an ending", "bild", shot, "", "", "called like another form"},
		{"a page called a table", "seite.csv", []byte("a;b\n<script>alert(1)</script>;2\n"), "", "", "web page"},
		{"a drawing", "logo.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "", "", "called like another form"},
		{"a drawing called a table", "logo.csv", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "", "", "web page or drawing"},
		{"a program", "setup.exe", []byte("MZ\x90\x00\x03"), "", "", "no form"},
		{"an archive of anything", "alles.xlsx", archive(t, map[string]string{"xl/workbook.xml": "-"}), "", "", "no workbook"},
		{"a PDF behind something else", "spät.pdf", join(make([]byte, 1200), []byte(onePDF)), "", "", "no form"},
		{"a PDF that is an archive too", "beides.pdf", join([]byte(onePDF), archiveWithComment(t, "%%EOF")), "", "", "archive too"},
		{"a picture that is an archive too", "beides.png", join(shot, book), "", "", "archive too"},
		{"a photo that is a PDF too", "beides.jpg", join(photo[:2], []byte("\xff\xfe\x00\x0b%PDF-1.7\n"), photo[2:]), "", "", "a PDF too"},
		{"a photo with a page in its comment", "beides.jpg", join(photo[:2], []byte("\xff\xfe\x00\x0a<script>"), photo[2:]), "", "", "web page"},
		{"a picture with something behind its end", "mehr.png", join(shot, []byte("more")), "", "", "follows its end"},
		{"half a picture", "halb.png", shot[:len(shot)-20], "", "", "broken"},
		{"half a photo", "halb.jpg", photo[:len(photo)/2], "", "", "middle"},
		{"half a PDF", "halb.pdf", []byte(onePDF[:40]), "", "", "middle"},
		{"an old workbook", "alt.xlsx", join([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)), "", "", "old workbook"},
		{"a workbook with macros", "makro.xlsx", archive(t, map[string]string{"xl/vbaProject.bin": "x"}), "", "", "macros"},
		{"a workbook that is a bomb", "bombe.xlsx", archive(t, map[string]string{"xl/worksheets/sheet1.xml": strings.Repeat("0", 64<<20)}), "", "", "unpacks to more"},
		{"an archive with a word behind it", "wort.xlsx", archiveWithComment(t, "word"), "", "", "none that a spreadsheet program writes"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			form, marks, err := exhibit.Inspect(tt.name, bytes.NewReader(tt.body), int64(len(tt.body)))
			var faults energy.Faults
			switch {
			case tt.fault != "" && (!errors.As(err, &faults) || !strings.Contains(err.Error(), tt.fault) || faults[0].Remedy == ""):
				t.Errorf("refused with %v, want a fault with %q and a remedy", err, tt.fault)
			case tt.fault == "" && (err != nil || form != tt.form || !sameMarks(marks, tt.marks)):
				t.Errorf("%s %v, %v; want %s %s", form, marks, err, tt.form, tt.marks)
			}
		})
	}
}

func archiveWithComment(t testing.TB, comment string) []byte {
	t.Helper()
	book := archive(t, nil)
	book[len(book)-2] = byte(len(comment)) // the last field of an archive is the length of its comment
	return append(book, comment...)
}

func sameMarks(marks []exhibit.Mark, want string) bool {
	var names []string
	for _, m := range marks {
		names = append(names, string(m))
	}
	return strings.Join(names, " ") == want
}

func TestADocumentThatIsTooLargeIsRefusedUnread(t *testing.T) {
	t.Parallel()
	if _, _, err := exhibit.Inspect("a.pdf", neverRead{}, exhibit.Most+1); err == nil || !strings.Contains(err.Error(), "at most 25 MiB") {
		t.Errorf("a document of more than 25 MiB: %v", err)
	}
}

type neverRead struct{}

func (neverRead) ReadAt([]byte, int64) (int, error) { panic("it was read") }

func TestWhateverComesIsTakenOrRefusedWithARemedy(t *testing.T) {
	t.Parallel()
	seeds := [][]byte{[]byte(onePDF), picture(t, "png"), picture(t, "jpeg"), archive(t, nil), []byte("a;b\n1;2\n")}
	rapid.Check(t, func(t *rapid.T) {
		body := bytes.Clone(rapid.SampledFrom(seeds).Draw(t, "seed"))
		for range rapid.IntRange(0, 8).Draw(t, "changes") {
			body[rapid.IntRange(0, len(body)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		body = append(body, rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "tail")...)
		name := "x." + rapid.SampledFrom([]string{"pdf", "png", "jpg", "csv", "xlsx"}).Draw(t, "ending")
		_, _, err := exhibit.Inspect(name, bytes.NewReader(body), int64(len(body)))
		var faults energy.Faults
		if err != nil && (!errors.As(err, &faults) || faults[0].Problem == "" || faults[0].Remedy == "") {
			t.Fatalf("it is neither taken nor refused with a remedy: %v", err)
		}
	})
}

func document(site energy.SiteID, name string, body []byte, about string) exhibit.Upload {
	return exhibit.Upload{Site: site, Name: name, About: about, File: bytes.NewReader(body), Size: int64(len(body)), Digest: sha256.Sum256(body)}
}

func TestADocumentIsAFactOfItsSiteAndOfNoOther(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	shelf := exhibit.New(s)
	for _, site := range []energy.SiteID{"hafen", "fremd"} {
		if err := s.EnsureSite(t.Context(), site); err != nil {
			t.Fatal(err)
		}
	}
	taken, err := shelf.Take(t.Context(), document("hafen", `C:\Daten\rech`+"\u202e"+`nung.pdf`, []byte(onePDF), "fact:water_in_m3@2025"), "account:7")
	if err != nil || taken.Name != "rechnung.pdf" || taken.Fact == 0 || taken.Actor != "account:7" {
		t.Fatalf("a bill is taken as %+v, %v", taken, err)
	}
	if want := taken.At.Year() + exhibit.KeptYears; taken.KeptUntil.Year != want {
		t.Errorf("it is kept until %s, want the end of %d", taken.KeptUntil, want)
	}
	if _, err := shelf.Take(t.Context(), document("hafen", "nochmal.pdf", []byte(onePDF), "commitment:wasser"), "account:8"); err != nil {
		t.Fatal(err)
	}
	list, err := shelf.List(t.Context(), "hafen")
	if err != nil || len(list) != 2 || list[0].About != "commitment:wasser" || list[1].About != "fact:water_in_m3@2025" || list[1].Actor != "account:7" {
		t.Errorf("the site has %+v, %v; want both uses, the latest first", list, err)
	}
	var bytesOf bytes.Buffer
	found, err := shelf.Find(t.Context(), "hafen", taken.Document())
	if err == nil {
		err = shelf.Write(t.Context(), found, &bytesOf)
	}
	if err != nil || bytesOf.String() != onePDF {
		t.Errorf("it comes back as %q, %v", bytesOf.String(), err)
	}
	if _, err := shelf.Find(t.Context(), "fremd", taken.Digest); !errors.Is(err, exhibit.ErrUnknown) {
		t.Errorf("another site finds it: %v", err)
	}
	if _, err := s.ForgetDrafts(t.Context(), time.Now().AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	bytesOf.Reset()
	if err := shelf.Write(t.Context(), found, &bytesOf); err != nil || bytesOf.String() != onePDF {
		t.Errorf("it went with what was only looked at: %v", err)
	}
}

func TestADocumentThatProvesNothingIsForgotten(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	kept, err := exhibit.New(s).Keep(t.Context(), document("hafen", "a.pdf", []byte(onePDF), "fact:refrigerant@2025"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ForgetDrafts(t.Context(), time.Now().AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if err := exhibit.New(s).Write(t.Context(), kept, io.Discard); !errors.Is(err, store.ErrNoFile) {
		t.Errorf("after the drafts were forgotten: %v, want %v", err, store.ErrNoFile)
	}
	if _, err := exhibit.New(s).Keep(t.Context(), document("hafen", "a.pdf", []byte(onePDF), "")); err == nil {
		t.Error("a document for nothing is taken")
	}
}
