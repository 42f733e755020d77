/* A Modbus TCP server written by others (libmodbus), for tests of our driver.
 *
 *   libmodbus_server [--port N] [--stamped SERVER:UNITS] [UNIT:TABLE:ADDRESS=WORD,...]...
 *
 * stamped.js says what it holds. Holes are refused with exception 2, a unit that
 * is not there does not answer. It takes eight clients at a time and prints
 * "ready PORT" when it listens on 127.0.0.1:PORT.
 *
 *   cc libmodbus_server.c $(pkg-config --cflags --libs libmodbus)
 */
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <modbus.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS = 8, UNITS = 8, BLOCK = 14, LONGEST = 2000 };
enum table { HOLDING, INPUT, COIL, DISCRETE, TABLES };
static const char *const table_names[TABLES] = { "holding", "input", "coil", "discrete" };

/* Words that stand still, and which of them there are. */
static uint16_t still[UNITS][TABLES][65536];
static uint8_t held[UNITS][TABLES][65536];
static int present[UNITS];

static int server, stamped_units;
static uint64_t stamps[UNITS];

static uint64_t mix(uint64_t stamp, uint64_t key)
{
    uint64_t z = stamp * 0x9E3779B97F4A7C15u + key * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 31)) * 0x94D049BB133111EBu;
    return z ^ (z >> 29);
}

/* put writes the low words of value, the lowest last. */
static void put(uint16_t *words, int count, uint64_t value)
{
    for (int i = count - 1; i >= 0; i--, value >>= 16)
        words[i] = (uint16_t)value;
}

static void stamped_block(uint16_t *words, uint64_t stamp, uint64_t key)
{
    put(words, 4, stamp << 22 | (mix(stamp, key) & 0x3FFFFF));
    uint16_t inverse[4];
    put(inverse, 4, ~(stamp << 22 | (mix(stamp, key + 1) & 0x3FFFFF)));
    for (int i = 0; i < 4; i++) /* to CDAB */
        words[4 + i] = inverse[3 - i];
    double number = (double)(stamp << 12 | (mix(stamp, key + 2) & 0xFFF));
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    put(words + 8, 4, bits);
    for (int i = 8; i < 12; i++) /* to BADC */
        words[i] = (uint16_t)(words[i] << 8 | words[i] >> 8);
    put(words + 12, 2, mix(stamp, key + 3));
}

/* read_words gives the words of one answer; 0 where there is a hole among them. */
static int read_words(int unit, enum table table, int address, int count, uint16_t *words)
{
    uint16_t blocks[2][BLOCK];
    int moving = table == HOLDING && unit >= 1 && unit <= stamped_units;
    if (moving) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        uint64_t stamp = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
        if (stamp <= stamps[unit])
            stamp = stamps[unit] + 1;
        stamps[unit] = stamp;
        uint64_t key = ((uint64_t)server * 8 + (uint64_t)unit) * 8;
        stamped_block(blocks[0], stamp, key);
        stamped_block(blocks[1], stamp, key + 4);
    }
    for (int i = 0; i < count; i++) {
        int a = address + i;
        if (moving && a >= 100 && a < 100 + BLOCK)
            words[i] = blocks[0][a - 100];
        else if (moving && a >= 1000 && a < 1000 + BLOCK)
            words[i] = blocks[1][a - 1000];
        else if (a < 65536 && held[unit][table][a])
            words[i] = still[unit][table][a];
        else
            return 0;
    }
    return 1;
}

/* hold takes one UNIT:TABLE:ADDRESS=WORD,... */
static int hold(const char *spec)
{
    char name[16];
    int unit, address, used;
    if (sscanf(spec, "%d:%15[a-z]:%d=%n", &unit, name, &address, &used) != 3 || unit < 0 || unit >= UNITS)
        return 0;
    int table = 0;
    while (table < TABLES && strcmp(name, table_names[table]) != 0)
        table++;
    if (table == TABLES)
        return 0;
    present[unit] = 1;
    for (const char *word = spec + used; *word != 0 && address < 65536; address++) {
        char *end;
        still[unit][table][address] = (uint16_t)strtoul(word, &end, 16);
        held[unit][table][address] = 1;
        word = *end == ',' ? end + 1 : end;
    }
    return 1;
}

