package random_test

import (
	"fmt"

	"pullback/ad"
	"pullback/random"
)

func ExampleNormal() {
	key, sub := random.NewKey(42).Pair()
	fmt.Println(random.Normal(sub, ad.Float32, 3))
	_, sub = key.Pair()
	fmt.Println(random.Normal(sub, ad.Float32, 3))
	// Output:
	// [0.60576403, 0.7990441, -0.908927] float32
	// [-0.21089035, -1.3627948, -0.04500385] float32
}

func ExampleKey_Split() {
	draw := func(key random.Key) ad.Value { return random.Rademacher(key, ad.Int32, 4) }
	fmt.Println(ad.Vmap(draw)(random.NewKey(0).Split(2)))
	// Output:
	// [[-1,  1,  1,  1],
	//  [ 1,  1, -1,  1]] int32
}

func ExamplePermutation() {
	fmt.Println(random.Permutation(random.NewKey(0), 10))
	// Output:
	// [0, 1, 8, 5, 6, 4, 3, 2, 7, 9] int64
}

func ExampleUniformIn() {
	draw := func(upper ad.Value) ad.Value {
		return random.UniformIn(random.NewKey(0), ad.Float64, 0, upper)
	}
	fmt.Println(draw(ad.Scalar(3.0)), ad.Grad(draw)(ad.Scalar(3.0)))
	// Output:
	// 1.2553713351491593 0.41845711171638644
}
