package opcua

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gopcua/opcua"
	"github.com/gopcua/opcua/id"
	"github.com/gopcua/opcua/ua"
)

// What one request asks for where the server names no limit.
const (
	usualBrowse  = 100
	usualRead    = 200
	references   = 1000    // of one node in one answer; the rest comes by BrowseNext
	mostChildren = 100_000 // of one node, after which it is given up
)

// explorer looks around on a server: what lies below a node, and what it says
// of itself. It keeps to the limits the server names, because the library ends
// the connection with every request that is refused as a whole.
type explorer struct {
	client       *opcua.Client
	namespaces   []string
	browse, read int // nodes in one request
}

// explore prepares an explorer on a connection.
func explore(ctx context.Context, client *opcua.Client) (*explorer, error) {
	x := &explorer{client: client, namespaces: client.Namespaces(), browse: usualBrowse, read: usualRead}
	limits, err := x.values(ctx, []*ua.NodeID{
		ua.NewNumericNodeID(0, id.Server_ServerCapabilities_OperationLimits_MaxNodesPerBrowse),
		ua.NewNumericNodeID(0, id.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead),
	})
	if err != nil {
		return nil, fmt.Errorf("read the server's limits: %w", err)
	}
	for i, limit := range []*int{&x.browse, &x.read} {
		if n, ok := plain[uint32](limits[i]); ok && n > 0 {
			*limit = min(*limit, int(n))
		}
	}
	return x, nil
}

// child is what a node refers to.
type child struct {
	node      *ua.NodeID
	name      string     // browse name without its namespace
	namespace string     // of the browse name, its URI
	kind      *ua.NodeID // type definition
	variable  bool
	property  bool
}

// children are the objects and variables that nodes refer to by hierarchical
// references, in the order of nodes. A node that cannot be browsed has none.
func (x *explorer) children(ctx context.Context, nodes []*ua.NodeID) ([][]child, error) {
	all := make([][]child, 0, len(nodes))
	for some := range slices.Chunk(nodes, x.browse) {
		request := &ua.BrowseRequest{RequestedMaxReferencesPerNode: references}
		for _, n := range some {
			request.NodesToBrowse = append(request.NodesToBrowse, &ua.BrowseDescription{
				NodeID: n, BrowseDirection: ua.BrowseDirectionForward, IncludeSubtypes: true,
				ReferenceTypeID: ua.NewNumericNodeID(0, id.HierarchicalReferences),
				NodeClassMask:   uint32(ua.NodeClassObject | ua.NodeClassVariable),
				ResultMask:      uint32(ua.BrowseResultMaskAll),
			})
		}
		response, err := x.client.Browse(ctx, request)
		if err != nil {
			return nil, fmt.Errorf("browse %d nodes: %w", len(some), err)
		}
		if len(response.Results) != len(some) {
			return nil, fmt.Errorf("browse %d nodes: %d results came", len(some), len(response.Results))
		}
		for _, result := range response.Results {
			found, err := x.follow(ctx, result)
			if err != nil {
				return nil, err
			}
			all = append(all, found)
		}
	}
	return all, nil
}

// follow is a result with what its continuation points hold.
func (x *explorer) follow(ctx context.Context, result *ua.BrowseResult) ([]child, error) {
	var found []child
	for {
		if result == nil || isBad(result.StatusCode) {
			return found, nil
		}
		for _, r := range result.References {
			if c, ok := x.child(r); ok {
				found = append(found, c)
			}
		}
		point := result.ContinuationPoint
		if len(point) == 0 {
			return found, nil
		}
		response, err := x.client.BrowseNext(ctx, &ua.BrowseNextRequest{
			ContinuationPoints: [][]byte{point}, ReleaseContinuationPoints: len(found) >= mostChildren,
		})
		if err != nil {
			return nil, fmt.Errorf("browse on: %w", err)
		}
		if len(response.Results) == 0 || len(found) >= mostChildren {
			return found, nil
		}
		result = response.Results[0]
	}
}

