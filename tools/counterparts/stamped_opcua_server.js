// An OPC UA server written by others (node-opcua) whose values prove themselves,
// for the soak test. It listens on 127.0.0.1, offers no security and
// Basic256Sha256, and prints "ready PORT". Its certificate stays in the folder pki
// where it runs; fingerprint holds "sha256:" and the digest of it.
//
//   node stamped_opcua_server.js [--port N] [--stamped SERVER:UNITS] [--every MS]
//
// Namespace http://example.org/dc. Every --every ms each unit u gets four new
// values with one stamp, which is their source time: s=u.Whole (Int64), s=u.Inverse
// (Int64), s=u.Double (Double), s=u.Half (UInt32). stamped.js says what they are;
// they are places 0 to 3 of the unit's first block.
'use strict'
console.log = console.warn = () => {} // the library talks; standard output is for "ready"
const fs = require('fs')
const path = require('path')
const crypto = require('crypto')
const { parseArgs } = require('util')
process.env.XDG_CONFIG_HOME = process.cwd() // certificates are made here, not in the home folder
const { OPCUACertificateManager, OPCUAServer, DataType, StatusCodes, VariantArrayType, MessageSecurityMode, SecurityPolicy } = require('node-opcua')
const { proofOf } = require('./stamped')

const { values: args } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    stamped: { type: 'string', default: '0:1' },
    every: { type: 'string', default: '100' },
  },
})

// long is a 64-bit value as [high, low].
const long = (n) => [Number(BigInt.asUintN(32, n >> 32n)), Number(BigInt.asUintN(32, n))]

async function main () {
  const certificates = new OPCUACertificateManager({ rootFolder: path.resolve('pki'), automaticallyAcceptUnknownCertificate: true })
  await certificates.initialize()
  const server = new OPCUAServer({
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    port: Number(args.port),
    serverCertificateManager: certificates,
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.SignAndEncrypt],
    securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
    maxConnectionsPerEndpoint: 500,
    serverCapabilities: { maxSessions: 500 },
    disableDiscovery: true,
  })
  await server.initialize()
  const own = server.engine.addressSpace.registerNamespace('http://example.org/dc')
  const folder = own.addFolder(server.engine.addressSpace.rootFolder.objects, { browseName: 'DataCentre' })
  const [number, count] = args.stamped.split(':').map(Number)
  const units = []
  for (let unit = 1; unit <= count; unit++) {
    const add = (name, dataType) => own.addVariable({
      componentOf: folder, browseName: `${unit}.${name}`, nodeId: `s=${unit}.${name}`, dataType, minimumSamplingInterval: 0,
    })
    units.push({
      firstKey: (number * 8 + unit) * 8,
      variables: [add('Whole', DataType.Int64), add('Inverse', DataType.Int64), add('Double', DataType.Double), add('Half', DataType.UInt32)],
    })
  }
  let stamp = 0n
  const tick = () => {
    const now = BigInt(Date.now())
    stamp = now > stamp ? now : stamp + 1n
    for (const { firstKey, variables: [whole, inverse, double, half] } of units) {
      const proof = (place, bits) => proofOf(stamp, firstKey + place, bits)
      const give = (variable, dataType, value) => variable.setValueFromSource(
        { dataType, arrayType: VariantArrayType.Scalar, value }, StatusCodes.Good, new Date(Number(stamp)))
      give(whole, DataType.Int64, long(stamp << 22n | proof(0, 22n)))
      give(inverse, DataType.Int64, long(~(stamp << 22n | proof(1, 22n))))
      give(double, DataType.Double, Number(stamp << 12n | proof(2, 12n)))
      give(half, DataType.UInt32, Number(proof(3, 32n)))
    }
  }
  tick()
  setInterval(tick, Number(args.every))
  await server.start()
  fs.writeFileSync('fingerprint', 'sha256:' + crypto.createHash('sha256').update(server.getCertificate()).digest('hex'))
  process.stdout.write('ready ' + server.endpoints[0].port + '\n')
}

main().catch((err) => { console.error(err); process.exit(1) })
