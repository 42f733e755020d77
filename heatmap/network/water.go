package network

import (
	"math"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Density is that of water in kg/m³ at about atmospheric pressure, 0 to 110 °C
// (Kell 1975, Density, thermal expansivity, and compressibility of liquid water,
// J. Chem. Eng. Data 20, eq. 16). Above 100 °C the network's pressure, which keeps
// water liquid, changes it by less than 0.1 %.
func Density(t energy.Celsius) float64 {
	x := float64(t)
	return (999.83952 + x*(16.945176+x*(-7.9870401e-3+x*(-46.170461e-6+x*(105.56302e-9-280.54253e-12*x))))) / (1 + 16.879850e-3*x)
}

// Viscosity is the dynamic viscosity of water in Pa·s, -20 to 110 °C (IAPWS 2008,
// Supplementary release on properties of liquid water at 0.1 MPa, SR6-08, eq. 7).
func Viscosity(t energy.Celsius) float64 {
	x := (float64(t) + 273.15) / 300
	return 1e-6 * (280.68*math.Pow(x, -1.9) + 511.45*math.Pow(x, -7.7) + 61.131*math.Pow(x, -19.6) + 0.45903*math.Pow(x, -40))
}

// heatCapacity is that of water in kJ/(kg K); from 20 to 90 °C it varies by 0.5 %.
const heatCapacity = 4.19

// MassFlow is the water in kg/s that carries a power while it cools by so many
// kelvins.
func MassFlow(p heatmap.Kilowatts, kelvins float64) float64 {
	return float64(p) / (heatCapacity * kelvins)
}

// Friction is the Darcy friction factor of a pipe: 64/Re in laminar flow
// (Re ≤ 2320), else by Colebrook and White 1939, which is also taken, on the safe
// side, between the two. Roughness is relative to the inner diameter.
func Friction(reynolds, roughness float64) float64 {
	if reynolds <= 0 {
		return 0
	}
	if reynolds <= 2320 {
		return 64 / reynolds
	}
	x := 7.0 // 1/√λ
	for range 50 {
		next := -2 * math.Log10(roughness/3.71+2.51/reynolds*x)
		if math.Abs(next-x) < 1e-13 {
			x = next
			break
		}
		x = next
	}
	return 1 / (x * x)
}

// Gradient is the pressure loss in Pa for each metre of a straight pipe of inner
// diameter d (m) with roughness (m), by Darcy and Weisbach.
func Gradient(velocity, d, roughness float64, t energy.Celsius) float64 {
	rho := Density(t)
	reynolds := rho * velocity * d / Viscosity(t)
	return Friction(reynolds, roughness/d) / d * rho * velocity * velocity / 2
}
