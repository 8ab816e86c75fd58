package model_test

import (
	"fmt"

	"pullback/model"
)

const market = `name: market
parameters:
  c_d: {start: 0.6, lower: 0}
  c_s: {start: 0.18, lower: 0}
  sigma_p: {value: 0.01}            # fixed
  sigma_q: {value: 1}
unknowns:
  P: {start: 5, bracket: [0, 100]}
define:
  demand: 100 - 2*P^c_d
  supply: 5*3^(c_s*P)
equilibrium:
  - demand = supply
observe:
  price: normal(P, sigma_p)
  quantity: normal(demand, sigma_q)
`

func ExampleParse() {
	m, err := model.Parse("market.yaml", []byte(market))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range m.Parameters {
		fmt.Printf("%s = %v, fixed: %v\n", p.Name, p.Start, p.Fixed)
	}
	for _, e := range m.Equations {
		fmt.Println(e.Text())
	}
	for _, c := range m.Columns() {
		fmt.Printf("%s, first in line %d\n", c.Name, c.At.Line)
	}
	// Output:
	// c_d = 0.6, fixed: false
	// c_s = 0.18, fixed: false
	// sigma_p = 0.01, fixed: true
	// sigma_q = 1, fixed: true
	// demand = supply
	// price, first in line 15
	// quantity, first in line 16
}

func ExampleParse_mistake() {
	_, err := model.Parse("market.yaml", []byte(`
unknowns:
  P: {start: 5}
equilibrium:
  - 100 - 2*P = 5*epx(P)
`))
	fmt.Println(err)
	// Output:
	// market.yaml:5:19: there is no function epx
	//   - 100 - 2*P = 5*epx(P)
	//                   ^
	// did you mean exp?
}
