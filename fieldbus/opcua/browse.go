package opcua

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/gopcua/opcua/id"
	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
)

// Search says where [Browse] begins and when it ends. The zero value works.
type Search struct {
	Root  string // a node, written as [Node.Node]; "": the Objects folder, without the server's own object
	Depth int    // levels below Root; 0: 20
	Most  int    // variables; 0: 10,000
}

// Variable is what a server says of a variable that might be a point.
type Variable struct {
	Node     string `json:"node"`      // as [Node.Node] takes it, the namespace by its URI
	Path     string `json:"path"`      // browse names from the root down, with "/"
	DataType string `json:"data_type"` // "Double", or a node id; "" if it is not told

	// Unit and Scale are what EngineeringUnits come to in a node's entry; Unit
	// is empty where there are none or they are none of ours. UnitText is how
	// the server writes them.
	Unit     energy.Unit  `json:"unit,omitempty"`
	Scale    energy.Value `json:"scale,omitzero"`
	UnitText string       `json:"unit_text,omitempty"`

	Range *Range `json:"range,omitempty"` // EURange, which a deadband in percent needs

	Value   *energy.Value `json:"value,omitempty"`   // in the variable's own unit; nil: Problem says why
	Problem string        `json:"problem,omitempty"` // why the value would be no reading
	Status  string        `json:"status"`
	At      time.Time     `json:"at,omitzero"` // source time
	History bool          `json:"history"`     // the server keeps values and lets us read them
}

// Range is what a variable's values are expected to lie in, in its own unit.
type Range struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Browse finds the variables below a node, level by level, each once. Complete
// is false if a limit of s ended the search. Properties are told with their
// variable and not as variables. It logs on as c says and leaves again.
func Browse(ctx context.Context, c Config, o Options, s Search) (found []Variable, complete bool, err error) {
	c.Meters = nil
	d, err := New(c, o)
	if err != nil {
		return nil, false, err
	}
	root, err := parseAddress(cmp.Or(s.Root, "i=85"))
	if err != nil {
		return nil, false, err
	}
	l, err := d.connect(ctx)
	if err != nil {
		return nil, false, err
	}
	defer l.close(ctx)
	err = d.guard(func() error {
		x, err := explore(ctx, l.client)
		if err != nil {
			return err
		}
		from, err := root.resolve(x.namespaces)
		if err != nil {
			return err
		}
		t := tree{explorer: x, depth: cmp.Or(s.Depth, 20), most: cmp.Or(s.Most, 10_000)}
		if s.Root == "" {
			t.seen = map[string]bool{ua.NewNumericNodeID(0, id.Server).String(): true}
		}
		if err := t.grow(ctx, from); err != nil {
			return err
		}
		complete = !t.cut
		found, err = t.describe(ctx)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("browse %s: %w", d.config.Endpoint, err)
	}
	return found, complete, nil
}

// leaf is a variable of a tree.
type leaf struct {
	child
	path       string
	parent     string                // node id of what holds it
	properties map[string]*ua.NodeID // by browse name, of namespace 0 and of [ECM]
}

// tree is what lies below a node.
type tree struct {
	*explorer
	depth, most int
	seen        map[string]bool // node ids: a server's nodes are no tree, they may go round in circles
	leaves      []*leaf
	cut         bool // there is more
}

// grow looks below root level by level. The number of nodes looked at is
// bounded as well as the number of variables: objects may be many, too.
func (t *tree) grow(ctx context.Context, root *ua.NodeID) error {
	if t.seen == nil {
		t.seen = make(map[string]bool)
	}
	t.seen[root.String()] = true
	type branch struct {
		node *ua.NodeID
		path string
		leaf *leaf // nil: an object
	}
	level := []branch{{node: root}}
	for depth := 0; len(level) > 0; depth++ {
		nodes := make([]*ua.NodeID, len(level))
		for i, b := range level {
			nodes[i] = b.node
		}
		children, err := t.children(ctx, nodes)
		if err != nil {
			return err
		}
		var next []branch
		for i, b := range level {
			for _, c := range children[i] {
				if c.property {
					if b.leaf != nil && (c.namespace == ecmNamespace || c.node != nil && c.namespace == t.uri(0)) {
						b.leaf.properties[c.name] = c.node
					}
					continue
				}
				key := c.node.String()
				if t.seen[key] {
					continue
				}
				if depth >= t.depth || len(t.leaves) >= t.most || len(t.seen) >= 20*t.most {
					t.cut = true
					continue
				}
				t.seen[key] = true
				under := branch{node: c.node, path: joined(b.path, c.name)}
				if c.variable {
					under.leaf = &leaf{child: c, path: under.path, parent: b.node.String(), properties: make(map[string]*ua.NodeID)}
					t.leaves = append(t.leaves, under.leaf)
				}
				next = append(next, under)
			}
		}
		level = next
	}
	return nil
}

func joined(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// What is read of each variable, in this order, before its properties.
func described() []ua.AttributeID {
	return []ua.AttributeID{ua.AttributeIDValue, ua.AttributeIDDataType, ua.AttributeIDUserAccessLevel}
}

// describe reads what the server says of the leaves.
func (t *tree) describe(ctx context.Context) ([]Variable, error) {
	var asked []*ua.ReadValueID
	at := make([]int, len(t.leaves)) // where a leaf's answers begin
	for i, l := range t.leaves {
		at[i] = len(asked)
		for _, attribute := range described() {
			asked = append(asked, &ua.ReadValueID{NodeID: l.node, AttributeID: attribute})
		}
		for _, name := range []string{"EngineeringUnits", "EURange"} {
			if n, ok := l.properties[name]; ok {
				asked = append(asked, &ua.ReadValueID{NodeID: n, AttributeID: ua.AttributeIDValue})
			}
		}
	}
	answers, err := t.attributes(ctx, asked)
	if err != nil {
		return nil, err
	}
	all := make([]Variable, len(t.leaves))
	for i, l := range t.leaves {
		end := len(answers)
		if i+1 < len(at) {
			end = at[i+1]
		}
		all[i] = t.variable(l, answers[at[i]:end])
	}
	return all, nil
}

// variable puts together what was read of a leaf.
func (t *tree) variable(l *leaf, answers []*ua.DataValue) Variable {
	v := Variable{Node: t.written(l.node), Path: l.path}
	if now := answers[0]; now != nil {
		v.Status, v.At = statusName(now.Status), now.SourceTimestamp.UTC()
		number, err := number(now.Value)
		switch {
		case isBad(now.Status):
			v.Problem = "status " + v.Status
		case err != nil:
			v.Problem = err.Error()
		case !number.Finite():
			v.Problem = fmt.Sprintf("value is %s, which means absent", number)
		default:
			v.Value = &number
		}
	}
	if n, ok := plain[*ua.NodeID](answers[1]); ok && n != nil {
		if v.DataType = t.written(n); n.Namespace() == 0 {
			v.DataType = cmp.Or(id.Name(n.IntID()), v.DataType)
		}
	}
	access, _ := plain[uint8](answers[2])
	v.History = ua.AccessLevelType(access)&ua.AccessLevelTypeHistoryRead != 0
	for _, property := range answers[len(described()):] {
		if eu, ok := structure[ua.EUInformation](property); ok {
			var unit countIn
			unit, v.UnitText, ok = unitOf(eu)
			if ok {
				v.Unit, v.Scale = unit.unit, unit.scale
			}
		}
		if r, ok := structure[ua.Range](property); ok {
			v.Range = &Range{r.Low, r.High}
		}
	}
	return v
}
