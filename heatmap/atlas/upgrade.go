package atlas

import (
	"heatledger/energy/publication"
	"heatledger/heatmap/heatpump"
)

// upgrade lets the machine that was asked about work on the supply, for whoever may see
// its hours. It errs where the machine is not fully stated.
func (d *drawing) upgrade(s *Sheet) error {
	m := d.q.Upgrade
	if m == nil || s.Supply == "" || !d.view.fine() {
		return nil
	}
	supply := d.seen(s.Supply, publication.Hour)
	if supply.Len() == 0 {
		return nil
	}
	plant := heatpump.Plant{ID: string(s.Site), Machine: m.Machine, Target: heatpump.Constant(m.Flow, m.Back), Spread: m.Spread}
	operation, err := plant.Run(supply)
	if err != nil {
		return err
	}
	if t := operation.Totals(); t.Heat > 0 {
		s.Upgrade = &Upgrade{Basis: operation.Basis, Flow: m.Flow, Back: m.Back, Totals: t, Emissions: operation.Emissions()}
	}
	return nil
}
