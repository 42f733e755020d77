// An OPC UA client written by others (node-opcua) that reads our simulator.
//
//   node opcua_client.js opc.tcp://127.0.0.1:PORT NODE...
//
// A NODE is "nsu=http://example.org/dc;s=UPS1.Energy", "ns=2;i=5" or "i=2258".
// It connects without security, reads each node's value once and prints one JSON
// array of {node, value, type, status, sourceTimestamp, serverTimestamp}.
// 64-bit integers are strings of digits, so that no digit is lost.
'use strict'
console.log = console.warn = console.error // the library talks; standard output is for the answer
const fs = require('fs')
const os = require('os')
const path = require('path')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'opcua-client-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
process.env.XDG_CONFIG_HOME = folder // certificates are made there, not in the home folder
const { OPCUACertificateManager, OPCUAClient, MessageSecurityMode, SecurityPolicy, AttributeIds, DataType, TimestampsToReturn } = require('node-opcua')

const [endpoint, ...nodes] = process.argv.slice(2)
if (!endpoint || nodes.length === 0) {
  console.error('usage: node opcua_client.js opc.tcp://HOST:PORT NODE...')
  process.exit(2)
}

// resolve puts the server's index in the place of a namespace's URI.
function resolve (node, namespaces) {
  const found = /^nsu=([^;]*);(.*)$/.exec(node)
  if (!found) return node
  const index = namespaces.indexOf(found[1])
  if (index < 0) throw new Error(`namespace ${found[1]} is not on the server, which has ${namespaces.join(', ')}`)
  return `ns=${index};${found[2]}`
}

function plain (variant) {
  if (variant.dataType !== DataType.Int64 && variant.dataType !== DataType.UInt64) return variant.value
  const [high, low] = variant.value
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  return (variant.dataType === DataType.Int64 ? BigInt.asIntN(64, bits) : bits).toString()
}

async function main () {
  const client = OPCUAClient.create({
    clientCertificateManager: new OPCUACertificateManager({ rootFolder: folder, automaticallyAcceptUnknownCertificate: true }),
    securityMode: MessageSecurityMode.None,
    securityPolicy: SecurityPolicy.None,
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 3, initialDelay: 200, maxDelay: 1000 },
  })
  await client.connect(endpoint)
  const session = await client.createSession()
  try {
    const namespaces = await session.readNamespaceArray()
    const values = await session.read(nodes.map((node) => ({
      nodeId: resolve(node, namespaces), attributeId: AttributeIds.Value,
    })), TimestampsToReturn.Both)
    process.stdout.write(JSON.stringify(values.map((v, i) => ({
      node: nodes[i],
      value: plain(v.value),
      type: DataType[v.value.dataType],
      status: v.statusCode.name,
      sourceTimestamp: v.sourceTimestamp,
      serverTimestamp: v.serverTimestamp,
    }))) + '\n')
  } finally {
    await session.close()
    await client.disconnect()
  }
}

main().catch((err) => { console.error(err.message); process.exit(1) })
