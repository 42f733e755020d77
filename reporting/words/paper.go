package words

// AskedFact is a fact that rules want to know of a paper, as it is called within a
// sentence: "the investment plan".
func AskedFact(l Lang, name string) string { return text(l, "fact:"+name) }
