package main

import (
	"context"
	"os"
	"time"
)

// tokenLook is how often it is looked whether somebody changed the token.
const tokenLook = 2 * time.Second

// watchToken calls changed when the file of the token became another, until ctx
// ends: a delivery that was refused need not wait for its turn then.
func watchToken(ctx context.Context, path string, changed func()) error {
	look := time.NewTicker(tokenLook)
	defer look.Stop()
	type face struct {
		at    time.Time
		bytes int64
		there bool
	}
	faceOf := func() face {
		info, err := os.Stat(path)
		if err != nil {
			return face{}
		}
		return face{info.ModTime(), info.Size(), true}
	}
	for was := faceOf(); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
			if now := faceOf(); now != was {
				was = now
				changed()
			}
		}
	}
}
