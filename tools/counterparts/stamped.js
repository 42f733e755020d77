// What the Modbus servers written for Node have in common: the words they hold,
// and units whose values prove themselves.
//
// A stamped unit holds two blocks of holding registers, at 100 and at 1000, of 14
// registers each, and refuses everything else with exception 2:
//
//   +0  uint64  ABCD  stamp << 22 | lowest 22 bits of the proof
//   +4  int64   CDAB  the same of its own key, all bits inverted
//   +8  float64 BADC  stamp << 12 | lowest 12 bits of the proof
//   +12 uint32  ABCD  lowest 32 bits of the proof
//
// The stamp is the milliseconds since 1970 at the moment of the answer, or one
// more than the unit's last stamp: no two answers of a unit have the same, and
// later ones have greater ones. The proof is mix(stamp, key), the key
// (server · 8 + unit) · 8 + block · 4 + place in the block. So each value tells
// how old it is and that no other register, unit or server gave it, and all
// values of one answer have one stamp.
//
// Words that stand still are told as UNIT:TABLE:ADDRESS=WORD,WORD,... in hex, with
// holding, input, coil or discrete as TABLE.
'use strict'
const MASK = (1n << 64n) - 1n

function mix (stamp, key) {
  let z = (stamp * 0x9E3779B97F4A7C15n + BigInt(key) * 0xBF58476D1CE4E5B9n) & MASK
  z = ((z ^ (z >> 31n)) * 0x94D049BB133111EBn) & MASK
  return z ^ (z >> 29n)
}

// proofOf are the lowest bits of the proof of one value.
const proofOf = (stamp, key, bits) => mix(stamp, key) & ((1n << bits) - 1n)

// stampedBlock are the bytes of a block.
function stampedBlock (stamp, firstKey) {
  const proof = (place, bits) => proofOf(stamp, firstKey + place, bits)
  const b = Buffer.alloc(28)
  b.writeBigUInt64BE(stamp << 22n | proof(0, 22n), 0)
  b.writeBigInt64BE(~(stamp << 22n | proof(1, 22n)), 8)
  b.subarray(8, 16).swap64().swap16() // to CDAB
  b.writeDoubleBE(Number(stamp << 12n | proof(2, 12n)), 16)
  b.subarray(16, 24).swap16() // to BADC
  b.writeUInt32BE(Number(proof(3, 32n)), 24)
  return b
}

// Registers holds what a server serves.
class Registers {
  constructor (specs, stamped) {
    const [server, units] = stamped.split(':').map(Number)
    this.stamps = new Map()
    this.server = server
    for (let unit = 1; unit <= units; unit++) this.stamps.set(unit, 0n)
    this.still = new Map() // by unit, table and address
    this.units = new Set(this.stamps.keys())
    for (const spec of specs) {
      const [, unit, table, address, words] = /^(\d+):(holding|input|coil|discrete):(\d+)=([\da-fA-F,]+)$/.exec(spec)
      this.units.add(Number(unit))
      words.split(',').forEach((word, i) => this.still.set(`${unit}:${table}:${Number(address) + i}`, parseInt(word, 16)))
    }
  }

  // has tells whether a unit is there: one that is not does not answer.
  has (unit) { return this.units.has(unit) }

  // read are the words of one answer, undefined where there is a hole.
  read (unit, table, address, count) {
    const words = []
    const last = this.stamps.get(unit)
    const blocks = []
    if (last !== undefined && table === 'holding') {
      const now = BigInt(Date.now())
      const stamp = now > last ? now : last + 1n
      this.stamps.set(unit, stamp)
      const firstKey = (this.server * 8 + unit) * 8
      blocks.push([100, stampedBlock(stamp, firstKey)], [1000, stampedBlock(stamp, firstKey + 4)])
    }
    for (let a = address; a < address + count; a++) {
      let word = this.still.get(`${unit}:${table}:${a}`)
      for (const [start, bytes] of blocks) {
        if (a >= start && a < start + 14) word = bytes.readUInt16BE(2 * (a - start))
      }
      words.push(word)
    }
    return words
  }
}

module.exports = { Registers, proofOf }
