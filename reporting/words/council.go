package words

// Council is a text of the report to the council with its places filled.
func Council(l Lang, name string, values map[string]string) string {
	return fill(text(l, "council:"+name), values)
}
