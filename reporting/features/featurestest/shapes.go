package featurestest

import "fmt"

// extent is the box of a collection's extent; ok is false without one.
func extent(collection object) (box [4]float64, ok bool) {
	whole, _ := collection["extent"].(object)
	spatial, _ := whole["spatial"].(object)
	boxes, _ := spatial["bbox"].([]any)
	if len(boxes) == 0 {
		return box, false
	}
	for i, n := range boxes[0].([]any) {
		box[i] = n.(float64)
	}
	return box, true
}

// numbers is a box as the parameter bbox writes it.
func numbers(box [4]float64) string {
	return fmt.Sprintf("%.9f,%.9f,%.9f,%.9f", box[0], box[1], box[2], box[3])
}

// positions are those of a geometry of GeoJSON.
func positions(v any) (all [][2]float64) {
	switch one := v.(type) {
	case object:
		all = append(positions(one["coordinates"]), positions(one["geometries"])...)
	case []any:
		if len(one) > 1 {
			x, isNumber := one[0].(float64)
			y, both := one[1].(float64)
			if isNumber && both {
				return [][2]float64{{x, y}}
			}
		}
		for _, part := range one {
			all = append(all, positions(part)...)
		}
	}
	return all
}

// touches tells whether the box around positions meets a box, as the suite's test for
// rectangles does for points; a box whose west is beyond its east goes across the
// antimeridian.
func touches(all [][2]float64, box [4]float64) bool {
	if len(all) == 0 {
		return true
	}
	least, most := all[0], all[0]
	for _, p := range all {
		least = [2]float64{min(least[0], p[0]), min(least[1], p[1])}
		most = [2]float64{max(most[0], p[0]), max(most[1], p[1])}
	}
	if most[1] < box[1] || least[1] > box[3] {
		return false
	}
	if box[0] > box[2] {
		return most[0] >= box[0] || least[0] <= box[2]
	}
	return most[0] >= box[0] && least[0] <= box[2]
}
