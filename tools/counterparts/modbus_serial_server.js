// A Modbus TCP server written by others (modbus-serial), for tests of our driver.
//
//   node modbus_serial_server.js [--port N] [--stamped SERVER:UNITS] [UNIT:TABLE:ADDRESS=WORD,...]...
//
// stamped.js says what it holds. Holes are refused with exception 2, a unit that
// is not there does not answer. It prints "ready PORT" when it listens on
// 127.0.0.1:PORT.
'use strict'
const { parseArgs } = require('util')
const { ServerTCP } = require('modbus-serial')
const { Registers } = require('./stamped')

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string', default: '0' }, stamped: { type: 'string', default: '0:0' } },
})
const registers = new Registers(positionals, args.stamped)

// several answers a request for words, each alone one for a single word.
const several = (table) => (address, count, unit, answer) => {
  if (!registers.has(unit)) return
  const words = registers.read(unit, table, address, count)
  if (words.includes(undefined)) answer({ modbusErrorCode: 2 }, null)
  else answer(null, words)
}
const single = (table) => (address, unit, answer) => {
  several(table)(address, 1, unit, (err, words) => answer(err, err ? undefined : words[0]))
}

const server = new ServerTCP({
  getMultipleHoldingRegisters: several('holding'),
  getMultipleInputRegisters: several('input'),
  getHoldingRegister: single('holding'),
  getInputRegister: single('input'),
  getCoil: single('coil'),
  getDiscreteInput: single('discrete'),
}, { host: '127.0.0.1', port: args.port })
server.on('socketError', () => {}) // a cut connection is no reason to end
server.on('serverError', (err) => { console.error(err); process.exit(1) })
server.on('initialized', () => process.stdout.write(`ready ${server._server.address().port}\n`))
