package geopackage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"heatledger/heatmap/geo"
)

// appendBlob appends a geometry as GeoPackage keeps it (clause 2.1.3): a header
// with the system and, but for points, the envelope, and then well-known binary.
func appendBlob(dst []byte, g geo.Geometry, crs geo.CRS) []byte {
	const littleEndian, envelopeXY = 1, 1 << 1
	flags := byte(littleEndian)
	if g.Kind() != geo.KindPoint {
		flags |= envelopeXY
	}
	dst = append(dst, 'G', 'P', 0, flags)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(crs))
	if flags&envelopeXY != 0 {
		box := g.Bounds()
		for _, x := range []float64{box.Min.X, box.Max.X, box.Min.Y, box.Max.Y} {
			dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(x))
		}
	}
	return geo.AppendWKB(dst, g)
}

// parseBlob reads the header of a geometry: its system and the well-known binary
// behind it. The envelope is not believed.
func parseBlob(blob []byte) (srs int32, wkb []byte, err error) {
	if len(blob) < 8 || blob[0] != 'G' || blob[1] != 'P' {
		return 0, nil, errors.New("it does not begin as a geometry of GeoPackage")
	}
	flags := blob[3]
	switch {
	case blob[2] != 0:
		return 0, nil, fmt.Errorf("its header has the version %d: 0 is expected", blob[2])
	case flags&(1<<5) != 0:
		return 0, nil, errors.New("it is an extended geometry, which is not read")
	}
	var order binary.ByteOrder = binary.BigEndian
	if flags&1 != 0 {
		order = binary.LittleEndian
	}
	envelope, ok := map[byte]int{0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[flags>>1&7]
	if !ok || len(blob) < 8+envelope {
		return 0, nil, errors.New("its header does not say how long its envelope is")
	}
	return int32(order.Uint32(blob[4:])), blob[8+envelope:], nil
}
