// An OPC UA server written by others (node-opcua) for the tests of
// fieldbus/opcua. It listens on 127.0.0.1, offers every security policy,
// anonymous access and the user "heatledger", and prints "ready PORT".
//
//   node opcua_server.js [--port N] [--pki FOLDER] [--facts FILE]
//                        [--password TEXT] [--every MS] [--nodes-at-once N]
//
// --facts names a file that gets one JSON object a line: first
// {"event":"ready", "port", "fingerprint", "namespace"}, then each
// {"event":"session_created"|"session_closed"}.
//
// Namespace http://example.org/dc. Tick k (from 0) falls every --every ms:
//   s=UPS1.Energy    Int64   41250000 + 7k (Wh), source time = time of the tick
//   s=UPS1.Power     Float   100 + k mod 10 (kW)
//   s=Frozen         UInt32  k, with a source time that never moves
//   s=Ancient        UInt32  k, with a source time of the year 2001
// The rest stands still; see `standing` and `doubtful` below.
'use strict'
console.log = console.warn = () => {} // the library talks; standard output is for "ready"
const fs = require('fs')
const path = require('path')
const crypto = require('crypto')
const { parseArgs } = require('util')
process.env.XDG_CONFIG_HOME = process.cwd() // certificates are made here, not in the home folder
const opcua = require('node-opcua')
const { DataType, StatusCodes, VariantArrayType, MessageSecurityMode, SecurityPolicy } = opcua

const { values: args } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    pki: { type: 'string', default: 'pki' },
    facts: { type: 'string', default: '' },
    password: { type: 'string', default: 'heatledger' },
    every: { type: 'string', default: '100' },
    'nodes-at-once': { type: 'string', default: '1000' },
  },
})

const note = (event) => { if (args.facts) fs.appendFileSync(args.facts, JSON.stringify(event) + '\n') }

// 64-bit values are [high, low], which would pass for an array if not told.
const scalar = (dataType, value) => ({ dataType, arrayType: VariantArrayType.Scalar, value })

const standing = [
  ['SByte', DataType.SByte, -8],
  ['Byte', DataType.Byte, 200],
  ['Int16', DataType.Int16, -1600],
  ['UInt16', DataType.UInt16, 65000],
  ['Int32', DataType.Int32, -320000],
  ['UInt32', DataType.UInt32, 4294967295],
  ['Int64', DataType.Int64, [0x00200000, 1]], // 2^53 + 1: no float64 holds it
  ['UInt64', DataType.UInt64, [0x00200000, 3]],
  ['Float', DataType.Float, 0.5],
  ['Double', DataType.Double, 1234.5678],
  ['Heat.Energy', DataType.Double, 815.25],
]
const doubtful = [
  ['Uncertain', DataType.Double, 21.5, StatusCodes.UncertainSensorNotAccurate],
  ['Bad', DataType.Double, 99, StatusCodes.BadDeviceFailure],
  ['NaN', DataType.Double, NaN, StatusCodes.Good],
  ['Text', DataType.String, 'eleven', StatusCodes.Good],
  ['Flag', DataType.Boolean, true, StatusCodes.Good],
  ['TooBig', DataType.UInt64, [0xffffffff, 0xffffffff], StatusCodes.Good],
]

async function main () {
  const certificates = new opcua.OPCUACertificateManager({
    rootFolder: path.resolve(args.pki), automaticallyAcceptUnknownCertificate: true,
  })
  await certificates.initialize()
  const server = new opcua.OPCUAServer({
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    port: Number(args.port),
    serverCertificateManager: certificates,
    userManager: { isValidUser: (user, password) => user === 'heatledger' && password === args.password },
    allowAnonymous: true,
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
    securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256,
      SecurityPolicy.Aes128_Sha256_RsaOaep, SecurityPolicy.Aes256_Sha256_RsaPss],
    serverCapabilities: { operationLimits: { maxMonitoredItemsPerCall: Number(args['nodes-at-once']) } },
    disableDiscovery: true,
  })
  await server.initialize()
  const space = server.engine.addressSpace
  const own = space.registerNamespace('http://example.org/dc')
  const folder = own.addFolder(space.rootFolder.objects, { browseName: 'DataCentre' })
  const add = (name, dataType, extra = {}) => own.addVariable({
    componentOf: folder, browseName: name, nodeId: `s=${name}`, dataType, minimumSamplingInterval: 0, ...extra,
  })

  const energy = add('UPS1.Energy', DataType.Int64)
  const power = add('UPS1.Power', DataType.Float)
  const frozen = add('Frozen', DataType.UInt32)
  const ancient = add('Ancient', DataType.UInt32)
  for (const [name, dataType, value] of standing) {
    add(name, dataType).setValueFromSource(scalar(dataType, value), StatusCodes.Good)
  }
  for (const [name, dataType, value, status] of doubtful) {
    add(name, dataType).setValueFromSource(scalar(dataType, value), status)
  }
  add('Array', DataType.Double, { valueRank: 1, arrayDimensions: [3] })
    .setValueFromSource({ dataType: DataType.Double, arrayType: VariantArrayType.Array, value: [1, 2, 3] }, StatusCodes.Good)
  add('Numeric', DataType.UInt32, { nodeId: 'i=1001' }).setValueFromSource(scalar(DataType.UInt32, 1001))
  add('Guid', DataType.UInt32, { nodeId: 'g=72962B91-FA75-4AE6-8D28-B404DC7DAF63' })
    .setValueFromSource(scalar(DataType.UInt32, 72))
  add('Opaque', DataType.UInt32, { nodeId: 'b=M/RbKBsRVkePCePcx24oRA==' })
    .setValueFromSource(scalar(DataType.UInt32, 73))

  const born = new Date()
  let k = 0
  const tick = () => {
    const now = new Date()
    energy.setValueFromSource(scalar(DataType.Int64, [0, 41250000 + 7 * k]), StatusCodes.Good, now)
    power.setValueFromSource(scalar(DataType.Float, 100 + k % 10), StatusCodes.Good, now)
    frozen.setValueFromSource(scalar(DataType.UInt32, k), StatusCodes.Good, born)
    ancient.setValueFromSource(scalar(DataType.UInt32, k), StatusCodes.Good, new Date('2001-01-01T00:00:00Z'))
    k++
  }
  // Ten hops from tick to tick, so that on a busy machine, too, the server has
  // sampled each value before the next one comes.
  const hop = (left) => {
    if (left === 0) tick()
    setTimeout(hop, Number(args.every) / 10, left === 0 ? 9 : left - 1)
  }
  hop(0)

  server.on('create_session', () => note({ event: 'session_created' }))
  server.on('session_closed', (session, reason) => note({ event: 'session_closed', reason }))
  await server.start()
  const port = server.endpoints[0].port
  note({
    event: 'ready',
    port,
    namespace: own.index,
    fingerprint: 'sha256:' + crypto.createHash('sha256').update(server.getCertificate()).digest('hex'),
  })
  process.stdout.write('ready ' + port + '\n')
}

main().catch((err) => { console.error(err); process.exit(1) })
