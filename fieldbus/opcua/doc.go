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
// and the readings of a point come in the order of time, unless our own clock is
// set back, which is followed. Instants are rounded to whole microseconds.
//
// A source clock that does not go on at three changes of the value in a row is
// named in the health of its meter until it does.
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
// # What the server is asked to watch
//
// A subscription samples at [Meter.Sampling] and publishes no oftener than
// [Options.Publishing]. A node's queue holds what the sampling brings while
// reports may be late, or [Node.Queue]; a [Deadband] keeps small changes at the
// server. What the server grants counts: the slowest sampling granted bounds
// what a heartbeat proves, a queue shorter than two reports is warned of, and a
// deadband that is refused is named in health and done without.
//
// # What was missed
//
// With [Config.History] the time between a point's last reading before a break
// and its first one after it is looked up in the server's history (OPC 10000-11,
// raw values): after a break of the network or of the server, after values that
// the server's queue dropped, and, where [Options.Last] knows the last reading
// of a run before, after a standstill of our own. Only values strictly between
// those two become readings, at their source time and in its order, so that none
// comes twice; values without a source time, in bad status or that are no numbers
// become none.
//
// A gap is asked for in the background, one request of [Options.HistoryChunk]
// values at a time, with a rest as long as the request took; its readings go to
// the sink beside the live ones and never wait in their buffer. It is looked up
// once more after five minutes, because historians write late. It reaches back
// [Options.HistoryMost] and brings at most [Options.HistoryValues].
//
// History is asked for only once a change of the point has borne its source
// time: a clock that is not believed while values come is not believed
// afterwards. A node whose UserAccessLevel does not offer history, or that
// refuses it, is not asked again for a day; nor is a server that refuses the
// service, or at three questions in a row ends the connection.
//
// # Meters that say what they measure
//
// A meter of model [ECM] is looked for below its root at each connect, by
// MeasurementID, or by browse name where there is none, and by
// EngineeringUnits (codes of UNECE Recommendation 20). The table of
// measurements is that of OPC 34100 1.0.0 (released 2024-12-12, with
// MeasurementIDs.csv of its nodeset); 1.0.1 was not compared. No server of a
// maker has been read yet, only one that we built after the specification. A
// quantity that is missing, or that two metering points below the root have, is a
// point in trouble, with the list of what is there; it is not guessed.
//
// # Who is at the other end
//
// The library never checks the server's certificate. Here it is checked before
// a session is opened, against a pinned fingerprint or a folder of trusted
// certificates; without either, a connection with security is refused and the
// refusal names the fingerprint that was offered. Age, application URI and host
// name are checked too (OPC 10000-4, 6.1.3); a pin overrules all three with a
// warning, and a certificate that lies in the folder itself, not only its
// authority, overrules the host name. [Offered] shows what a server offers
// without trusting it, [Trust] puts its certificate into the folder. A server
// that shows another certificate than before is refused with both fingerprints
// unless the new one is trusted as well.
//
// The user is nobody, a name with a password, or a certificate of the user's own.
//
// # What is lost, and what is counted
//
// Reports are taken at once and wait for the sink in a bounded buffer, because
// the library stalls every subscription behind a slow consumer. A reading that
// finds the buffer full, or that the sink refuses, counts as lost in the health
// of its meter. Readings of history that the sink refuses are asked for again.
// Where there is no history, counters tell the sum of a gap, which is one in
// time only.
//
// Polls are reports, refusals and attempts to connect; errors are those among
// them that gave nothing. Values stated again are readings without a poll.
//
// # What is left to the library (gopcua v0.8.0)
//
// It is made anew for each connection (a client cannot be used twice), any
// service fault ends a connection, sometimes before its reason is told, and only
// one publish request is under way. It does not take a server certificate that
// is sent together with its chain.
//
// It decodes messages in a goroutine of its own, where a panic cannot be caught,
// and makes room for as many array elements as a message claims to have: a
// Variant with an array length of -2 is a panic, one with two thousand million
// dimensions asks for 8 GiB. A trusted and malicious server, and without
// security anybody on the way, can thus end the program, which the service
// manager starts again; what was handed to the sink is safe. Only a process of
// its own for each connection would contain it.
package opcua
