package main

import "context"

func (b *bench) ingest(ctx context.Context) ([]line, error) { return nil, nil }
