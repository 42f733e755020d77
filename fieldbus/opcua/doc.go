// Package opcua reads meters behind OPC UA servers by subscription. It knows
// nodes, status codes and time stamps; it does not know what a reading is for.
//
// A [Driver] owns one connection: one session, one subscription for each
// sampling interval. It supervises them itself, because the library's automatic
// reconnection goes silent for ever after a cut with one bad node in a
// subscription, and neither notices a half-open connection. Each subscription
// also monitors the server's clock (i=2258); when nothing at all arrives for
// [Options.Silence], or the channel breaks, everything is thrown away and built
// anew, after a pause that grows from 1 s to 1 min.
//
// # When a value was
//
// The instant of a reading is the first of these that is within
// [Options.Tolerance] of its arrival and after the point's last reading:
// the source time, the server time. If neither is, it is the time of arrival.
// A source clock that is frozen, lags behind or runs astray is thus passed over,
// and the readings of a point come in the order of time. Instants are rounded
// to whole microseconds.
//
// # Values that stand still
//
// A server reports changes only. When a point has had no reading for
// [Options.Refresh] and a heartbeat has come, the last value is stated again,
// for the instant of the heartbeat before that one, less the sampling interval:
// a change before then would have been reported by now. A value is never stated
// across a break: a new connection begins with the server's own first report.
//
// # What counts
//
// Status codes are judged by their class, the two top bits: Good is measured,
// Uncertain is suspect, Bad gives no reading. Integers stay decimal, exactly;
// floats stay binary; NaN and infinities are absent. Booleans, texts and arrays
// are no readings; the health of the meter says which point has one.
//
// # Who is at the other end
//
// The library never checks the server's certificate. Here it is checked before
// a session is opened, against a pinned fingerprint or a folder of trusted
// certificates; without either, a connection with security is refused and the
// refusal names the fingerprint that was offered.
//
// # What is lost, and what is counted
//
// Reports are taken at once and wait for the sink in a bounded buffer, because
// the library stalls every subscription behind a slow consumer. A reading that
// finds the buffer full, or that the sink refuses, counts as lost in the health
// of its meter. Changes while there is no connection are not asked for
// afterwards: counters tell their sum, and the gap is one in time only.
//
// Polls are reports, refusals and attempts to connect; errors are those among
// them that gave nothing. Values stated again are readings without a poll.
//
// # What is left to the library (gopcua v0.8.0)
//
// It is made anew for each connection (a client cannot be used twice), any
// service fault ends a connection, and only one publish request is under way.
// It decodes messages in a goroutine of its own, where a panic cannot be caught:
// a server that is trusted and malicious can end the program. It does not take
// a server certificate that is sent together with its chain.
package opcua
