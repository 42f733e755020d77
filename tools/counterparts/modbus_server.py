"""A Modbus server written by others (pymodbus), for tests of our driver.

    modbus_server.py [--port N] [--transport tcp|udp] [--framer socket|rtu]
                     [--device FILE] [--tls FOLDER] [--missing silent|exception]
                     [--stamped SERVER:UNITS] [SPEC]

With --device it serves a serial line (RTU, 115200 8N1: a pseudo-terminal takes
no parity) and no port. With --tls it is server.pem of the folder (certificate and
key), and takes clients that clients.pem vouches for. --stamped adds the units 1 to UNITS as stamped.js describes
them. SPEC is JSON (or @FILE): units, their tables, and what each holds. Addresses
that nothing holds are holes: a request that touches one is refused with
exception 2.

    {"1": {"holding": [{"address": 10, "type": "float32", "order": "CDAB", "value": 1.5},
                       {"address": 20, "words": [1, 65535]},
                       {"address": 30, "type": "uint64", "clock": 7}],
           "coil": [{"address": 0, "words": [1, 0]}]}}

Types: uint16 int16 uint32 int32 uint64 int64 float32 float64 ("value" may be
"nan"). A "clock" changes all the time: it is the milliseconds since 1970 at the
moment of the answer, times 100, plus the number given, so that a test can tell
of every reading how old it is and from which register it came.

It prints "ready PORT" when it listens on 127.0.0.1:PORT, "ready 0" on a line.
"""

import argparse
import asyncio
import json
import logging
import os
import ssl
import struct
import time

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext
from pymodbus.datastore.store import BaseModbusDataBlock
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer, ModbusTlsServer, ModbusUdpServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

FORMATS = {
    "uint16": ">H", "int16": ">h", "uint32": ">I", "int32": ">i",
    "uint64": ">Q", "int64": ">q", "float32": ">f", "float64": ">d",
}


def words_of(kind, order, value):
    """The registers that hold value, in the order of the wire."""
    if kind.startswith("float"):
        value = float(value)
    raw = struct.pack(FORMATS[kind], value)
    words = [raw[i:i + 2] for i in range(0, len(raw), 2)]
    if order in ("CDAB", "DCBA"):
        words.reverse()
    if order in ("BADC", "DCBA"):
        words = [word[::-1] for word in words]
    return [int.from_bytes(word, "big") for word in words]


class Table(BaseModbusDataBlock):
    """A table with holes, some of whose registers change all the time."""

    def __init__(self, entries):
        self.address = 0
        self.values = {}
        self.clocks = []
        for entry in entries:
            kind, order = entry.get("type", "uint16"), entry.get("order", "ABCD")
            if "clock" in entry:
                self.clocks.append((entry["address"], kind, order, entry["clock"]))
            words = entry["words"] if "words" in entry else words_of(kind, order, entry.get("value", 0))
            self.values.update(enumerate(words, entry["address"]))

    def validate(self, address, count=1):
        return all(a in self.values for a in range(address, address + count))

    def getValues(self, address, count=1):
        now = time.time_ns() // 1_000_000
        for start, kind, order, number in self.clocks:
            self.values.update(enumerate(words_of(kind, order, now * 100 + number), start))
        return [self.values[a] for a in range(address, address + count)]

    def setValues(self, address, values):
        raise NotImplementedError("tests only read")


