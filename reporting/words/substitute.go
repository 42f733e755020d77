package words

import "heatledger/energy"

// SubstituteMethod names how a substitute value is found.
func SubstituteMethod(l Lang, m energy.SubstituteMethod) string {
	return text(l, "substitute:"+string(m))
}

// SubstituteReason names why a value is substituted.
func SubstituteReason(l Lang, r energy.SubstituteReason) string {
	return text(l, "substitute_reason:"+string(r))
}
