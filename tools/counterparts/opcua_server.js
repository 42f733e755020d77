// An OPC UA server written by others (node-opcua) for the tests of
// fieldbus/opcua. It listens on 127.0.0.1, offers every security policy,
// anonymous access and the user "heatledger", and prints "ready PORT".
//
//   node opcua_server.js [--port N] [--pki FOLDER] [--facts FILE]
//                        [--password TEXT] [--every MS] [--nodes-at-once N]
//                        [--browse-at-once N] [--sessions N] [--born MS]
//                        [--commands FILE] [--maze] [--ecm]
//                        [--no-history-service]
//
// --facts names a file that gets one JSON object a line: first
// {"event":"ready", "port", "fingerprint", "namespace"}, then each
// {"event":"session_created"|"session_closed"|"create_session_request"|
// "history_request"}. Every certificate of a user is taken.
//
// --commands names a file whose lines are obeyed as they are appended:
//   drop-subscriptions   the server ends every subscription
//   freeze               Past.Energy, UPS1.Energy and the like stand still from now on
//   thaw                 they move on
//
// --born is an instant in ms since 1970. With it there is a history:
//   s=Past.Energy    Int64   1000 + k (Wh), source time = born + k * every, k from 0;
//                            the server has kept all of it since born, whenever it started
//   s=Past.Power     Double  k, likewise, in bad status where k mod 10 = 3, uncertain where k mod 10 = 5
//   s=Past.Stale     Int64   k, likewise, but without history
//
// Namespace http://example.org/dc. Tick k (from 0) falls every --every ms:
//   s=UPS1.Energy    Int64   41250000 + 7k (Wh), source time = time of the tick
//   s=UPS1.Power     Float   100 + k mod 10 (kW)
//   s=Frozen         UInt32  k, with a source time that never moves
//   s=Ancient        UInt32  k, with a source time of the year 2001
//   s=Analog         Double  k mod 10, with EURange 0..100 and EngineeringUnits kWh
// The rest stands still; see `standing` and `doubtful` below.
//
// With --maze the object Deep has a chain of objects with a variable at its end
// and a way back to its beginning, and Wide has 2,500 variables. With --ecm the
// objects Energy and Twins follow OPC 34100 (see ecm below).
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
    'browse-at-once': { type: 'string', default: '1000' },
    sessions: { type: 'string', default: '100' },
    born: { type: 'string', default: '' },
    commands: { type: 'string', default: '' },
    maze: { type: 'boolean', default: false },
    ecm: { type: 'boolean', default: false },
    'no-history-service': { type: 'boolean', default: false },
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

