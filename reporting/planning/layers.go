package planning

import (
	"context"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/geopackage"
	"heatledger/reporting/features"
	"heatledger/reporting/features/cql2"
)

// GeoPackage is a file of layers for desktop maps: one for each collection, with the
// fields and features that OGC API – Features gives of it, in the coordinate system
// asked for, and drawn as [styles] say when QGIS opens it. A collection without
// features is a layer without rows. The time is that of the last change.
func GeoPackage(ctx context.Context, collections []features.Collection, crs geo.CRS, changed time.Time) ([]byte, error) {
	var layers []geopackage.Layer
	for _, c := range collections {
		layer, err := layerOf(ctx, c)
		if err != nil {
			return nil, err
		}
		layer.CRS = crs
		layers = append(layers, layer)
	}
	file, err := geopackage.Write(layers, changed)
	if err != nil {
		return nil, fmt.Errorf("write layers: %w", err)
	}
	return file, nil
}

// idColumn holds the feature's id.
const idColumn = "id"

// layerOf is a collection as a layer.
func layerOf(ctx context.Context, c features.Collection) (geopackage.Layer, error) {
	about := c.About()
	layer := geopackage.Layer{Name: about.ID, Title: about.Title, Description: about.Description, Kind: about.Shape, Style: styleOf(about.ID),
		Columns: []geopackage.Column{{Name: idColumn, Type: geopackage.Text}}}
	for _, f := range about.Fields {
		if f.Name != idColumn {
			layer.Columns = append(layer.Columns, geopackage.Column{Name: f.Name, Type: typeOf(f)})
		}
	}
	list, err := c.Features(ctx)
	if err != nil {
		return layer, fmt.Errorf("layer %s: %w", about.ID, err)
	}
	for _, feature := range list {
		row := geopackage.Row{Geometry: feature.Geometry, Values: []any{feature.ID}}
		for i, f := range about.Fields {
			if f.Name != idColumn {
				row.Values = append(row.Values, columnValue(f, feature.Values[i]))
			}
		}
		layer.Rows = append(layer.Rows, row)
	}
	return layer, nil
}

// typeOf is the type of the column of a property.
func typeOf(f features.Field) geopackage.Type {
	switch f.Kind {
	case cql2.Number:
		if f.Whole {
			return geopackage.Integer
		}
		return geopackage.Real
	case cql2.Boolean:
		return geopackage.Boolean
	case cql2.Date:
		return geopackage.Date
	case cql2.Timestamp:
		return geopackage.DateTime
	default:
		return geopackage.Text
	}
}

// columnValue is a property as a column takes it.
func columnValue(f features.Field, v any) any {
	switch one := v.(type) {
	case cql2.Day:
		date, err := energy.ParseDate(string(one))
		if err != nil {
			return nil
		}
		return date
	case float64:
		if f.Whole {
			return int64(one)
		}
	}
	return v
}
