//go:build ignore

// Generate writes de-lu.csv.gz from the yearly files of the German-Luxembourg
// bidding zone as they are published (see SOURCES.md):
//
//	go run generate.go DE-LU_2021_hourly_carbon_intensity.csv DE-LU_2023_… …
//
// It keeps four of their columns, in the order of time, one line an hour and a
// line "#YEAR" before each year.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"log"
	"os"
	"slices"
)

func main() {
	files := slices.Sorted(slices.Values(os.Args[1:]))
	var out bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range files {
		if err := year(compressed, name); err != nil {
			log.Fatalf("read %s: %v", name, err)
		}
	}
	if err := compressed.Close(); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("de-lu.csv.gz", out.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

func year(out *gzip.Writer, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return err
	}
	rows = rows[1:] // the header
	fmt.Fprintf(out, "#%s\n", rows[0][0][:4])
	for _, row := range rows {
		estimated := ""
		if row[9] == "true" {
			estimated = "e"
		}
		fmt.Fprintf(out, "%s,%s,%s,%s\n", row[4], row[5], row[7], estimated)
	}
	return nil
}
