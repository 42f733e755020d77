package opcua

import (
	"context"
	"fmt"
	"time"

	"github.com/gopcua/opcua/ua"
)

// Current is what a server says of a variable's value at the moment, its times as
// it gives them: side by side they show a clock that is wrong or stands still.
type Current struct {
	Status string    // "Good", or why there is no value; "" when the node is not on the server
	Source time.Time // when the source made the value; zero: not told
	Server time.Time // when the server had it; zero: not told
	Asked  time.Time // by our own clock
	Err    error     // why the node was not asked for; nil: it was
}

// Read asks once for the times and states of nodes, written as [Node.Node], and
// gives them in their order. It logs on as c says and leaves again; nothing is
// subscribed to.
func Read(ctx context.Context, c Config, o Options, nodes []string) (all []Current, err error) {
	c.Meters = nil
	d, err := New(c, o)
	if err != nil {
		return nil, err
	}
	l, err := d.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer l.close(ctx)
	err = d.guard(func() error {
		all, err = d.current(ctx, l, nodes)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read %d nodes of %s: %w", len(nodes), d.config.Endpoint, err)
	}
	return all, nil
}

// current reads the nodes over a connection.
func (d *Driver) current(ctx context.Context, l *link, nodes []string) ([]Current, error) {
	x, err := explore(ctx, l.client)
	if err != nil {
		return nil, err
	}
	all := make([]Current, len(nodes))
	var ids []*ua.NodeID
	var places []int
	for i, n := range nodes {
		address, err := parseAddress(n)
		if err == nil {
			var node *ua.NodeID
			if node, err = address.resolve(x.namespaces); err == nil {
				ids, places = append(ids, node), append(places, i)
			}
		}
		all[i].Err = err
	}
	asked := time.Now().UTC()
	answers, err := x.values(ctx, ids)
	if err != nil {
		return nil, err
	}
	for k, v := range answers {
		all[places[k]] = Current{Status: statusName(v.Status), Source: v.SourceTimestamp.UTC(), Server: v.ServerTimestamp.UTC(), Asked: asked}
	}
	return all, nil
}