// ecm adds metering points as OPC 34100 has them: its namespace, its types
// (only what our client looks at), two of its measurements with their
// identifiers and units, and some that must not be taken.
function ecm (space, parent, own) {
  const uri = 'http://opcfoundation.org/UA/ECM/'
  const ns = space.registerNamespace(uri)
  const unit = (code, name) => opcua.makeEUInformation(code, name, name)
  const units = { 'W·h': unit('WHR', 'W·h'), W: unit('WTT', 'W'), 'kW·h': unit('KWH', 'kW·h'), 'm³/s': unit('MQS', 'm³/s'), K: unit('KEL', 'K') }
  const pointType = ns.addObjectType({ browseName: 'EnergyMeasurementType', nodeId: 'i=1004' })
  const valueType = ns.addVariableType({ browseName: 'EnergyMeasurementValueType', nodeId: 'i=2002', dataType: 'BaseDataType', valueRank: -2 })
  const folder = own.addObject({ organizedBy: parent, browseName: 'Energy', nodeId: 's=Energy' })
  const point = (name) => own.addObject({ componentOf: folder, browseName: name, nodeId: `s=Energy.${name}`, typeDefinition: pointType })
  const measure = (under, browseName, dataType, value, { unit, id, resource, foreign } = {}) => {
    const v = own.addVariable({
      componentOf: under,
      browseName: foreign ? browseName : { namespaceIndex: ns.index, name: browseName },
      nodeId: `s=${under.nodeId.value}.${browseName}`,
      typeDefinition: foreign ? undefined : valueType, dataType, minimumSamplingInterval: 0,
    })
    v.setValueFromSource(scalar(dataType, value), StatusCodes.Good)
    const property = (browseName, dataType, value, extra = {}) => own.addVariable({
      propertyOf: v, browseName, dataType, value: { dataType, value }, typeDefinition: 'PropertyType', ...extra,
    })
    if (unit) {
      own.addVariable({
        propertyOf: v, browseName: { namespaceIndex: 0, name: 'EngineeringUnits' }, dataType: 'EUInformation', typeDefinition: 'PropertyType',
        value: { dataType: DataType.ExtensionObject, value: units[unit] },
      })
    }
    if (id) property({ namespaceIndex: ns.index, name: 'MeasurementID' }, DataType.UInt16, id)
    if (resource !== undefined) {
      own.addVariable({
        componentOf: v, browseName: { namespaceIndex: ns.index, name: 'Resource' }, dataType: DataType.UInt32, value: { dataType: DataType.UInt32, value: resource },
      })
    }
    return v
  }
  const main = point('Main')
  measure(main, 'AcActivePowerTotal', DataType.Float, 4200.5, { unit: 'W', id: 1412, resource: 1 })
  measure(main, 'AcActiveEnergyTotalImportLp', DataType.Float, 5000, { unit: 'W·h', id: 1001, resource: 1 })
  measure(main, 'AcActiveEnergyTotalImportHp', DataType.Double, 5000250, { unit: 'W·h', id: 1002, resource: 1 })
  measure(main, 'AcActiveEnergyTotalExportLp', DataType.Float, 12, { unit: 'kW·h', resource: 1 }) // no MeasurementID: its name tells
  measure(main, 'AcFrequency', DataType.Float, 49.98, { id: 1300, resource: 1 }) // no EngineeringUnits
  measure(main, 'Temperature', DataType.Float, 295, { unit: 'K', id: 28684, resource: 0 })
  measure(main, 'AcActiveEnergyTotalImportHp2', DataType.Double, 7, { unit: 'W·h', foreign: true }) // no measurement
  const heat = point('Heat')
  measure(heat, 'NeEnergyImportHp', DataType.Double, 815250, { unit: 'W·h', id: 2002, resource: 7 })
  measure(heat, 'VolumeFlowRate', DataType.Float, 0.5, { unit: 'm³/s', id: 2100, resource: 7 })
  const cold = point('Cold')
  measure(cold, 'NeEnergyImportHp', DataType.Double, 99000, { unit: 'W·h', id: 2002, resource: 6 })
  const twins = own.addObject({ organizedBy: parent, browseName: 'Twins', nodeId: 's=Twins' })
  for (const twin of ['TwinA', 'TwinB']) {
    const under = own.addObject({ componentOf: twins, browseName: twin, nodeId: `s=Twins.${twin}`, typeDefinition: pointType })
    measure(under, 'AcActivePowerTotal', DataType.Float, 1, { unit: 'W', id: 1412, resource: 1 })
  }
}

// maze adds what a search must not get lost in.
function maze (space, parent, own) {
  let under = own.addObject({ organizedBy: parent, browseName: 'Deep', nodeId: 's=Deep' })
  const top = under
  for (let depth = 1; depth <= 30; depth++) under = own.addObject({ componentOf: under, browseName: `D${depth}`, nodeId: `s=Deep.${depth}` })
  own.addVariable({ componentOf: under, browseName: 'Bottom', nodeId: 's=Bottom', dataType: DataType.UInt32 }).setValueFromSource(scalar(DataType.UInt32, 1))
  under.addReference({ referenceType: 'Organizes', isForward: true, nodeId: top.nodeId })
  const wide = own.addObject({ organizedBy: parent, browseName: 'Wide', nodeId: 's=Wide' })
  for (let i = 0; i < 2500; i++) {
    own.addVariable({ componentOf: wide, browseName: `W${i}`, nodeId: `s=Wide.${i}`, dataType: DataType.UInt32 }).setValueFromSource(scalar(DataType.UInt32, i))
  }
}