/* answer answers one request; -1 when the connection is to be closed. */
static int answer(modbus_t *bus, const uint8_t *request, int length)
{
    static uint16_t words[LONGEST];
    static uint8_t bits[LONGEST];
    int header = modbus_get_header_length(bus);
    int unit = request[header - 1], function = request[header];
    int address = request[header + 1] << 8 | request[header + 2];
    int count = request[header + 3] << 8 | request[header + 4];
    if (unit >= UNITS || !present[unit])
        return 0;
    if (function < 1 || function > 4)
        return modbus_reply_exception(bus, request, MODBUS_EXCEPTION_ILLEGAL_FUNCTION);
    static const enum table of[] = { COIL, COIL, DISCRETE, HOLDING, INPUT };
    enum table table = of[function];
    if (count < 1 || count > (function <= 2 ? LONGEST : MODBUS_MAX_READ_REGISTERS))
        return modbus_reply_exception(bus, request, MODBUS_EXCEPTION_ILLEGAL_DATA_VALUE);
    if (!read_words(unit, table, address, count, words))
        return modbus_reply_exception(bus, request, MODBUS_EXCEPTION_ILLEGAL_DATA_ADDRESS);
    for (int i = 0; i < count; i++)
        bits[i] = words[i] != 0;
    modbus_mapping_t mapping = { 0 };
    mapping.nb_registers = mapping.nb_input_registers = mapping.nb_bits = mapping.nb_input_bits = count;
    mapping.start_registers = mapping.start_input_registers = mapping.start_bits = mapping.start_input_bits = address;
    mapping.tab_registers = mapping.tab_input_registers = words;
    mapping.tab_bits = mapping.tab_input_bits = bits;
    return modbus_reply(bus, request, length, &mapping);
}

static void serve(modbus_t *bus, int listener)
{
    struct pollfd ends[1 + CLIENTS] = { { .fd = listener, .events = POLLIN } };
    for (int i = 1; i <= CLIENTS; i++)
        ends[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
    for (;;) {
        if (poll(ends, 1 + CLIENTS, -1) < 0 && errno != EINTR)
            return;
        for (int i = 1; i <= CLIENTS; i++) {
            if (ends[i].fd < 0 || ends[i].revents == 0)
                continue;
            uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
            modbus_set_socket(bus, ends[i].fd);
            int length = modbus_receive(bus, request);
            if (length < 0 || (length > 0 && answer(bus, request, length) < 0)) {
                close(ends[i].fd);
                ends[i].fd = -1;
            }
        }
        if (ends[0].revents & POLLIN) {
            int client = accept(listener, NULL, NULL);
            int i = 1;
            while (i <= CLIENTS && ends[i].fd >= 0)
                i++;
            if (i <= CLIENTS)
                ends[i].fd = client;
            else
                close(client);
        }
    }
}

int main(int count, char **arguments)
{
    int port = 0;
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--port") == 0 && i + 1 < count) {
            port = atoi(arguments[++i]);
        } else if (strcmp(arguments[i], "--stamped") == 0 && i + 1 < count) {
            sscanf(arguments[++i], "%d:%d", &server, &stamped_units);
        } else if (!hold(arguments[i])) {
            fprintf(stderr, "%s: UNIT:TABLE:ADDRESS=WORD,... is expected\n", arguments[i]);
            return 2;
        }
    }
    for (int unit = 1; unit <= stamped_units && unit < UNITS; unit++)
        present[unit] = 1;
    modbus_t *bus = modbus_new_tcp("127.0.0.1", port);
    int listener = bus == NULL ? -1 : modbus_tcp_listen(bus, CLIENTS);
    struct sockaddr_in own;
    socklen_t size = sizeof own;
    if (listener < 0 || getsockname(listener, (struct sockaddr *)&own, &size) < 0) {
        perror("listen");
        return 1;
    }
    printf("ready %d\n", ntohs(own.sin_port));
    fflush(stdout);
    serve(bus, listener);
    return 1;
}