// child is what a reference leads to, unless that is on another server.
func (x *explorer) child(r *ua.ReferenceDescription) (child, bool) {
	if r == nil || r.NodeID == nil || r.NodeID.NodeID == nil || r.NodeID.ServerIndex != 0 || !r.IsForward {
		return child{}, false
	}
	node, ok := x.local(r.NodeID)
	if !ok {
		return child{}, false
	}
	c := child{node: node, variable: r.NodeClass == ua.NodeClassVariable}
	if r.BrowseName != nil {
		c.name, c.namespace = r.BrowseName.Name, x.uri(r.BrowseName.NamespaceIndex)
	}
	if r.TypeDefinition != nil && r.TypeDefinition.NodeID != nil {
		c.kind, _ = x.local(r.TypeDefinition)
	}
	c.property = r.ReferenceTypeID != nil && r.ReferenceTypeID.Namespace() == 0 && r.ReferenceTypeID.IntID() == id.HasProperty
	return c, true
}

// local is an expanded node id with its namespace as an index. It is built
// anew: the library leaves flags of the expanded form in the id, which must not
// go into a request.
func (x *explorer) local(e *ua.ExpandedNodeID) (*ua.NodeID, bool) {
	index := e.NodeID.Namespace()
	if e.NamespaceURI != "" {
		i := slices.Index(x.namespaces, e.NamespaceURI)
		if i < 0 {
			return nil, false
		}
		index = uint16(i)
	}
	text := e.NodeID.String()
	if e.NodeID.Namespace() != 0 {
		_, text, _ = strings.Cut(text, ";")
	}
	n, err := ua.ParseNodeID(fmt.Sprintf("ns=%d;%s", index, text))
	return n, err == nil
}

// uri is the namespace with this index; empty if the server does not say.
func (x *explorer) uri(index uint16) string {
	if int(index) < len(x.namespaces) {
		return x.namespaces[index]
	}
	return ""
}

// values are the values of variables.
func (x *explorer) values(ctx context.Context, nodes []*ua.NodeID) ([]*ua.DataValue, error) {
	asked := make([]*ua.ReadValueID, len(nodes))
	for i, n := range nodes {
		asked[i] = &ua.ReadValueID{NodeID: n, AttributeID: ua.AttributeIDValue}
	}
	return x.attributes(ctx, asked)
}

// attributes reads; the results stand in the order of what was asked.
func (x *explorer) attributes(ctx context.Context, asked []*ua.ReadValueID) ([]*ua.DataValue, error) {
	all := make([]*ua.DataValue, 0, len(asked))
	for some := range slices.Chunk(asked, x.read) {
		response, err := x.client.Read(ctx, &ua.ReadRequest{NodesToRead: some, TimestampsToReturn: ua.TimestampsToReturnBoth})
		if err != nil {
			return nil, fmt.Errorf("read %d attributes: %w", len(some), err)
		}
		if len(response.Results) != len(some) {
			return nil, fmt.Errorf("read %d attributes: %d results came", len(some), len(response.Results))
		}
		all = append(all, response.Results...)
	}
	return all, nil
}

// plain is a value of type T that is not bad.
func plain[T any](v *ua.DataValue) (T, bool) {
	var none T
	if v == nil || isBad(v.Status) || v.Value == nil {
		return none, false
	}
	x, ok := v.Value.Value().(T)
	return x, ok
}

// structure is the structure of type T that a value holds.
func structure[T any](v *ua.DataValue) (*T, bool) {
	o, ok := plain[*ua.ExtensionObject](v)
	if !ok || o == nil {
		return nil, false
	}
	s, ok := o.Value.(*T)
	return s, ok && s != nil
}

// written is a node id as configuration writes it, with the namespace's URI.
func (x *explorer) written(n *ua.NodeID) string {
	text := n.String()
	if n.Namespace() == 0 {
		return text
	}
	_, identifier, _ := strings.Cut(text, ";")
	uri := x.uri(n.Namespace())
	if uri == "" {
		return text
	}
	return "nsu=" + strings.NewReplacer("%", "%25", ";", "%3B").Replace(uri) + ";" + identifier
}
