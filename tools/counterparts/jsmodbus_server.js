// A Modbus TCP server written by others (jsmodbus), for tests of our driver.
//
//   node jsmodbus_server.js [--port N] [--stamped SERVER:UNITS] [UNIT:TABLE:ADDRESS=WORD,...]...
//
// stamped.js says what it holds. The library knows no units, so each answer's
// registers are laid out just before it; it ignores which of them are holes, which
// read as 0. Its table ends behind register 1013: whatever is asked for beyond is
// left out of the answer, which is short then, where others refuse. A unit that is
// not there gets the same treatment as one that is. It prints "ready PORT" when it
// listens on 127.0.0.1:PORT.
'use strict'
const net = require('net')
const { parseArgs } = require('util')
const { server: { TCP } } = require('jsmodbus')
const { Registers } = require('./stamped')

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string', default: '0' }, stamped: { type: 'string', default: '0:0' } },
})
const registers = new Registers(positionals, args.stamped)
const end = 1014

const listener = net.createServer()
listener.on('connection', (socket) => socket.on('error', () => {})) // a cut connection is no reason to end
const server = new TCP(listener, { holding: Buffer.alloc(2 * end), input: Buffer.alloc(2 * end) })
const lay = (table, buffer) => (request) => {
  const { start, count } = request.body
  registers.read(request.unitId, table, start, Math.min(count, Math.max(0, end - start)))
    .forEach((word, i) => buffer.writeUInt16BE(word ?? 0, 2 * (start + i)))
}
server.on('preReadHoldingRegisters', lay('holding', server.holding))
server.on('preReadInputRegisters', lay('input', server.input))
listener.listen(Number(args.port), '127.0.0.1', () => process.stdout.write(`ready ${listener.address().port}\n`))