class Stamped(BaseModbusDataBlock):
    """The holding registers of a stamped unit; see stamped.js."""

    BITS = (1 << 64) - 1

    def __init__(self, server, unit):
        self.address = 0
        self.first_key = (server * 8 + unit) * 8
        self.stamp = 0
        self.values = {}
        self.renew()
        self.stamp = 0

    @classmethod
    def mix(cls, stamp, key):
        z = (stamp * 0x9E3779B97F4A7C15 + key * 0xBF58476D1CE4E5B9) & cls.BITS
        z = ((z ^ (z >> 31)) * 0x94D049BB133111EB) & cls.BITS
        return z ^ (z >> 29)

    def renew(self):
        self.stamp = max(self.stamp + 1, time.time_ns() // 1_000_000)
        for block, start in enumerate((100, 1000)):
            for place, (offset, kind, order) in enumerate(
                    ((0, "uint64", "ABCD"), (4, "int64", "CDAB"), (8, "float64", "BADC"), (12, "uint32", "ABCD"))):
                proof = self.mix(self.stamp, self.first_key + 4 * block + place)
                value = self.stamp << 22 | proof & 0x3FFFFF
                if kind == "int64":
                    value = ~value
                elif kind == "float64":
                    value = self.stamp << 12 | proof & 0xFFF
                elif kind == "uint32":
                    value = proof & 0xFFFFFFFF
                self.values.update(enumerate(words_of(kind, order, value), start + offset))

    def validate(self, address, count=1):
        return all(a in self.values for a in range(address, address + count))

    def getValues(self, address, count=1):
        self.renew()
        return [self.values[a] for a in range(address, address + count)]

    def setValues(self, address, values):
        raise NotImplementedError("tests only read")


def units_of(spec, stamped):
    units = static_units(spec)
    server, count = (int(n) for n in stamped.split(":"))
    for unit in range(1, count + 1):
        units[unit] = ModbusSlaveContext(zero_mode=True, hr=Stamped(server, unit), ir=Table([]), co=Table([]), di=Table([]))
    return units


def static_units(spec):
    names = {"holding": "hr", "input": "ir", "coil": "co", "discrete": "di"}
    return {
        int(unit): ModbusSlaveContext(
            zero_mode=True, **{short: Table(tables.get(name, [])) for name, short in names.items()})
        for unit, tables in spec.items()
    }


async def serve(options):
    text = options.spec
    if text.startswith("@"):
        with open(text[1:], encoding="utf-8") as file:
            text = file.read()
    context = ModbusServerContext(slaves=units_of(json.loads(text), options.stamped), single=False)
    settings = {
        "context": context,
        "framer": ModbusRtuFramer if options.framer == "rtu" or options.device else ModbusSocketFramer,
        "ignore_missing_slaves": options.missing == "silent",
    }
    if options.device:
        server = ModbusSerialServer(port=options.device, baudrate=115200, bytesize=8, parity="N", stopbits=1, **settings)
        await server.start()
        if server.transport is None:
            raise SystemExit("the device is not to be had")
        print("ready 0", flush=True)
        await server.serve_forever()
        return
    settings["address"] = ("127.0.0.1", options.port)
    if options.transport == "udp":
        server = ModbusUdpServer(**settings)
    elif options.tls:
        secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secure.load_cert_chain(os.path.join(options.tls, "server.pem"))
        secure.load_verify_locations(os.path.join(options.tls, "clients.pem"))
        secure.verify_mode = ssl.CERT_REQUIRED
        server = ModbusTlsServer(allow_reuse_address=True, sslctx=secure, **settings)
    else:
        server = ModbusTcpServer(allow_reuse_address=True, **settings)
    serving = asyncio.create_task(server.serve_forever())
    await asyncio.wait({server.serving, serving}, return_when=asyncio.FIRST_COMPLETED)
    if options.transport == "udp":
        port = server.protocol.get_extra_info("sockname")[1]
    else:
        port = server.server.sockets[0].getsockname()[1]
    print("ready", port, flush=True)
    await serving


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("spec", nargs="?", default="{}")
    parser.add_argument("--stamped", default="0:0")
    parser.add_argument("--device")
    parser.add_argument("--tls")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--transport", choices=["tcp", "udp"], default="tcp")
    parser.add_argument("--framer", choices=["socket", "rtu"], default="socket")
    parser.add_argument("--missing", choices=["silent", "exception"], default="silent")
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # it reports every exception it answers with
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