// past adds the variables with a history and keeps them going.
function past (space, own, add, frozen) {
  const born = Number(args.born)
  const every = Number(args.every)
  const counter = add('Past.Energy', DataType.Int64)
  const power = add('Past.Power', DataType.Double)
  const stale = add('Past.Stale', DataType.Int64)
  for (const v of [counter, power]) space.installHistoricalDataNode(v, { maxOnlineValues: 100000 })
  let k = 0
  const tick = () => {
    for (; !frozen() && born + k * every <= Date.now(); k++) {
      const at = new Date(born + k * every)
      const status = k % 10 === 3 ? StatusCodes.BadSensorFailure : k % 10 === 5 ? StatusCodes.UncertainSensorNotAccurate : StatusCodes.Good
      counter.setValueFromSource(scalar(DataType.Int64, [0, 1000 + k]), StatusCodes.Good, at)
      power.setValueFromSource(scalar(DataType.Double, k), status, at)
      stale.setValueFromSource(scalar(DataType.Int64, [0, k]), StatusCodes.Good, at)
    }
    setTimeout(tick, every / 4)
  }
  tick()
}

// obey runs the lines of a file as they are appended.
function obey (file, commands) {
  let done = 0
  const look = () => {
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
    const lines = text.split('\n').slice(0, -1)
    for (; done < lines.length; done++) commands[lines[done]]()
    setTimeout(look, 20)
  }
  look()
}

async function main () {
  const certificates = new opcua.OPCUACertificateManager({
    rootFolder: path.resolve(args.pki), automaticallyAcceptUnknownCertificate: true,
  })
  await certificates.initialize()
  const users = new opcua.OPCUACertificateManager({
    rootFolder: path.resolve('users'), automaticallyAcceptUnknownCertificate: true,
  })
  await users.initialize()
  const server = new opcua.OPCUAServer({
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    port: Number(args.port),
    serverCertificateManager: certificates,
    userCertificateManager: users,
    userManager: { isValidUser: (user, password) => user === 'heatledger' && password === args.password },
    allowAnonymous: true,
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
    securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256,
      SecurityPolicy.Aes128_Sha256_RsaOaep, SecurityPolicy.Aes256_Sha256_RsaPss],
    serverCapabilities: {
      maxSessions: Number(args.sessions),
      operationLimits: {
        maxMonitoredItemsPerCall: Number(args['nodes-at-once']),
        maxNodesPerBrowse: Number(args['browse-at-once']),
        maxNodesPerRead: Number(args['browse-at-once']),
      },
    },
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

  const analog = own.addAnalogDataItem({
    componentOf: folder, browseName: 'Analog', nodeId: 's=Analog', definition: '', dataType: DataType.Double, minimumSamplingInterval: 0,
    engineeringUnitsRange: { low: 0, high: 100 }, engineeringUnits: opcua.makeEUInformation('KWH', 'kW·h', 'kilowatt hour'),
    value: { dataType: DataType.Double, value: 0 },
  })
  if (args.maze) maze(space, folder, own)
  if (args.ecm) ecm(space, folder, own)
  let still = false
  if (args.born) past(space, own, add, () => still)

  const born = new Date()
  let k = 0
  const tick = () => {
    if (still) return
    const now = new Date()
    energy.setValueFromSource(scalar(DataType.Int64, [0, 41250000 + 7 * k]), StatusCodes.Good, now)
    power.setValueFromSource(scalar(DataType.Float, 100 + k % 10), StatusCodes.Good, now)
    frozen.setValueFromSource(scalar(DataType.UInt32, k), StatusCodes.Good, born)
    analog.setValueFromSource(scalar(DataType.Double, k % 10), StatusCodes.Good, now)
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

  if (args['no-history-service']) { // every HistoryRead is refused as a whole
    server._on_HistoryReadRequest = (message, channel) => channel.send_response('MSG', new opcua.ServiceFault({
      responseHeader: { serviceResult: StatusCodes.BadServiceUnsupported },
    }), message)
  }
  server.on('request', (request) => {
    const name = request.schema.name
    if (name === 'CreateSessionRequest') note({ event: 'create_session_request', at: Date.now() })
    if (name === 'HistoryReadRequest') note({ event: 'history_request' })
  })
  if (args.commands) {
    obey(args.commands, {
      'drop-subscriptions': () => {
        for (const session of Object.values(server.engine._sessions)) {
          for (const subscription of [...session.publishEngine.subscriptions]) subscription.terminate()
        }
      },
      freeze: () => { still = true },
      thaw: () => { still = false },
    })
  }
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
