package store

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5/pgtype"

	"heatledger/energy"
)

// amounts is an int8[] of one dimension without nulls. A year of a point has
// 35,040 of them, which the driver's own codec would turn one by one, with an
// allocation each.
type amounts []energy.Amount

// amountsCodec is the codec of int8[], faster for amounts.
type amountsCodec struct{ pgtype.ArrayCodec }

// errAmounts says that an int8[] has nulls or several dimensions.
var errAmounts = errors.New("int8[] of one dimension without nulls is expected")

const arrayHead = 20 // dimensions, nulls, element type, length, lower bound: int32 each

func registerAmounts(m *pgtype.Map) {
	element, _ := m.TypeForOID(pgtype.Int8OID) // always there
	m.RegisterType(&pgtype.Type{Name: "_int8", OID: pgtype.Int8ArrayOID,
		Codec: &amountsCodec{pgtype.ArrayCodec{ElementType: element}}})
}

// PlanEncode implements [pgtype.Codec].
func (c *amountsCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.(amounts); ok && format == pgtype.BinaryFormatCode {
		return amountsPlan{}
	}
	return c.ArrayCodec.PlanEncode(m, oid, format, value)
}

// PlanScan implements [pgtype.Codec].
func (c *amountsCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*amounts); ok && format == pgtype.BinaryFormatCode {
		return amountsPlan{}
	}
	return c.ArrayCodec.PlanScan(m, oid, format, target)
}

type amountsPlan struct{}

// Encode implements [pgtype.EncodePlan].
func (amountsPlan) Encode(value any, dst []byte) ([]byte, error) {
	vs := value.(amounts)
	dst = slices.Grow(dst, arrayHead+12*len(vs))
	for _, n := range []int{1, 0, pgtype.Int8OID, len(vs), 1} {
		dst = binary.BigEndian.AppendUint32(dst, uint32(n))
	}
	for _, v := range vs {
		dst = binary.BigEndian.AppendUint32(dst, 8)
		dst = binary.BigEndian.AppendUint64(dst, uint64(v))
	}
	return dst, nil
}

// Scan implements [pgtype.ScanPlan]. The target gets memory of its own.
func (amountsPlan) Scan(src []byte, target any) error {
	vs := target.(*amounts)
	if len(src) >= 4 && binary.BigEndian.Uint32(src) == 0 { // an empty array has no dimension
		*vs = amounts{}
		return nil
	}
	if len(src) < arrayHead || binary.BigEndian.Uint32(src) != 1 || binary.BigEndian.Uint32(src[4:]) != 0 {
		return errAmounts
	}
	n := int(binary.BigEndian.Uint32(src[12:]))
	if src = src[arrayHead:]; len(src) != 12*n {
		return errAmounts
	}
	*vs = make(amounts, n)
	for i := range *vs {
		(*vs)[i] = energy.Amount(binary.BigEndian.Uint64(src[12*i+4:]))
	}
	return nil
}
