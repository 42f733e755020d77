// Package energy is the vocabulary of Heatledger: sites, meters, points and
// their readings, the units they are measured in, and the calendar by which
// they are judged. It knows the standard library only: no database, no bus, no
// web. Everything else in the program is built on these words.
//
// Conventions that hold everywhere:
//
//   - Instants are UTC and carry at most microseconds; only [Calendar] knows a
//     time zone. Periods are half-open.
//   - A meter's value is a [Value]: decimal where the register is an integer,
//     binary where it is a float. It is never rounded before it is stored.
//   - What is derived is an [Amount]: an integer in the fixed unit of its
//     quantity, so that sums are exact and the same in any order.
//   - Energy flows are positive in the direction their quantity names:
//     active_energy_import counts what flows from the grid to the site.
package energy
