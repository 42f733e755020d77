package store

// kindTurn is what waits to be gathered into a record of kind sealing.
const kindTurn = "turn"
